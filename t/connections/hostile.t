# Whatever bytes a client sends, the JSON line is ASCII and one line, and the error log stays one clean line.
use TLSDiag::Test;

my @names = ("a\0b", "x\n[tlsdiag:error] forged", "\xff\xfe", '"><script>', "\e[31m", 'back\\slash', "\x{7f}", 'x' x 255);
for my $name (@names) {
    my $shown = substr($name, 0, 20) =~ s/[^ -~]/./gr;
    my $mark = mark('std');
    hello_then(client_hello(server_name => $name, versions => undef, ciphers => [4]))->(vhost_port('std'));
    my @records = records_ok($mark, 1, "SNI $shown: one record");
    my ($line) = TLSDiag::Test::lines_since($mark->{log}, $mark->{log_at});
    unlike($line, qr/[^ -~]/, 'printable ASCII only');
    my @lines = TLSDiag::Test::lines_since($mark->{errors}, $mark->{errors_at});
    is(scalar(grep { /^\[tlsdiag:/ } @lines), 0, 'no line of its own in the error log');
    unlike(join('', @lines), qr/[^ -~\n]/, 'error log is printable ASCII');
    my $sni = $records[0]{tls}{client}{server_name};
    (my $back = $sni // '') =~ s/\\x([0-9a-f]{2})/chr hex $1/gie;
    is($back, $name, 'and reversible') if defined $sni;
}
seen_ok('hostile ALPN', std => hello_then(client_hello(alpn => [ "h2\0", "\"\n" ], versions => undef, ciphers => [4])),
    { 'tlsdiag.client.alpn' => [ 'h2\\x00', '"\\x0a' ] });
done_testing;
