# Post-quantum key exchange: what a client offers is on record with any OpenSSL; OpenSSL 3.5 also agrees on it.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my $hybrid = 'x25519mlkem768';
my $hello  = client_hello(versions => [0x0304], groups => [0x11ec], shares => []);
my %refused = ('event.outcome' => 'failure', 'log.level' => 'error', 'tlsdiag.act' => 'server', 'tlsdiag.cause' => 'group.none_common',
    'tlsdiag.client.groups' => [$hybrid], 'tlsdiag.alerts.0.code' => 40);

seen_ok('a client that has nothing else, a vhost without it', groups => hello_then($hello), \%refused);

if (!openssl_from('3.5')) {
    seen_ok('a client that has nothing else, an OpenSSL without it', std => hello_then($hello), \%refused);
    done_testing;
    exit;
}

my $mpm    = $ENV{APACHE_TEST_MPM} // 'event';
my $server = use_server(TLSDiag::Server->new(root => "build/t/post_quantum-$mpm", mpm => $mpm, table => [
    std     => {},
    only    => { conf => 'SSLOpenSSLConfCmd Groups X25519MLKEM768:SecP256r1MLKEM768' },
    without => { conf => 'SSLOpenSSLConfCmd Groups X25519:P-256' },
]));
$server->start;

my %agreed = ('event.outcome' => 'success', 'tlsdiag.cause' => 'ok', 'tls.curve' => $hybrid, 'tls.version' => '1.3');
seen_ok('openssl as it comes', std => openssl(), { %agreed, 'tlsdiag.client.key_shares' => [ $hybrid, 'x25519' ],
    'tlsdiag.negotiated.hello_retry_request' => 0, 'tlsdiag.client.hello_bytes' => sub { $_[0] > 1400 } });
seen_ok('curl', std => curl(), { %agreed, 'tlsdiag.client.groups' => sub { $_[0][0] eq $hybrid } });
seen_ok('Python', std => python(), \%agreed);
seen_ok('SecP256r1MLKEM768', only => openssl('-groups', 'SecP256r1MLKEM768'), { %agreed, 'tls.curve' => 'secp256r1mlkem768' });
seen_ok('the client guesses another group: HelloRetryRequest', only => openssl('-groups', 'X25519:X25519MLKEM768'), { %agreed, 'tlsdiag.negotiated.hello_retry_request' => 1,
    'tlsdiag.client.groups' => [ 'x25519', $hybrid ] });
seen_ok('TLS 1.2 has no such group', std => openssl('-tls1_2'), { 'tlsdiag.cause' => 'ok', 'tls.curve' => qr/^(?:x25519|secp\d+r1)$/ });
seen_ok('a client without it, a vhost with nothing else', only => openssl('-tls1_3', '-groups', 'X25519:P-256'), {
    %refused, 'tlsdiag.client.groups' => [ 'x25519', 'secp256r1' ], 'tlsdiag.remedy' => qr/^SSLOpenSSLConfCmd Groups .*X25519MLKEM768/m });
seen_ok('a client with nothing else, a vhost without it', without => openssl('-groups', 'X25519MLKEM768'), \%refused);

# Five agreed on it, and whoever offered it and got through agreed on it.
for ([ post_quantum => 5 ], [ offered_post_quantum => 5 ], [ hello_retry => 1 ]) {
    my ($trait, $count) = @$_;
    my $found = sub { metric(metrics(), 'tlsdiag_handshake_traits_total', qr/trait="$trait"/) };
    wait_until(sub { $found->() == $count });
    is($found->(), $count, "$trait is counted");
}
$server->stop;
done_testing;
