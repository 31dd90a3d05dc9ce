# Certificate subjects, names and User-Agents that are format strings, markup, forged log lines, invalid UTF-8, NULs or long:
# in the client's certificate, in the server's own, in the hello and the request. None is obeyed anywhere; all can be read.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use Net::SSLeay ();

my @texts = (
    '%n%n%s%x%p%1$n',
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "a\n[Sat Nov 28 00:00:00.000000 2026] [tlsdiag:error] [pid 1] forged",
    "x\r\ntlsdiag_handshakes_total{vhost=\"x\"} 999",
    '","injected":true,"x":"',
    "\xff\xfe\xc0\xaf\x80",
    "nul\0inside",
    "\e[2J\e]0;owned\a",
    '\\\\"\\u0000\\',
    'CN=fake,O=fake+OU=fake;x',
    'x' x 255,
);

my $server = TLSDiag::Server->new(root => 'build/t/injection', mpm => $ENV{APACHE_TEST_MPM} // 'event',
    table => [ std => {}, mtls => { conf => "SSLVerifyClient require\nSSLCACertificateFile \${PKI}/client-ca.pem" },
        any => { conf => "SSLVerifyClient optional_no_ca\nSSLCACertificateFile \${PKI}/client-ca.pem" },
        map { ("own$_" => { conf => "SSLCertificateFile conf/$_.pem\nSSLCertificateKeyFile conf/$_.key" }) } 0 .. $#texts ]);
use_server($server);
make_certificate($server->file("conf/$_"), $texts[$_]) for 0 .. $#texts;
# Those vhosts have a certificate of their own only.
my $conf = TLSDiag::Server::read_file($server->file('conf/vhosts.conf'));
TLSDiag::Server::write_file($server->file('conf/vhosts.conf'), $conf =~ s{^SSLCertificate(?:Key)?File \$\{PKI\}/rsa\S*\n(?=(?:SSLCert\S+ \$\{PKI\}\S+\n)?TLSDiagLog \S+/own)}{}gmr);
$server->start;
my @children = TLSDiag::Server::children($server->pid);

my %subjects;
for my $i (0 .. $#texts) {
    my @certificate = (SSL_cert_file => $server->file("conf/$i.pem"), SSL_key_file => $server->file("conf/$i.key"));
    my $seen = connect_to(mtls => tls('TLSv1_2', @certificate));
    is($seen->{record}{event}{outcome}, 'failure', "client certificate $i is refused");
    $subjects{$i} = $seen->{record}{tls}{client}{subject};
    connect_to(any => tls('TLSv1_3', @certificate));
    connect_to("own$i" => hello_then(client_hello(server_name => $texts[$i], alpn => [ substr $texts[$i], 0, 40 ], versions => undef), alert(42)));
    (my $agent = $texts[$i]) =~ s/[\r\n\0]/ /g;
    connect_to(std => curl('--user-agent', $agent));
}
like($subjects{0}, qr/%n%n%s%x%p%1\$n/, 'a format string is shown as it is');
like($subjects{11}, qr/x{50}/, 'a long subject is there');
is(scalar(grep { !defined } values %subjects), 0, 'each subject is on record');
my ($own) = page('/vhost/localhost%3a' . $server->port('own0'))->{content} =~ /(CN=%n%n[^<]*)/;
like($own, qr/^CN=%n%n%s%x%p%1\$n/, "and so is the server's own, on its vhost's page");

my @paths = ('', '/json', '/records?limit=1000', '/metrics', (map { my $id = $_->{event}{id}; ("/record/$id", "/record/$id?json") } records_of('limit=40')),
    map { '/vhost/localhost%3a' . $server->port("own$_") } 0 .. $#texts);
my (%bad, $asked);
for my $path (@paths) {
    my $answer = page($path);
    my $kind = $path =~ s{/(record|vhost)/.*?(\?json)?$}{"/$1" . ($2 ? ' as JSON' : '')}er;
    $asked++;
    push @{ $bad{"$kind: status $answer->{status}"} }, $path if $answer->{status} != 200;
    push @{ $bad{"$kind: a byte that is no printable ASCII"} }, $path if $answer->{content} =~ /[^\n\x20-\x7e]/;
    push @{ $bad{"$kind: a line of its own"} }, $path if $answer->{content} =~ /^(?:\[Sat Nov 28 00|tlsdiag_handshakes_total\{vhost="x"\} 999)/m;
    next if $answer->{headers}{'content-type'} !~ m{^text/html};
    my $html = $answer->{content} =~ s{<script src="/tlsdiag-status/status\.js\?v=[0-9a-f]+" defer></script>}{}r;
    push @{ $bad{"$kind: a tag"} }, $path if $html =~ /<script|<img/;
}
is_deeply(\%bad, {}, "$asked pages are printable ASCII, without a tag or line of others") or diag(explain \%bad);

for my $file (glob $server->file('logs/*.json')) {
    my @lines = split /\n/, TLSDiag::Server::read_file($file);
    my @wrong = grep { /[^\x20-\x7e]/ || !eval { JSON::XS::decode_json($_)->{event}{id} } || /"injected":true/ } @lines;
    is(scalar @wrong, 0, ($file =~ s{.*/}{}r) . ': ' . @lines . ' lines, each one JSON object') if @wrong || $file =~ /mtls|any|std/;
}
my @ours = grep { /tlsdiag/ } split /\n/, TLSDiag::Server::read_file($server->file('logs/error_log'));
is(scalar(grep { /[^\x20-\x7e]/ } @ours), 0, scalar(@ours) . ' lines of ours in the error log are printable ASCII');
is(scalar(grep { !/^\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[\w+:\w+\] \[pid \d+/ || /^\[Sat Nov 28 00/ } @ours), 0, 'and begin as httpd begins them');
my %now = map { $_ => 1 } TLSDiag::Server::children($server->pid);
is(scalar(grep { !$now{$_} } @children), 0, 'no child died');
my ($status, $said) = $server->run('-t', '-D', 'TLSDIAG_AUDIT');
is($status, 0, 'the audit of such certificates ends well');
ok($said !~ /[^\n\x20-\x7e]/, 'and says what it finds in printable ASCII');
$server->stop;
done_testing;

# Self-signed, with this text as it is in its subject; a PrintableString that holds anything.
sub make_certificate
{
    my ($file, $text) = @_;
    my $bio = Net::SSLeay::BIO_new_file(pki('rsa.key'), 'r');
    my $key = Net::SSLeay::PEM_read_bio_PrivateKey($bio);
    my $certificate = Net::SSLeay::X509_new();
    Net::SSLeay::X509_set_version($certificate, 2);
    Net::SSLeay::ASN1_INTEGER_set(Net::SSLeay::X509_get_serialNumber($certificate), 1 + length $text);
    Net::SSLeay::X509_gmtime_adj(Net::SSLeay::X509_get_notBefore($certificate), -86400);
    Net::SSLeay::X509_gmtime_adj(Net::SSLeay::X509_get_notAfter($certificate), 86400 * 30);
    Net::SSLeay::X509_set_pubkey($certificate, $key);
    for my $name (Net::SSLeay::X509_get_subject_name($certificate), Net::SSLeay::X509_get_issuer_name($certificate)) {
        # V_ASN1_PRINTABLESTRING; OpenSSL looks at the bytes of MBSTRING types only.
        Net::SSLeay::X509_NAME_add_entry_by_NID($name, $_, 19, $text) for 13, 17;    # commonName, organizationName
    }
    Net::SSLeay::X509_sign($certificate, $key, Net::SSLeay::EVP_get_digestbyname('sha256'));
    TLSDiag::Server::write_file("$file.pem", Net::SSLeay::PEM_get_string_X509($certificate));
    TLSDiag::Server::write_file("$file.key", Net::SSLeay::PEM_get_string_PrivateKey($key));
}
