# A full disk under the JSON log: no handshake notices, each line that is lost is counted and told once a minute, and when there
# is room again the next line is whole, whichever process writes it. Mounts a small tmpfs, so it needs root.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use File::Copy qw(copy);

use constant { DISK_BYTES => 192 * 1024, BALLAST_BYTES => 96 * 1024, TO_FILL => 20, AFTER => 4 };

BAIL_OUT('the disk is a tmpfs: run as root') if $>;
my @vhosts = (std => { conf => 'TLSDiagLog small/std.json' }, full => { conf => 'TLSDiagLog /dev/full' });
my $server = use_server(TLSDiag::Server->new(root => 'build/t/disk_full', table => \@vhosts, no_log => 1, mpm => $ENV{APACHE_TEST_MPM} // 'event'));
my $disk = $server->file('small');
mkdir $disk;
system('mount', '-t', 'tmpfs', '-o', 'mode=0755,size=' . DISK_BYTES, 'tmpfs', $disk) == 0 or BAIL_OUT('cannot mount a tmpfs');
END { if ($server) { $server->stop; system 'umount', '-l', $disk } }
my $log = "$disk/std.json";
my $begun = time;
$server->start;
is((stat $log)[2] & 0777, 0640, 'the log is made with mode 0640');

# Fill the disk, make room, and take the log away as logrotate's copytruncate does; again and again.
my (@history, @copies);
for my $round (1 .. longer(3, 60)) {
    TLSDiag::Server::write_file("$disk/ballast", 'x' x BALLAST_BYTES);
    push @history, run_load(vhost_port('std'), TO_FILL);
    ok(settled(), "round $round, the disk is full: each handshake's line was written or counted as lost");
    unlink "$disk/ballast";
    my @after = run_load(vhost_port('std'), AFTER);
    push @history, @after;
    ok(settled(), '... there is room: likewise');
    my %of_after = map { $_->{port} => 1 } @after;
    each_once_ok('... and every line is written', \@after, [ grep { $of_after{ $_->{source}{port} } } @{ read_log($log)->{records} } ]);
    push @copies, $server->file("copy.$round");
    copy($log, $copies[-1]);
    truncate $log, 0;
}

is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, 'no handshake of ' . @history . ' noticed');
my $found = read_log(@copies);
my $lost = lost_lines();
cmp_ok($lost, '>', 0, "$lost lines were lost");
is(scalar @{ $found->{records} }, written_lines(), 'what counts as written is in the log');
is(@{ $found->{records} } + $lost, scalar @history, 'lines in the log and lines lost are the handshakes');
each_once_ok('none comes twice', \@history, $found->{records}, but => $lost);
is(scalar @{ $found->{damaged} }, lost_lines(qr/short_write/), 'each write that was cut off left one damaged line');
is(scalar(grep { /"\@timestamp".*"\@timestamp"/ } @{ $found->{damaged} }), 0, '... that took no other with it');
cmp_ok(scalar(grep { $_->{tlsdiag}{lost_before} } @{ $found->{records} }), '>', 0, 'the next line says how many were lost before it');

# /dev/full: not one line can be written.
my $before = lost_lines();
@history = run_load(vhost_port('full'), 10);
ok(settled(), '/dev/full: each line counts as lost');
is(lost_lines() - $before, scalar @history, '... all ' . @history);
is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, '... and no handshake noticed');

my @told = error_lines_of('tlsdiag:log\.lines_lost');
my $minutes = 1 + int((time - $begun) / 60);
for my $target ('small/std\.json', '/dev/full') {
    my $count = grep { /$target, \d+ lines are lost/ } @told;
    ok($count >= 1 && $count <= $minutes, "the error log was told of $target: $count lines in $minutes minutes");
}
done_testing;
