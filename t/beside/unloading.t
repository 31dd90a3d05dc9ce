# LoadModule is taken out and put back at graceful restarts, again and again, while connections of the old configuration
# live on: they end well, no child dies, counting goes on where it was, and OpenSSL's indexes are taken once.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use IO::Socket::SSL ();

my $top  = $ENV{PWD};
my $mpm  = $ENV{APACHE_TEST_MPM} // 'event';
my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die "listen: $!\n";
my $back = $door->sockport;
my $module = $ENV{TLSDIAG_MODULE} // "$top/build/mod_tlsdiag.so";
my $ours = "LoadModule tlsdiag_module $module\nTLSDiagLog logs/std.json all\n";
my $server = use_server(TLSDiag::Server->new(root => 'build/t/unloading', vhosts => ['std'], mpm => $mpm, module => undef, no_log => 1,
    modules => ['proxy_wstunnel'], after => "Include conf/ours.conf\nLoadModule neighbour_module $top/build/t/tool/module/mod_neighbour.so\n",
    extra => "ProxyPass /ws ws://127.0.0.1:$back/\nRequestReadTimeout handshake=120 header=120 body=120\nTimeout 120\nServerLimit 16\nStartServers 1\nMaxRequestWorkers 400\n" .
        # No child is made besides: one that comes just when httpd restarts would be of the old configuration, and nobody would wait for its end.
        ($mpm eq 'prefork' ? '' : "MinSpareThreads 1\nMaxSpareThreads 400\n")));
TLSDiag::Server::write_file($server->file('conf/ours.conf'), $ours);

$server->start;
my $backend = start_backend();
my $port = $server->port('std');
my $mark = mark('std');

my $websocket = secure("GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
like(scalar <$websocket>, qr/ 101 /, 'a WebSocket is open');
my $upload = secure("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhalf.");
my $half = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "connect: $!";
$half->autoflush(1);
print {$half} substr client_hello(), 0, 90;
records($mark, 2);
wait_until(sub { my $now = eval { snapshot() }; $now && $now->{handshakes}{in_progress} == 1 });    # with prefork a child has to be made for it

my ($with, $without) = (0, 0);
for my $round (1 .. 4) {
    restart_with('');
    $without += served();
    restart_with($ours);
    $with += served();
    print {$websocket} "ping $round\n";
    is(echo($websocket), "ping $round", "round $round: the WebSocket of the first configuration still answers");
}
is("$without $with", '4 4', 'connections with and without the module were served');

print {$upload} 'half.';
like(join('', <$upload>), qr/^HTTP\/1\.1 (?:200|405)/, 'a request that began before the first restart was answered after the last');
print {$half} substr client_hello(), 90;
cmp_ok(length read_flight($half), '>', 1000, 'a handshake that began before went on');
close $half;
close $websocket;

my @records = records($mark, 7);
is(scalar @records, 7, 'each connection that began with the module has one record, the others none');
is(scalar(grep { $_->{event}{outcome} eq 'success' } @records), 6, 'and six of them are successes');
my @sequence = map { $_->{event}{sequence} } @records;
is_deeply(\@sequence, [ 1 .. 7 ], 'event.sequence goes on where it was');
my $books = wait_until(sub { my $now = snapshot(); return $now->{handshakes}{started} == 7 && !$now->{handshakes}{in_progress} && $now }) || snapshot();
is($books->{handshakes}{started}, 7, 'and so do the counters');
ok(books($books), 'the books add up');

my $log = TLSDiag::Server::read_file($server->file('logs/error_log'));
my @indexes = $log =~ /neighbour: index (\d+)/g;
my %taken = map { ($indexes[ $_ + 1 ] - $indexes[$_] => 1) } 0 .. $#indexes - 1;
is(scalar keys %taken, 1, 'restarts with and without the module take equally many indexes of OpenSSL: ours are kept') or diag("@indexes");
unlike($log, qr/exit signal|AH00052|segfault/i, 'no child died');
$server->stop;
kill TERM => $backend;
waitpid $backend, 0;
done_testing;

sub served
{
    my $result = tls()->($port);
    diag($result->{output}) if $result->{status};
    return $result->{status} == 0;
}

sub secure
{
    my ($request) = @_;
    my $socket = IO::Socket::SSL->new(PeerAddr => '127.0.0.1', PeerPort => $port, SSL_verify_mode => 0, SSL_hostname => 'localhost', Timeout => 10)
        or die "$IO::Socket::SSL::SSL_ERROR\n";
    $socket->autoflush(1);
    print {$socket} $request;
    return $socket;
}

# The next line that is no header.
sub echo
{
    my ($socket) = @_;
    while (defined(my $line = <$socket>)) {
        return $line =~ s/\s+$//r if $line =~ /^ping/;
    }
    return;
}

# Until a child of the new configuration serves, and none of the old one takes connections any more.
sub restart_with
{
    my ($text) = @_;
    TLSDiag::Server::write_file($server->file('conf/ours.conf'), $text);
    my $at = -s $server->file('logs/error_log');
    my %old = map { $_ => 1 } TLSDiag::Server::children($server->pid);
    kill USR1 => $server->pid;
    # httpd may make one more of the old configuration before it hears of it.
    my $heard = qr/SIGUSR1 received|Graceful restart requested/;
    for (my $until = time + patience(20); !says($at, $heard) && time < $until;) {
        my @now = TLSDiag::Server::children($server->pid);
        @old{@now} = (1) x @now if !says($at, $heard);
    }
    wait_until(sub { says($at, qr/AH0(?:0489|0163|0292)/) });
    wait_until(sub { !grep { listens($_) } keys %old });
}

sub says { my ($at, $what) = @_; return grep { /$what/ } TLSDiag::Test::lines_since($server->file('logs/error_log'), $at) }

# Has the process a socket that listens on our port? proc(5): the tenth column is the socket's inode, state 0A is LISTEN.
sub listens
{
    my ($pid) = @_;
    my $place = sprintf ':%04X', $port;
    my %listening = map { ("socket:[$_->[9]]" => 1) } grep { $_->[1] =~ /$place$/ && $_->[3] eq '0A' }
        map { [ split ] } split /\n/, TLSDiag::Server::read_file('/proc/net/tcp');
    return grep { $listening{ readlink($_) // '' } } glob "/proc/$pid/fd/*";
}

# Answers an upgrade and then echoes lines.
sub start_backend
{
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    while (my $client = $door->accept) {
        $client->autoflush(1);
        while (defined(my $line = <$client>) ) { last if $line =~ /^\r?\n/ }
        print {$client} "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        print {$client} $_ while <$client>;
    }
    require POSIX;
    POSIX::_exit(0);
}
