# Children are killed at any moment under load: what a client saw done is on record, the books balance, and what is gone has left
# a gap that says so.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep);

my $mpm    = $ENV{APACHE_TEST_MPM} // 'event';
my $server = use_server(TLSDiag::Server->new(root => "build/t/sigkill-$mpm", vhosts => ['std'], mpm => $mpm));
my $log = $server->file('logs/std.json');
$server->start;

sub a_child
{
    my @children = TLSDiag::Server::children($server->pid);
    return @children ? $children[ rand @children ] : undef;
}

my $load = start_load(vhost_port('std'), workers => 3);
my $kills = 0;
for (1 .. longer(30, 600)) {
    sleep rand patience(0.15);
    my $child = a_child() or next;
    $kills += kill KILL => $child;
}
sleep patience(0.5);
my @history = stop_load($load);
cmp_ok($kills, '>', 20, "$kills children were killed");
ok($server->pid, 'httpd lives');
my %outcomes = (served => 0, refused => 0, broken => 0);
$outcomes{ $_->{outcome} }++ for @history;
cmp_ok($outcomes{served}, '>', 20, join ', ', map { "$outcomes{$_} handshakes $_" } sort keys %outcomes);

# What dead children had in their spools is written when the parent looks after it: when they have ended, every ten seconds, and at a restart.
$server->reload;
# The kernel gives a port out again: one whose first client saw its connection break may have a good record of that as well.
my %broken = map { $_->{port} => 1 } grep { $_->{outcome} eq 'broken' } @history;
my @served = grep { $_->{outcome} eq 'served' && !$broken{ $_->{port} } } @history;
my %of_served = map { $_->{port} => 1 } @served;
my $successes = sub { return grep { $_->{event}{outcome} eq 'success' && $of_served{ $_->{source}{port} } } @{ read_log($log)->{records} } };
for (1 .. 60) {
    last if $successes->() >= @served;
    sleep 0.5;
}
each_once_ok('each handshake that went well is on record', \@served, [ $successes->() ]);

my $json = wait_until(sub { my $now = snapshot(); !$now->{handshakes}{in_progress} && $now });
ok($json, 'nothing is in progress any more');
my $books = $json->{handshakes};
ok(books($json), "started $books->{started} = succeeded $books->{succeeded} + failed $books->{failed} + abandoned $books->{abandoned}");
cmp_ok($books->{succeeded}, '>=', $outcomes{served} - $kills, 'what went well is counted, but for those that died between the line and the count');
cmp_ok($books->{abandoned}, '<=', $outcomes{broken} + $kills, 'abandoned are those that broke, or were killed behind the client\'s back');

my $found = read_log($log);
cmp_ok(scalar @{ $found->{damaged} }, '<=', $kills, @{ $found->{damaged} } . ' lines are damaged, no more than kills');
my %ids;
$ids{ $_->{event}{id} }++ for @{ $found->{records} };
is(scalar(grep { $_ > 1 } values %ids), 0, 'no line comes twice');
my @numbers = sort { $a <=> $b } map { $_->{event}{sequence} } @{ $found->{records} };
my $gaps = $numbers[-1] - @numbers;
cmp_ok($gaps, '<=', $books->{abandoned}, "event.sequence has $gaps gaps, each a handshake that counts as abandoned");
my $lines = 0;
$lines += $json->{counters}{$_} for grep { /^log_lines_/ } keys %{ $json->{counters} };
cmp_ok(abs($lines - @{ $found->{records} }), '<=', $kills, "$lines lines written or lost, " . @{ $found->{records} } . ' in the log');

# And all of it goes on.
my @after = run_load(vhost_port('std'), 5);
is(scalar(grep { $_->{outcome} eq 'broken' } @after), 0, 'new children serve');
ok(wait_until(sub { @{ read_log($log)->{records} } == @{ $found->{records} } + @after }), '... and log');
is(page('')->{status}, 200, '... and show the page');
$server->stop;
done_testing;
