# The JSON log is rotated under load: renamed and httpd told (graceful), copied and truncated, or removed. No line is lost, none
# comes twice, none is damaged.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use File::Copy  qw(copy);
use Time::HiRes qw(sleep);

my $server = use_server(TLSDiag::Server->new(root => 'build/t/log_rotation', vhosts => ['std'], mpm => $ENV{APACHE_TEST_MPM} // 'event'));
my $log = $server->file('logs/std.json');
my @files = ($log);
my $umask = umask 0;
$server->start;
umask $umask;

sub is_private
{
    my ($file, $name) = @_;
    my @is = stat $file;
    is($is[2] & 0777, 0640, "$name: mode 0640");
    is($is[4], $>, '... and of whoever started httpd');
}

is_private($log, 'the first log');

# --- renamed, as logrotate does without copytruncate
my @history;
my $load = start_load(vhost_port('std'));
for my $number (1 .. longer(3, 60)) {
    sleep 0.4;
    rename $log, "$log.$number" or die "$log: $!\n";
    push @files, "$log.$number";
    $server->reload;
}
sleep 0.4;
push @history, stop_load($load);
ok(settled(), 'renamed under load, with a graceful restart each time: each line was written');
my $found = read_log(@files);
is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, 'no handshake of ' . @history . ' failed');
is(scalar @{ $found->{damaged} }, 0, 'no line is damaged');
each_once_ok('each handshake is in one of ' . @files . ' files', \@history, $found->{records});
is_deeply([ sort { $a <=> $b } map { $_->{event}{sequence} } @{ $found->{records} } ], [ 1 .. @history ], 'event.sequence has no gap and no double');
is(lost_lines(), 0, 'nothing counts as lost');
cmp_ok(scalar(grep { -s } @files), '>', 2, 'and the files took turns');
is_private($_, 'a log of later') for $log, $files[-1];

# --- copied and truncated, at rest: nothing may be missing; under load: nothing may be damaged
for my $number (1 .. 2) {
    push @history, run_load(vhost_port('std'), 5);
    ok(settled(), 'copied and truncated at rest');
    push @files, "$log.copy.$number";
    copy($log, $files[-1]);
    truncate $log, 0;
}
push @history, run_load(vhost_port('std'), 5);
ok(settled(), '... and written on');
$found = read_log(@files);
is(scalar @{ $found->{damaged} }, 0, 'no line is damaged, and no hole is left where the end was');
each_once_ok('each handshake is in one of ' . @files . ' files', \@history, $found->{records});
$load = start_load(vhost_port('std'));
for (1 .. longer(5, 200)) {
    sleep 0.1;
    truncate $log, 0;
}
push @history, stop_load($load);
ok(settled(), 'truncated under load: each line was written');
is(scalar @{ read_log($log)->{damaged} }, 0, 'none of those that are left is damaged');

# --- removed: httpd writes on into the file without a name, and makes a new one when told
unlink $log;
push @history, run_load(vhost_port('std'), 2);
ok(settled(), 'removed: lines are still taken');
ok(!-e $log, '... and no child makes the file anew');
$server->reload;
is_private($log, 'after a graceful restart there is a new one');
push @history, my @after = run_load(vhost_port('std'), 3);
ok(settled(), 'and it is written to');
each_once_ok('... each handshake', \@after, read_log($log)->{records});
is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, 'no handshake of ' . @history . ' failed');
$server->stop;
done_testing;
