# Lines gather: at full speed, when both halves of their room fill within a tenth of a second, many still go out in one write. Were each
# written by the thread that serves the client, a refused handshake would cost half as much again.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep time);

use constant { LINES_OF_A_WRITE => 10, WRITES_A_SECOND => 10 };    # some fifteen lines fill a half

my $server = use_server(TLSDiag::Server->new(root => 'build/t/log_writes', table => [ std => {}, quiet => { conf => 'TLSDiagLog none' }, other => { conf => 'TLSDiagLog logs/other.json' } ], mpm => 'event',
    extra => join "\n", 'StartServers 1', 'ServerLimit 1', 'ThreadsPerChild 25', 'MinSpareThreads 1', 'MaxSpareThreads 25', 'MaxRequestWorkers 25'));
$server->start;
my $child = wait_until(sub { (TLSDiag::Server::children($server->pid))[0] });

# So many refused handshakes as fast as they come. Returns how many write(2) and the like the one child made, for whatever reason.
sub writes_of
{
    my ($vhost, $count) = @_;
    my $before = writes();
    my @history = run_load(vhost_port($vhost), $count / 5, workers => 5, only => 'refused');
    is(scalar(grep { $_->{outcome} eq 'refused' } @history), $count, "$count refusals by vhost $vhost");
    sleep 0.5;
    return writes() - $before;
}

sub writes { return TLSDiag::Server::read_file("/proc/$child/io") =~ /^syscw: (\d+)/m ? $1 : die "no count of writes\n" }

writes_of($_, 50) for qw(std quiet);    # what is written once, and the error-log lines that are not held back
my $written = written_lines();
my $quiet = writes_of('quiet', 2000);
is(written_lines(), $written, '... which has no log');
my $began = time;
my $logged = writes_of('std', 2000);
my $seconds = time - $began;
my $lines = written_lines() - $written;
cmp_ok($lines, '>=', 2000, 'a vhost with a log writes each');
my $more = $logged - $quiet;
cmp_ok($more, '<', $lines / LINES_OF_A_WRITE + $seconds * WRITES_A_SECOND, sprintf '... in few writes: %d for %d lines in %.1f s', $more, $lines, $seconds);

# --- one line in another log goes with the next tenth of a second, though the busy log fills its room over and over
my $load = start_load(vhost_port('std'), workers => 4, only => 'refused');
wait_until(sub { written_lines() > $written + $lines + 200 });
my $before = written_lines();
$began = time;
TLSDiag::Faults::be_refused(vhost_port('other'));
ok(wait_until(sub { -s $server->file('logs/other.json') }), 'a line of another log is written');
$seconds = time - $began;
my $meanwhile = written_lines() - $before;
stop_load($load);
cmp_ok($seconds, '<', patience(1), sprintf '... within a second (%.2f s), while the busy log went on', $seconds);
cmp_ok($meanwhile, '>', 50, "... with $meanwhile lines");
$server->stop;
done_testing;
