# One connection gives exactly one record, however it comes in and however much it is used.
use TLSDiag::Test;

seen_ok('many requests on one HTTP/2 connection', h2 => curl('--http2', map { 'https://localhost:PORT/?' . $_ } 1 .. 20), { 'tlsdiag.cause' => 'ok', 'tls.next_protocol' => 'h2' })
    if server()->has_http2;
seen_ok('keep-alive', std => python('--after', 'two-requests'), { 'tlsdiag.cause' => 'ok' });
seen_ok('closed after the handshake, no request', std => python('unverified', '--after', 'close'), { 'tls.established' => 1 });

my $header = 'PROXY TCP4 203.0.113.7 127.0.0.1 4321 443\r\n';
seen_ok('PROXY protocol: the real client', proxied => python('--prefix', $header),
    { 'tlsdiag.cause' => 'ok', 'source.ip' => '203.0.113.7', 'source.port' => 4321 });
seen_ok('PROXY protocol: the real client of a failure', proxied => python('unverified', '--prefix', $header, '--min', '1.0', '--max', '1.1', '--ciphers', 'ALL:@SECLEVEL=0'),
    { 'tlsdiag.cause' => 'version.client_too_old', 'source.ip' => '203.0.113.7', 'source.port' => 4321 });

# A request that we proxy makes two handshakes; the one to the backend is on no client's account.
my $behind = mark('std');
seen_ok('a proxied request', backend => curl(), { 'tlsdiag.cause' => 'ok', 'network.direction' => 'ingress' });
records_ok($behind, 1, 'its backend has seen one connection');

# SSLEngine optional is gone since httpd 2.4.60 or so; wherever it stands, such a vhost must not be harmed.
my $optional = curl('http://localhost:PORT/')->(vhost_port('optional'));
like($optional->{output}, qr/welcome/, 'SSLEngine optional: plain HTTP is served');

# The vhost that the name chose, also when the handshake fails before we read again.
seen_ok('the second vhost of an address', sni => openssl('-tls1_2', '-servername', 'alt.example.test'),
    { 'tlsdiag.cause' => 'ok', 'tlsdiag.vhost' => qr/^alt\.example\.test:/, 'tlsdiag.negotiated.sni_matched' => 1 });
seen_ok('the second vhost of an address refuses', sni => openssl('-tls1_3', '-servername', 'alt.example.test', '-groups', 'ffdhe8192', '-ciphersuites', 'TLS_AES_128_CCM_8_SHA256', '-cipher', 'ALL:@SECLEVEL=0'),
    { 'tlsdiag.vhost' => qr/^alt\.example\.test:/, 'tlsdiag.ended_by' => 'alert_sent' });

# What is logged where.
my $failures = mark('failures');
curl()->(vhost_port('failures'));
openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')->(vhost_port('failures'));
my @logged = records_ok($failures, 1, 'TLSDiagLog failures: the success is left out');
fields_ok($logged[0], { 'tlsdiag.cause' => 'version.client_too_old' });

my $off = mark('off');
openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')->(vhost_port('off'));
records_ok($off, 0, 'TLSDiag Off: no record');
is(scalar(grep { /\[tlsdiag:/ } TLSDiag::Test::lines_since($off->{errors}, $off->{errors_at})), 0, 'TLSDiag Off: no error-log line');
done_testing;
