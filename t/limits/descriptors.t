# No file descriptors left: what httpd accepted is recorded, nothing crashes, and when connections close all is well again.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

use constant { SPARE => 20, CONNECTIONS => 60 };

my $server = use_server(TLSDiag::Server->new(root => 'build/t/descriptors', vhosts => ['std'], mpm => 'event',
    extra => "StartServers 1\nServerLimit 4\nMinSpareThreads 1\nMaxSpareThreads 100\nThreadsPerChild 100\nMaxRequestWorkers 400\nRequestReadTimeout handshake=60"));
# Started once to see how many descriptors a child has, and again with SPARE more.
$server->start;
my $child = wait_until(sub { (TLSDiag::Server::children($server->pid))[0] });
my $open = () = glob "/proc/$child/fd/*";
$server->stop;
my ($soft) = `prlimit --pid=$$ --nofile --raw --noheadings --output SOFT` =~ /(\d+)/;
allow($open + SPARE);
# glibc loads this when the first thread ends, and aborts the process where it cannot: event's listener ends when accept() finds no descriptor.
{ local $ENV{LD_PRELOAD} = 'libgcc_s.so.1'; $server->start }
allow($soft);
my $mark = mark('std');
is(tls()->($server->port('std'))->{status}, 0, 'a connection before');

my @held;
for (1 .. CONNECTIONS) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port('std'), Timeout => 5) or last;
    $socket->autoflush(1);
    print {$socket} substr client_hello(), 0, 100;
    push @held, $socket;
}
is(scalar @held, CONNECTIONS, CONNECTIONS . ' connections ask for ' . SPARE . ' descriptors');
my $log = $server->file('logs/error_log');
ok(wait_until(sub { TLSDiag::Server::read_file($log) =~ /\(24\)Too many open files/ }), 'httpd says that there are too many open files');
is(tls()->($server->port('std'))->{status}, 0, 'another child serves new connections');
close $_ for @held;

my @records = records_ok($mark, CONNECTIONS + 2, 'each of them has its record');
my %causes;
$causes{ $_->{tlsdiag}{cause} }++ for @records;
is_deeply(\%causes, { ok => 2, 'network.hello_truncated_closed' => CONNECTIONS }, '... with its cause');
is(tls()->($server->port('std'))->{status}, 0, 'a connection after');
my $books = wait_until(sub { my $now = snapshot(); return !$now->{handshakes}{in_progress} && $now }) || snapshot();
is($books->{handshakes}{started}, CONNECTIONS + 3, 'all are counted');
ok(books($books), 'the books add up');
ok(TLSDiag::Server::read_file($log) !~ /exit signal/, 'no child crashed');
$server->stop;
done_testing;

# So many descriptors for this process and what it starts.
sub allow
{
    my ($descriptors) = @_;
    system('prlimit', "--pid=$$", "--nofile=$descriptors:") == 0 or die "prlimit failed\n";
}
