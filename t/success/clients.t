# Every client, TLS 1.2 and 1.3, RSA and ECDSA: one record that says what was agreed.
use TLSDiag::Test;

my %version = (
    '1.2' => {
        openssl => openssl('-tls1_2'),
        curl    => curl('--tls-max', '1.2'),
        gnutls  => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2'),
        python  => python('--max', '1.2'),
        nss     => nss('-V', 'tls1.2:tls1.2'),
    },
    '1.3' => {
        openssl => openssl('-tls1_3'),
        curl    => curl('--tlsv1.3'),
        gnutls  => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3'),
        python  => python('--min', '1.3'),
        nss     => nss('-V', 'tls1.3:tls1.3'),
    },
);

for my $vhost (qw(std ecdsa)) {
    for my $number (sort keys %version) {
        for my $name (sort keys %{ $version{$number} }) {
            my $suites = $number eq '1.3' ? qr/^TLS_(AES|CHACHA20)_/ : $vhost eq 'std' ? qr/^TLS_ECDHE_RSA_/ : qr/^TLS_ECDHE_ECDSA_/;
            my $scheme = $vhost eq 'ecdsa' ? qr/^ecdsa_secp256r1_sha256$/ : qr/^rsa_p/;
            # All but GnuTLS offer the post-quantum group where OpenSSL has it; both sides then prefer it, and TLS 1.2 has none.
            my $group = $number eq '1.3' && openssl_from('3.5') && $name ne 'gnutls' ? 'x25519mlkem768' : qr/^(x25519|secp\d+r1)$/;
            my $seen = seen_ok("$name with TLS $number on $vhost", $vhost => $version{$number}{$name}, {
                'tlsdiag.cause'               => 'ok',
                'event.outcome'               => 'success',
                'event.type'                  => [ 'connection', 'allowed' ],
                'log.level'                   => 'info',
                'tls.established'             => 1,
                'tls.version'                 => $number,
                'tls.version_protocol'        => 'tls',
                'tls.cipher'                  => $suites,
                'tls.curve'                   => $group,
                'tls.resumed'                 => 0,
                'tls.client.server_name'      => 'localhost',
                'tls.client.ja3'              => qr/^[0-9a-f]{32}$/,
                'tlsdiag.ja4'                 => qr/^t1[23]d\d{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/,
                'tlsdiag.stage'               => 'finished',
                # tstclnt leaves at the end of its input: with tickets of TLS 1.3 unread its kernel sends a reset.
                'tlsdiag.ended_by'            => $name eq 'nss' && $number eq '1.3' ? qr/^(finished|reset)$/ : 'finished',
                'tlsdiag.negotiated.signature_scheme' => $scheme,
                'tlsdiag.negotiated.forward_secrecy'  => 1,
                'tlsdiag.negotiated.sni_matched'      => 1,
                'tls.server.subject'          => qr/www\.example\.test/,
                'tls.server.hash.sha256'      => qr/^[0-9A-F]{64}$/i,
                'source.ip'                   => '127.0.0.1',
                'source.port'                 => qr/^\d+$/,
                'destination.port'            => vhost_port($vhost),
                'tlsdiag.vhost'               => 'localhost:' . vhost_port($vhost),
                'tlsdiag.vhost_defined_at'    => qr{conf/vhosts\.conf:\d+$},
                'error.type'                  => undef,
            });
            like($seen->{output}, qr/welcome|200 OK/, "$name got its page") if $name ne 'nss';    # which may be gone before the answer
        }
    }
}
done_testing;
