# A connection that is kept alive costs what it costs without the module: when the outcome is told and the first request was
# answered, neither OpenSSL nor httpd's filter chains call us any more. And a handshake that is only counted asks the kernel nothing.
# t/tool/preload/count_calls.c stands between and counts.
use TLSDiag::Test;
use TLSDiag::Server;
use TLSDiag::Faults;
use IO::Socket::SSL;

my @names = ('message callback', 'info callback', 'input filter', 'output filter');
my @table = (std => {}, proxied => { conf => 'RemoteIPProxyProtocol On' }, failures => { log => 'failures' }, quiet => { conf => 'TLSDiagLog none' });
my $server = TLSDiag::Server->new(root => 'build/t/keep_alive', table => \@table, mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => "KeepAlive On\nMaxKeepAliveRequests 0\nTLSDiagSimulate Off\n");
my $counts = $server->file('state/counts');
{
    TLSDiag::Server::write_file($counts, "\0" x (8 * (@names + 1)));
    chmod 0666, $counts or die "$counts: $!\n";
    local $ENV{TLSDIAG_COUNTS} = $counts;
    local $ENV{LD_PRELOAD} = preloaded('count_calls');
    use_server($server)->start;
}

for my $case ([ std => 'TLSv1_2', '' ], [ std => 'TLSv1_3', '' ], [ proxied => 'TLSv1_3', "PROXY TCP4 203.0.113.7 127.0.0.1 4321 443\r\n" ]) {
    my ($vhost, $version, $header) = @$case;
    my $before = [ calls() ];
    my $client = connected($vhost, $version, $header);
    request($client) for 1 .. 2;
    my $told = [ calls() ];
    cmp_ok($told->[$_], '>', $before->[$_], "$vhost, $version: the handshake calls our $names[$_]") for 0 .. $#names;
    request($client) for 1 .. 5;
    my $after = [ calls() ];
    is($after->[$_], $told->[$_], "$vhost, $version: five more requests do not call our $names[$_]") for 0 .. $#names;
    close $client;
}
for my $case ([ std => 1, 'in the log' ], [ failures => 0, 'not in the log, which has failures' ], [ quiet => 0, 'in no log' ]) {
    my ($vhost, $times, $where) = @$case;
    my $before = tcp_infos();
    request(connected($vhost, 'TLSv1_3', ''));
    is(tcp_infos() - $before, $times, "a success that is $where: TCP_INFO is asked for $times times");
}
my $before = tcp_infos();
is((run_load($server->port('quiet'), 1, workers => 1, only => 'refused'))[0]{outcome}, 'refused', 'a handshake is refused');
is(tcp_infos() - $before, 1, 'a failure that is in no log: once, for the page');
$server->stop;
done_testing;

sub tcp_infos { return (calls())[-1] }

sub calls { return unpack 'Q*', TLSDiag::Server::read_file($counts) }

# A TLS connection whose first bytes are header.
sub connected
{
    my ($vhost, $version, $header) = @_;
    my $client = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port($vhost)) or die "connect: $!\n";
    $client->print($header);
    $client->flush;
    return IO::Socket::SSL->start_SSL($client, SSL_verify_mode => 0, SSL_version => $version, SSL_hostname => 'localhost') // die "$IO::Socket::SSL::SSL_ERROR\n";
}

# One request, and its answer whole: the server has nothing more to write for it then.
sub request
{
    my ($client) = @_;
    print {$client} "GET /index.html HTTP/1.1\r\nHost: localhost\r\nUser-Agent: keep_alive.t\r\n\r\n";
    my ($answer, $length) = ('');
    do {
        sysread($client, $answer, 4096, length $answer) or die "no answer: $answer\n";
        ($length) = $answer =~ /\r\nContent-Length: (\d+)\r\n(?:.*\r\n)*\r\n/;
    } until defined $length && length($answer =~ s/^.*?\r\n\r\n//sr) >= $length;
    $answer =~ m{^HTTP/1.1 200 } or die "not served: $answer\n";
}
