# The connection breaks: where, and how.
use TLSDiag::Test;

my $hello = client_hello();
my $part  = substr $hello, 0, 90;
my $wait  = sub { read_flight($_[0], 5) };
my %cut   = ('event.outcome' => 'failure', 'log.level' => 'warn', 'tlsdiag.stage' => 'bytes_received', 'source.bytes' => 90);

seen_ok('closed in the middle of the hello', std => raw($part),
    { %cut, 'tlsdiag.cause' => 'network.hello_truncated_closed', 'tlsdiag.ended_by' => 'closed' });
seen_ok('reset in the middle of the hello', std => raw(sub { print { $_[0] } $part; select undef, undef, undef, 0.1; reset_connection($_[0]) }),
    { %cut, 'tlsdiag.cause' => 'network.hello_truncated_reset', 'tlsdiag.ended_by' => 'reset' });
seen_ok('stalled in the middle of the hello', timeout => raw(sub { print { $_[0] } $part; $wait->($_[0]) }),
    { %cut, 'tlsdiag.cause' => 'network.hello_truncated_stalled', 'tlsdiag.ended_by' => 'timeout' });

my %after = ('event.outcome' => 'failure', 'log.level' => 'warn', 'tlsdiag.stage' => 'server_flight_sent', 'tls.client.server_name' => 'localhost');
for my $version ([ '1.3' => [ 0x0304, 0x0303 ] ], [ '1.2' => undef ]) {
    my ($number, $versions) = @$version;
    my $this = client_hello(versions => $versions);
    seen_ok("closed after our flight, TLS $number", std => hello_then($this, sub { }),
        { %after, 'tlsdiag.cause' => 'network.closed_after_flight', 'tlsdiag.ended_by' => 'closed', 'tls.version' => $number });
    seen_ok("reset after our flight, TLS $number", std => hello_then($this, \&reset_connection),
        { %after, 'tlsdiag.cause' => 'network.reset_after_flight', 'tlsdiag.ended_by' => 'reset' });
    seen_ok("stalled after our flight, TLS $number", timeout => hello_then($this, $wait),
        { %after, 'tlsdiag.cause' => 'network.stalled_after_flight', 'tlsdiag.ended_by' => 'timeout' });
}

seen_ok('gone after HelloRetryRequest', groups => hello_then(client_hello(groups => [ 0x1d, 0x18 ]), sub { }),
    { 'tlsdiag.cause' => 'network.closed_after_hrr', 'tlsdiag.stage' => 'hello_retry_request', 'tlsdiag.negotiated.hello_retry_request' => 1 });
seen_ok('PROXY header missing', proxied => raw(sub { print { $_[0] } $hello; read_flight($_[0], 2) }),
    { 'tlsdiag.cause' => 'network.proxy_header_missing', 'log.level' => 'error', 'tlsdiag.act' => 'server' });
my $signature = "\r\n\r\n\0\r\nQUIT\n";
my %refused = (
    'of an unknown family' => "PROXY UNKNOWN\r\n",
    'that makes no sense'  => "PROXY nonsense\r\n",
    'of a UNIX socket'     => "$signature\x21\x31" . pack('n', 216) . "\0" x 216,
);
# The mod_remoteip of Debian 11 takes what lies behind it for the addresses.
$refused{'too short for addresses'} = "$signature\x21\x11\0\x04\x7f\0\0\1" if openssl_from('3.0');
seen_ok("PROXY header $_", proxied => raw(sub { print { $_[0] } $refused{$_}, $hello; read_flight($_[0], 2) }),
    { 'tlsdiag.cause' => 'network.proxy_header_refused', 'log.level' => 'error', 'tlsdiag.act' => 'server', 'tlsdiag.remedy' => undef })
    for sort keys %refused;
my $header = "PROXY TCP4 203.0.113.7 127.0.0.1 4321 443\r\n";
seen_ok('two PROXY headers', proxied => raw(sub { print { $_[0] } $header, $header, $hello; read_flight($_[0], 2) }),
    { 'tlsdiag.cause' => 'network.proxy_header_twice', 'source.ip' => '203.0.113.7', 'tlsdiag.act' => 'server', 'tlsdiag.remedy' => undef });
done_testing;
