# The client rejects our certificate: its alert, or its silence, joined with the health of what we sent.
use TLSDiag::Test;

my $strict  = openssl('-verify_return_error', '-verify_hostname', 'localhost');
my %ours    = ('event.outcome' => 'failure', 'log.level' => 'error', 'tlsdiag.act' => 'server', 'tlsdiag.alerts.0.direction' => 'received');
my %theirs  = (%ours, 'log.level' => 'warn', 'tlsdiag.act' => 'client');
my %hung_up = ('event.outcome' => 'success', 'tls.established' => 1);

# cause, vhost, client
my @rejected = (
    [ 'server_cert.expired'            => 'expired',            OpenSSL => $strict ],
    [ 'server_cert.expired'            => 'expired',            GnuTLS  => gnutls() ],
    [ 'server_cert.expired'            => 'expired',            curl    => curl() ],
    [ 'server_cert.expired'            => 'expired-chain',      OpenSSL => $strict ],
    [ 'server_cert.not_yet_valid'      => 'not-yet',            OpenSSL => $strict ],
    [ 'server_cert.not_yet_valid'      => 'not-yet',            Python  => python() ],
    [ 'server_cert.chain_incomplete'   => 'no-intermediate',    OpenSSL => $strict ],
    [ 'server_cert.chain_incomplete'   => 'no-intermediate',    curl    => curl() ],
    [ 'server_cert.chain_broken'       => 'wrong-intermediate', OpenSSL => $strict ],
    [ 'server_cert.self_signed'        => 'self-signed',        OpenSSL => $strict ],
    [ 'server_cert.self_signed'        => 'self-signed',        GnuTLS  => gnutls() ],
    [ 'server_cert.name_mismatch'      => 'wrong-name',         OpenSSL => $strict ],
    [ 'server_cert.name_mismatch'      => 'wrong-name',         Python  => python() ],
    [ 'server_cert.wrong_usage'        => 'wrong-usage',        OpenSSL => $strict ],
    [ 'server_cert.weak'               => 'rsa1024',            OpenSSL => $strict ],
    [ 'server_cert.weak'               => 'sha1',               OpenSSL => $strict ],
    [ 'server_cert.critical_extension' => 'critical',           OpenSSL => $strict ],
    [ 'server_cert.name_constraint'    => 'forbidden',          OpenSSL => $strict ],
    [ 'server_cert.staple'             => 'must-staple',        GnuTLS  => gnutls() ],
    [ 'server_cert.staple'             => 'must-staple',        'alert 113' => hello_then(client_hello(), alert(113)) ],
    [ 'server_cert.chain_too_long'     => 'long-chain',         'OpenSSL, four deep' => openssl('-verify_return_error', '-verify_depth', 4) ],
    [ 'server_cert.chain_too_long'     => 'long-chain',         'alert 49' => hello_then(client_hello(), alert(49)) ],
    [ 'server_cert.chain_too_big'      => 'many-names',         'alert 22' => hello_then(client_hello(), alert(22)) ],
    [ 'server_cert.chain_too_big'      => 'many-names',         'alert 50' => hello_then(client_hello(versions => undef), alert(50)) ],
    [ 'server_cert.revoked'            => 'std',                'alert 44' => hello_then(client_hello(), alert(44)) ],
);
seen_ok("$_->[0], $_->[1], $_->[2]", $_->[1] => $_->[3], { %ours, 'tlsdiag.cause' => $_->[0] }) for @rejected;

my @nothing_wrong = (
    [ 'server_cert.unknown_ca'   => 'std',        OpenSSL => openssl('-verify_return_error', '-CAfile', 'PKI/other-root.pem') ],
    [ 'server_cert.unknown_ca'   => 'std',        curl    => curl('--cacert', 'PKI/other-root.pem') ],
    [ 'server_cert.no_sni'       => 'wide-wildcard', 'alert 42' => hello_then(client_hello(server_name => undef), alert(42)) ],
    [ 'server_cert.client_clock' => 'std',        'alert 45' => hello_then(client_hello(), alert(45)) ],
    [ 'server_cert.rejected'     => 'std',        'alert 43' => hello_then(client_hello(), alert(43)) ],
);
seen_ok("$_->[0], $_->[1], $_->[2]", $_->[1] => $_->[3], { %theirs, 'tlsdiag.cause' => $_->[0] }) for @nothing_wrong;

# --- of a session's certificate: clients that look at it again, as Chromium does, say so in a handshake that has none
my ($session_id) = seen_ok('a session to resume', std => openssl('-tls1_2', '-no_ticket', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-groups', 'X25519'),
    { 'event.outcome' => 'success' })->{output} =~ /Session-ID: ([0-9A-F]{64})/;
seen_ok('alert 46 in a resumed session',
    std => hello_then(client_hello(versions => undef, ciphers => [0xc02f], session_id => pack('H*', $session_id), more => [ [ 23, '' ] ]), alert(46)),
    { %theirs, 'tls.resumed' => 1, 'tlsdiag.cause' => 'server_cert.unknown_ca', 'event.reason' => qr/CA it ends at \(CN=TLSDiag Test Root\)/ });

# --- without an alert
seen_ok('server_cert.expired, closed without a word', expired => hello_then(client_hello(), sub { }),
    { 'event.outcome' => 'failure', 'tlsdiag.cause' => 'server_cert.expired', 'tlsdiag.ended_by' => 'closed', 'tlsdiag.confidence' => 'likely' });
seen_ok('server_cert.name_mismatch, hung up after the handshake', 'wrong-name' => python('unverified', '--after', 'close'), { %hung_up, 'tlsdiag.cause' => 'server_cert.name_mismatch' });
seen_ok('server_cert.closed_after_handshake', 'wrong-order' => python('unverified', '--after', 'close'), { %hung_up, 'tlsdiag.cause' => 'server_cert.closed_after_handshake' });
done_testing;
