# The virtual hosts of the test server, each on its own port. A test gets a new one by one line here:
#   name => { cert => NAME or [NAMES] of t/bin/make-pki, protocol => ..., conf => further directives, log => 'failures' }
# Default: the RSA certificate, TLS 1.2 and 1.3, everything logged to logs/<name>.json.
# ${PKI} is the folder with the certificates, ${LOGS} that of the logs, ${PORT_<NAME>} another one's port.
use strict;
use warnings;

my $mtls    = "SSLVerifyClient require\nSSLVerifyDepth 3\nSSLCACertificateFile \${PKI}/client-ca.pem";
my $checked = "SSLCARevocationCheck leaf\nSSLCARevocationFile \${PKI}/client-ca";
my $suite   = "<Location /secure>\nSSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384\n</Location>";
my $antique = 'SSLCipherSuite ALL:@SECLEVEL=0';

return (
    std   => {},
    tls12 => { protocol => 'TLSv1.2' },
    tls13 => { protocol => 'TLSv1.3' },
    ecdsa => { cert => 'ecdsa' },
    dual  => { cert => [ 'rsa', 'ecdsa' ] },

    # One certificate each, named as in t/bin/make-pki.
    (map { $_ => { cert => $_ } }
        qw(p384 ed25519 rsa-pss expired not-yet self-signed no-intermediate wrong-intermediate wrong-order wrong-name
        no-san wrong-usage must-staple expired-chain unknown-ca critical forbidden long-chain many-names wide-wildcard)),
    rsa1024 => { cert => 'rsa1024', conf => $antique },
    sha1    => { cert => 'sha1', conf => $antique },

    # What is allowed.
    legacy        => { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3', conf => $antique },
    seclevel      => { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3' },
    groups        => { conf => 'SSLOpenSSLConfCmd Groups P-384' },
    sigalgs       => { conf => 'SSLOpenSSLConfCmd SignatureAlgorithms RSA-PSS+SHA512:RSA+SHA512' },
    onecipher     => { conf => "SSLCipherSuite ECDHE-RSA-AES256-GCM-SHA384\nSSLCipherSuite TLSv1.3 TLS_AES_256_GCM_SHA384" },
    'rsa-kx'      => { protocol => 'TLSv1.2', conf => 'SSLCipherSuite AES128-GCM-SHA256:AES128-SHA' },
    h2            => { conf => 'Protocols h2 http/1.1' },
    'no-tickets'  => { conf => 'SSLSessionTickets off' },
    renegotiation => { conf => "SSLCACertificateFile \${PKI}/client-ca.pem\n<Location /secure>\nSSLVerifyClient require\n</Location>" },
    'directory-suite-mtls' => { conf => "$mtls\nSSLVerifyClient optional\n$suite" },
    'directory-suite' => { conf => $suite },

    # Client certificates.
    mtls                 => { conf => "$mtls\n$checked.crl" },
    'mtls-tls12'         => { protocol => 'TLSv1.2', conf => "$mtls\n$checked.crl" },
    'mtls-optional'      => { conf => "$mtls\nSSLVerifyClient optional" },
    'mtls-optional-noca' => { conf => "$mtls\nSSLVerifyClient optional_no_ca" },
    'mtls-deep'          => { conf => "$mtls\nSSLCACertificateFile \${PKI}/client-ca-both.pem\nSSLVerifyDepth 1" },
    'mtls-crl-expired'   => { conf => "$mtls\n$checked-expired.crl" },
    'mtls-crl-missing'   => { conf => "$mtls\nSSLCACertificateFile \${PKI}/client-ca-both.pem\n$checked.crl" },
    'mtls-crl-damaged'   => { conf => "$mtls\n$checked-damaged.crl" },
    'mtls-crl-early'     => { conf => "$mtls\n$checked-early.crl" },
    'mtls-no-root'       => { conf => "$mtls\nSSLCACertificateFile \${PKI}/client-intermediate.pem" },
    'mtls-announced'     => { conf => "$mtls\nSSLCADNRequestFile \${PKI}/client-ca-both.pem" },
    'mtls-noca'          => { conf => 'SSLVerifyClient require' },
    'mtls-ocsp'          => { conf => "$mtls\nSSLOCSPEnable on\nSSLOCSPDefaultResponder http://127.0.0.1:1/\nSSLOCSPOverrideResponder on" },

    # How a connection comes in.
    timeout    => { conf => 'RequestReadTimeout handshake=1' },
    optional   => { conf => 'SSLEngine optional' },
    proxied    => { conf => 'RemoteIPProxyProtocol On' },
    sni        => { also => { 'alt.example.test' => { cert => 'alt' } } },
    'sni-only' => { conf => 'SSLStrictSNIVHostCheck on', also => { 'alt.example.test' => { cert => 'alt' } } },
    backend    => { conf => "SSLProxyEngine on\nSSLProxyCACertificateFile \${PKI}/root.pem\nProxyPass / https://localhost:\${PORT_STD}/" },

    # What is logged.
    failures => { log => 'failures' },
    off      => { conf => 'TLSDiag Off' },
);
