# An independent judge: tshark reads the same packets, and every field that it can decode equals ours,
# for each client of the zoo. Needs the right to capture on loopback (root); says so loudly where it has not.
use TLSDiag::Test;
use TLSDiag::Tshark;

my $server = server();
my %zoo = (
    'openssl, TLS 1.3'   => [ std    => openssl('-tls1_3') ],
    'openssl, TLS 1.2'   => [ std    => openssl('-tls1_2') ],
    'openssl, both'      => [ ecdsa  => openssl('-alpn', 'h2,http/1.1') ],
    'openssl, no SNI'    => [ std    => openssl('-noservername') ],
    'openssl, old'       => [ legacy => openssl('-tls1', '-cipher', 'ALL:@SECLEVEL=0') ],
    'openssl, too old'   => [ std    => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0') ],
    'openssl, odd'       => [ std    => openssl('-tls1_3', '-groups', 'P-521:X448:ffdhe2048', '-sigalgs', 'RSA-PSS+SHA512:ECDSA+SHA384') ],
    'openssl, staple'    => [ std    => openssl('-status', '-maxfraglen', '1024') ],
    'openssl, retry'     => [ groups => openssl('-tls1_3', '-groups', 'X25519:P-384') ],
    'curl'               => [ std    => curl() ],
    'curl, HTTP/2'       => [ h2     => curl('--http2') ],
    'curl, TLS 1.2'      => [ ecdsa  => curl('--tls-max', '1.2') ],
    'GnuTLS'             => [ std    => gnutls() ],
    'GnuTLS, TLS 1.2'    => [ std    => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2') ],
    'GnuTLS, legacy'     => [ std    => gnutls('--priority', 'LEGACY') ],
    'Python'             => [ std    => python() ],
    'Python, ALPN'       => [ h2     => python('--alpn', 'h2', '--alpn', 'spdy/3') ],
    'NSS'                => [ std    => nss('-V', 'tls1.2:tls1.3') ],
    'NSS, TLS 1.2'       => [ ecdsa  => nss('-V', 'tls1.2:tls1.2') ],
    'by hand, GREASE'    => [ std    => hello_then(client_hello(ciphers => [ 0x1a1a, 0x1301, 0xc02f, 0x00ff, 0x4a4b ], groups => [ 0x2a2a, 0x1d ],
                                versions => [ 0x3a3a, 0x0304 ], alpn => [ "\x4a\x4a", 'h2' ], more => [ [ 0x5a5a, '' ], [ 0x1234, 'odd' ] ]), alert(80)) ],
);

my $judge = TLSDiag::Tshark->new($server->port, $server->port + 200, server()->file('logs/judge.pcapng'));
plan(skip_all => 'TSHARK CANNOT CAPTURE HERE, so nobody has judged the decoding: ' . $judge->{refused}) if $judge->{refused};

my %seen = map { $_ => connect_to(@{ $zoo{$_} }) } sort keys %zoo;
$judge->stop;

for my $name (sort keys %zoo) {
    subtest($name => sub {
        my $seen = $seen{$name};
        is(scalar @{ $seen->{records} }, 1, 'one record') or return;
        my $record = $seen->{record};
        my $judged = $judge->hello_from($record->{source}{port});
        ok($judged, 'the judge saw its ClientHello') or return;
        my $ours = {
            versions     => value_at($record, 'tlsdiag.client.versions'),
            suites       => value_at($record, 'tlsdiag.client.cipher_codes'),
            suite_names  => value_at($record, 'tls.client.supported_ciphers'),
            extensions   => value_at($record, 'tlsdiag.client.extensions'),
            groups       => value_at($record, 'tlsdiag.client.groups'),
            shares       => value_at($record, 'tlsdiag.client.key_shares'),
            algorithms   => value_at($record, 'tlsdiag.client.signature_algorithms'),
            alpn         => value_at($record, 'tlsdiag.client.alpn'),
            psk_modes    => value_at($record, 'tlsdiag.client.psk_modes'),
            server_name  => value_at($record, 'tls.client.server_name'),
            ja3          => value_at($record, 'tls.client.ja3'),
            ja3_string   => value_at($record, 'tlsdiag.ja3_string'),
            bytes        => value_at($record, 'tlsdiag.client.hello_bytes'),
            legacy       => value_at($record, 'tlsdiag.client.legacy_version'),
        };
        @$ours{qw(ja4 ja4_r)} = map { value_at($record, "tlsdiag.$_") } qw(ja4 ja4_r) if TLSDiag::Tshark::knows_ja4();
        is_deeply($ours->{$_}, $judged->{$_}, "$_ equal") for sort keys %$ours;
        my $answer = $judge->answer_to($record->{source}{port}) or return;
        is(value_at($record, 'tls.cipher'), $answer->{suite}, 'suite chosen');
        is(value_at($record, 'tls.version'), $answer->{version}, 'version chosen');
        is(value_at($record, 'tls.curve'), $answer->{group}, 'group chosen') if $answer->{group};
    });
}
diag('this tshark has no JA4 (Wireshark has it from 4.2 on): not compared') if !TLSDiag::Tshark::knows_ja4();
done_testing;
