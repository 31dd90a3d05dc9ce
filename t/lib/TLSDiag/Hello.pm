# Bytes of TLS made by hand, for what no client program can be made to send.
package TLSDiag::Hello;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(alert client_hello extension handshake record vector);

my %share = (
    0x001d => join('', map { chr } 1 .. 32),
    # The generator of P-256 is a point on the curve (SEC 2, 2.4.2).
    0x0017 => pack('H*', '046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'
            . '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'),
);

# A ClientHello in one record, RFC 8446 4.1.2. What is not given is what a modern client sends; undef leaves an extension out.
#   versions groups sigalgs: code points    shares: groups to send a key share for    ciphers    server_name    alpn
#   legacy_version compression session_id   more: [[type, body], ...] after the others
sub client_hello
{
    my %is = (
        legacy_version => 0x0303,
        versions    => [ 0x0304, 0x0303 ],
        ciphers     => [ 0x1301, 0x1302, 0x1303, 0xc02f, 0xc030, 0xc02b, 0xc02c ],
        groups      => [ 0x001d, 0x0017 ],
        shares      => [0x001d],
        sigalgs     => [ 0x0403, 0x0804, 0x0401, 0x0805, 0x0806 ],
        server_name => 'localhost',
        compression => "\0",
        session_id  => '',
        more        => [],
        @_,
    );
    my $extensions = join '',
        named(\%is, 'server_name', 0,  sub { vector(2, "\0" . vector(2, $_)) }),
        named(\%is, 'groups',      10, sub { vector(2, pack 'n*', @$_) }),
        named(\%is, 'sigalgs',     13, sub { vector(2, pack 'n*', @$_) }),
        named(\%is, 'alpn',        16, sub { vector(2, join '', map { vector(1, $_) } @$_) }),
        named(\%is, 'versions',    43, sub { vector(1, pack 'n*', @$_) }),
        named(\%is, 'shares',      51, sub { vector(2, join '', map { pack('n', $_) . vector(2, $share{$_} // die "no share for $_\n") } @$_) }),
        map { extension(@$_) } @{ $is{more} };
    my $body = pack('n', $is{legacy_version}) . "\x5a" x 32 . vector(1, $is{session_id}) . vector(2, pack 'n*', @{ $is{ciphers} })
        . vector(1, $is{compression}) . (length $extensions ? vector(2, $extensions) : '');
    return record(22, handshake(1, $body), $is{record_version} // ($is{legacy_version} > 0x0301 ? 0x0301 : $is{legacy_version}));
}

sub named
{
    my ($is, $name, $type, $body) = @_;
    return '' if !defined $is->{$name};
    local $_ = $is->{$name};
    return extension($type, $body->());
}

sub extension { return pack('n', $_[0]) . vector(2, $_[1]) }
sub handshake { return chr($_[0]) . vector(3, $_[1]) }

# record(type, bytes, version)
sub record { return chr($_[0]) . pack('n', $_[2] // 0x0303) . vector(2, $_[1]) }

# alert(40): a fatal alert in clear; alert(0, 1): a warning
sub alert { return record(21, chr($_[1] // 2) . chr $_[0]) }

# vector(2, bytes): bytes with their length in two bytes before them
sub vector { return substr(pack('N', length $_[1]), 4 - $_[0]) . $_[1] }

1;
