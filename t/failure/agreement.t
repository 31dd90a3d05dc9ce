# A common version, but no common cipher suite, certificate type, signature algorithm or group.
use TLSDiag::Test;

my %hello = ('event.outcome' => 'failure', 'tls.established' => 0, 'tlsdiag.alerts.0.direction' => 'sent', 'tlsdiag.alerts.0.code' => 40,
    'tlsdiag.alerts.0.name' => 'handshake_failure', 'tlsdiag.ended_by' => 'alert_sent', 'tlsdiag.openssl.0.text' => qr/./);
my %ours  = (%hello, 'log.level' => 'error', 'tlsdiag.act' => 'server');
my %their = (%hello, 'log.level' => 'warn', 'tlsdiag.act' => 'client');

# --- cipher suites
seen_ok('none in common, TLS 1.2', onecipher => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'),
    { %ours, 'tlsdiag.cause' => 'cipher.none_common', 'tls.client.supported_ciphers' => sub { grep { $_ eq 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' } @{ $_[0] } } });
seen_ok('none in common, GnuTLS', onecipher => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM'), { %ours, 'tlsdiag.cause' => 'cipher.none_common' });
seen_ok('none in common, TLS 1.3', onecipher => openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'), { %ours, 'tlsdiag.cause' => 'cipher.none_common_tls13' });
seen_ok('client has RSA key exchange only', std => openssl('-tls1_2', '-cipher', 'AES256-CCM8:@SECLEVEL=0'), { %hello, 'tlsdiag.cause' => qr/^cipher\./ });
seen_ok('client has RC4 and 3DES only', std => hello_then(client_hello(versions => undef, ciphers => [ 4, 5, 10 ])), { %their, 'tlsdiag.cause' => 'cipher.legacy_only' });
seen_ok('client has PSK only', std => hello_then(client_hello(versions => undef, ciphers => [ 0x00a8, 0x00a9 ])), { %their, 'tlsdiag.cause' => 'cipher.exotic_only' });

# --- certificate types
seen_ok('client needs ECDSA', std => openssl('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'), { %ours, 'tlsdiag.cause' => 'cert_type.client_needs_ecdsa' });
seen_ok('client needs ECDSA on its own curve', tls12 => openssl('-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-curves', 'X25519:P-384'),
    { %ours, 'tlsdiag.cause' => 'cert_type.client_needs_ecdsa', message => qr/-name secp384r1 (?!.*correct the client)/ });
seen_ok('client needs ECDSA, and has no curve for it', tls12 => openssl('-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-curves', 'X25519'),
    { %ours, 'tlsdiag.cause' => 'cert_type.client_needs_ecdsa', message => qr/no curve that a certificate's key can be on: correct the client first/ });
seen_ok('TLS 1.3 with schemes for certificates only', tls13 => openssl('-sigalgs', 'RSA+SHA256'),
    { %ours, 'tlsdiag.cause' => 'sigalg.none_common', message => qr/rsa_pkcs1 schemes alone/ });
seen_ok('client needs RSA', ecdsa => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'), { %ours, 'tlsdiag.cause' => 'cert_type.client_needs_rsa' });

# --- signature algorithms
seen_ok('none for an ECDSA key, TLS 1.3', ecdsa => openssl('-tls1_3', '-sigalgs', 'RSA-PSS+SHA256'), { %ours, 'tlsdiag.cause' => 'sigalg.none_common' });
seen_ok('none for an ECDSA key, TLS 1.2', ecdsa => hello_then(client_hello(versions => undef, sigalgs => [0x0401])), { %ours, 'tlsdiag.cause' => 'sigalg.none_common' });
seen_ok('none for an Ed25519 key', ed25519 => openssl('-tls1_3', '-sigalgs', 'ECDSA+SHA256'), { %ours, 'tlsdiag.cause' => 'sigalg.none_common' });
seen_ok('SHA-1 only', std => hello_then(client_hello(versions => undef, sigalgs => [ 0x0201, 0x0203 ])), { %their, 'tlsdiag.cause' => 'sigalg.legacy_only' });
# OpenSSL 1.1.1 calls this one an internal error.
seen_ok('no signature algorithms', std => hello_then(client_hello(versions => undef, sigalgs => undef)), { %their, 'tlsdiag.cause' => 'sigalg.legacy_only',
    (openssl_from('3.0') ? () : ('tlsdiag.alerts.0.code' => 80, 'tlsdiag.alerts.0.name' => 'internal_error')) });

# --- groups
seen_ok('none in common, TLS 1.3', groups => openssl('-tls1_3', '-groups', 'X25519'), { %ours, 'tlsdiag.cause' => 'group.none_common', 'tlsdiag.client.groups' => ['x25519'] });
seen_ok('none in common, TLS 1.2', groups => openssl('-tls1_2', '-curves', 'X25519', '-cipher', 'ECDHE+AESGCM'), { %ours, 'tlsdiag.cause' => 'group.none_common' });
seen_ok("the key's curve, TLS 1.2", p384 => openssl('-tls1_2', '-curves', 'X25519'),
    { %ours, 'tlsdiag.cause' => 'cert_type.curve_not_taken', message => qr/the curve of our certificate's key \(ECDSA secp384r1\)/, 'tlsdiag.remedy' => undef });
seen_ok('no suite for TLS 1.3', std => hello_then(client_hello(ciphers => [ 0xc02f, 0xc030 ])),
    { 'tlsdiag.cause' => 'cipher.none_for_version', 'tlsdiag.act' => 'client', message => qr/offers TLSv1\.3, and no cipher suite of that version/ });
seen_ok('none in common, GnuTLS', groups => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519'), { %ours, 'tlsdiag.cause' => 'group.none_common' });
done_testing;
