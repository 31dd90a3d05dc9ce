# TLSDiagStateFile where it cannot be written, is half there, or is something else than a file: httpd starts, says so once, and
# everything else works; what was saved before is never damaged. Mounts a tmpfs, so it needs root.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep time);

BAIL_OUT('a tmpfs is mounted: run as root') if $>;
my $state = 'disk/kept/tlsdiag.state';
my $server = use_server(TLSDiag::Server->new(root => 'build/t/state_file', vhosts => ['std'], mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => "TLSDiagStateFile $state"));
my $disk = $server->file('disk');
my $folder = "$disk/kept";
mkdir $disk;
system('mount', '-t', 'tmpfs', '-o', 'mode=0755,size=32m', 'tmpfs', $disk) == 0 or BAIL_OUT('cannot mount a tmpfs');
END { if ($server) { $server->stop; system 'umount', '-l', $disk } }

# All of the disk but so many bytes.
sub fill
{
    my ($ballast, $left) = @_;
    my ($free) = `df --output=avail -B1 '$disk'` =~ /(\d+)/;
    TLSDiag::Server::write_file($ballast, 'x' x ($free - $left));
}

# One handshake more is counted, and its line is written.
sub saved_ok
{
    my ($name, $count) = @_;
    is(snapshot()->{handshakes}{failed}, $count, "$name: $count handshakes are counted");
    run_load(vhost_port('std'), 1, workers => 1, only => 'refused');
    ok(settled(), '... one more, and its line');
}

# Start, and see how often the error log gets a line with this id; all else must work.
sub started_ok
{
    my ($name, %lines) = @_;
    my $before = { map { $_ => scalar error_lines_of("tlsdiag:$_") } keys %lines };
    $server->start;
    is(error_lines_of("tlsdiag:$_") - $before->{$_}, $lines{$_}, "$name: $lines{$_} lines tlsdiag:$_") for sort keys %lines;
}

mkdir $folder;
$server->start;
saved_ok('a new file', 0);
$server->stop;
my $good = TLSDiag::Server::read_file($server->file($state));

# --- the folder is gone
rename $folder, "$folder.away";
started_ok('the folder is gone', 'state\.not_written' => 1, 'start\.state_not_used' => 0);
saved_ok('... from zero', 0);
$server->stop;
ok(!-e $folder, '... and nothing makes it anew');
rename "$folder.away", $folder;

# --- what lies there is not a file of ours: never waited for, never followed, never replaced
my $elsewhere = $server->file('elsewhere');
for my $case ([ 'a FIFO', sub { POSIX::mkfifo($_[0], 0600) } ], 
    [ 'a symlink to one that fits', sub { symlink $elsewhere, $_[0] } ], [ 'a symlink to nowhere', sub { symlink "$folder/nowhere", $_[0] } ]) {
    my ($what, $make) = @$case;
    TLSDiag::Server::write_file($elsewhere, $good);
    unlink $server->file($state);
    $make->($server->file($state));
    local $SIG{ALRM} = sub { die "httpd waits for $what\n" };
    alarm patience(60);
    started_ok("$what in its place", 'start\.state_not_used' => 1, 'state\.not_written' => 1);
    alarm 0;
    my ($device, $inode) = lstat $server->file($state);
    saved_ok('... from zero', 0);
    $server->stop;
    is_deeply([ (lstat $server->file($state))[ 0, 1 ] ], [ $device, $inode ], '... which is still there');
    is(TLSDiag::Server::read_file($elsewhere), $good, '... what a symlink points to is left alone');
    ok(!-e "$folder/nowhere", '... and not made');
}

# --- a name that will never be a file: told before httpd starts, and not replaced while it runs
sub null_device { system('mknod', '-m', '666', $_[0], 'c', 1, 3) == 0 or BAIL_OUT('cannot make a device') }
for my $case ([ 'device', \&null_device ], [ 'directory', sub { mkdir $_[0] } ]) {
    my ($what, $make) = @$case;
    unlink $server->file($state);
    $make->($server->file($state));
    my ($status, $said) = $server->run('-t');
    isnt($status, 0, "a $what in its place: httpd -t refuses it");
    like($said, qr/TLSDiagStateFile: \Q@{[ $server->file($state) ]}\E is a $what, name a file/, '... and says what to write');
}
rmdir $server->file($state);
$server->start;
unlink $server->file($state);
null_device($server->file($state));
$server->stop;
ok(-c $server->file($state), 'a device that takes its place while httpd runs is left alone');
is(error_lines_of('tlsdiag:state\.not_written'), 5, '... and that is told');
unlink $server->file($state);

# --- half written: the end is missing
TLSDiag::Server::write_file($server->file($state), substr $good, 0, length($good) / 2);
started_ok('half a file', 'start\.state_not_used' => 1);
saved_ok('... from zero', 0);
$server->stop;

# --- httpd is killed while it writes: what was saved before stays, and half a file does not stay behind
for my $round (1 .. longer(3, 30)) {
    unlink glob "$folder/*";
    TLSDiag::Server::write_file($server->file($state), $good);
    $server->start;
    my $pid = $server->pid;
    kill TERM => $pid;
    my $deadline = time + 20;
    1 while !glob("$folder/*.new") && kill(0 => $pid) && time < $deadline;
    kill KILL => $pid, TLSDiag::Server::children($pid);
    sleep 0.01 while kill(0 => $pid) && time < $deadline;
    unlink $server->file('logs/httpd.pid');
    started_ok("round $round, killed while it writes", 'start\.state_not_used' => 0);
    is(snapshot()->{handshakes}{failed}, 1, '... what was saved before is there');
    $server->stop;
    is_deeply([ glob "$folder/*" ], [ $server->file($state) ], '... and nothing else is left in the folder');
}

# --- the disk is full: the file of before stays as it is
unlink glob "$folder/*";
TLSDiag::Server::write_file($server->file($state), $good);
fill("$disk/ballast", length($good) / 2);
started_ok('a full disk', 'state\.not_written' => 1, 'start\.state_not_used' => 0);
saved_ok('... with what was saved', 1);
$server->stop;
ok(TLSDiag::Server::read_file($server->file($state)) eq $good, '... which is still there');
is_deeply([ glob "$folder/*" ], [ $server->file($state) ], '... alone');

# --- read-only
unlink "$disk/ballast";
system('mount', '-o', 'remount,ro', $disk) == 0 or BAIL_OUT('cannot remount');
started_ok('read-only', 'state\.not_written' => 1, 'start\.state_not_used' => 0);
saved_ok('... with what was saved', 1);
$server->reload;
is(snapshot()->{handshakes}{failed}, 2, '... and counting goes on over a graceful restart');
$server->stop;
done_testing;
