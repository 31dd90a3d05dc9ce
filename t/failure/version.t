# No protocol version in common: who is too old, who too new.
use TLSDiag::Test;

my %hello = ('event.outcome' => 'failure', 'tls.established' => 0, 'tlsdiag.ended_by' => 'alert_sent');
my %too_old = (%hello, 'tlsdiag.cause' => 'version.client_too_old', 'log.level' => 'warn', 'tlsdiag.act' => 'client',
    'tlsdiag.alerts.0.direction' => 'sent', 'tlsdiag.alerts.0.code' => 70, 'tlsdiag.alerts.0.name' => 'protocol_version', 'tlsdiag.alerts.0.level' => 'fatal');

seen_ok('openssl ends at TLS 1.1', std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), { %too_old, 'tlsdiag.client.legacy_version' => qr/1\.1/ });
seen_ok('GnuTLS ends at TLS 1.0', std => gnutls('--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.0'), \%too_old);
# With 1.1.1 curl cannot go below the MinProtocol of Debian's openssl.cnf: it gives up with an alert before its hello.
seen_ok('curl ends at TLS 1.1', std => curl('--tls-max', '1.1', '--ciphers', 'ALL:@SECLEVEL=0'), openssl_from('3.0') ? \%too_old
    : { 'tlsdiag.cause' => 'record.alert_first', 'tlsdiag.alerts.0.code' => 10 });
seen_ok('Python ends at TLS 1.2, the vhost has TLS 1.3 only', tls13 => python('--max', '1.2'), \%too_old);
seen_ok('NSS has TLS 1.3 only, the vhost ends at TLS 1.2', tls12 => nss('-V', 'tls1.3:tls1.3'), {
    %hello, 'tlsdiag.cause' => 'version.client_too_new', 'log.level' => 'error', 'tlsdiag.act' => 'server', 'tlsdiag.client.versions' => ['TLSv1.3'],
    'tlsdiag.alerts.0.code' => 70,
});
seen_ok('an SSLv3 hello', std => hello_then(client_hello(legacy_version => 0x0300, versions => undef, groups => undef, sigalgs => undef, shares => undef, server_name => undef)),
    { %hello, 'tlsdiag.cause' => 'version.sslv3', 'log.level' => 'warn' });
seen_ok('drafts only', std => hello_then(client_hello(versions => [ 0x7f1c, 0x0a0a ])),
    { %hello, 'tlsdiag.cause' => 'version.none_known', 'tlsdiag.client.grease' => 1 });
seen_ok('an SSLv2 hello', std => raw(sub { print { $_[0] } pack 'H*', '802e0100020015000000100100800200800300800400800500800600400700c0' . '00' x 16; read_flight($_[0], 2) }),
    { 'tlsdiag.cause' => 'version.sslv2', 'event.outcome' => 'failure' });
seen_ok('TLS 1.0 is in SSLProtocol, the security level takes it away', seclevel => openssl('-tls1', '-cipher', 'ALL:@SECLEVEL=0'),
    openssl_from('3.0') ? { %hello, 'tlsdiag.cause' => 'version.blocked_by_seclevel', 'log.level' => 'error', 'tlsdiag.act' => 'server' }
    : { 'tlsdiag.cause' => 'ok', 'tls.version' => '1.0' }); # 1.1.1 takes SHA-1 signatures at level 1 and 2
seen_ok('fallback SCSV below our best', std => openssl('-tls1_2', '-fallback_scsv'),
    { %hello, 'tlsdiag.cause' => 'version.inappropriate_fallback', 'tlsdiag.alerts.0.code' => 86, 'tlsdiag.alerts.0.name' => 'inappropriate_fallback' });
seen_ok('the client refuses our version', std => hello_then(client_hello(versions => undef), alert(70)),
    { 'tlsdiag.cause' => 'version.client_refused', 'tlsdiag.alerts.0.direction' => 'received', 'tlsdiag.alerts.0.code' => 70 });
done_testing;
