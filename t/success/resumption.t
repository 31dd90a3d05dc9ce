# A second connection that resumes says so, and by what: ticket, session id or TLS 1.3's PSK.
use TLSDiag::Test;

my @cases = (
    [ 'TLS 1.3, Python',       std          => python('--times', 2), '1.3', 'psk' ],
    [ 'TLS 1.3, GnuTLS',       std          => gnutls('-r', '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3'), '1.3', 'psk' ],
    [ 'TLS 1.2 ticket',        std          => python('--max', '1.2', '--times', 2), '1.2', 'ticket' ],
    [ 'TLS 1.2 ticket, GnuTLS', std         => gnutls('-r', '--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.2'), '1.2', 'ticket' ],
    [ 'TLS 1.2 session id',    'no-tickets' => python('--max', '1.2', '--times', 2), '1.2', 'session_id' ],
);

for my $case (@cases) {
    my ($name, $vhost, $client, $version, $kind) = @$case;
    my $seen = connect_to($vhost, $client, records => 2);
    is(scalar @{ $seen->{records} }, 2, "$name: two connections, two records") or TLSDiag::Test::explain($seen), next;
    my ($first, $second) = @{ $seen->{records} };
    fields_ok($first, { 'tls.resumed' => 0, 'tls.version' => $version, 'tlsdiag.negotiated.resumption' => undef });
    fields_ok($second, { 'tls.resumed' => 1, 'tls.version' => $version, 'tlsdiag.negotiated.resumption' => $kind, 'tlsdiag.cause' => 'ok' })
        or TLSDiag::Test::explain($seen);
}
done_testing;
