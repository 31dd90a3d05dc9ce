# A ClientHello that OpenSSL refuses for what it is, and bytes that are TLS but no ClientHello. Each by hand.
use TLSDiag::Test;
use TLSDiag::Hello qw(handshake record vector);

my %refused = ('event.outcome' => 'failure', 'log.level' => 'warn', 'tlsdiag.act' => 'client', 'tls.established' => 0);

sub refused_ok
{
    my ($cause, $what, $bytes, %more) = @_;
    return seen_ok("$cause: $what", std => raw(sub { print { $_[0] } $bytes; read_flight($_[0], 2) }), { %refused, 'tlsdiag.cause' => $cause, %more });
}

# A hello with these bytes at this place, the lengths around it left as they are.
sub with { my ($at, $bytes, %is) = @_; my $hello = client_hello(%is); substr($hello, $at, length $bytes) = $bytes; return $hello }
sub tls12 { return client_hello(versions => undef, @_) }

# In a hello of one record: 5 record header, 4 handshake header, 2 version, 32 random, then the session id's length.
my ($handshake_length, $session_id, $suites) = (6, 43, 44);
my $ticket = vector(2, vector(2, 'x' x 32) . "\0\0\0\0") . vector(2, vector(1, "\0" x 32));
my %sent = ('tlsdiag.alerts.0.direction' => 'sent');

refused_ok('hello.missing_extension', 'signature_algorithms', client_hello(sigalgs => undef), %sent, 'tlsdiag.alerts.0.code' => 109);
refused_ok('hello.missing_extension', 'supported_groups',     client_hello(groups => undef), %sent);
refused_ok('hello.missing_extension', 'key_share',            client_hello(shares => undef), %sent);
refused_ok('hello.missing_extension', 'psk_key_exchange_modes', client_hello(more => [ [ 41, $ticket ] ]), %sent);

refused_ok('hello.bad_key_share', 'a point off the curve', client_hello(shares => undef, more => [ [ 51, vector(2, pack('n', 0x17) . vector(2, "\4" . "\1" x 64)) ] ]), %sent);
refused_ok('hello.bad_key_share', 'a group not offered',   client_hello(groups => [0x1d], shares => [0x17]), %sent);

refused_ok('hello.bad_extension', 'server_name, malformed', client_hello(server_name => undef, more => [ [ 0, "\0\3\0" ] ]), %sent);
refused_ok('hello.bad_extension', 'ALPN, malformed',        client_hello(more => [ [ 16, "\0\5\1h" ] ]), %sent);
refused_ok('hello.bad_extension', 'post_handshake_auth, not empty', client_hello(more => [ [ 49, 'x' ] ]), %sent);
refused_ok('hello.bad_extension', 'one extension twice',    client_hello(more => [ [ 23, '' ], [ 23, '' ] ]), %sent);
refused_ok('hello.bad_extension', 'pre_shared_key not last', client_hello(more => [ [ 45, "\1\1" ], [ 41, $ticket ], [ 23, '' ] ]), %sent);
refused_ok('hello.bad_length', 'key_share, cut',           client_hello(shares => undef, more => [ [ 51, "\0\7\0" ] ]), %sent);

refused_ok('hello.bad_length', 'session id of 200 bytes', with($session_id, "\xc8"), %sent);
refused_ok('hello.bad_length', 'half a cipher suite',     with($suites, "\0\3"), %sent);
refused_ok('hello.bad_length', 'bytes after the end',     record(22, handshake(1, substr(tls12(), 9) . 'xyz'), 0x0301), %sent);
refused_ok('hello.bad_legacy_version', '0',              with(9, "\0\0"), %sent, 'tlsdiag.alerts.0.code' => 70);
refused_ok('hello.too_large', '16 MiB announced',         with($handshake_length, "\xff\xff\xff"));
refused_ok('hello.no_ciphers', 'TLS 1.3',                 client_hello(ciphers => []), %sent);
refused_ok('hello.no_ciphers', 'TLS 1.2',                 tls12(ciphers => []), %sent);
refused_ok('hello.bad_compression', 'not null, TLS 1.2',  tls12(compression => "\1"), %sent);
refused_ok('hello.bad_compression', 'more than null, TLS 1.3', client_hello(compression => "\1\0"), %sent);
refused_ok('protocol.renegotiation_info', 'not empty in the first hello', tls12(more => [ [ 0xff01, vector(1, 'x' x 12) ] ]), %sent);

# --- records
refused_ok('record.alert_first', 'handshake_failure', alert(40));
refused_ok('record.not_client_hello', $_->[0], record(@{ $_->[1] }))
    for [ 'application data', [ 23, 'x' x 40 ] ], [ 'ChangeCipherSpec', [ 20, "\1" ] ], [ 'ServerHello', [ 22, handshake(2, 'x' x 70) ] ], [ heartbeat => [ 24, "\1\0\3abc" ] ];
refused_ok('record.bad_length', 'of 65535 bytes', "\x16\3\1\xff\xff" . 'x' x 200);

# --- a second hello, and a ticket
seen_ok('protocol.hrr_ignored: the same hello again', groups => hello_then(client_hello(groups => [ 0x1d, 0x18 ]), client_hello(groups => [ 0x1d, 0x18 ])),
    { %refused, 'tlsdiag.cause' => 'protocol.hrr_ignored', 'tlsdiag.negotiated.hello_retry_request' => 1 });

my $session = server()->file('state/session.pem');
connect_to(std => openssl('-tls1_3', '-sess_out', $session));
my $text = `openssl sess_id -in $session -noout -text`;
my ($dump) = $text =~ /TLS session ticket:\n((?:\s+[0-9a-f]{4} - .*\n)+)/;
my $stolen = join '', map { /- ((?:[0-9a-f]{2}[ -]){1,16})/ ? pack 'H*', $1 =~ tr/0-9a-f//cdr : () } split /\n/, $dump // '';
my $binder = vector(2, vector(1, "\0" x 48));
refused_ok('session.bad_binder', 'zeros', client_hello(ciphers => [0x1302], more => [ [ 45, "\1\1" ], [ 41, vector(2, vector(2, $stolen) . "\0\0\0\0") . $binder ] ]), %sent);
done_testing;
