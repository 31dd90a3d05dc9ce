# mod_md answers a CA's tls-alpn-01 challenge (RFC 8737) in the middle of a handshake, with a certificate of its own: that
# is a completed handshake that counts as a challenge, and is not held against the vhost's certificate.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use File::Path qw(make_path);

my $domain = 'acme.example.test';
my $server = use_server(TLSDiag::Server->new(root => 'build/t/acme', mpm => $ENV{APACHE_TEST_MPM} // 'event', modules => ['md'],
    table => [ std => { conf => 'Protocols acme-tls/1 http/1.1', also => { $domain => { cert => 'alt', conf => 'Protocols acme-tls/1 http/1.1' } } } ],
    extra => "MDStoreDir state/md\nMDCertificateAuthority http://127.0.0.1:1/\nMDCertificateAgreement accepted\nMDomain $domain manual"));
put_challenge($server->file('state/md'), $domain, $server->user);
$server->start;

my @ca = ('-servername', $domain, '-alpn', 'acme-tls/1', '-CAfile', 'PKI/unknown-ca.pem');
my %answered = ('event.outcome' => 'success', 'log.level' => 'info', 'tlsdiag.cause' => 'ok', 'tls.next_protocol' => 'acme-tls/1',
    'tlsdiag.vhost' => qr/^\Q$domain\E:/, 'tls.server.subject' => undef);
for my $version (qw(-tls1_2 -tls1_3)) {
    my $seen = seen_ok("a challenge, $version", std => openssl_closing($version, @ca), \%answered);
    like($seen->{output}, qr/subject=CN ?= ?challenge/, '... was answered with the certificate for it');
}
seen_ok('a challenge that the CA does not like', std => openssl_closing(@ca, '-verify_return_error'),
    { 'tls.next_protocol' => 'acme-tls/1', 'tlsdiag.cause' => 'server_cert.unknown_ca', 'tlsdiag.act' => 'client' });
seen_ok('and a client of the vhost is judged as ever', std => openssl_closing('-servername', $domain),
    { 'tlsdiag.cause' => 'server_cert.name_mismatch', 'tls.server.subject' => 'CN=alt.example.test' });

my $books = wait_until(sub { my $now = snapshot(); return $now->{handshakes}{started} == 4 && !$now->{handshakes}{in_progress} && $now });
ok(books($books), 'the books add up');
is(metric(metrics(), 'tlsdiag_acme_challenge_handshakes_total'), 2, 'two handshakes count as challenges');
is(metric(metrics(), 'tlsdiag_handshake_suspicions_total'), 1, 'one handshake is suspicious: that of the client');
$server->stop;
done_testing;

# Closes when the handshake is complete, as a CA does.
sub openssl_closing
{
    my (@arguments) = @_;
    return sub {
        my ($port) = @_;
        return TLSDiag::Clients::program('', 'openssl', 's_client', '-connect', "127.0.0.1:$port", @arguments);
    };
}

# Where mod_md looks when it answers a challenge.
sub put_challenge
{
    my ($store, $name, $owner) = @_;
    my $folder = "$store/challenges/$name";
    make_path($folder);
    my $digest = 'critical,DER:0420' . '5a' x 32;
    my $made = TLSDiag::Clients::program('', 'openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=challenge',
        '-keyout', "$folder/acme-tls-alpn-01-privkey.pem", '-out', "$folder/acme-tls-alpn-01-pubcert.pem",
        '-addext', "subjectAltName=DNS:$name", '-addext', "1.3.6.1.5.5.7.1.31=$digest");
    die "openssl req: $made->{output}\n" if $made->{status};
    chmod 0644, glob "$folder/*";
    system('chown', '-R', $owner, $store) if $owner;
}
