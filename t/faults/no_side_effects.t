# What only looks at the configuration leaves nothing behind, and two httpds of the same configuration do not clash.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use File::Copy qw(copy);
use File::Find qw(find);

my ($server, $twin);
END { $_->stop for grep { $_ } $twin, $server }
$server = use_server(TLSDiag::Server->new(root => 'build/t/no_side_effects', vhosts => ['std'], mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => 'TLSDiagStateFile state/tlsdiag.state'));

# Every file below the server's root, with its size and when it was changed, and the shared memory and semaphores that have a name.
sub traces
{
    my %found;
    find({ no_chdir => 1, wanted => sub { my @is = lstat; $found{$_} = "$is[7] $is[9]" if !-d } }, $server->{root});
    $found{$_} = 1 for glob('/dev/shm/*'), grep { /^0x/ } map { join ' ', (split ' ')[ 1, 2 ] } `ipcs -m`, `ipcs -s`;
    return \%found;
}

# --- commands that only look
for my $arguments ([qw(-t)], [qw(-S)], [qw(-M)], [qw(-l)], [qw(-L)], [qw(-V)], map({ [ '-t', '-D', $_ ] } qw(DUMP_VHOSTS DUMP_RUN_CFG DUMP_MODULES DUMP_INCLUDES TLSDIAG_AUDIT TLSDIAG_SIMULATE)))
{
    my $before = traces();
    my ($status, $said) = $server->run(@$arguments);
    is($status, 0, "httpd @$arguments") or diag($said);
    my $after = traces();
    is_deeply([ grep { ($before->{$_} // '') ne $after->{$_} } sort keys %$after ], [], '... makes and changes nothing');
}

# A configuration that is wrong: likewise.
$server->{extra} .= "\nTLSDiagLog nowhere/x.json";
$server->write_configuration;
my $before = traces();
my ($status, $said) = $server->run('-t');
isnt($status, 0, 'httpd -t refuses a log in a folder that is not there');
like($said, qr/there is no directory .*nowhere/, '... says why');
is_deeply(traces(), $before, '... and makes nothing');

# --- two httpds, one configuration but for what httpd itself cannot share: port and pid file
my @extra = ('TLSDiagStateFile state/tlsdiag.state', "TLSDiagStateFile $server->{root}/state/tlsdiag.state");
$server->{extra} = $extra[0];
$server->write_configuration;
$server->start;
$twin = TLSDiag::Server->new(root => 'build/t/no_side_effects_twin', table => [ std => { conf => "TLSDiagLog $server->{root}/logs/std.json" } ], no_log => 1,
    mpm => $server->{mpm}, extra => $extra[1]);
$twin->start;
is_deeply([ grep { /tlsdiag/ } glob('/dev/shm/*') ], [], 'nothing of ours has a name in /dev/shm');
my @load = map { start_load($_->port('std'), workers => 2, each => 10) } $server, $twin;
my @histories = map { [ wait_for_load($_) ] } @load;
for (0, 1) {
    use_server(($server, $twin)[$_]);
    my $json = settled();
    is($json && $json->{handshakes}{started}, scalar @{ $histories[$_] }, "httpd " . ($_ + 1) . ' counts its own handshakes');
}
my $log = read_log($server->file('logs/std.json'));
is(scalar @{ $log->{damaged} }, 0, 'both write to one log, and no line is damaged');
each_once_ok('... each handshake once', [ map { @$_ } @histories ], $log->{records});
$twin->stop;
is(page('', port => $server->port)->{status}, 200, 'one ends, the other goes on');
use_server($server);
push @{ $histories[0] }, my @more = run_load(vhost_port('std'), 2);
is(scalar(grep { $_->{outcome} eq 'broken' } @more), 0, '... and serves');
$server->stop;
$server->start;
is(snapshot()->{handshakes}{started}, scalar @{ $histories[0] }, 'who stopped last has saved its numbers whole');
$server->stop;
done_testing;
