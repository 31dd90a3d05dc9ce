# A directory wants a client certificate or other cipher suites than its vhost, after the request: each handshake for that which
# the client refuses, leaves or fails is an event of its own, and one that goes well is none.
use TLSDiag::Test;

my $request = "GET /secure/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
my %later = ('event.outcome' => 'failure');
my %us    = (%later, 'log.level' => 'error', 'tlsdiag.act' => 'server');
my %them  = (%later, 'log.level' => 'warn',  'tlsdiag.act' => 'client');

sub client
{
    my @arguments = @_;
    return sub {
        my ($port) = @_;
        return TLSDiag::Clients::program($request, 'openssl', 's_client', '-connect', "127.0.0.1:$port", '-servername', 'localhost', '-ign_eof', @arguments);
    };
}

sub with { return ('-cert', "PKI/$_[0].pem", '-key', "PKI/$_[0].key") }

# The first handshake goes well; then exactly one record, or none.
sub later_ok
{
    my ($name, $vhost, $client, $expected) = @_;
    my $seen = connect_to($vhost, $client, records => $expected ? 2 : 1);
    my ($first, $second, @more) = @{ $seen->{records} };
    subtest $name => sub {
        is(scalar @more, 0, 'no further record') or TLSDiag::Test::explain($seen);
        fields_ok($first, { 'tlsdiag.cause' => 'ok', 'tlsdiag.request_seen' => 1 });
        return is($second, undef, 'and nothing else is told') if !$expected;
        ok($second, 'an event of its own') && fields_ok($second, $expected) or TLSDiag::Test::explain($seen);
        is(scalar @{ $seen->{errors} }, 1, '... with its line in the error log');
    };
    return $seen;
}

# Somebody in the way, who cuts the line in place of the first piece that is as long as this, but for the first hello. Of an OpenSSL
# client a Finished and a request are shorter than 200 bytes, another hello than 600, and a flight with a certificate is longer.
sub cut_before
{
    my ($length, $client) = @_;
    return tampered($client, sub {
        my ($bytes, $number) = @_;
        if ($number && length $bytes >= $length) { require POSIX; POSIX::_exit(0) }
        return $bytes;
    });
}

my %refused = (%us, 'tlsdiag.cause' => 'protocol.client_refuses_renegotiation');
my $seen = later_ok('refuses, a certificate is wanted', renegotiation => client('-tls1_2', '-no_renegotiation'),
    { %refused, message => qr/A directory wants a client certificate.*refused with no_renegotiation\(100\)/, 'tlsdiag.remedy' => 'SSLVerifyClient require',
        'tlsdiag.alerts' => sub { "@{[ map { qq($_->{direction} $_->{code}) } @{ $_[0] } ]}" eq 'received 100 sent 40' } });
later_ok('refuses, another suite is wanted', 'directory-suite' => client('-tls1_2', '-no_renegotiation', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'),
    { %refused, message => qr/wants other TLS settings/, 'tlsdiag.remedy' => undef });
later_ok('refuses, another suite is wanted, and the vhost asks for certificates', 'directory-suite-mtls' => client('-tls1_2', '-no_renegotiation', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'),
    { %refused, message => qr/wants other TLS settings/, 'tlsdiag.remedy' => undef });
later_ok('is gone when it is asked', renegotiation => cut_before(200, client('-tls1_2')), { %refused, message => qr/did not answer/ });
later_ok('is gone in the middle', renegotiation => cut_before(600, client('-tls1_2', with('client-good'))), { %refused, message => qr/went away in the middle of it/ });
later_ok('has none of the suites', 'directory-suite' => client('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'),
    { %us, 'tlsdiag.cause' => 'cipher.none_common_in_directory', 'tlsdiag.remedy' => undef });
later_ok('has one of the suites', 'directory-suite' => client('-tls1_2'));
later_ok('TLS 1.3 is not asked for another suite', 'directory-suite' => client('-tls1_3'));

# With TLS 1.3 it is post-handshake authentication, which OpenSSL announces by nothing but the state of its machine.
for my $version ([ '-tls1_2' ], [ '-tls1_3', '-enable_pha' ]) {
    my $name = $version->[0];
    later_ok("$name: a good certificate", renegotiation => client(@$version, with('client-good')));
    later_ok("$name: none", renegotiation => client(@$version), { %them, 'tlsdiag.cause' => 'client_cert.missing', message => qr/A directory of this vhost requires/ });
    later_ok("$name: expired", renegotiation => client(@$version, with('client-expired')),
        { %them, 'tlsdiag.cause' => 'client_cert.expired', 'tlsdiag.verify.code' => 10, 'tls.client.subject' => qr/client-expired/ });
    later_ok("$name: of an unknown CA", renegotiation => client(@$version, with('client-untrusted')),
        { %them, 'tlsdiag.cause' => 'client_cert.unknown_ca', 'tls.client.subject' => qr/client-untrusted/ });
}
later_ok('-tls1_3: cannot be asked', renegotiation => client('-tls1_3'), { %us, 'tlsdiag.cause' => 'protocol.post_handshake_auth' });
later_ok('-tls1_3: is gone when it is asked', renegotiation => cut_before(600, client('-tls1_3', '-enable_pha', with('client-good'))),
    { %them, 'tlsdiag.cause' => 'client_cert.missing', 'tls.client.subject' => undef });
done_testing;
