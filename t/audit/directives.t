# What is logged, what is ignored and why, what is refused.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd qw(getcwd);

# Start it, and return the audit's log lines per vhost: name => { id => line }. The server's own under ''.
sub said_at_start
{
    my ($main, @vhosts) = @_;
    my $server = audited(\@vhosts, root => 'audit-directives', top => getcwd(), main => "TLSDiagSimulate Off\n$main");
    $server->start;
    my %said;
    for (lines_of($server, qr/tlsdiag:audit\./)) {
        /tlsdiag:(audit\.[\w.]+) (this server|\S+?:\d+):/ or next;
        $said{ $2 eq 'this server' ? '' : $server->{audited}{$2} }{$1} .= $_;
    }
    $server->stop;
    return (\%said, $server);
}

sub ids { my ($said, $name) = @_; return join ' ', sort keys %{ $said->{$name} // {} } }

my @old = (cert => 'expired', protocol => '+TLSv1.2', conf => '');

my ($said) = said_at_start('', std => {}, old => {@old});
is(ids($said, 'old'), 'audit.cert.expired audit.version.tls13_off', 'by default errors and warnings are logged');
is(ids($said, 'std'), '', 'of a healthy vhost nothing is');
like($said->{old}{'audit.cert.expired'}, qr/\[tlsdiag:error\]/, 'an error at level error');
like($said->{old}{'audit.version.tls13_off'}, qr/\[tlsdiag:warn\].*Directive: SSLProtocol -all \+TLSv1\.2 \+TLSv1\.3$/,
    'a warning at level warn, with the directive');

($said) = said_at_start('TLSDiagAudit error', old => {@old}, more => { @old, conf => 'TLSDiagAudit notice' });
is(ids($said, 'old'), 'audit.cert.expired', 'TLSDiagAudit error: errors only');
is(ids($said, 'more'), 'audit.cert.expired audit.version.tls13_off', 'a vhost may want more');

($said) = said_at_start('TLSDiagAudit Off', old => {@old});
is(ids($said, 'old') . ids($said, ''), '', 'TLSDiagAudit Off: nothing');
($said) = said_at_start('', old => { @old, conf => 'TLSDiagAudit Off' }, new => {@old});
is(ids($said, 'old'), '', 'Off for one vhost');
is(ids($said, 'new'), 'audit.cert.expired audit.version.tls13_off', 'the other one speaks');

# --- ignored, with a reason
my $ignore = 'TLSDiagAuditIgnore audit.version.tls13_off "the machines in hall 3 <b>\\"cannot\\"</b>"';
($said, my $server) = said_at_start('TLSDiagAuditIgnore audit.host.clock_unsynchronised "no time service in tests"',
    old => { @old, conf => $ignore }, other => {@old});
is(ids($said, 'old'), 'audit.cert.expired', 'an ignored finding is not logged');
is(ids($said, 'other'), 'audit.cert.expired audit.version.tls13_off', '... on that vhost alone');
my $found = findings($server);
ok((grep { $_ eq 'Ignored here: the machines in hall 3 <b>"cannot"</b>' } @{ $found->{old}{'audit.version.tls13_off'}{lines} }),
    'httpd -t -D TLSDIAG_AUDIT shows it, with the reason');
($said) = said_at_start('TLSDiagAuditIgnore audit.version.tls13_off "for all"', old => {@old}, new => {@old});
is(ids($said, 'old') . ' ' . ids($said, 'new'), 'audit.cert.expired audit.cert.expired', 'in the server config it holds for all vhosts');

# --- refused
sub refused
{
    my ($line, $says) = @_;
    my ($status, $output) = audited([ std => { conf => $line } ], root => 'audit-directives', top => getcwd())->run('-t');
    isnt($status, 0, "refused: $line");
    like($output, $says, '... and says what to write');
}
refused('TLSDiagAudit loud', qr/none of On, Off, error, warning, notice and info/);
refused('TLSDiagAuditIgnore audit.cert.wrong "x"', qr/there is no check "audit\.cert\.wrong"/);
refused('TLSDiagAuditIgnore audit.cert.expired', qr/and a reason in quotes/);
refused('TLSDiagAuditInterval 5', qr/not allowed in <VirtualHost>|cannot occur within/);
refused('TLSDiagSimulate On', qr/not allowed in <VirtualHost>|cannot occur within/);
my ($status, $output) = audited([ std => {} ], root => 'audit-directives', top => getcwd(), main => 'TLSDiagAuditInterval soon')->run('-t');
like($output, qr/"soon" is no number of seconds/, 'refused: TLSDiagAuditInterval soon');
done_testing;
