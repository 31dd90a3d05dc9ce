# Vhosts with one fault each, and healthy ones, for t/audit/findings.t and t/judge/testssl.t:
#   name => [ { as TLSDiag::Audit takes it }, the checks that must find something there and nothing else ]
# What all of them have (a private CA, keys shared between certificates, no Mozilla profile) is not listed.
use strict;
use warnings;
use Cwd qw(getcwd);

my $mtls  = "SSLVerifyClient require\nSSLVerifyDepth 3";
my $ca    = "SSLCACertificateFile \${PKI}/client-ca.pem";
my $files = getcwd() . '/build/t/audit-files';

# Where the groups are set, and OpenSSL would have had a post-quantum one.
my @classic = TLSDiag::Test::openssl_from('3.5') ? 'audit.group.no_post_quantum' : ();

return (
    # the healthy ones, and neighbours of faults
    'std'          => [ {} ],
    'rsa'          => [ { cert => 'rsa' } ],
    'dual'         => [ { cert => [ 'ecdsa', 'rsa' ] } ],
    'ed25519-too'  => [ { cert => [ 'ecdsa', 'ed25519' ] } ],
    'p384'         => [ { cert => 'p384' } ],
    'tls13'        => [ { protocol => '+TLSv1.3' } ],
    'mtls'         => [ { conf => "$mtls\n$ca\nSSLCARevocationCheck leaf\nSSLCARevocationFile \${PKI}/client-ca.crl" } ],
    'aliases'      => [ { conf => 'ServerAlias www.example.test' } ],
    'h2'           => [ { conf => 'Protocols h2 http/1.1' } ],

    # certificates
    'expired'      => [ { cert => 'expired' }, 'audit.cert.expired' ],
    'last-day'     => [ { cert => 'last-day' }, 'audit.cert.expires_in_1_day' ],
    'last-week'    => [ { cert => 'last-week' }, 'audit.cert.expires_in_7_days' ],
    'last-fortnight' => [ { cert => 'last-fortnight' }, 'audit.cert.expires_in_14_days' ],
    'last-month'   => [ { cert => 'last-month' }, 'audit.cert.expires_in_30_days' ],
    'not-yet'      => [ { cert => 'not-yet' }, 'audit.cert.not_yet_valid' ],
    'wrong-name'   => [ { cert => 'wrong-name' }, 'audit.cert.name_not_covered' ],
    'wrong-alias'  => [ { conf => 'ServerAlias www.example.test other.example.test' }, 'audit.cert.alias_not_covered' ],
    'no-san'       => [ { cert => 'no-san' }, 'audit.cert.no_san' ],
    'wide-wildcard' => [ { cert => 'wide-wildcard' }, 'audit.cert.wildcard_too_wide' ],
    'self-signed'  => [ { cert => 'self-signed' }, 'audit.cert.self_signed' ],
    'rsa1024'      => [ { cert => 'rsa1024', suites => 'ECDHE+AESGCM:@SECLEVEL=0' }, 'audit.cert.rsa_too_small' ],
    'sha1'         => [ { cert => 'sha1', suites => 'ECDHE+AESGCM:@SECLEVEL=0' }, 'audit.cert.weak_signature' ],
    'p521'         => [ { cert => 'p521' }, 'audit.cert.uncommon_group' ],
    'ed25519'      => [ { cert => 'ed25519' }, 'audit.cert.key_for_browsers' ],
    'rsa-pss'      => [ { cert => 'rsa-pss' }, 'audit.cert.key_for_browsers' ],
    'wrong-usage'  => [ { cert => 'wrong-usage' }, 'audit.cert.extended_key_usage' ],
    'key-usage'    => [ { cert => 'key-usage' }, 'audit.cert.key_usage' ],
    'ca-leaf'      => [ { cert => 'ca-leaf' }, 'audit.cert.ca_as_leaf' ],
    'must-staple'  => [ { cert => 'must-staple' }, 'audit.cert.must_staple' ],
    'stapling'     => [ { conf => 'SSLUseStapling On' }, 'audit.cert.stapling_without_responder' ],
    'long-lived'   => [ { cert => 'long-lived' }, 'audit.cert.lifetime_private' ],
    'critical'     => [ { cert => 'critical' }, 'audit.cert.unknown_critical' ],

    # chains
    'no-intermediate'    => [ { cert => 'no-intermediate' }, 'audit.chain.incomplete_here' ],
    'wrong-intermediate' => [ { cert => 'wrong-intermediate' }, qw(audit.chain.incomplete_here audit.chain.unrelated) ],
    'unknown-ca'         => [ { cert => 'unknown-ca' }, 'audit.chain.issuer_unknown' ],
    'wrong-order'        => [ { cert => 'wrong-order' }, qw(audit.chain.wrong_order audit.chain.root_sent) ],
    'with-root'          => [ { cert => 'with-root' }, 'audit.chain.root_sent' ],
    'expired-chain'      => [ { cert => 'expired-chain' }, 'audit.chain.ca_expired' ],
    'soon-chain'         => [ { cert => 'soon-chain' }, 'audit.chain.ca_expires_soon' ],
    'by-leaf'            => [ { cert => 'by-leaf' }, 'audit.chain.not_a_ca' ],
    'forbidden'          => [ { cert => 'forbidden' }, 'audit.chain.name_constraints' ],

    'far'                => [ { cert => 'far' }, 'audit.chain.incomplete' ],
    'old'                => [ { cert => 'old' }, qw(audit.chain.root_expired audit.chain.root_sent) ],
    'sha1-chain'         => [ { cert => 'sha1-chain', suites => 'ECDHE+AESGCM:@SECLEVEL=0' }, 'audit.chain.ca_weak_signature' ],
    'small-chain'        => [ { cert => 'small-chain', suites => 'ECDHE+AESGCM:@SECLEVEL=0' }, 'audit.chain.ca_rsa_too_small' ],
    'many-names'         => [ { cert => 'many-names' }, 'audit.chain.large' ],

    # files
    'open-key'     => [ { cert => "$files/open.pem", key => "$files/open.key" }, 'audit.file.key_readable' ],
    'open-pem'     => [ { cert => "$files/writable.pem", key => "$files/closed.key" }, 'audit.file.writable' ],
    'combined'     => [ { cert => "$files/combined.pem", key => "$files/closed.key" }, 'audit.file.key_readable' ],

    # versions, groups, suites
    'legacy'       => [ { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3', suites => 'ECDHE+AES:@SECLEVEL=0' },
        'audit.version.tls10_tls11' ],
    'seclevel'     => [ { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3', suites => 'ECDHE+AES' },
        'audit.version.blocked_by_security_level' ],
    'tls12'        => [ { protocol => '+TLSv1.2' }, 'audit.version.tls13_off' ],
    'p384-group'   => [ { conf => 'SSLOpenSSLConfCmd Groups P-384' }, 'audit.group.no_usual' ],
    'naked'        => [ { conf => 'SSLOpenSSLConfCmd CipherString ECDHE+AESGCM:eNULL:aNULL:@SECLEVEL=0' } ], # httpd itself adds !aNULL:!eNULL:!EXP
    'wrong-suites' => [ { suites => 'ECDHE-RSA-AES128-GCM-SHA256' }, 'audit.suite.none_for_certificates' ],
    'half-suites'  => [ { cert => [ 'ecdsa', 'rsa' ], suites => 'ECDHE-RSA-AES128-GCM-SHA256' }, 'audit.suite.none_for_certificate' ],
    'rsa-kx'       => [ { cert => 'rsa', suites => 'AES128-GCM-SHA256' }, qw(audit.suite.no_forward_secrecy) ],
    'rsa-kx-h2'    => [ { cert => 'rsa', suites => 'AES128-GCM-SHA256', conf => 'Protocols h2 http/1.1' },
        qw(audit.suite.no_forward_secrecy audit.h2.no_fit_suite) ],
    'some-kx'      => [ { cert => 'rsa', suites => 'ECDHE+AESGCM:AES128-GCM-SHA256' }, 'audit.suite.some_without_forward_secrecy' ],
    'h2-cbc'       => [ { suites => 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256',
            conf => "Protocols h2 http/1.1\nSSLHonorCipherOrder On" }, 'audit.h2.forbidden_suites_first' ],

    'dh1536'       => [ { cert => "$files/dh1536.pem", key => "$files/rsa-closed.key", suites => 'ECDHE+AESGCM:DHE+AESGCM:@SECLEVEL=0' },
        'audit.group.dh_too_small' ],

    # sessions
    'tickets'      => [ { conf => "SSLSessionTicketKeyFile $files/tickets.old" }, 'audit.session.static_ticket_key' ],
    'new-tickets'  => [ { conf => "SSLSessionTicketKeyFile $files/tickets.new" } ],
    'renegotiation' => [ { conf => 'SSLInsecureRenegotiation On' }, 'audit.session.insecure_renegotiation' ],
    'no-limit'     => [ { conf => 'RequestReadTimeout handshake=0' }, 'audit.session.no_handshake_timeout' ],

    # client certificates
    'no-ca'        => [ { conf => $mtls }, 'audit.client_cert.no_ca' ],
    'many-cas'     => [ { conf => "$mtls\nSSLCACertificateFile $files/many.pem" }, 'audit.client_cert.ca_list_too_long' ],
    'crl-unused'   => [ { conf => "$mtls\n$ca\nSSLCARevocationFile \${PKI}/client-ca.crl" }, 'audit.crl.not_checked' ],
    'crl-expired'  => [ { conf => "$mtls\n$ca\nSSLCARevocationCheck leaf\nSSLCARevocationFile \${PKI}/client-ca-expired.crl" },
        'audit.crl.expired' ],
    'crl-last-day' => [ { conf => "$mtls\n$ca\nSSLCARevocationCheck leaf\nSSLCARevocationFile \${PKI}/client-ca-last-day.crl" },
        'audit.crl.expires_soon' ],

    # vhosts among each other
    'first'        => [ { conf => "ServerAlias *.example.test\nSSLOpenSSLConfCmd Groups X25519:P-256" },
        'audit.cert.alias_not_covered', @classic ],
    'shadowed'     => [ { port_of => 'first', name => 'www.example.test' }, 'audit.vhost.shadowed', @classic ],
    'second'       => [ { port_of => 'first', name => '127.0.0.1', protocol => '+TLSv1.3', conf => 'ServerAlias alt.example.test' },
        qw(audit.vhost.versions_differ audit.vhost.alias_shadowed), @classic ],
    'third'        => [ { port_of => 'first', name => '127.0.0.1.', conf => 'SSLOpenSSLConfCmd Groups P-384' },
        qw(audit.vhost.groups_ignored audit.cert.name_not_covered), @classic ],
    'strict'       => [ { conf => 'SSLStrictSNIVHostCheck On' }, 'audit.vhost.strict_sni' ],
);
