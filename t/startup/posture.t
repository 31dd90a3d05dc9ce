# What `httpd -t -D DUMP_TLSDIAG` says of a vhost is what the administrator wrote where it says so, and what a real client
# meets who offers one thing at a time.
use TLSDiag::Test;
use TLSDiag::Server;
use File::Path qw(make_path);
use POSIX      qw(strftime);

my $mpm = $ENV{APACHE_TEST_MPM} // 'event';

# Vhosts by name: { name => first line's name, line name => text, ... }, several lines of one name joined by newlines.
sub dump_of
{
    my ($server) = @_;
    my ($status, $said) = $server->run('-t', '-D', 'DUMP_TLSDIAG');
    is($status, 0, 'httpd -t -D DUMP_TLSDIAG ends well') or diag($said);
    my (%vhosts, $vhost);
    for (split /\n/, $said) {
        if (/^(\S+) \((.*)\)$/) {
            $vhost = $vhosts{$1} = { name => $1, place => $2 };
        } elsif ($vhost && /^    ([^:]+): ?(.*)$/) {
            $vhost->{$1} = defined $vhost->{$1} ? "$vhost->{$1}\n$2" : $2;
        }
    }
    return \%vhosts;
}

my $root  = "build/t/posture-$mpm";
my $ports = TLSDiag::Server::free_ports(40);

# --- directives

my ($at_first, $at_clients, $at_twice, $at_folders) = map { $ports + 30 + $_ } 1 .. 4;
my $server = TLSDiag::Server->new(root => $root, vhosts => ['std'], mpm => $mpm, port => $ports, extra => 'Include conf/tricky.conf');
my ($conf, $pki) = ($server->file('conf'), $server->{pki});
my $rsa = "SSLEngine on\nSSLCertificateFile $pki/rsa.chain.pem\nSSLCertificateKeyFile $pki/rsa.key";

TLSDiag::Server::write_file("$conf/twice.conf", <<"END");
<VirtualHost 127.0.0.1:$at_twice>
    SSLEngine on
    SSLCertificateFile $pki/rsa.pem
    SSLCertificateKeyFile $pki/rsa.key
</VirtualHost>
END
# Folders as `openssl rehash` makes them, with a file that OpenSSL would not look at.
make_path(map { $server->file($_) } qw(authorities crls));
chomp(my $hash = `openssl x509 -noout -hash -in $pki/client-ca.pem`);
my %link = ("authorities/$hash.0" => 'client-ca.pem', "crls/$hash.r0" => 'client-ca.crl', "crls/$hash.r1" => 'client-ca-last-day.crl');
for my $name (sort keys %link) {
    my $file = $server->file($name);
    unlink $file;    # of an earlier run
    symlink "$pki/$link{$name}", $file or die "symlink: $!\n";
}
TLSDiag::Server::write_file($server->file('crls/README'), "a folder of CRLs\n");

my $tricky = <<"END";
SSLProtocol all
SSLProtocol -all +TLSv1.2 +TLSv1.3
<IfModule ssl_module>
    <IfModule !no_such_module>
        SSLCipherSuite "ECDHE+AESGCM"
    </IfModule>
</IfModule>
<IfModule no_such_module>
    SSLCipherSuite AES128-SHA
</IfModule>
Listen 127.0.0.1:$at_first
Listen 127.0.0.1:$at_clients
Listen 127.0.0.1:$at_twice
Listen 127.0.0.1:$at_folders
<VirtualHost *:$at_first>
    ServerName first.test
    ServerAlias www.first.test *.first.test
    $rsa
    SSLHonorCipherOrder on
    SSLOpenSSLConfCmd Groups P-521
    RequestReadTimeout header=10 handshake=7-20,MinRate=500
    <Location /x>
        SSLCipherSuite AES256-SHA
        SSLVerifyClient require
    </Location>
    <IfDefine !NOT_DEFINED>
        Protocols http/1.1
    </IfDefine>
</VirtualHost>
<VirtualHost *:$at_first>
    ServerName second.test:443
    SSLEngine on
    SSLCertificateFile $pki/ecdsa.pem
    SSLCertificateKeyFile $pki/ecdsa.key
    SSLCertificateFile $pki/rsa.pem
    SSLCertificateKeyFile $pki/rsa.key
    SSLOpenSSLConfCmd curves X25519
    SSLCipherSuite SSL 'ECDHE+CHACHA20:AES128-SHA'
    sslciphersuite TLSv1.3 "TLS_AES_128_GCM_SHA256"
</VirtualHost>
<VirtualHost *:$at_clients>
    ServerName clients.test
    $rsa
    SSLVerifyClient optional
    SSLVerifyClient optional_no_ca
    SSLVerifyDepth 4
    SSLCACertificateFile $pki/client-ca.pem
    SSLCARevocationFile "$pki/client-ca.crl"
    SSLCARevocationCheck leaf
    SSLStrictSNIVHostCheck on
    SSLSessionTickets off
</VirtualHost>
<VirtualHost *:$at_folders>
    ServerName folders.test
    $rsa
    SSLVerifyClient optional
    SSLCACertificatePath authorities
    SSLCARevocationPath crls
    SSLCARevocationCheck leaf
</VirtualHost>
Include conf/twice.conf
Include conf/twice.conf
END
TLSDiag::Server::write_file("$conf/tricky.conf", $tricky);

# Where in tricky.conf a line stands.
sub place
{
    my ($text) = @_;
    my $line = 1;
    for (split /\n/, $tricky) {
        return "$conf/tricky.conf:$line" if index($_, $text) >= 0;
        $line++;
    }
    die "no line with '$text'\n";
}

sub says
{
    my ($vhost, $line, $expected, $why) = @_;
    is($vhost->{$line}, $expected, "$vhost->{name}: $line: $why");
}

my $vhosts = dump_of($server);
my $first  = $vhosts->{"first.test:$at_first"} // {};
is($first->{place}, place("<VirtualHost *:$at_first>"), 'a vhost is where its section begins');
says($first, 'addresses', "*:$at_first", 'as written');
says($first, 'aliases', 'www.first.test *.first.test', 'both kinds');
says($first, 'SSLProtocol', '-all +TLSv1.2 +TLSv1.3 (' . place('-all +TLSv1.2') . ')', 'inherited, the last line wins');
says($first, 'SSLCipherSuite', 'ECDHE+AESGCM (' . place('ECDHE+AESGCM') . ')',
    'from sections that hold, without quotes; <Location> does not count');
says($first, 'SSLVerifyClient', undef, '<Location> does not count');
says($first, 'Protocols', 'http/1.1 (' . place('Protocols http/1.1') . ')', 'in <IfDefine>');
says($first, 'SSLOpenSSLConfCmd Groups', 'P-521 (' . place('Groups P-521') . ')', 'the value alone');
says($first, 'handshake timeout', '7 s', 'of RequestReadTimeout');
says($first, 'versions', 'TLSv1.2 TLSv1.3', 'what follows');
says($first, 'groups', 'secp521r1', 'what follows');
like($first->{on}, qr/first-at-address/, 'first.test is the first at its address');
like($first->{on}, qr/server-preference/, 'first.test: SSLHonorCipherOrder');

my $second = $vhosts->{'second.test:443'} // {};
says($second, 'connections begin at', "first.test:$at_first", 'the first of the address');
says($second, 'groups', 'secp521r1', 'those of the first vhost stay in force');
says($second, 'SSLOpenSSLConfCmd Groups', 'P-521 (' . place('Groups P-521') . ')', 'the line that counts');
says($second, 'SSLOpenSSLConfCmd Groups (without effect)', 'X25519 (' . place('curves X25519') . ')', 'the line that does not');
says($second, 'SSLCipherSuite', 'ECDHE+CHACHA20:AES128-SHA (' . place("SSL 'ECDHE") . ')', 'with the word SSL');
says($second, 'SSLCipherSuite TLSv1.3', 'TLS_AES_128_GCM_SHA256 (' . place('sslciphersuite') . ')', 'in any case');
says($second, 'cipher suites', 'TLS_AES_128_GCM_SHA256 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 '
        . 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 TLS_RSA_WITH_AES_128_CBC_SHA', 'what follows, in order');
unlike($second->{on}, qr/first-at-address/, 'second.test is not the first');
like($second->{on}, qr/server-preference/, 'second.test: an option of the first vhost stays on');
is_deeply([ sort split /\n/, $second->{'certificate file'} ], [ "$pki/ecdsa.pem", "$pki/rsa.pem" ], 'each chain finds its file');
like($second->{'missing stands in'}, qr{^\Q$pki\E/rsa\.chain\.pem$}m, 'the intermediate that is missing stands in a file of first.test');

my $clients = $vhosts->{"clients.test:$at_clients"} // {};
like($clients->{'client certificates'}, qr/^optional_no_ca, depth 4, trusted CAs 1, CRL checked, CRL loaded, CRL until 20/, 'client certificates');
like($clients->{'advertised CAs'}, qr/TLSDiag Test Client CA/, 'advertised CAs');
says($clients, 'SSLCARevocationFile', "$pki/client-ca.crl (" . place('SSLCARevocationFile') . ')', 'quotes are gone');
like($clients->{on}, qr/strict-sni/, 'clients.test: SSLStrictSNIVHostCheck');
unlike($clients->{on}, qr/session-tickets/, 'clients.test: SSLSessionTickets off');
my $folders = $vhosts->{"folders.test:$at_folders"} // {};
my ($until) = ($folders->{'client certificates'} // '') =~ /^optional, depth \d+, trusted CAs 1, CRL checked, CRL loaded, CRL until (\S+)$/;
ok($until && $until lt strftime('%Y-%m-%dT%H:%M:%SZ', gmtime time + 2 * 86400), 'folders.test: CAs and CRLs of a folder, and when the first ends')
    or diag($folders->{'client certificates'});
my ($twice) = grep { $_->{place} eq "$conf/twice.conf:1" } values %$vhosts;
ok($twice && $twice->{on} =~ /server-name-guessed/, 'a file that is included twice, without a ServerName');

# The groups are a surprise, so a client must confirm it.
$server->start;
for (map { [ $_->[0], $_->[1], "$_->[2].test" ] } [ 'P-521', 1, 'first' ], [ 'P-521', 1, 'second' ], [ 'X25519', 0, 'second' ]) {
    my ($group, $connects, $name) = @$_;
    my $client = openssl('-groups', $group, '-servername', $name)->($at_first);
    is($client->{output} =~ /^New, TLSv1/m ? 1 : 0, $connects, "$name " . ($connects ? 'connects' : 'does not connect') . " with $group");
}
$server->stop;

# --- what clients meet

my @kinds = qw(std tls12 tls13 ecdsa dual ed25519 rsa-pss rsa1024 legacy seclevel groups sigalgs onecipher rsa-kx);
$server = TLSDiag::Server->new(root => $root, vhosts => \@kinds, mpm => $mpm, port => $ports);
$vhosts = dump_of($server);
$server->start;

my %version_option = ('TLSv1' => '-tls1', 'TLSv1.1' => '-tls1_1', 'TLSv1.2' => '-tls1_2', 'TLSv1.3' => '-tls1_3');
my %group = ('x25519' => 'X25519', 'secp256r1' => 'P-256', 'secp384r1' => 'P-384', 'secp521r1' => 'P-521');

# OpenSSL's name, the key that authenticates it.
my %suite = (
    'TLS_AES_128_GCM_SHA256'                  => [ 'TLS_AES_128_GCM_SHA256',        qr/./ ],
    'TLS_CHACHA20_POLY1305_SHA256'            => [ 'TLS_CHACHA20_POLY1305_SHA256',  qr/./ ],
    'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'   => [ 'ECDHE-RSA-AES256-GCM-SHA384',   qr/^RSA/m ],
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'   => [ 'ECDHE-RSA-AES128-GCM-SHA256',   qr/^RSA/m ],
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256' => [ 'ECDHE-ECDSA-AES128-GCM-SHA256', qr/^(?:ECDSA|Ed)/m ],
    'TLS_RSA_WITH_AES_128_CBC_SHA'            => [ 'AES128-SHA',                    qr/^RSA /m ],
);

# OpenSSL's name, the key that makes it, the version to ask in.
my %scheme = (
    'rsa_pss_rsae_sha256'    => [ 'RSA-PSS+SHA256', qr/^RSA /m,   'TLSv1.3' ],
    'rsa_pss_rsae_sha384'    => [ 'RSA-PSS+SHA384', qr/^RSA /m,   'TLSv1.3' ],
    'ecdsa_secp256r1_sha256' => [ 'ECDSA+SHA256',   qr/^ECDSA/m,  'TLSv1.3' ],
    'ed25519'                => [ 'ed25519',        qr/^Ed25519/m, 'TLSv1.3' ],
    'rsa_pkcs1_sha256'       => [ 'RSA+SHA256',     qr/^RSA /m,   'TLSv1.2' ],
);

sub connects
{
    my ($port, $version, @arguments) = @_;
    my $client = openssl($version_option{$version}, '-cipher', 'ALL:@SECLEVEL=0', @arguments)->($port);
    return $client->{output} =~ /^New, (?:SSLv3|TLSv1[.\d]*), Cipher is (?!\(NONE\))/m ? 1 : 0;
}

sub lists
{
    my ($vhost, $line, $name) = @_;
    return 1 == grep { $_ eq $name } split / /, $vhost->{$line};
}

my $tried = 0;
for my $kind (@kinds) {
    my $port = $server->port($kind);
    my ($vhost) = grep { ($_->{addresses} // '') =~ /:$port$/ } values %$vhosts;
    my @wrong;
    my $try = sub {
        my ($what, $expected, @how) = @_;
        $tried++;
        my $real = connects($port, @how);
        push @wrong, "$what: " . ($real ? 'connects' : 'does not connect') if $real != ($expected ? 1 : 0);
    };
    my $has = sub { lists($vhost, 'versions', $_[0]) };
    # The two certificates that follow a leaf's are its chain's; the first word of the line is the key.
    my $keys = join "\n", map { /CN=www\.example\.test|CN=localhost/ ? $_ : () } split /\n/, $vhost->{certificate};

    $try->($_, $has->($_), $_) for sort keys %version_option;
    for my $name (sort keys %group) {
        next if $keys =~ /^ECDSA/m && !$has->('TLSv1.3');
        next if $vhost->{'cipher suites'} !~ /ECDHE/ && !$has->('TLSv1.3');
        $has->('TLSv1.3')
            ? $try->($name, lists($vhost, 'groups', $name), 'TLSv1.3', '-groups', $group{$name})
            : $try->($name, lists($vhost, 'groups', $name), 'TLSv1.2', '-groups', $group{$name}, '-cipher', 'ECDHE');
    }
    for my $name (sort keys %suite) {
        my ($openssl_name, $key) = @{ $suite{$name} };
        my $expected = lists($vhost, 'cipher suites', $name) && $keys =~ $key;
        my $tls13 = $name !~ /_WITH_/;
        my $version = $tls13 ? 'TLSv1.3' : 'TLSv1.2';
        $try->($name, $expected && $has->($version), $version, $tls13 ? '-ciphersuites' : '-cipher',
            $tls13 ? $openssl_name : "$openssl_name:\@SECLEVEL=0");
    }
    for my $name (sort keys %scheme) {
        my ($openssl_name, $key, $version) = @{ $scheme{$name} };
        $try->("$name in $version", lists($vhost, 'signature algorithms', $name) && $keys =~ $key && $has->($version),
            $version, '-sigalgs', $openssl_name);
    }
    is_deeply(\@wrong, [], "$kind: clients meet what the posture says");
}
cmp_ok($tried, '>', 200, "$tried handshakes");
$server->stop;
done_testing;
