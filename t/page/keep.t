# What was counted is kept: over graceful restarts under load, when a child is killed, and over a stop by TLSDiagStateFile.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use Time::HiRes qw(sleep time);

my $mpm = $ENV{APACHE_TEST_MPM} // 'event';
my $state = 'state/tlsdiag.state';

sub configured
{
    my ($extra) = @_;
    return use_server(TLSDiag::Server->new(root => 'build/t/keep', vhosts => ['std'], mpm => $mpm, extra => $extra));
}

sub error_log_since
{
    my ($at) = @_;
    return TLSDiag::Test::lines_since(server()->file('logs/error_log'), $at);
}

# --- graceful restarts under load: the client's own count, the log and the page agree
my $server = configured('');
$server->start;
my $mark = mark('std');
my $restarter = fork // die "fork: $!";
if (!$restarter) {
    for (1 .. 8) {
        kill USR1 => $server->pid;
        sleep 0.35;
    }
    require POSIX;
    POSIX::_exit(0);
}
my ($good, $until) = (0, time + 3.2);
while (time < $until) {
    $good++ if tls()->($server->port('std'))->{status} == 0;
}
waitpid $restarter, 0;
my @records = records($mark, $good);
my $json = wait_until(sub { my $now = snapshot(); $now->{handshakes}{in_progress} == 0 && $now });
is(scalar(grep { $_->{event}{outcome} eq 'success' } @records), $good, "$good good handshakes over eight graceful restarts have their records");
is($json->{handshakes}{succeeded}, $good, 'the page counts the same');
ok(books($json), 'the books balance');
is($json->{handshakes}{abandoned}, 0, 'nothing was abandoned');
my $since = $json->{since};
is(snapshot()->{since}, $since, 'and counting began once');

# --- a child that is killed: what it had in progress was abandoned
my @held = map { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $server->port('std')) } 1 .. 3;
print {$_} substr client_hello(), 0, 50 for @held;
my $held = wait_until(sub { my $now = snapshot(); $now->{handshakes}{in_progress} == 3 && $now });
ok($held, 'three handshakes are in progress');
kill KILL => TLSDiag::Server::children($server->pid);
my $after = wait_until(sub { my $now = eval { snapshot() }; $now && $now->{handshakes}{in_progress} == 0 && $now });
ok($after, 'the children were killed: nothing is in progress');
is($after->{handshakes}{abandoned}, 3, 'three were abandoned');
ok(books($after), 'the books balance');
$mark = mark('std');
is(tls()->($server->port('std'))->{status}, 0, 'new children go on');
is(wait_until(sub { snapshot()->{handshakes}{succeeded} == $good + 1 && 1 }), 1, 'and count on');

# --- another size at a graceful restart is told, and waits for the next start
my $at = -s $server->file('logs/error_log');
my $bytes = snapshot()->{host}{shared_bytes};
open my $conf, '>>', $server->file('conf/vhosts.conf') or die $!;
print {$conf} "\nTLSDiagRecords 1000\n";
close $conf;
$server->reload;
like(join("\n", error_log_since($at)), qr/tlsdiag:start\.size_kept.*TLSDiagRecords/, 'a new size at a graceful restart is told');
is(snapshot()->{host}{shared_bytes}, $bytes, 'the old one stays');
is(snapshot()->{handshakes}{succeeded}, $good + 1, 'with its numbers');
$server->stop;
$server->start;
cmp_ok(snapshot()->{host}{shared_bytes}, '>', $bytes + 700 * 4096, 'a start gives it');
$server->stop;

# --- the state file
$server = configured("TLSDiagStateFile $state");
$server->start;
connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')) for 1 .. 3;
$server->stop;
ok(-s $server->file($state), 'TLSDiagStateFile is written when httpd stops');
is((stat $server->file($state))[2] & 0777, 0600, '... for nobody else to read');
$server->start;
$json = snapshot();
is($json->{all}{failures}{'version.client_too_old'}, 3, 'a start goes on with what was counted');
is(scalar(records_of('cause=version')), 3, 'and has the records');
connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'));
is(snapshot()->{all}{failures}{'version.client_too_old'}, 4, 'and counts on');
$server->stop;

# Damaged: said once, and from zero.
$at = -s $server->file('logs/error_log');
open my $file, '+<', $server->file($state) or die $!;
seek $file, 20000, 0;
print {$file} 'damage';
close $file;
$server->start;
like(join("\n", error_log_since($at)), qr/tlsdiag:start\.state_not_used.*damaged/, 'a damaged file is told');
is(snapshot()->{handshakes}{started}, 0, 'and not used');
$server->stop;

# Of another size: likewise.
$server = configured("TLSDiagStateFile $state");
$server->start;
$server->stop;
$at = -s $server->file('logs/error_log');
TLSDiag::Server::write_file($server->file('conf/vhosts.conf'), TLSDiag::Server::read_file($server->file('conf/vhosts.conf')) . "TLSDiagRecords 20\n");
$server->start;
like(join("\n", error_log_since($at)), qr/tlsdiag:start\.state_not_used.*size/, 'so is one that was made for another size');
$server->stop;

# A folder that cannot be written: one line, and everything else works.
$server = configured("TLSDiagStateFile /proc/nothing/tlsdiag.state");
$at = -s $server->file('logs/error_log') // 0;
$server->start;
is(scalar(grep { /tlsdiag:state\.not_written/ } error_log_since($at)), 1, 'a file that cannot be written: one error line');
connect_to(std => openssl('-tls1_3'));
is(snapshot()->{handshakes}{succeeded}, 1, 'and the statistics work');
$server->reload;
is(scalar(grep { /tlsdiag:state\.not_written/ } error_log_since($at)), 2, 'a restart says it again, nothing more');
$server->stop;
done_testing;
