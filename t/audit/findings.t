# One vhost for each fault: the audit finds on it exactly the checks named here, and nothing on the healthy ones.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd qw(getcwd);

# What every vhost here has, so it says nothing: a private CA, keys shared between certificates, ...
my $common = qr/^audit\.(mozilla\.|chain\.private_root$|cert\.key_reused$)/;

my @vhosts = do './t/audit/vhosts.pl' or die "t/audit/vhosts.pl: ", $@ || $!;
make_files();
my $plain = "<VirtualHost 127.0.0.1:443>\nServerName plain.example.test:443\n</VirtualHost>";
my $server = audited([ (map { ref ? $_->[0] : $_ } @vhosts), beside => { plain => 1, port_of => 'std', name => 'beside.example.test' } ],
    root => 'audit', top => getcwd(), main => "SSLStaplingCache shmcb:@{[ getcwd() ]}/build/t/audit-files/stapling(32768)\n$plain");
my ($found, $status, $said) = findings($server);
is($status, 0, 'httpd -t -D TLSDIAG_AUDIT succeeds') or die $said;

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

# Nobody wrote a vhost for the port that httpd listens on: the main server answers there. (httpd -t binds none.)
$server = audited([ std => {} ], root => 'audit', top => getcwd(), main => 'Listen 127.0.0.1:443');
($found) = findings($server);
like($found->{''}{'audit.vhost.port_443_without_tls'}{lines}[0] // '', qr/\(main server\) is on port 443/, 'the main server on port 443 without SSLEngine');
$server = audited([ std => {} ], root => 'audit', top => getcwd(), main => "Listen 127.0.0.1:443\n<VirtualHost *>\nServerName all.example.test\n</VirtualHost>");
($found, undef, $said) = findings($server);
unlike($said, qr/main server/, 'not where a vhost is for all ports');

# --- another host: a trust store that knows our root, a policy for all of OpenSSL, a time zone that is none, no session cache
my %elsewhere = (
    'short'        => [ {}, 'audit.cert.no_sct' ],
    'long-lived'   => [ { cert => 'long-lived' }, qw(audit.cert.no_sct audit.cert.lifetime) ],
    'rooted'       => [ { cert => 'with-root' }, qw(audit.cert.no_sct audit.chain.root_sent) ],
    'other-ca'     => [ { cert => 'unknown-ca' }, 'audit.chain.issuer_unknown' ],
    'policy'       => [ { protocol => '+TLSv1.1 +TLSv1.2 +TLSv1.3', suites => 'ECDHE+AES' },
        qw(audit.cert.no_sct audit.version.blocked_by_policy) ],
    'no-resumption' => [ { conf => 'SSLSessionTickets Off' }, qw(audit.cert.no_sct audit.session.no_resumption) ],
);
my $policy = getcwd() . '/build/t/audit-files/openssl.cnf';
TLSDiag::Server::write_file($policy, "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nMinProtocol = TLSv1.2\n");
$server = audited([ map { $_ => $elsewhere{$_}[0] } sort keys %elsewhere ], root => 'audit', top => getcwd());
my $conf = $server->file('conf/httpd.conf');
TLSDiag::Server::write_file($conf, TLSDiag::Server::read_file($conf) =~ s/^SSLSessionCache.*\n//mr);
{
    local @ENV{qw(SSL_CERT_FILE OPENSSL_CONF TZ)} = (getcwd() . '/build/t/pki/root.pem', $policy, 'Europe/Atlantis');
    ($found) = findings($server);
}
for my $name (sort keys %elsewhere) {
    my (undef, @expected) = @{ $elsewhere{$name} };
    my @got = sort grep { !/$common|^audit\.session\.no_cache$/ } keys %{ $found->{$name} };
    is("@got", join(' ', sort @expected), "elsewhere, $name: @expected");
}
ok($found->{''}{'audit.host.time_zone'}, 'a time zone that does not exist');
ok($found->{short}{'audit.session.no_cache'}, 'no session cache');
done_testing;
