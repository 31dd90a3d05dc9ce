# HelloRetryRequest, ALPN, the SNI vhost, two certificates, client certificates: what was agreed is on record.
use TLSDiag::Test;

seen_ok('a share for a group the vhost does not have: HelloRetryRequest', groups => openssl('-tls1_3', '-groups', 'X25519:P-384'), {
    'tlsdiag.cause' => 'ok', 'tlsdiag.negotiated.hello_retry_request' => 1, 'tls.curve' => 'secp384r1',
    'tlsdiag.client.groups' => [ 'x25519', 'secp384r1' ],
});
seen_ok('no HelloRetryRequest when the guess is right', groups => openssl('-tls1_3', '-groups', 'P-384'), {
    'tlsdiag.cause' => 'ok', 'tlsdiag.negotiated.hello_retry_request' => sub { !$_[0] }, 'tls.curve' => 'secp384r1',
});
seen_ok('ALPN h2', h2 => curl('--http2'), { 'tls.next_protocol' => server()->has_http2 ? 'h2' : 'http/1.1', 'tlsdiag.client.alpn' => [ 'h2', 'http/1.1' ] });
seen_ok('ALPN http/1.1', std => curl('--http1.1'), { 'tls.next_protocol' => 'http/1.1', 'tlsdiag.client.alpn' => ['http/1.1'] });
seen_ok('no ALPN', std => openssl(), { 'tls.next_protocol' => undef, 'tlsdiag.client.alpn' => undef });

seen_ok('the vhost that SNI names', sni => openssl('-servername', 'alt.example.test'), {
    'tlsdiag.vhost' => 'alt.example.test:' . vhost_port('sni'), 'tls.client.server_name' => 'alt.example.test',
    'tls.server.subject' => qr/alt\.example\.test/, 'tlsdiag.negotiated.sni_matched' => 1,
});
seen_ok('a name that no vhost has: the default answers', sni => openssl('-servername', 'nobody.example.test'), {
    'tlsdiag.vhost' => 'localhost:' . vhost_port('sni'), 'tls.client.server_name' => 'nobody.example.test',
    'tlsdiag.negotiated.sni_matched' => 0,
});
seen_ok('no SNI', sni => openssl('-noservername'), {
    'tlsdiag.vhost' => 'localhost:' . vhost_port('sni'), 'tls.client.server_name' => undef,
});

seen_ok('two certificates, an RSA client', dual => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'),
    { 'tls.cipher' => 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'tlsdiag.negotiated.cipher_openssl' => 'ECDHE-RSA-AES128-GCM-SHA256' });
seen_ok('two certificates, an ECDSA client', dual => openssl('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'),
    { 'tls.cipher' => 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'tlsdiag.negotiated.signature_scheme' => qr/^ecdsa_/ });
seen_ok('RSA key exchange has no forward secrecy', 'rsa-kx' => openssl('-tls1_2', '-cipher', 'AES128-GCM-SHA256'),
    { 'tls.cipher' => 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'tlsdiag.negotiated.forward_secrecy' => 0, 'tls.curve' => undef });
seen_ok('TLS 1.0 where it is allowed', legacy => openssl('-tls1', '-cipher', 'ALL:@SECLEVEL=0'), { 'tls.version' => '1.0', 'tlsdiag.cause' => 'ok' });
seen_ok('Ed25519', ed25519 => openssl('-tls1_3'), { 'tlsdiag.negotiated.signature_scheme' => 'ed25519' });

for my $vhost (qw(mtls mtls-tls12)) {
    for my $client ([ openssl => openssl('-cert', 'PKI/client-good.pem', '-key', 'PKI/client-good.key') ],
        [ curl => curl('--cert', 'PKI/client-good.pem', '--key', 'PKI/client-good.key') ],
        [ nss  => nss('-V', 'tls1.2:tls1.3', '-n', 'client') ]) {
        seen_ok("a good client certificate from $client->[0] on $vhost", $vhost => $client->[1], {
            'tlsdiag.cause' => 'ok', 'tls.client.subject' => qr/client-good/, 'tls.client.issuer' => qr/Client CA/,
            'tls.client.hash.sha256' => qr/^[0-9A-F]{64}$/i, 'tls.client.x509.serial_number' => qr/^[0-9A-F]+$/i, 'tls.client.not_after' => qr/^\d{4}-/,
        });
    }
}
seen_ok('an optional client certificate left out', 'mtls-optional' => curl(), { 'tlsdiag.cause' => 'ok', 'tls.client.subject' => undef });
done_testing;
