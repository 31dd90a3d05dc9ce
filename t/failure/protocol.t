# The handshake is on its way, and a message of the client cannot be taken.
use TLSDiag::Test;
use TLSDiag::Hello qw(handshake record vector);

my %cut   = ('event.outcome' => 'failure', 'log.level' => 'warn', 'tlsdiag.act' => 'client', 'tls.established' => 0, 'tlsdiag.alerts.0.direction' => 'sent');
my $tls12 = client_hello(versions => undef, groups => [0x17], ciphers => [0xc02f]);
my $tls13 = client_hello();
my $point = pack 'H*', '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5';
my $key   = record(22, handshake(16, vector(1, $point)));
my $ccs   = record(20, "\1");

seen_ok('ChangeCipherSpec before the key exchange', std => hello_then($tls12, $ccs), { %cut, 'tlsdiag.cause' => 'protocol.unexpected_message' });
seen_ok('Finished before the key exchange', std => hello_then($tls12, record(22, handshake(20, 'x' x 12))), { %cut, 'tlsdiag.cause' => 'protocol.unexpected_message' });
seen_ok('a key exchange that is too short', std => hello_then($tls12, record(22, handshake(16, vector(1, 'x' x 10)))), { %cut, 'tlsdiag.cause' => 'protocol.bad_key_exchange' });
seen_ok('a key exchange that is not on the curve', std => hello_then($tls12, record(22, handshake(16, vector(1, "\4" . "\1" x 64)))), { %cut, 'tlsdiag.cause' => 'protocol.bad_key_exchange' });
seen_ok('a record that does not decrypt, TLS 1.2', std => hello_then($tls12, $key . $ccs . record(22, "\x55" x 40)), { %cut, 'tlsdiag.cause' => 'protocol.bad_record' });
seen_ok('a record that does not decrypt, TLS 1.3', std => hello_then($tls13, $ccs . record(23, "\x55" x 69)), { %cut, 'tlsdiag.cause' => 'protocol.bad_record', 'tlsdiag.alerts.0.code' => 20 });
seen_ok('plain HTTP after our flight, TLS 1.2', std => hello_then($tls12, http_request() =~ s/\0//gr), { %cut, 'tlsdiag.cause' => 'protocol.plaintext_after_flight' });
seen_ok('too many warnings', std => hello_then($tls12, alert(41, 1) x 8),
    { 'tlsdiag.cause' => 'protocol.too_many_alerts', 'event.outcome' => 'failure', 'tlsdiag.alerts.0.direction' => 'received' });
seen_ok('more early data than is skipped', std => hello_then(client_hello(more => [ [ 42, '' ] ]), join '', map { record(23, 'x' x 16000) } 1, 2),
    { %cut, 'tlsdiag.cause' => 'protocol.early_data' });
seen_ok('the key exchange came, and no more', timeout => hello_then($tls12, sub { print { $_[0] } $key; read_flight($_[0], 5) }),
    { 'tlsdiag.cause' => 'network.handshake_timeout', 'event.outcome' => 'failure', 'tlsdiag.ended_by' => 'timeout' });

# Without extended_master_secret the keys do not depend on the hello's other bytes, only Finished does.
my $hide = sub { my ($bytes, $number) = @_; $bytes =~ s/\0\x17\0\0/\x7a\x17\0\0/ if !$number; return $bytes };
seen_ok('the two sides saw different hellos', std => tampered(openssl('-tls1_2'), $hide),
    { %cut, 'tlsdiag.cause' => 'protocol.bad_finished', 'tlsdiag.alerts.0.code' => 51 });
# The session was made with it; a client that resumes it must offer it again.
my $session = server()->file('state/session.pem');
connect_to(std => openssl('-tls1_2', '-sess_out', $session));
seen_ok('a session resumed without extended_master_secret', std => tampered(openssl('-tls1_2', '-sess_in', $session), $hide),
    { %cut, 'tlsdiag.cause' => 'session.mismatch', 'tlsdiag.alerts.0.code' => openssl_from('3.0') ? 40 : 47, message => qr/extended_master_secret is missing/ });
# In the first encrypted record, which is Finished; a request may follow in the same bytes.
my $break = sub {
    my ($bytes, $number) = @_;
    for (my $at = 0; $number && $at + 5 <= length $bytes; $at += 5 + unpack 'n', substr $bytes, $at + 3, 2) {
        next if ord(substr $bytes, $at) != 23;
        substr($bytes, $at + 5, 1) ^= "\1";
        last;
    }
    return $bytes;
};
seen_ok('a bit turned on the way', std => tampered(openssl('-tls1_3'), $break), { %cut, 'tlsdiag.cause' => 'protocol.bad_record' });

my $again = sub { return TLSDiag::Clients::program("R\n", qw(openssl s_client -tls1_2 -servername localhost -connect), "127.0.0.1:$_[0]") };
my $seen  = connect_to(std => $again, records => 2);
my ($refusal) = grep { $_->{tlsdiag}{cause} eq 'protocol.renegotiation_refused' } @{ $seen->{records} };
ok($refusal, 'a renegotiation refused has its record') or TLSDiag::Test::explain($seen);
is($refusal->{event}{outcome}, 'success', 'which is no failure') if $refusal;
done_testing;
