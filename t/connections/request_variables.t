# TLSDiagEnv: what a request learns of the handshake its connection began with, where it was asked for and nowhere else, and the
# same after the configuration was read again: the hook is hung while that happens.
use TLSDiag::Test;
use TLSDiag::Server;

my $tell = 'Header always set X-Seen "id=%{TLSDIAG_ID}e ja4=%{TLSDIAG_JA4}e cause=%{TLSDIAG_CAUSE}e resumed=%{TLSDIAG_RESUMED}e"';
my $server = use_server(TLSDiag::Server->new(root => 'build/t/request_variables', mpm => $ENV{APACHE_TEST_MPM} // 'event',
    table => [ asks => { conf => "TLSDiagEnv On\n$tell" }, asks_too => { conf => "TLSDiagEnv On\n$tell" }, silent => { conf => $tell } ]));
$server->start;
variables_ok('at first');
$server->reload;
variables_ok('after a graceful restart');
$server->stop;
done_testing;

sub variables_ok
{
    my ($when) = @_;
    for my $vhost (qw(asks asks_too silent)) {
        my $seen = connect_to($vhost, tls('TLSv1_3'));
        my ($id, @values) = $seen->{output} =~ /^X-Seen: id=(\S+) ja4=(\S+) cause=(\S+) resumed=(\S+?)\r?$/m or die "no header: $seen->{output}\n";
        if ($vhost eq 'silent') {
            is("$id @values", '(null) (null) (null) (null)', "$when: a vhost that does not ask is told nothing");
            next;
        }
        my $record = $seen->{record};
        is("$id @values", join(' ', value_at($record, 'event.id'), value_at($record, 'tlsdiag.ja4'), 'ok', 'Initial'),
            "$when, $vhost: id, JA4, cause and resumption of its record");
    }
}
