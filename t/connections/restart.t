# Graceful restarts and stops lose no record: handshakes before, during and after, and one cut by our own stop.
use TLSDiag::Test;
use TLSDiag::Server;
use List::Util qw(min);
use POSIX ();

my $mpm = $ENV{APACHE_TEST_MPM} // 'event';
local $ENV{TLSDIAG_ROOT} = "build/t/restart-$mpm";
my $server = TLSDiag::Server->new(root => $ENV{TLSDIAG_ROOT}, vhosts => ['std'], mpm => $mpm);
$server->start;
my $mark = mark('std');
my $port = $server->port('std');

my $done = 0;
my $pid = fork // die "fork: $!";
if (!$pid) {
    for (1 .. 6) {
        kill USR1 => $server->pid;
        select undef, undef, undef, 0.4;
    }
    POSIX::_exit(0);
}
my ($good, $count) = (0, 0);
my $until = time + patience(60);
while (time < $until && ($good <= 20 || !waitpid $pid, POSIX::WNOHANG())) {
    my $result = tls()->($port);
    $count++;
    $good++ if $result->{status} == 0;
}
waitpid $pid, 0;    # six restarts are over, however long they took
cmp_ok($good, '>', 20, "$good of $count connections over six graceful restarts");
my @records = records($mark, $good);
is(scalar(grep { $_->{event}{outcome} eq 'success' } @records), $good, 'each good one has its record');
my %ids = map { $_->{event}{id} => 1 } @records;
is(scalar keys %ids, scalar @records, 'event.id is unique over restarts');
my @sequence = sort { $a <=> $b } map { $_->{event}{sequence} } @records;
is_deeply(\@sequence, [ $sequence[0] .. $sequence[0] + $#sequence ], 'event.sequence has no gap and no double');

# A handshake that is under way when the server restarts gracefully goes on to its end, and is recorded once.
$mark = mark('std');
raw(sub {
    my ($socket) = @_;
    print {$socket} substr client_hello(), 0, 90;
    kill USR1 => $server->pid;
    select undef, undef, undef, 0.5;
    print {$socket} substr client_hello(), 90;
    read_flight($socket);
})->($port);
my @across = records_ok($mark, 1, 'a handshake across a graceful restart has its record');
fields_ok($across[0], { 'tlsdiag.cause' => 'network.closed_after_flight', 'tls.version' => '1.3' }) if @across;

# One that our stop cuts. prefork's children clean up then, and worker's close the sockets under the threads that read from them; with
# event a thread that waits for a client is killed with its child.
if ($mpm eq 'event') {
    $server->stop;
    $server = use_server(TLSDiag::Server->new(root => 'build/t/restart-worker', vhosts => ['std'], mpm => 'worker'));
    $server->start;
}
$mark = mark('std');
raw(sub {
    my ($socket) = @_;
    print {$socket} substr client_hello(), 0, 90;
    select undef, undef, undef, min(patience(2), 10);    # it is read by then; Timeout is 20
    $server->stop;
})->($server->port('std'));
my @cut = records_ok($mark, 1, "$server->{mpm}: a handshake cut by our stop has its record");
fields_ok($cut[0], { 'event.outcome' => 'unknown', 'tlsdiag.cause' => 'server.stopping', 'tlsdiag.ended_by' => 'server_stop' }) if @cut;
$server->stop;
done_testing;
