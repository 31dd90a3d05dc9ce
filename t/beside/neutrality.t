# What a client gets is the same with the module and without: version, suite, group, signature, ALPN, tickets, resumption,
# alerts. And so is what mod_ssl itself says down to the steps of OpenSSL's state machine (LogLevel ssl:trace3): its info
# callback is called as ever, and OpenSSL's error queue is as it expects.
use TLSDiag::Test;
use TLSDiag::Pair;

my @vhosts = qw(std tls12 tls13 ecdsa dual onecipher groups sigalgs mtls mtls-tls12 mtls-optional mtls-crl-expired h2 no-tickets renegotiation expired timeout);
my $pair = TLSDiag::Pair->new(root => 'neutral', vhosts => \@vhosts, extra => 'LogLevel info ssl:trace3');
my $session = $pair->with->file('state/session.pem');
my @good = ('-cert', 'PKI/client-good.pem', '-key', 'PKI/client-good.key');
my @bad  = ('-cert', 'PKI/client-untrusted.pem', '-key', 'PKI/client-untrusted.key');
my @old  = ('-cipher', 'ALL:@SECLEVEL=0');

# What s_client says of a connection, each once: how often it reads, and when a ticket comes between, is chance.
my $telling = qr/^(?:\s*(?:Protocol|Cipher|Compression|Extended\ master\ secret|Max\ Early\ Data|TLS\ session\ ticket\ lifetime\ hint)\b.*:
        |New,|Verif|verify|depth=|Peer\ sign|Server\ (?:Temp|public)|No\ (?:ALPN|client)|ALPN|Secure\ Reneg|Early\ data|subject=|issuer=
        |\s*\d\ s:|Acceptable|CN\ =|Requested|Shared|OCSP|Reused|HTTP\/1|welcome|Post-Handshake|.*SSL\ alert)/x;

my @cases = (
    # completed; where the client leaves at once TLS 1.2, since tickets of TLS 1.3 that it did not read make its close a reset
    [ 'TLS 1.3',              std   => openssl('-tls1_3') ],
    [ 'TLS 1.2',              std   => openssl('-tls1_2') ],
    [ 'ECDSA',                ecdsa => openssl() ],
    [ 'RSA where ECDSA is too', dual => openssl('-sigalgs', 'RSA-PSS+SHA256:RSA+SHA256') ],
    [ 'ChaCha20, P-521',      std   => openssl('-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', '-groups', 'P-521') ],
    [ 'HelloRetryRequest',    groups => openssl('-groups', 'X25519:P-384') ],
    [ 'ALPN',                 h2    => openssl('-alpn', 'http/1.1') ],
    [ 'ALPN, nothing in common', std => openssl('-alpn', 'foo/1') ],
    [ 'no tickets',           'no-tickets' => openssl('-tls1_2') ],
    [ 'OCSP asked for',       std   => openssl('-status') ],
    [ 'a client certificate', mtls  => openssl(@good) ],
    [ 'a client certificate, TLS 1.2', 'mtls-tls12' => openssl(@good) ],
    [ 'none where it is optional', 'mtls-optional' => openssl() ],
    [ 'GnuTLS',               std   => gnutls() ],
    [ 'curl',                 h2    => curl('--http1.1') ],
    [ 'closed at once',       std   => python('unverified', '--max', '1.2', '--after', 'close') ],
    [ 'reset at once',        std   => python('unverified', '--max', '1.2', '--after', 'reset') ],
    [ 'keep-alive',           std   => python('--after', 'two-requests') ],
    [ 'resumed, TLS 1.2',     tls12 => python('--times', 2, '--max', '1.2') ],
    [ 'resumed by session id', 'no-tickets' => python('--times', 2, '--max', '1.2') ],
    # failed
    [ 'too old',              std   => openssl('-tls1_1', @old) ],
    [ 'too new',              tls12 => openssl('-tls1_3') ],
    [ 'no common suite',      onecipher => openssl('-tls1_2', '-cipher', 'AES128-SHA') ],
    [ 'no common group',      groups => openssl('-groups', 'X25519') ],
    [ 'no common signature',  sigalgs => openssl('-tls1_2', '-sigalgs', 'RSA+SHA256') ],
    [ 'fallback',             std   => openssl('-tls1_2', '-fallback_scsv') ],
    [ 'expired for the client', expired => openssl('-verify_return_error') ],
    [ 'unknown CA for the client', std => openssl('-CAfile', 'PKI/other-root.pem', '-verify_return_error') ],
    [ 'no client certificate', mtls => openssl() ],
    [ 'no client certificate, TLS 1.2', 'mtls-tls12' => openssl() ],
    [ 'a wrong client certificate', mtls => openssl(@bad) ],
    [ 'a wrong client certificate, TLS 1.2', 'mtls-tls12' => openssl(@bad) ],
    [ 'a revoked client certificate', mtls => openssl('-cert', 'PKI/client-revoked.pem', '-key', 'PKI/client-revoked.key') ],
    [ 'an expired CRL',       'mtls-crl-expired' => openssl(@good) ],
    [ 'a damaged client certificate', 'mtls-tls12' => openssl('-cert', 'PKI/client-damaged.pem', '-key', 'PKI/client-damaged.key') ],
    [ 'plain HTTP',           std   => raw(sub { print { $_[0] } "GET / HTTP/1.0\r\n\r\n"; return read_to_end($_[0]) }) ],
    [ 'closed in the hello',  std   => raw(substr client_hello(), 0, 99) ],
    [ 'silent',               timeout => raw(sub { return read_to_end($_[0]) }) ],
    [ 'an alert after our flight', std => hello_then(client_hello(versions => undef), alert(42)) ],
    [ 'gone after our flight', std  => hello_then(client_hello(), sub { }) ],
    [ 'renegotiation by the client', tls12 => renegotiating() ],
    [ 'a certificate for one place, TLS 1.2', renegotiation => curl('--tls-max', '1.2', 'https://localhost:PORT/secure', '--cert', 'PKI/client-good.pem', '--key', 'PKI/client-good.key') ],
    [ 'a certificate for one place, TLS 1.3', renegotiation => curl('https://localhost:PORT/secure', '--cert', 'PKI/client-good.pem', '--key', 'PKI/client-good.key') ],
);

for my $case (@cases) {
    my ($name, $vhost, $client) = @$case;
    my ($with, $without) = $pair->both($vhost => sub { $client });
    is(seen_by_client($with), seen_by_client($without), "$name: the client sees the same");
    cmp_ok(scalar @{ $with->{lines} }, '>', 0, '... mod_ssl says ' . @{ $with->{lines} } . ' lines');
    is_deeply($with->{lines}, $without->{lines}, '... and the same ones');
}
$pair->stop;
done_testing;

sub renegotiating
{
    return sub { my ($port) = @_; return TLSDiag::Clients::program("R\nGET / HTTP/1.0\r\n\r\n", 'openssl', 's_client', '-connect', "127.0.0.1:$port", '-tls1_2', '-CAfile', 'PKI/root.pem') };
}

# Without times, ports, randoms and what is encrypted with keys of the server.
sub seen_by_client
{
    my ($result) = @_;
    my $said = $result->{output};
    return join ', ', TLSDiag::Pair::shape($said) if $result->{port};
    my @lines = split /\n/, $said;
    if ($said =~ /^CONNECTED\(/m) {
        my %once = map { s/^[0-9A-F]+:error:/error:/r => 1 } grep { /$telling/ } @lines;
        @lines = sort keys %once;
    }
    @lines = grep { !/^Date:|Last-Modified|ETag|Start Time|Session[- ]ID/ } @lines;
    return join "\n", $result->{status}, map { s/\b(?:localhost|127\.0\.0\.1):\d+/HOST/gr =~ s/\bport \d+|'\d+'/PORT/gir } @lines;
}
