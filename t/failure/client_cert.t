# Client certificates that are missing or refused, with what OpenSSL found wrong and at which depth.
use TLSDiag::Test;

sub with { return ('-cert', "PKI/$_[0].chain.pem", '-key', "PKI/$_[0].key", '-cert_chain', "PKI/$_[0].chain.pem") }
sub curl_with { return curl('--cert', "PKI/$_[0].pem", '--key', "PKI/$_[0].key") }

my %them = ('event.outcome' => 'failure', 'log.level' => 'warn', 'tlsdiag.act' => 'client');
my %us   = ('event.outcome' => 'failure', 'log.level' => 'error', 'tlsdiag.act' => 'server');

for my $vhost (qw(mtls mtls-tls12)) {
    seen_ok("none sent, $vhost", $vhost => curl(), { %them, 'tlsdiag.cause' => 'client_cert.missing', 'tls.client.subject' => undef,
        'tlsdiag.alerts.0.direction' => 'sent', 'tlsdiag.alerts.0.code' => $vhost eq 'mtls' ? 116 : 40 });
    seen_ok("expired, $vhost", $vhost => curl_with('client-expired'),
        { %them, 'tlsdiag.cause' => 'client_cert.expired', 'tlsdiag.verify.code' => 10, 'tlsdiag.verify.depth' => 0, 'tls.client.subject' => qr/client-expired/ });
    seen_ok("not yet valid, $vhost", $vhost => curl_with('client-not-yet'), { %them, 'tlsdiag.cause' => 'client_cert.not_yet_valid', 'tlsdiag.verify.code' => 9 });
    seen_ok("revoked, $vhost", $vhost => curl_with('client-revoked'), { %them, 'tlsdiag.cause' => 'client_cert.revoked', 'tlsdiag.verify.code' => 23 });
    seen_ok("unknown CA, $vhost", $vhost => curl_with('client-untrusted'), { %them, 'tlsdiag.cause' => 'client_cert.unknown_ca', 'tlsdiag.alerts.0.direction' => 'sent' });
    seen_ok("self-signed, $vhost", $vhost => curl_with('client-self-signed'), { %them, 'tlsdiag.cause' => 'client_cert.self_signed', 'tlsdiag.verify.code' => 18 });
    seen_ok("wrong usage, $vhost", $vhost => curl_with('client-wrong-usage'), { %them, 'tlsdiag.cause' => 'client_cert.wrong_usage', 'tlsdiag.verify.code' => 26 });
    seen_ok("intermediate not sent, $vhost", $vhost => curl_with('client-deep'), { %them, 'tlsdiag.cause' => 'client_cert.unknown_ca' });
    seen_ok("weak key, $vhost", $vhost => openssl(with('client-weak'), '-cipher', 'DEFAULT:@SECLEVEL=0'), { %them, 'tlsdiag.cause' => 'client_cert.weak', 'tlsdiag.verify.code' => 66 });
    seen_ok("issued by a leaf, $vhost", $vhost => openssl(with('client-by-leaf')), { %them, 'tlsdiag.cause' => 'client_cert.invalid_ca' });
    seen_ok("damaged, $vhost", $vhost => openssl(with('client-damaged')), { %them, 'tlsdiag.cause' => 'client_cert.bad_signature', 'tlsdiag.verify.code' => 7 });
    seen_ok("critical extension, $vhost", $vhost => curl_with('client-critical'), { %them, 'tlsdiag.cause' => 'client_cert.rejected', 'tlsdiag.verify.code' => 34, message => qr/was rejected: unhandled critical extension \(34\)/ });
}
seen_ok('intermediate not sent, though announced', 'mtls-announced' => curl_with('client-deep'), { %them, 'tlsdiag.cause' => 'client_cert.missing_intermediate' });
seen_ok('no CA configured', 'mtls-noca' => curl_with('client-good'), { %us, 'tlsdiag.cause' => 'client_cert.no_ca_configured' });
seen_ok('OCSP responder down', 'mtls-ocsp' => curl_with('client-good'), { %us, 'tlsdiag.cause' => 'client_cert.ocsp' });
seen_ok('Python sends none', mtls => python(), { %them, 'tlsdiag.cause' => 'client_cert.missing' });
seen_ok('GnuTLS: expired', 'mtls-tls12' => gnutls('--x509certfile', 'PKI/client-expired.pem', '--x509keyfile', 'PKI/client-expired.key'),
    { %them, 'tlsdiag.cause' => 'client_cert.expired' });
seen_ok('our CRL has expired', 'mtls-crl-expired' => curl_with('client-good'), { %us, 'tlsdiag.cause' => 'client_cert.crl_expired' });
seen_ok('our CRL has a wrong signature', 'mtls-crl-damaged' => curl_with('client-good'),
    { %us, 'tlsdiag.cause' => 'client_cert.crl_invalid', 'tlsdiag.verify.code' => 8, message => qr/revocation list signature is wrong/ });
if (openssl_from('3.0')) {    # an older one makes no list of tomorrow
    seen_ok('our CRL is of tomorrow', 'mtls-crl-early' => curl_with('client-good'),
        { %us, 'tlsdiag.cause' => 'client_cert.crl_invalid', 'tlsdiag.verify.code' => 11, message => qr/revocation list is not yet valid/ });
}
seen_ok('our CA has no root', 'mtls-no-root' => curl_with('client-deep'),
    { %us, 'tlsdiag.cause' => 'client_cert.root_missing', 'tlsdiag.verify.code' => 2, message => qr/Append the certificate of \S/ });
seen_ok('our CRL is missing', 'mtls-crl-missing' => curl_with('client-deep'), { %us, 'tlsdiag.cause' => 'client_cert.crl_missing' });
done_testing;
