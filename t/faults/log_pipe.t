# A log pipe whose reader stands still, dies, or stands still until the end: no handshake waits for it, what it does not take is
# counted, and httpd starts another reader.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep);

use constant { PIPE_BYTES => 65536, LATE_MS => 5000 };

# "|$": by a shell, which appends to a file; exec makes the reader httpd's own child.
my @vhosts = (std => { conf => 'TLSDiagLog "|$exec /bin/cat >>${LOGS}/piped.json"' });
my $server = use_server(TLSDiag::Server->new(root => 'build/t/log_pipe', table => \@vhosts, no_log => 1, mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => 'TLSDiagStateFile state/tlsdiag.state'));
my $log = $server->file('logs/piped.json');
$server->start;

# httpd's child that reads the log; undef while there is none.
sub reader { return `ps -o pid=,comm= --ppid @{[ $server->pid ]}` =~ /^ *(\d+) cat$/m ? $1 : undef }

sub another_than { my ($before) = @_; return wait_until(sub { my $now = reader(); $now && $now != $before }) }

sub on_record { return scalar @{ read_log($log)->{records} } }

# --- it stands still: the pipe and the spools fill, then lines are lost
my $reader = reader();
my @history = run_load(vhost_port('std'), 10);
ok(settled(), 'a reader that reads: each line was written');
kill STOP => $reader;
my @stopped = run_load(vhost_port('std'), longer(50, 2500), workers => 4);
push @history, @stopped;
is(scalar(grep { $_->{outcome} eq 'broken' } @stopped), 0, 'the reader stands still: no handshake of ' . @stopped . ' fails');
is(scalar(grep { $_->{ms} > LATE_MS } @stopped), 0, '... and none waits');
cmp_ok(lost_lines(qr/pipe_full/), '>', 0, 'lines are lost: ' . lost_lines());
kill CONT => $reader;
ok(settled(), 'it goes on: each line was written or counted as lost');
my $lost = lost_lines();
is(wait_until(sub { on_record() + $lost == @history }), 1, 'lines in the log and lines lost are the handshakes');
my $found = read_log($log);
is(scalar @{ $found->{damaged} }, 0, 'none is damaged');
each_once_ok('each of them once', \@history, $found->{records}, but => $lost);

# --- it is killed under load: another one takes over, and only what the dead one had already read is gone
my $load = start_load(vhost_port('std'));
my $kills = longer(2, 30);
for (1 .. $kills) {
    my $killed = reader();
    kill KILL => $killed;
    ok(another_than($killed), 'the reader was killed: there is another');
}
my @killed = stop_load($load);
push @history, @killed;
is(scalar(grep { $_->{outcome} eq 'broken' } @killed), 0, 'no handshake of ' . @killed . ' fails');
ok(settled(), 'each line was written or counted as lost');
$lost = lost_lines();
my $size = 0;
wait_until(sub { my $before = $size; $size = -s $log; sleep patience(0.3) if $size != $before; $size == $before });    # the reader has all
$found = read_log($log);
my $gone = @history - $lost - @{ $found->{records} };
my $shortest = (sort { $a <=> $b } map { length } split /\n/, TLSDiag::Server::read_file($log))[ scalar @{ $found->{damaged} } ];
cmp_ok($gone * $shortest, '<=', $kills * PIPE_BYTES, "$gone lines went with the readers: no more than a pipe holds");
cmp_ok(scalar @{ $found->{damaged} }, '<=', $kills, 'each leaves one damaged line at most');
my %numbers = map { $_->{event}{sequence} => 1 } @{ $found->{records} };
is(scalar(grep { !$numbers{$_} } 1 .. @history), $gone + $lost, 'event.sequence has a gap for each line that is not there');

# --- a graceful restart ends it while the old children still serve: what they tell then goes to the next reader
my @held = in_flight(3);
my ($on_record, $lost_before) = (on_record(), lost_lines());
my $ended = reader();
kill USR1 => $server->pid;
ok(another_than($ended), 'a graceful restart: another reader');
finish_refused($_) for @held;
ok(wait_until(sub { on_record() == $on_record + @held }), '... has the lines of the old children');
is(lost_lines(), $lost_before, '... and none is lost');
push @history, ({ outcome => 'refused' }) x @held;

# --- they still serve when the log itself is removed: then it is lost, and counted
@held = in_flight(3);
my $vhosts = TLSDiag::Server::read_file($server->file('conf/vhosts.conf'));
(my $elsewhere = $vhosts) =~ s/piped\.json/elsewhere.json/ or die "no log in vhosts.conf\n";
TLSDiag::Server::write_file($server->file('conf/vhosts.conf'), $elsewhere);
$ended = reader();
kill USR1 => $server->pid;
ok(another_than($ended), '... and a graceful restart names another log');
finish_refused($_) for @held;
is(wait_until(sub { lost_lines(qr/log_removed/) == @held }), 1, '... they count as lost when their log was removed');
TLSDiag::Server::write_file($server->file('conf/vhosts.conf'), $vhosts);
$server->reload;
push @history, ({ outcome => 'refused' }) x @held;

# --- it stands still until httpd ends: what is left in the spools is lost, and counted before the counters are saved
my $before = lost_lines();
my $written = written_lines();
kill STOP => $reader = reader();
push @history, my @last = run_load(vhost_port('std'), 25, only => 'refused');
$server->stop;
kill KILL => $reader;
$server->start;
my $counted = lost_lines() - $before + written_lines() - $written;
is($counted, scalar @last, 'httpd stopped before the reader went on: each line was written into the pipe or counted as lost');
cmp_ok(scalar(error_lines_of('tlsdiag:log\.lines_lost')), '>=', 1, '... and the error log was told of losses');
$server->stop;
done_testing;
