# One vhost for each fault: the audit finds on it exactly the checks named here, and nothing on the healthy ones.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd qw(getcwd);

my $antique = 'ALL:@SECLEVEL=0';
my $mtls    = "SSLVerifyClient require\nSSLVerifyDepth 3";
my $ca      = "SSLCACertificateFile \${PKI}/client-ca.pem";
my $files   = getcwd() . '/build/t/audit-files';

# What every vhost here has, so it says nothing: a private CA, keys shared between certificates, a lifetime, ...
my $common = qr/^audit\.(mozilla\.|chain\.private_root$|cert\.key_reused$)/;

my @vhosts = (
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
        'audit.cert.alias_not_covered' ],
    'shadowed'     => [ { port_of => 'first', name => 'www.example.test' }, 'audit.vhost.shadowed' ],
    'second'       => [ { port_of => 'first', name => '127.0.0.1', protocol => '+TLSv1.3', conf => 'ServerAlias alt.example.test' },
        qw(audit.vhost.versions_differ audit.vhost.alias_shadowed) ],
    'third'        => [ { port_of => 'first', name => '127.0.0.1.', conf => 'SSLOpenSSLConfCmd Groups P-384' },
        qw(audit.vhost.groups_ignored audit.cert.name_not_covered) ],
    'strict'       => [ { conf => 'SSLStrictSNIVHostCheck On' }, 'audit.vhost.strict_sni' ],
);

# Key files that others may read, certificates that others may write, ticket keys old and new, a list of many CAs.
sub make_files
{
    my $pki = getcwd() . '/build/t/pki';
    system($^X, 't/bin/make-pki', $pki) == 0 or die "make-pki failed\n";
    mkdir $files;
    my %copy = ('open.pem' => 'ecdsa.chain.pem', 'open.key' => 'ecdsa.key', 'writable.pem' => 'ecdsa.chain.pem', 'closed.key' => 'ecdsa.key');
    TLSDiag::Server::write_file("$files/$_", TLSDiag::Server::read_file("$pki/$copy{$_}")) for keys %copy;
    TLSDiag::Server::write_file("$files/combined.pem", join '', map { TLSDiag::Server::read_file("$pki/$_") } qw(ecdsa.chain.pem ecdsa.key));
    TLSDiag::Server::write_file("$files/tickets.$_", 'x' x 48) for qw(old new);
    TLSDiag::Server::write_file("$files/many.pem", join '', map { `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj "/O=@{[ 'A long name of a certification authority ' x 1 ]}$_/OU=@{[ 'b' x 60 ]}/L=@{[ 'c' x 100 ]}/CN=@{[ 'd' x 60 ]}" 2>/dev/null` } 1 .. 62);
    chmod 0644, "$files/open.key", "$files/combined.pem";
    chmod 0600, "$files/closed.key", map { "$files/tickets.$_" } qw(old new);
    chmod 0666, "$files/writable.pem";
    utime time - 2 * 86400, time - 2 * 86400, "$files/tickets.old";
}

make_files();
my $plain = "<VirtualHost 127.0.0.1:443>\nServerName plain.example.test:443\n</VirtualHost>";
my $server = audited([ (map { ref ? $_->[0] : $_ } @vhosts), beside => { plain => 1, port_of => 'std', name => 'beside.example.test' } ],
    root => 'audit', top => getcwd(), main => "SSLStaplingCache shmcb:@{[ getcwd() ]}/build/t/audit-files/stapling(32768)\n$plain");
my ($found, $status, $said) = findings($server);
is($status, 0, 'httpd -t -D TLSDIAG_AUDIT succeeds') or diag($said);

for (my $i = 0; $i < @vhosts; $i += 2) {
    my ($name, $row) = @vhosts[ $i, $i + 1 ];
    my (undef, @expected) = @$row;
    my @got = sort grep { !/$common/ } keys %{ $found->{$name} };
    is("@got", join(' ', sort @expected), "$name: " . (@expected ? "@expected" : 'nothing'));
}

my %server = %{ $found->{''} };
ok(delete $server{'audit.vhost.port_443_without_tls'}, 'a vhost on port 443 without SSLEngine');
ok(delete $server{'audit.vhost.plain_beside_tls'}, 'a vhost without SSLEngine beside one that has it');
delete @server{ grep { /^audit\.host\./ } keys %server };
delete $server{'audit.group.post_quantum_unknown'};
is_deeply([ sort keys %server ], [], 'and nothing else about the whole server');

# texts name what they are about
like($found->{'wrong-alias'}{'audit.cert.alias_not_covered'}{lines}[0], qr/other\.example\.test\.$/, 'the alias is named');
like($found->{'no-intermediate'}{'audit.chain.incomplete_here'}{lines}[2], qr{chain\.pem to .*no-intermediate\.chain\.pem},
    'both files are named');
is($found->{legacy}{'audit.version.tls10_tls11'}{lines}[3], 'SSLProtocol -all +TLSv1.2 +TLSv1.3', 'the directive to write');
done_testing;
