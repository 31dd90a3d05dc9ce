# Odd, and nothing is wrong: these must never be called a failure.
use TLSDiag::Test;
use TLSDiag::Hello qw(record);

my %fine = ('event.outcome' => 'success', 'tlsdiag.cause' => 'ok', 'log.level' => 'info', 'tls.established' => 1);

# The first record of the client, passed on as the sub says.
sub first_record
{
    my ($change) = @_;
    return sub { my ($bytes, $number) = @_; return $number ? $bytes : $change->($bytes) };
}

sub in_records_of { my ($size) = @_; return first_record(sub { my ($hello) = @_; return join '', map { record(22, $_, 0x0301) } unpack "(a$size)*", substr $hello, 5 }) }

seen_ok('record version 3.0',              std => tampered(openssl(), first_record(sub { substr($_[0], 1, 2) = "\3\0"; $_[0] })), \%fine);
seen_ok('hello in two records',            std => tampered(openssl(), in_records_of(150)), { %fine, 'tlsdiag.client.hello_records' => sub { $_[0] >= 2 } });
seen_ok('hello in ten records',            std => tampered(curl(), in_records_of(30)), { %fine, 'tlsdiag.client.hello_records' => sub { $_[0] >= 10 } });
seen_ok('hello in pieces, slowly',         std => tampered(curl(), first_record(sub { return unpack '(a20)*', $_[0] })), { %fine, 'tlsdiag.client.hello_reads' => sub { $_[0] > 3 } });
seen_ok('header byte by byte',             std => tampered(gnutls(), first_record(sub { return unpack '(a1)10 a*', $_[0] })), \%fine);
seen_ok('hello above 16 KiB',              std => openssl('-alpn', join ',', 'http/1.1', map { $_ . 'x' x 240 } 100 .. 180), { %fine, 'tlsdiag.client.hello_bytes' => sub { $_[0] > 16384 } });
seen_ok('no server name',                  std => openssl('-noservername'), \%fine);
seen_ok('another server name',             std => openssl('-servername', 'alt.example.test'), \%fine);
seen_ok('one suite, one group',            std => openssl('-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256', '-groups', 'P-521'), \%fine);
seen_ok('HelloRetryRequest',               groups => openssl('-groups', 'X25519:P-384'), { %fine, 'tlsdiag.negotiated.hello_retry_request' => 1 });
seen_ok('certificate optional, none sent', 'mtls-optional' => curl(), \%fine);
seen_ok('a health check: handshake, then closed', std => python('unverified', '--after', 'close'), \%fine);
seen_ok('the same, TLS 1.2',               std => python('unverified', '--max', '1.2', '--after', 'close'), \%fine);
seen_ok('the same, then reset',            std => python('unverified', '--after', 'reset'), \%fine);
seen_ok('the same without a server name',  std => python('unverified', '--name', '', '--after', 'close'), \%fine);
seen_ok('an HTTP/2 connection in advance', h2 => python('--alpn', 'h2', '--alpn', 'http/1.1', '--after', 'close'), { %fine, 'tls.next_protocol' => server()->has_http2 ? 'h2' : 'http/1.1' });
done_testing;
