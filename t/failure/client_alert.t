# The client answers our flight with an alert: it is on record with direction, name and number, in TLS 1.2 and 1.3.
use TLSDiag::Test;

my %cause = (
    10  => 'client_alert.unexpected_message',
    20  => 'client_alert.bad_record_mac',
    22  => 'client_alert.record_overflow',
    40  => 'client_alert.handshake_failure',
    47  => 'client_alert.illegal_parameter',
    49  => 'client_alert.access_denied',
    50  => 'client_alert.decode_error',
    51  => 'client_alert.decrypt_error',
    60  => 'client_alert.other',
    71  => 'client_alert.insufficient_security',
    80  => 'client_alert.internal_error',
    109 => 'client_alert.missing_extension',
    110 => 'client_alert.unsupported_extension',
    112 => 'client_alert.unrecognized_name',
    116 => 'client_alert.certificate_required',
    120 => 'client_alert.no_application_protocol',
    200 => 'client_alert.other',
);
my %name = (10 => 'unexpected_message', 40 => 'handshake_failure', 71 => 'insufficient_security', 109 => 'missing_extension', 116 => 'certificate_required');

for my $version ([ '1.2' => undef ], [ '1.3' => [ 0x0304, 0x0303 ] ]) {
    my ($number, $versions) = @$version;
    for my $code (sort { $a <=> $b } keys %cause) {
        seen_ok("alert $code, TLS $number", std => hello_then(client_hello(versions => $versions), alert($code)), {
            'tlsdiag.cause'              => $cause{$code},
            'event.outcome'              => 'failure',
            'tls.version'                => $number,
            'tlsdiag.ended_by'           => 'alert_received',
            'tlsdiag.alerts.0.direction' => 'received',
            'tlsdiag.alerts.0.level'     => 'fatal',
            'tlsdiag.alerts.0.code'      => $code,
            $name{$code} ? ('tlsdiag.alerts.0.name' => $name{$code}) : (),
        });
    }
    seen_ok("user_canceled and close_notify, TLS $number", std => hello_then(client_hello(versions => $versions), alert(90, 1) . alert(0, 1)),
        { 'tlsdiag.cause' => 'client_alert.user_canceled', 'tlsdiag.alerts.0.code' => 90, 'tlsdiag.alerts.0.level' => 'warning' });
    seen_ok("close_notify, TLS $number", std => hello_then(client_hello(versions => $versions), alert(0, 1)),
        { 'tlsdiag.cause' => 'client_alert.close_notify', 'tlsdiag.alerts.0.code' => 0 });
}
seen_ok('protocol_version to TLS 1.3', std => hello_then(client_hello(), alert(70)),
    { 'tlsdiag.cause' => 'version.client_refused', message => qr/forbids TLS 1\.3, though its hello offers it/ });
done_testing;
