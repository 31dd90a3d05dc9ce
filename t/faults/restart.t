# Restarts and stops under load and with handshakes in flight: the clients' own history, the log and the counters agree; children
# that live for one connection leave no slot taken.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep time);

my $mpm = $ENV{APACHE_TEST_MPM} // 'event';
my ($server, $log);

sub begin
{
    my ($mpm_now, $extra) = @_;
    $server = use_server(TLSDiag::Server->new(root => 'build/t/faults_restart', vhosts => ['std'], mpm => $mpm_now, extra => $extra));
    $log = $server->file('logs/std.json');
    $server->start;
}

sub good { return grep { $_->{outcome} ne 'broken' } @_ }

# --- one graceful restart after the other under load
begin($mpm, 'TLSDiagStateFile state/tlsdiag.state');
my $load = start_load(vhost_port('std'));
for (1 .. longer(4, 120)) {
    $server->reload;
    sleep 0.5;
}
my @history = stop_load($load);
my $json = settled();
my $found = read_log($log);
is(good(@history), @history, @history . ' handshakes over graceful restarts: none fails');
each_once_ok('the history is the log', \@history, $found->{records});
is(scalar @{ $found->{damaged} }, 0, '... no line is damaged');
is($json->{handshakes}{started}, scalar @history, 'the history is what is counted');
is($json->{handshakes}{abandoned}, 0, '... nothing is abandoned');
is_deeply([ sort { $a <=> $b } map { $_->{event}{sequence} } @{ $found->{records} } ], [ 1 .. @history ], '... and event.sequence has no gap');

# --- a hard restart: what was in flight is cut, what was done is on record
my $before = @{ $found->{records} };
my @held = in_flight(3);
$load = start_load(vhost_port('std'));
for (1 .. longer(2, 40)) {
    sleep 0.5;
    kill HUP => $server->pid;
}
ok(wait_until(sub { tls()->(vhost_port('std'))->{status} == 0 }), 'hard restarts under load: httpd serves again');
my @now = stop_load($load);
$json = wait_until(sub { my $is = eval { snapshot() }; $is && !$is->{handshakes}{in_progress} && $is });
ok($json, 'after hard restarts nothing is in progress');
sleep patience(0.5);    # the last lines gather for a tenth of a second
ok(books($json), '... and the books balance');
my $abandoned = $json->{handshakes}{abandoned};
ok($abandoned >= 3 && $abandoned <= 3 + @now - good(@now), "... $abandoned were abandoned: those in flight, and those of which a client knows");
$found = read_log($log);
my %is_good = map { $_->{port} => 1 } good(@now);
each_once_ok('each that a client saw done is on record', \@now, [ grep { $is_good{ $_->{source}{port} } } @{ $found->{records} }[ $before .. $#{ $found->{records} } ] ]);

# --- stopped with handshakes in flight: counted when httpd starts again
@held = in_flight(3);
$server->stop;
$server->start;
$json = snapshot();
is($json->{handshakes}{abandoned}, $abandoned + 3, 'stopped: those in flight were abandoned');
ok(books($json) && !$json->{handshakes}{in_progress}, '... and the books balance');

# --- stopped gracefully: what is in flight goes on to its end
@held = in_flight(2);
my $done = read_log($log)->{records};
my $pid = $server->pid;
kill WINCH => $pid;
sleep 0.5;
my $answered = 0;
for my $socket (@held) {
    $answered += finish_refused($socket);
}
is($answered, 2, 'graceful-stop: those in flight get their answer');
my $deadline = time + 30;
sleep 0.05 while kill(0 => $pid) && time < $deadline;
ok(!kill(0 => $pid), '... then httpd ends');
is(@{ read_log($log)->{records} } - @$done, 2, '... and they are on record');
$server->start;
is(snapshot()->{handshakes}{failed}, $json->{handshakes}{failed} + 2, '... and counted');
$server->stop;

# --- children that live for one connection: neither spools nor slots run out (128 and 66)
begin('prefork', "StartServers 20\nMinSpareServers 20\nMaxSpareServers 32\n<IfDefine !LongLife>\nMaxConnectionsPerChild 1\n</IfDefine>");
@history = run_load(vhost_port('std'), longer(40, 500), workers => 4);
$json = settled();
ok($json, @history . ' children: each line was written');
is(good(@history), @history, '... no handshake fails');
is($json->{handshakes}{started}, @history, '... the history is what is counted');
each_once_ok('... and what is in the log', \@history, read_log($log)->{records});
@held = in_flight(2);
kill KILL => TLSDiag::Server::children($server->pid);
$json = wait_until(sub { my $is = eval { snapshot() }; $is && !$is->{handshakes}{in_progress} && $is });
is($json && $json->{handshakes}{abandoned}, 2, 'slots are left: the books of a child that is killed are settled');
TLSDiag::Server::write_file($server->file('conf/vhosts.conf'), "Define LongLife\n" . TLSDiag::Server::read_file($server->file('conf/vhosts.conf')));
$server->reload;
ok(gathers(), 'spools are left: lines are gathered');
$server->stop;
done_testing;

# Without a spool a line is in the log before its client hears the last of httpd; with one a tenth of a second later.
sub gathers
{
    for (1 .. 20) {
        my $size = -s $log;
        tls()->(vhost_port('std'));
        return 1 if -s $log == $size;
        sleep 0.3;
    }
    return 0;
}
