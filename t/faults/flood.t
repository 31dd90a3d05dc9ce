# A flood of clients that are all different: memory stays what it was, tables say what they gave up, totals are exact, and the one
# client that came again and again is still there. 100,000 of them by `make faults-long`.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(time);

use constant { REGULAR => 500, PAGE_BYTES => 1_000_000, PAGE_SECONDS => 5, GROWTH_KB => 8192, WARM_UP => 4000 };
my $flood = longer(12_000, 100_000);

my $server = use_server(TLSDiag::Server->new(root => 'build/t/flood', vhosts => [qw(std rsa-kx)], mpm => $ENV{APACHE_TEST_MPM} // 'event'));
$server->start;

# Private memory of httpd's processes, in kB: what they share was paid for at start.
sub memory
{
    my $parent = $server->pid;
    my %kb;
    for my $pid ($parent, TLSDiag::Server::children($parent)) {
        open my $in, '<', "/proc/$pid/status" or next;
        local $/;
        my ($anonymous) = <$in> =~ /^RssAnon:\s*(\d+)/m;
        $kb{ $pid == $parent ? 'parent' : 'children' } += $anonymous // 0;
    }
    return \%kb;
}

sub rush
{
    my ($first, $count) = @_;
    my ($answered, $unanswered) = split ' ', `build/t/tool/flood @{[ vhost_port('rsa-kx') ]} $count $first`;
    is("$answered $unanswered", "$count 0", "$count clients of a kind that never came before and a name that is not there");
}

# The regular comes first and in the middle; before them as many strangers as fill the tables and wake every thread, so that
# memory is as it will be. Nobody reads the page while it is measured: that takes memory of its own.
my @history = run_load(vhost_port('std'), REGULAR / 8, only => 'refused');
push @history, run_load(vhost_port('std'), 5, only => 'served');
settled();
my ($series, $shared) = (scalar keys %{ metrics() }, snapshot()->{host}{shared_bytes});
rush(0, WARM_UP);
my $memory = memory();
my $begun = time;
rush(WARM_UP, $flood / 2);
push @history, run_load(vhost_port('std'), REGULAR / 8, only => 'refused');
rush(WARM_UP + $flood / 2, $flood / 2);
diag(sprintf '%d strangers in %.1f s', $flood, time - $begun);
my $now = memory();
SKIP: {
    skip "$ENV{TLSDIAG_UNDER} keeps what was freed", scalar keys %$memory if $ENV{TLSDIAG_UNDER};
    cmp_ok($now->{$_} - $memory->{$_}, '<', GROWTH_KB, "memory of the $_: $memory->{$_} kB, then $now->{$_} kB") for sort keys %$memory;
}

my $json = settled();
ok($json, 'each line was written or counted as lost');
my $all = WARM_UP + $flood;
my $refused = grep { $_->{outcome} eq 'refused' } @history;
is($json->{handshakes}{failed}, $all + $refused, 'the totals are exact: failed');
is($json->{handshakes}{succeeded}, @history - $refused, '... succeeded');
ok(books($json), '... and the books balance');
my ($vhost) = grep { $_->{name} eq 'localhost:' . vhost_port('rsa-kx') } @{ $json->{vhosts} };
is($vhost->{failed}, $all, '... of the vhost');
my $by_cause = 0;
$by_cause += $_ for values %{ $json->{all}{failures} };
is($by_cause, $all + $refused, '... by cause');
cmp_ok(abs($vhost->{clients} / $all - 1), '<', 0.25, "about as many clients: $vhost->{clients} are estimated");

for my $table (qw(fingerprints names networks)) {
    my $is = $json->{tables}{$table};
    cmp_ok($is->{used}, '<=', $is->{size}, "$table: $is->{used} of $is->{size} places are taken");
    cmp_ok($is->{evictions}, '>', 0, "... and $is->{evictions} were given up");
}
my $samples = metrics();
is(metric($samples, 'tlsdiag_table_evictions_total', qr/fingerprints/), $json->{tables}{fingerprints}{evictions}, 'the metrics say the same');
ok(scalar(page('')->{content} =~ s/(?<=\d),(?=\d)//gr =~ /\b$json->{tables}{fingerprints}{evictions}\b/), 'and so does the page');
cmp_ok(scalar(keys %$samples) - $series, '<=', 2, "$series series, and " . keys(%$samples) . ' now: one more for an alert of a kind that had not come');

my $regular = $json->{fingerprints}[0];
cmp_ok($regular->{failed}, '<=', $refused, "the client that came $refused times leads the list of fingerprints: $regular->{failed} times") or diag(JSON::XS::encode_json($regular));
cmp_ok($regular->{failed} + ($regular->{may_lack} // 0), '>=', $refused, '... within its error');

for my $path ('', '/json', '/metrics') {
    $begun = time;
    my $answer = page($path);
    cmp_ok(length $answer->{content}, '<', PAGE_BYTES, "/tlsdiag-status$path: " . length($answer->{content}) . ' bytes');
    cmp_ok(time - $begun, '<', PAGE_SECONDS, '... and quick');
}
is(snapshot()->{host}{shared_bytes}, $shared, 'shared memory is as large as before');
$server->stop;
done_testing;
