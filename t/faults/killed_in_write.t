# A child is killed just as it writes lines to the log: before, half-way, or after. The parent finds out which lines are there and
# writes the others: each comes once. Of a pipe nobody can say: what was on its way counts as lost.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep);

use constant { LINES_OF_A_WRITE => 8 };

my @vhosts = (std => {}, piped => { conf => 'TLSDiagLog "|$exec /bin/cat >>${LOGS}/piped.txt"' });
my $server = use_server(TLSDiag::Server->new(root => 'build/t/killed_in_write', table => \@vhosts, mpm => $ENV{APACHE_TEST_MPM} // 'event'));
my $when = $server->file('when');
TLSDiag::Server::write_file($when, pack 'l', 0);
{
    local $ENV{TLSDIAG_DIE} = $when;
    local $ENV{LD_PRELOAD}  = preloaded('die_in_write');
    $server->start;
}

# In place: httpd has the file mapped.
sub die_at
{
    my ($moment) = @_;
    open my $out, '+<', $when or die "$when: $!\n";
    syswrite $out, pack 'l', $moment;
}

sub has_died { return TLSDiag::Server::read_file($when) eq pack 'l', 0 }

sub die_once_ok
{
    my ($vhost, $name, $moment) = @_;
    my @before = run_load(vhost_port($vhost), 1, workers => 2, only => 'served');
    settled();
    die_at($moment);
    my @during = run_load(vhost_port($vhost), 1, workers => 1, only => 'served');
    ok(wait_until(\&has_died), "$vhost: a child is killed $name");
    sleep 0.5;              # it takes a moment to die
    push @during, run_load(vhost_port($vhost), 3, workers => 2, only => 'served');
    sleep patience(0.3);    # httpd ends a pipe's reader whether it has read all or not; the tenth of a second, and time to read
    $server->reload;        # the parent looks after what it left
    return (@before, @during);
}

my (@history, $damaged);
for my $round (1 .. longer(1, 20)) {
    for my $case ([ 'before it writes', 1, 0 ], [ 'half-way', 2, 1 ], [ 'after it wrote', 3, 0 ]) {
        my ($name, $moment, $torn) = @$case;
        push @history, die_once_ok('std', $name, $moment);
        $damaged += $torn;
    }
}
my $found = read_log($server->file('logs/std.json'));
each_once_ok('each handshake that went well is in the log once', [ grep { $_->{outcome} eq 'served' } @history ],
    [ grep { $_->{event}{outcome} eq 'success' } @{ $found->{records} } ]);
cmp_ok(scalar @{ $found->{damaged} }, '<=', $damaged, 'a line is damaged only where a write was cut');
is(scalar(grep { /"\@timestamp".*"\@timestamp"/ } @{ $found->{damaged} }), 0, '... and has no other in it');
is(lost_lines(), 0, 'none counts as lost');

@history = map { die_once_ok('piped', @$_) } [ 'before it writes', 1 ], [ 'after it wrote', 3 ];
my @good = grep { $_->{outcome} eq 'served' } @history;
my $log  = $server->file('logs/piped.txt');
my $lost = lost_lines(qr/process_killed/);
ok($lost > 0 && $lost <= 2 * LINES_OF_A_WRITE, "a pipe: $lost lines count as lost");
ok(wait_until(sub { @{ read_log($log)->{records} } + $lost >= @good }), '... and with them none is missing');
my %ids;
$ids{ $_->{event}{id} }++ for @{ read_log($log)->{records} };
is(scalar(grep { $_ > 1 } values %ids), 0, '... or there twice');
$server->stop;
done_testing;
