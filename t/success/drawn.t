# Browsers draw GREASE values (RFC 8701) and the order of their extensions anew for each hello. To us they are one client, of which
# most is remembered: still every record must show what this very hello had, whether it was served, refused or went away.
use TLSDiag::Test;
use TLSDiag::Hello qw(alert extension handshake record vector);
use Digest::MD5    qw(md5_hex);
use Digest::SHA    qw(sha256_hex);
use List::Util     qw(shuffle);

srand 8701;

my @groups  = (0x001d, 0x0017, 0x0018);
my @schemes = (0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501);
my %names   = (    # of the IANA
    0 => 'server_name', 5 => 'status_request', 10 => 'supported_groups', 11 => 'ec_point_formats', 13 => 'signature_algorithms',
    16 => 'application_layer_protocol_negotiation', 18 => 'signed_certificate_timestamp', 23 => 'extended_master_secret',
    35 => 'session_ticket', 43 => 'supported_versions', 45 => 'psk_key_exchange_modes', 51 => 'key_share',
    0xfe0d => 'encrypted_client_hello', 0xff01 => 'renegotiation_info',
);

sub grease { my $digit = int rand 16; return $digit << 12 | $digit << 4 | 0x0a0a }

# A hello as Chromium builds one, and what must be on record of it. suites: after the GREASE one.
sub draw
{
    my (@suites) = @_;
    my ($suite, $group, $version, $first, $last) = map { grease() } 1 .. 5;
    $last ^= 0x1010 if $last == $first;
    my @codes  = ($suite, @suites);
    my %bodies = (
        0  => vector(2, "\0" . vector(2, 'localhost')), 5 => "\1\0\0\0\0", 11 => "\1\0", 18 => '', 23 => '', 35 => '',
        10 => vector(2, pack 'n*', $group, @groups),
        13 => vector(2, pack 'n*', @schemes),
        16 => vector(2, vector(1, 'h2') . vector(1, 'http/1.1')),
        43 => vector(1, pack 'n*', $version, 0x0304, 0x0303),
        45 => "\1\1",
        51 => vector(2, pack('n', $group) . vector(2, "\0") . pack('n', 0x001d) . vector(2, join '', map { chr } 1 .. 32)),
        0xfe0d => "\0" . "\0\1\0\1" . "\x2a" . vector(2, 'k' x 32) . vector(2, 'p' x (144 + 32 * int rand 4)),
        0xff01 => "\0",
    );
    my @order = shuffle(sort { $a <=> $b } keys %bodies);
    my $extensions = extension($first, '') . join('', map { extension($_, $bodies{$_}) } @order) . extension($last, "\0");
    my $body = pack('n', 0x0303) . join('', map { chr rand 256 } 1 .. 32) . vector(1, 's' x 32) . vector(2, pack 'n*', @codes)
        . vector(1, "\0") . vector(2, $extensions);

    my $ja3 = join ',', 771, join('-', @suites), join('-', @order), join('-', @groups), 0;
    my @parts = (
        join(',', map { sprintf '%04x', $_ } sort { $a <=> $b } @suites),
        join(',', map { sprintf '%04x', $_ } sort { $a <=> $b } grep { $_ != 0 && $_ != 16 } @order) . '_'
            . join(',', map { sprintf '%04x', $_ } @schemes),
    );
    my $a = sprintf 't13d%02d%02dh2', scalar @suites, scalar @order;
    return (record(22, handshake(1, $body), 0x0301), {
        'tls.client.ja3'     => md5_hex($ja3),
        'tlsdiag.ja3_string' => $ja3,
        'tlsdiag.ja4'        => join('_', $a, map { substr sha256_hex($_), 0, 12 } @parts),
        'tlsdiag.ja4_r'      => join('_', $a, @parts),
        'tlsdiag.client.grease'       => 1,
        'tlsdiag.client.hello_bytes'  => length $body,
        'tlsdiag.client.cipher_codes' => [ map { sprintf '0x%04x', $_ } @codes ],
        'tlsdiag.client.groups'       => [ hex_of($group), qw(x25519 secp256r1 secp384r1) ],
        'tlsdiag.client.key_shares'   => [ hex_of($group), 'x25519' ],
        'tlsdiag.client.versions'     => [ hex_of($version), qw(TLSv1.3 TLSv1.2) ],
        'tlsdiag.client.extensions'   => [ hex_of($first), (map { $names{$_} } @order), hex_of($last) ],
    });
}

sub hex_of { return sprintf '0x%04x', $_[0] }

# The first of the server's flight is enough to answer to; no waiting for its end.
sub answer
{
    my ($socket, $hello, $then) = @_;
    print {$socket} $hello;
    sysread $socket, my $flight, 1 << 16;
    print {$socket} $then if defined $then;
    return $flight;
}

sub drawn_ok
{
    my ($name, $suites, $then, $expected) = @_;
    my $mark  = mark('std');
    my @drawn = map { [ draw(@$suites) ] } 1 .. 12;
    my @ports = map { my $hello = $_->[0]; raw(sub { answer($_[0], $hello, $then) })->(vhost_port('std'))->{port} } @drawn;
    my %record = map { ($_->{source}{port} => $_) } records_ok($mark, scalar @drawn, "$name: a record of each hello");
    my @records = @record{@ports};
    my @said = map { join "\n", $_->{event}{reason}, $_->{tlsdiag}{remedy} // '', $_->{tlsdiag}{vhost} } @records;
    is_deeply(\@said, [ ($said[0]) x @said ], '... and all are told alike');
    for my $number (0 .. $#records) {
        subtest("$name, hello $number" => sub { fields_ok($records[$number], { %{ $drawn[$number][1] }, %$expected }) });
    }
}

drawn_ok('leaving', [ 0x1301, 0xc02b ], undef, { 'tlsdiag.ended_by' => qr/^(closed|reset)$/ });
drawn_ok('refused', [ 0xc0af, 0xc0ae ], undef, { 'tlsdiag.cause' => 'cipher.none_for_version', 'tlsdiag.alerts.0.code' => 40 });
drawn_ok('rejecting', [ 0x1301, 0x1302, 0xc02f ], alert(46),
    { 'tlsdiag.cause' => 'server_cert.unknown_ca', 'tlsdiag.alerts.0.code' => 46, 'tlsdiag.alerts.0.direction' => 'received' });
done_testing;
