# Other protocols on the TLS port are named from their first bytes.
use TLSDiag::Test;

my %said = (
    'not_tls.http'          => [ "GET /index.html HTTP/1.1\r\nHost: www.example.test\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "PROPFIND / HTTP/1.1\r\nHost: x\r\n\r\n" ],
    'not_tls.http2'         => ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    'not_tls.http_connect'  => ["CONNECT www.example.test:443 HTTP/1.1\r\nHost: www.example.test:443\r\n\r\n"],
    'not_tls.proxy_protocol' => [ "PROXY TCP4 203.0.113.7 127.0.0.1 4321 443\r\n" . client_hello(), "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" . "\x7f\0\0\1" x 2 . "\x10\xe1\x01\xbb" . client_hello() ],
    'not_tls.ssh'           => ["SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"],
    'not_tls.mail_or_ftp'   => [ "EHLO client.example.test\r\n", "a1 CAPABILITY\r\n", "USER anonymous\r\n" ],
    'not_tls.rdp'           => [ pack 'H*', '030000130ee000000000000100080003000000' ],
    'not_tls.smb'           => [ pack 'H*', '00000045ff534d4272000000001853c8' ],
    'not_tls.ldap'          => [ pack 'H*', '300c020101600702010304008000' ],
    'not_tls.postgresql'    => [ pack 'H*', '0000000804d2162f' ],
    'not_tls.mqtt'          => [ pack 'H*', '101000044d5154540402003c000474657374' ],
    'not_tls.socks'         => [ pack 'H*', '050100', '0401005000000001666f6f00' ],
    'not_tls.redis'         => ["*1\r\n\$4\r\nPING\r\n"],
    'not_tls.dns'           => [ pack 'H*', '001d123401000001000000000000076578616d706c6504746573740000010001' ],
    'not_tls.bittorrent'    => [ "\x13BitTorrent protocol" . "\0" x 48 ],
    'not_tls.json'          => [qq({"id":1,"method":"mining.subscribe","params":[]}\n)],
    'not_tls.dtls_or_quic'  => [ pack 'H*', '16feff0000000000000000006c010000600000000000000060fefd' ],
    'not_tls.unknown'       => [ "\xde\xad\xbe\xef\0\1\2\3\4\5\6\7", "\x16\x04\x00\x00\x05\x01\x00\x00\x01\x00" ],
);

for my $protocol (sort keys %said) {
    for my $bytes (@{ $said{$protocol} }) {
        my $first = substr($bytes, 0, 12) =~ s/[^ -~]/./gr;
        seen_ok("$protocol: $first", std => raw(sub { print { $_[0] } $bytes; shutdown $_[0], 1; read_flight($_[0], 2) }), {
            'tlsdiag.cause'   => $protocol,
            'event.outcome'   => 'failure',
            'tls.established' => 0,
            'tlsdiag.client.first_bytes' => qr/./,
        });
    }
}

seen_ok('plain HTTP keeps its request line', std => curl('http://localhost:PORT/some/page'), {
    'tlsdiag.cause' => 'not_tls.http', 'log.level' => 'info', 'tlsdiag.client.first_bytes' => qr{^GET /some/page HTTP/1\.1},
});
my $hostile = connect_to(std => raw("GET /\"><script>\x00\xff\x1b[31m\\ HTTP/1.1\r\n\r\n"));
is($hostile->{record}{tlsdiag}{cause}, 'not_tls.http', 'hostile bytes: still HTTP');
unlike($_, qr/[^ -~]/, 'hostile bytes: nothing unprintable in the error log') for @{ $hostile->{errors} };
like($hostile->{record}{tlsdiag}{client}{first_bytes}, qr/\\x00\\xff\\x1b\[31m\\x5c/i, 'hostile bytes: escaped, reversibly');
done_testing;
