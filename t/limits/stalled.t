# Connections that stall in the middle of the ClientHello, hundreds at once: what each costs with the module and without, and
# that each has its record when it is given up. TLSDIAG_STALLED=10000 (make limits-long) holds as many; each takes a thread.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use POSIX ();

# Of 10,000 each costs 9.6 KiB; of a few hundred, what a process makes once is a large part, and varies by ten.
use constant { EACH => 500, MOST_BYTES => 32 * 1024 };

my $count   = $ENV{TLSDIAG_STALLED} // 300;
my $threads = $count < 500 ? $count + 25 : 525;
my $servers = POSIX::ceil($count / ($threads - 25));
my $limits  = join "\n", "ThreadLimit $threads", "ThreadsPerChild $threads", "ServerLimit $servers", "StartServers $servers",
    'MaxRequestWorkers ' . $threads * $servers, 'MinSpareThreads 1', "MaxSpareThreads @{[$threads * $servers]}", 'ThreadStackSize 262144',
    'RequestReadTimeout handshake=0', 'Timeout 600', 'ListenBacklog 4096', 'AsyncRequestWorkerFactor 1';

my %bytes;
for my $module (undef, $ENV{TLSDIAG_MODULE} // "$ENV{PWD}/build/mod_tlsdiag.so") {
    my $server = use_server(TLSDiag::Server->new(root => 'build/t/stalled', vhosts => ['std'], mpm => 'event', module => $module,
        no_log => !$module, extra => $limits));
    $server->start;
    my ($mark, $before) = (mark('std'), memory($server));
    my @holders = hold($server->port('std'));
    my $after = wait_for_all($server);
    $bytes{ $module ? 'with' : 'without' } = ($after - $before) * 1024 / $count;
    kill TERM => @holders;
    waitpid $_, 0 for @holders;
    check_records($mark) if $module;
    ok(TLSDiag::Server::read_file($server->file('logs/error_log')) !~ /exit signal/, 'no child crashed');
    $server->stop;
}
my $cost = $bytes{with} - $bytes{without};
diag(sprintf '%d connections stalled in the handshake: %.1f KiB each, of which %.1f KiB are ours', $count, $bytes{with} / 1024, $cost / 1024);
SKIP: {
    skip "$ENV{TLSDIAG_UNDER} takes memory of its own", 1 if $ENV{TLSDIAG_UNDER};
    cmp_ok($cost, '<', MOST_BYTES, sprintf 'a stalled connection costs %.1f KiB more with the module', $cost / 1024);
}
done_testing;

sub check_records
{
    my ($mark) = @_;
    my $books;
    for (1 .. 60) {
        $books = wait_until(sub { my $now = snapshot(); return $now->{handshakes}{started} == $count && !$now->{handshakes}{in_progress} && $now }) and last;
    }
    is($books && $books->{handshakes}{failed}, $count, "$count connections are counted as failed");
    my @records = records_ok($mark, $count, '... and have their records');
    is(scalar(grep { $_->{tlsdiag}{cause} ne 'network.hello_truncated_closed' } @records), 0, '... with the right cause');
}

# Processes that hold $count connections between them, half a hello sent on each.
sub hold
{
    my ($port) = @_;
    my @pids;
    for (my $left = $count; $left > 0; $left -= EACH) {
        my $pid = fork // die "fork: $!\n";
        push @pids, $pid;
        next if $pid;
        local $SIG{TERM} = sub { POSIX::_exit(0) };
        my @sockets = map { open_half($port) } 1 .. ($left < EACH ? $left : EACH);
        sleep 600;
        POSIX::_exit(0);
    }
    return @pids;
}

sub open_half
{
    my ($port) = @_;
    for (1 .. 100) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 30) or next;
        $socket->autoflush(1);
        print {$socket} substr client_hello(), 0, 100;
        return $socket;
    }
    POSIX::_exit(1);
}

# Memory when every connection has been accepted and its bytes were read.
sub wait_for_all
{
    my ($server) = @_;
    my $log = $server->file('logs/error_log');
    my $established = 0;
    for (1 .. 1200) {
        last if ($established = () = TLSDiag::Server::read_file($log) =~ /AH01964/g) >= $count;
        select undef, undef, undef, 0.1;
    }
    is($established, $count, "$count connections are in their handshake");
    select undef, undef, undef, 1;
    return memory($server);
}

# What the children have that is no file, in KiB. Not their share of what is shared, which changes with what else runs here.
sub memory
{
    my ($server) = @_;
    my $sum = 0;
    for my $child (TLSDiag::Server::children($server->pid)) {
        $sum += $1 if TLSDiag::Server::read_file("/proc/$child/smaps_rollup") =~ /^Anonymous:\s+(\d+)/m;
    }
    return $sum;
}
