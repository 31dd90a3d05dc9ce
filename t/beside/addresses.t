# IPv6 listeners, and addresses that a proxy in front of us tells: the record, the error-log line, the page and its mask agree.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use IO::Socket::IP ();

my $door = IO::Socket::IP->new(LocalHost => '::1', Listen => 1);
plan(skip_all => "this machine has no ::1") if !$door;
my $six = $door->sockport;
close $door;
my $pki = "$ENV{PWD}/build/t/pki";
my $vhost = sub { my ($port, $name, $more) = @_; return "<VirtualHost [::1]:$port>\nServerName localhost:$port\nSSLEngine on\n"
        . "SSLCertificateFile $pki/rsa.chain.pem\nSSLCertificateKeyFile $pki/rsa.key\nTLSDiagLog logs/$name.json all\n$more</VirtualHost>\n" };
my $server = use_server(TLSDiag::Server->new(root => 'build/t/addresses', vhosts => [qw(std proxied)], mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => "TLSDiagMaskClient 24 48\nListen [::1]:$six\n" . $vhost->($six, 'six', '')));
$server->start;

my $mark = mark('six');
hello6(client_hello(versions => [ 0x7f1c ]));
my ($failed) = records_ok($mark, 1, 'a failure over IPv6 has its record');
fields_ok($failed, { 'source.ip' => '::', 'destination.ip' => '::1', 'destination.port' => $six, 'network.type' => 'ipv6', 'tlsdiag.cause' => 'version.none_known' });
like(our_lines($mark), qr/\[client ::1:$failed->{source}{port}\] tlsdiag:version\.none_known/, 'and its line, with the address as httpd writes it');

$mark = mark('six');
TLSDiag::Clients::program('', 'curl', '-g', '-sS', '--cacert', 'PKI/root.pem', '--resolve', "localhost:$six:[::1]", "https://localhost:$six/");
my ($good) = records_ok($mark, 1, 'a success over IPv6 has its record');
fields_ok($good, { 'source.ip' => '::', 'network.type' => 'ipv6', 'tlsdiag.cause' => 'ok' });

# mod_remoteip's PROXY header: the client behind the proxy, masked; httpd's own [client] is the proxy.
my @proxied = ([ TCP6 => '2001:db8:1:2::7 2001:db8::1', '2001:db8:1::', 'ipv6' ], [ TCP4 => '203.0.113.77 127.0.0.1', '203.0.113.0', 'ipv4' ]);
for my $case (@proxied) {
    my ($kind, $header, $shown, $type) = @$case;
    my $mark = mark('proxied');
    my $too_old = tls_too_old("PROXY $kind $header 4321 443\r\n");
    $too_old->($server->port('proxied'));
    my ($record) = records_ok($mark, 1, "behind a proxy, $kind: one record");
    fields_ok($record, { 'source.ip' => $shown, 'source.port' => 4321, 'network.type' => $type, 'tlsdiag.cause' => 'version.client_too_old' });
    like(our_lines($mark), qr/\Q[client $shown:4321]\E/, 'and its line');
}

my $shown = join '', map { page($_)->{content} } '', '/json', '/records?limit=20', '/metrics';
ok($shown !~ /2001:db8:1:2|203\.0\.113\.77|"source":\{"ip":"::1"/, 'the page shows no address behind the mask');
like($shown, qr/2001:db8:1::.*203\.0\.113\.0|203\.0\.113\.0.*2001:db8:1::/s, 'but the networks');
$server->stop;
done_testing;

sub our_lines
{
    my ($mark) = @_;
    return wait_until(sub { return join "\n", grep { /\[tlsdiag:warn\]/ } TLSDiag::Test::lines_since($mark->{errors}, $mark->{errors_at}) });
}

# TLS 1.1 and no more, behind a PROXY header.
sub tls_too_old
{
    my ($header) = @_;
    return raw(sub { print { $_[0] } $header, client_hello(legacy_version => 0x0302, versions => undef); return read_flight($_[0]) });
}

sub hello6
{
    my ($bytes) = @_;
    my $socket = IO::Socket::IP->new(PeerHost => '::1', PeerPort => $six) or die "connect: $!\n";
    $socket->autoflush(1);
    print {$socket} $bytes;
    return read_flight($socket);
}
