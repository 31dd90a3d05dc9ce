# The system denies shared memory: httpd starts and says so, records are logged and told, and the page says that it has nothing.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;

my $server = use_server(TLSDiag::Server->new(root => 'build/t/no_shared_memory', vhosts => ['std'], mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => 'TLSDiagStateFile state/tlsdiag.state'));
{
    local $ENV{LD_PRELOAD} = preloaded('no_shared_memory');
    $server->start;
}
is(scalar(error_lines_of("tlsdiag:$_")), 1, "tlsdiag:$_ is said once") for qw(start\.no_shared_memory start\.no_flood_guard log\.no_spool);

my @history = run_load(vhost_port('std'), 5);
is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, 'no handshake of ' . @history . ' notices');
my $log = $server->file('logs/std.json');
ok(wait_until(sub { @{ read_log($log)->{records} } == @history }), 'each has its line');
each_once_ok('... once', \@history, read_log($log)->{records});
my $refused = grep { $_->{outcome} eq 'refused' } @history;
is(scalar(error_lines_of('tlsdiag:cipher\.none_common')), $refused, 'each failure has its line in the error log: none is folded');

for my $path ('', '/json', '/records', '/metrics') {
    my $answer = page($path);
    is($answer->{status}, 503, "/tlsdiag-status$path: 503");
    like($answer->{content}, qr/no statistics/i, '... and says that there are no statistics');
}
is(page_at('/server-status')->{status}, 404, 'the server answers otherwise');
$server->reload;
@history = run_load(vhost_port('std'), 2);
is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, 'after a graceful restart likewise');
ok(!-e $server->file('state/tlsdiag.state'), 'no state file is written: there is no state');
$server->stop;
done_testing;
