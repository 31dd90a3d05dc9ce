# Connections that never say a word of TLS, and are nobody's fault.
use TLSDiag::Test;

my %quiet = ('event.outcome' => 'failure', 'log.level' => 'info', 'tlsdiag.act' => 'nobody', 'source.bytes' => 0, 'tlsdiag.stage' => 'connected');
seen_ok('opened and closed', std => raw(sub { }), { %quiet, 'tlsdiag.cause' => 'probe.closed', 'tlsdiag.ended_by' => 'closed' });
seen_ok('opened and reset', std => raw(\&reset_connection), { %quiet, 'tlsdiag.cause' => 'probe.reset', 'tlsdiag.ended_by' => 'reset' });
seen_ok('opened and silent', timeout => raw(sub { read_flight($_[0], 5) }), { %quiet, 'tlsdiag.cause' => 'probe.silent', 'tlsdiag.ended_by' => 'timeout' });
done_testing;
