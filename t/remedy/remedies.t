# The remedy of a record is true: put into that vhost as it is, after a reload it lets the same client in.
# All clients fail first, then all remedies are written, one reload, and all clients come again.
use TLSDiag::Test;
use TLSDiag::Server;

my $mtls = "SSLVerifyClient require\nSSLVerifyDepth 3\nSSLCACertificateFile \${PKI}/client-ca.pem\n";
my $both = "SSLCACertificateFile \${PKI}/client-ca-both.pem\n";
my $crl  = 'SSLCARevocationFile ${PKI}/client-ca';
my $weak = 'ALL:@SECLEVEL=0';

sub only { my ($string, %is) = @_; return { conf => "SSLCipherSuite $string", protocol => 'TLSv1.2', %is } }
sub groups { my ($list, %is) = @_; return { conf => "SSLOpenSSLConfCmd Groups $list", %is } }
sub command { return join '', map { "SSLOpenSSLConfCmd $_\n" } @_ }
sub sign { my ($list, %is) = @_; return { conf => "SSLOpenSSLConfCmd SignatureAlgorithms $list", %is } }
sub with { return ('-cert', "PKI/$_[0].chain.pem", '-key', "PKI/$_[0].key", '-cert_chain', "PKI/$_[0].chain.pem") }
sub tls12 { return openssl('-tls1_2', '-cipher', @_) }

# cause, what is special, the vhost as in t/conf/vhosts.pl, the client
my @cases = (
    # --- versions
    [ 'version.client_too_old', 'TLS 1.1',             {}, openssl('-tls1_1', '-cipher', $weak) ],
    [ 'version.client_too_old', 'TLS 1.0',             {}, openssl('-tls1', '-cipher', $weak) ],
    [ 'version.client_too_old', 'TLS 1.0 of GnuTLS',   {}, gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.0') ],
    [ 'version.client_too_old', 'TLS 1.0, TLS 1.3 vhost', { protocol => 'TLSv1.3' }, openssl('-tls1', '-cipher', $weak) ],
    [ 'version.client_too_old', 'TLS 1.0, ECDSA',      { cert => 'ecdsa' }, openssl('-tls1', '-cipher', $weak) ],
    [ 'version.client_too_old', 'TLS 1.2, TLS 1.3 vhost', { protocol => 'TLSv1.3' }, python('--max', '1.2') ],
    [ 'version.client_too_old', 'TLS 1.1 and no suite either', { conf => 'SSLCipherSuite ECDHE+AESGCM' }, openssl('-tls1_1', '-cipher', 'AES128-SHA:@SECLEVEL=0') ],
    [ 'version.client_too_old', 'TLS 1.0 and no suite either, RSA forbidden', { conf => 'SSLCipherSuite HIGH:!aNULL:!kRSA:!SHA1' },
        openssl('-tls1', '-cipher', 'AES256-SHA:@SECLEVEL=0') ],
    [ 'version.client_too_old', 'TLS 1.2 and no suite either', { protocol => 'TLSv1.3', conf => 'SSLCipherSuite ECDHE+AES256' }, tls12('AES128-GCM-SHA256') ],
    [ 'version.client_too_old', 'TLS 1.2 and no group either', groups('P-521', protocol => 'TLSv1.3'), openssl('-tls1_2', '-curves', 'X25519') ],
    [ 'version.client_too_new', 'NSS',                 { protocol => 'TLSv1.2' }, nss('-V', 'tls1.3:tls1.3') ],
    [ 'version.client_too_new', 'TLS 1.1 vhost',       { protocol => 'TLSv1.1', conf => "SSLCipherSuite $weak" }, curl('--tlsv1.2') ],
    [ 'version.client_too_new', 'and no group either', groups('P-521', protocol => 'TLSv1.2'), openssl('-tls1_3', '-groups', 'X25519') ],
    [ 'version.client_too_new', 'and no suite either', { protocol => 'TLSv1.2', conf => 'SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384' },
        openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256') ],
    [ 'version.blocked_by_seclevel', 'TLS 1.0', { protocol => 'TLSv1 TLSv1.1 TLSv1.2' }, openssl('-tls1', '-cipher', $weak) ],
    [ 'version.blocked_by_seclevel', 'TLS 1.1, level 1 in the suites', { protocol => 'TLSv1.1 TLSv1.2', conf => 'SSLCipherSuite HIGH:!aNULL:@SECLEVEL=1' },
        openssl('-tls1_1', '-cipher', $weak) ],

    # --- set by SSLOpenSSLConfCmd, which counts more than SSLProtocol and SSLCipherSuite
    [ 'version.client_too_old', 'MinProtocol', { conf => command('MinProtocol TLSv1.3') }, python('--max', '1.2') ],
    [ 'version.client_too_old', 'MinProtocol, and no suite either', { conf => command('MinProtocol TLSv1.2', 'CipherString ECDHE+AESGCM') },
        openssl('-tls1_1', '-cipher', 'AES128-SHA:@SECLEVEL=0') ],
    [ 'version.client_too_old', 'MaxProtocol, and SSLProtocol has the other end', { protocol => 'TLSv1.3', conf => command('MaxProtocol TLSv1.3') }, python('--max', '1.2') ],
    [ 'version.client_too_new', 'MaxProtocol', { conf => command('MaxProtocol TLSv1.2') }, curl('--tlsv1.3') ],
    [ 'cipher.none_common', 'CipherString', { protocol => 'TLSv1.2', conf => command('CipherString ECDHE-RSA-AES256-GCM-SHA384') }, tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'CipherString, before SSLCipherSuite', { protocol => 'TLSv1.2', conf => command('CipherString HIGH:!AES128') . 'SSLCipherSuite ECDHE+AESGCM' },
        tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common_tls13', 'Ciphersuites', { conf => command('Ciphersuites TLS_AES_256_GCM_SHA384') }, openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256') ],

    # --- cipher suites, and the forms in which they are written
    [ 'cipher.none_common', 'one suite',            only('ECDHE-RSA-AES256-GCM-SHA384'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'of GnuTLS',            only('ECDHE-RSA-AES256-GCM-SHA384'), gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM') ],
    [ 'cipher.none_common', 'forbidden by a word',  only('HIGH:!aNULL:!AES128'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'forbidden by name',    only('HIGH:!ECDHE-RSA-AES128-GCM-SHA256'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'forbidden in a pair',  only('HIGH:!ECDHE+AESGCM'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'SSL and quotes',       only('SSL "ECDHE+AES256:!aNULL"'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'separated by commas',  only('ECDHE-RSA-AES256-GCM-SHA384,ECDHE-RSA-AES256-SHA384'), tls12('ECDHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'DEFAULT',              only('DEFAULT'), tls12('ECDHE-RSA-CAMELLIA128-SHA256:DHE-RSA-CAMELLIA128-SHA256') ],
    [ 'cipher.none_common', 'nothing written',      { protocol => 'TLSv1.2' }, tls12('ECDHE-RSA-CAMELLIA128-SHA256') ],
    [ 'cipher.none_common', 'in the server order',  only("ECDHE-RSA-AES256-GCM-SHA384\nSSLHonorCipherOrder on"), tls12('ECDHE-RSA-AES128-SHA:AES128-SHA') ],
    [ 'cipher.none_common', 'the other key serves', only('ECDHE-ECDSA-AES256-GCM-SHA384', cert => [ 'rsa', 'ecdsa' ]), tls12('ECDHE-ECDSA-AES128-GCM-SHA256') ],
    [ 'cipher.none_common', 'and no group either',  { protocol => 'TLSv1.2', conf => "SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384\nSSLOpenSSLConfCmd Groups P-384" },
        openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-curves', 'X25519') ],
    [ 'cipher.none_common', 'and no signature either', { protocol => 'TLSv1.2', conf => "SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384\nSSLOpenSSLConfCmd SignatureAlgorithms RSA+SHA512" },
        openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256', '-sigalgs', 'RSA+SHA256') ],
    [ 'cipher.none_common_tls13', 'one suite', { conf => 'SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384' }, openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256') ],
    [ 'cipher.none_common_tls13', 'CCM, nothing written', {}, openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256') ],
    [ 'cipher.none_common_tls13', 'of GnuTLS', { protocol => 'TLSv1.3', conf => 'SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384' },
        gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305') ],
    [ 'cipher.none_common_tls13', 'and no group either', { conf => "SSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384\nSSLOpenSSLConfCmd Groups P-521" },
        openssl('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', '-groups', 'X25519') ],
    [ 'cipher.client_lacks_forward_secrecy', 'by a list', only('ECDHE+AESGCM:DHE+AESGCM'), tls12('AES128-GCM-SHA256:AES256-SHA') ],
    [ 'cipher.client_lacks_forward_secrecy', 'forbidden', only('HIGH:!aNULL:!kRSA'), python('--max', '1.2', '--ciphers', 'AES128-GCM-SHA256') ],
    [ 'cipher.client_dhe_only', 'by a list', only('ECDHE+AESGCM'), tls12('DHE-RSA-AES128-GCM-SHA256') ],
    [ 'cipher.client_dhe_only', 'forbidden', only('HIGH:!aNULL:!DHE'), tls12('DHE-RSA-AES256-SHA256') ],

    # --- groups
    [ 'group.none_common', 'TLS 1.3',                 groups('P-384'), openssl('-tls1_3', '-groups', 'X25519') ],
    [ 'group.none_common', 'TLS 1.3 of GnuTLS',       groups('P-384:P-521'), gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3:-GROUP-ALL:+GROUP-X25519') ],
    [ 'group.none_common', 'TLS 1.3, X448',           groups('X25519'), openssl('-tls1_3', '-groups', 'X448') ],
    [ 'group.none_common', 'TLS 1.3, finite field',   groups('X25519:P-256'), openssl('-tls1_3', '-groups', 'ffdhe3072:ffdhe2048') ],
    [ 'group.none_common', 'TLS 1.2',                 groups('P-384', protocol => 'TLSv1.2'), openssl('-tls1_2', '-curves', 'X25519', '-cipher', 'ECDHE+AESGCM') ],
    [ 'group.none_common', 'TLS 1.2, ECDSA key',      groups('X25519', cert => 'ecdsa', protocol => 'TLSv1.2'), openssl('-tls1_2', '-curves', 'P-256', '-cipher', 'ECDHE+AESGCM') ],
    [ 'group.none_common', 'and no signature either', { conf => "SSLOpenSSLConfCmd Groups P-384\nSSLOpenSSLConfCmd SignatureAlgorithms RSA-PSS+SHA512" },
        openssl('-tls1_3', '-groups', 'X25519', '-sigalgs', 'RSA-PSS+SHA256') ],

    # --- signature algorithms
    [ 'sigalg.none_common', 'TLS 1.3',         sign('RSA-PSS+SHA512:RSA+SHA512'), openssl('-tls1_3', '-sigalgs', 'RSA-PSS+SHA256') ],
    [ 'sigalg.none_common', 'TLS 1.2',         sign('RSA-PSS+SHA512:RSA+SHA512', protocol => 'TLSv1.2'), openssl('-tls1_2', '-sigalgs', 'RSA+SHA256') ],
    [ 'sigalg.none_common', 'TLS 1.3, ECDSA key', sign('RSA-PSS+SHA256:RSA+SHA256', cert => 'ecdsa'), openssl('-tls1_3', '-sigalgs', 'ECDSA+SHA256') ],
    [ 'sigalg.legacy_only', 'SHA-1, TLS 1.2',  { protocol => 'TLSv1.2' }, openssl('-tls1_2', '-sigalgs', 'RSA+SHA1', '-cipher', 'DEFAULT:@SECLEVEL=0') ],
    [ 'sigalg.legacy_only', 'SHA-1, ECDSA key', { cert => 'ecdsa', protocol => 'TLSv1.2' }, openssl('-tls1_2', '-sigalgs', 'ECDSA+SHA1', '-cipher', 'DEFAULT:@SECLEVEL=0') ],

    # --- what the client refuses
    [ 'dh.too_small', 'OpenSSL', { cert => 'dh1024', protocol => 'TLSv1.2', conf => 'SSLCipherSuite DHE+AESGCM:@SECLEVEL=0' }, tls12('DHE+AESGCM:ECDHE+AESGCM') ],
    [ 'dh.too_small', 'GnuTLS, behind ECDHE', { cert => 'dh1024', protocol => 'TLSv1.2', conf => "SSLCipherSuite DHE+AESGCM:ECDHE+AESGCM:\@SECLEVEL=0\nSSLHonorCipherOrder on" },
        gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:%PROFILE_MEDIUM:-KX-ALL:+DHE-RSA:+ECDHE-RSA') ],
    [ 'client_alert.insufficient_security', 'GnuTLS wants 3072 bits', only('DHE+AESGCM'),
        gnutls('--insecure', '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2:%PROFILE_HIGH:-KX-ALL:+DHE-RSA:+ECDHE-RSA') ],
    [ 'alpn.none_common', 'h2, OpenSSL', {}, openssl('-alpn', 'h2') ],
    [ 'alpn.none_common', 'h2, insisting', {}, python('--max', '1.2', '--alpn', 'h2', '--insist', 'h2') ],
    [ 'client_alert.no_application_protocol', 'h2 or nothing', {}, python('--max', '1.2', '--alpn', 'h2', '--alpn', 'http/1.1', '--insist', 'h2') ],

    # --- client certificates
    [ 'client_cert.missing',        'TLS 1.3', { conf => $mtls }, curl() ],
    [ 'client_cert.missing',        'TLS 1.2', { conf => $mtls, protocol => 'TLSv1.2' }, gnutls() ],
    [ 'client_cert.chain_too_long', 'TLS 1.3', { conf => "$mtls${both}SSLVerifyDepth 1" }, openssl('-tls1_3', with('client-deep')) ],
    [ 'client_cert.chain_too_long', 'TLS 1.2', { conf => "$mtls${both}SSLVerifyDepth 0", protocol => 'TLSv1.2' }, openssl('-tls1_2', with('client-deep')) ],
    [ 'client_cert.crl_expired',    'leaf',    { conf => "${mtls}SSLCARevocationCheck leaf\n$crl-expired.crl" }, openssl(with('client-good')) ],
    [ 'client_cert.crl_invalid',    'damaged', { conf => "${mtls}SSLCARevocationCheck leaf\n$crl-damaged.crl" }, openssl(with('client-good')) ],
    [ 'client_cert.crl_missing',    'leaf',    { conf => "$mtls${both}SSLCARevocationCheck leaf\n$crl.crl" }, openssl(with('client-deep')) ],
    [ 'client_cert.crl_missing',    'chain',   { conf => "$mtls${both}SSLCARevocationCheck chain\n$crl.crl" }, openssl(with('client-deep')) ],
    [ 'protocol.post_handshake_auth', 'TLS 1.3', { conf => "SSLCACertificateFile \${PKI}/client-ca.pem\n<Location />\nSSLVerifyClient require\n</Location>" },
        openssl('-tls1_3', with('client-good')) ],
    [ 'protocol.client_refuses_renegotiation', '', { conf => "SSLCACertificateFile \${PKI}/client-ca.pem\n<Location />\nSSLVerifyClient require\n</Location>" },
        openssl('-tls1_2', '-no_renegotiation', with('client-good')) ],

    # --- the PROXY protocol
    [ 'not_tls.proxy_protocol', 'version 1', {}, python('--prefix', 'PROXY TCP4 203.0.113.7 127.0.0.1 4321 443\r\n') ],
    [ 'not_tls.proxy_protocol', 'version 2', {}, python('--prefix', '\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xcb\x00\x71\x07\x7f\x00\x00\x01\x10\xe1\x01\xbb') ],
    [ 'network.proxy_header_missing', '', { conf => 'RemoteIPProxyProtocol On' }, curl() ],
);

my @table = map { my $name = sprintf 'case%02d', $_; ($name => including($name, $cases[$_][2])) } 0 .. $#cases;
my $server = use_server(TLSDiag::Server->new(root => 'build/t/remedy', table => \@table, mpm => $ENV{APACHE_TEST_MPM} // 'event'));
$server->start;

my @tried = map { fails($_, @{ $cases[$_] }) } 0 .. $#cases;
my ($status, $said) = $server->run('-t');
is($status, 0, 'httpd takes all of the remedies') or BAIL_OUT($said);
$server->reload;
gets_in(@$_) for @tried;
$server->stop;
done_testing;

# The vhost with an empty file included at its end: the remedy's place.
sub including
{
    my ($name, $vhost) = @_;
    return { %$vhost, conf => join "\n", $vhost->{conf} // (), "IncludeOptional conf/remedy/$name.conf" };
}

# The client fails for this cause, and the record's remedy goes into the vhost. What there is to try again.
sub fails
{
    my ($number, $cause, $what, undef, $client) = @_;
    my ($name, $vhost) = ("$cause, $what", sprintf 'case%02d', $number);
    my $seen = connect_to($vhost, $client, records => $cause =~ /^protocol\./ ? 2 : 1);
    my ($record) = grep { $_->{tlsdiag}{cause} eq $cause } @{ $seen->{records} };
    my $remedy = $record && $record->{tlsdiag}{remedy};
    ok($remedy, "$name: fails, and has a remedy") or do { TLSDiag::Test::explain($seen); return };
    mkdir $server->file('conf/remedy');
    TLSDiag::Server::write_file($server->file("conf/remedy/$vhost.conf"), "$remedy\n");
    return [ $name, $vhost, $client, $remedy ];
}

sub gets_in
{
    my ($name, $vhost, $client, $remedy) = @_;
    my $seen = connect_to($vhost, $client);
    my @outcomes = map { "$_->{event}{outcome} $_->{tlsdiag}{cause}" } @{ $seen->{records} };
    is("@outcomes", 'success ok', "$name: gets in with its remedy");
    ok($seen->{status} == 0 && $seen->{output} =~ /welcome|200 OK|^connected|ALPN protocol: h2|^subject DN/m, "$name: and says so itself")
        or do { diag("remedy: $remedy"); TLSDiag::Test::explain($seen) };
}
