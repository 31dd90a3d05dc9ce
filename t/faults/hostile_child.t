# A process that runs as the httpd user owns the memory it shares with the parent: whatever it writes there, the parent lives, the
# page is answered, and handshakes go on. Writes through /proc/<child>/mem, so it needs root.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;
use Time::HiRes qw(sleep);

use constant { BLOCK => 1 << 20, WORDS => 4000 };

BAIL_OUT('another process\'s memory is written: run as root') if $>;
my %is = (root => 'build/t/hostile_child', vhosts => [qw(std expired)], mpm => $ENV{APACHE_TEST_MPM} // 'event');

# Bytes of each anonymous shared mapping of a child => where they begin.
sub shared_mappings
{
    my ($server) = @_;
    my ($child) = TLSDiag::Server::children($server->pid);
    my %found;
    no warnings 'portable';    # addresses have more than 32 bits
    for (split /\n/, TLSDiag::Server::read_file("/proc/$child/maps")) {
        push @{ $found{ hex($2) - hex $1 } }, hex $1 if /^([0-9a-f]+)-([0-9a-f]+) rw-s .*(?:\/dev\/zero|\[anon_shmem)/;
    }
    return \%found;
}

# httpd's own mappings are those it has without the module.
my $without = TLSDiag::Server->new(%is, module => '', no_log => 1);
$without->start;
my $theirs = shared_mappings($without);
$without->stop;

my $server = use_server(TLSDiag::Server->new(%is, extra => 'TLSDiagStateFile state/tlsdiag.state'));
$server->start;
my $parent = $server->pid;

sub ours
{
    my $all = shared_mappings($server);
    return map { my $bytes = $_; map { [ $_, $bytes ] } @{ $all->{$bytes} } } grep { !$theirs->{$_} } sort { $a <=> $b } keys %$all;
}

sub memory
{
    my ($child) = TLSDiag::Server::children($server->pid);
    open my $memory, '+<:raw', "/proc/$child/mem" or die "/proc/$child/mem: $!\n";
    return $memory;
}

sub put
{
    my ($memory, $at, $bytes) = @_;
    sysseek $memory, $at, 0 or die "seek in memory: $!\n";
    (syswrite($memory, $bytes) // 0) == length $bytes or die "write to memory: $!\n";
}

# Everything becomes random, or all ones; or some words do and the rest stays, so that what is checked first still looks good.
sub scribble_all
{
    my ($make) = @_;
    my $memory = memory();
    for (ours()) {
        my ($at, $bytes) = @$_;
        put($memory, $at + $_, $make->($bytes - $_ < BLOCK ? $bytes - $_ : BLOCK)) for map { $_ * BLOCK } 0 .. ($bytes - 1) / BLOCK;
    }
}

sub scribble_words
{
    my ($share) = @_;
    my $memory = memory();
    for (ours()) {
        my ($at, $bytes) = @$_;
        my $count = $bytes / 8 / $share < WORDS ? $bytes / 8 / $share : WORDS;
        put($memory, $at + 8 * int rand $bytes / 8, rand() < 0.3 ? "\xff" x 8 : random(8)) for 1 .. $count;
    }
}

sub random
{
    my ($bytes) = @_;
    open my $in, '<:raw', '/dev/urandom' or die "/dev/urandom: $!\n";
    read $in, my ($random), $bytes;
    return $random;
}

# The first spool, as it would have to be to hurt most: its owner is dead, and has left four gigabytes.
sub plant_orphan
{
    my ($at) = @{ (ours())[-1] };
    my $memory = memory();
    sysseek $memory, $at, 0;
    sysread $memory, my $head, 64;
    put($memory, $at, pack('L', 0x3ffffff) . substr($head, 4, 4) . "\xff" x 56);
}

my @ours = ours();
cmp_ok(scalar @ours, '>=', 4, 'the module shares ' . @ours . ' mappings: ' . join ', ', map { $_->[1] } @ours);

my @deeds = (
    [ 'some words'           => sub { scribble_words(200) } ],
    [ 'a spool without end'  => \&plant_orphan ],
    [ 'many words'           => sub { scribble_words(4) } ],
    [ 'all ones'             => sub { scribble_all(sub { "\xff" x $_[0] }) } ],
    [ 'all zeros'            => sub { scribble_all(sub { "\0" x $_[0] }) } ],
    [ 'nothing but noise'    => sub { scribble_all(\&random) } ],
);
for my $round (1 .. longer(1, 30)) {
    for (@deeds) {
        my ($name, $do) = @$_;
        run_load(vhost_port('std'), 2);
        $do->();
        my @history = run_load(vhost_port('std'), 2);
        is(scalar(grep { $_->{outcome} eq 'broken' } @history), 0, "$name: handshakes go on");
        my @answers = map { page($_)->{status} } '', '/json', '/records?limit=1000', '/metrics', '/vhost/localhost:' . vhost_port('expired');
        is(scalar(grep { $_ != 200 && $_ != 503 && $_ != 404 } @answers), 0, "... the page is answered: @answers");
        is(page_at('/server-status')->{status} || 0, 404, '... and so are others');
        $server->reload;
        is($server->pid, $parent, '... the parent lives over a graceful restart');
    }
}
$server->stop;
my @crashes = grep { /exit signal|Segmentation|AH00051|AH00052/ } split /\n/, TLSDiag::Server::read_file($server->file('logs/error_log'));
is(scalar @crashes, 0, 'no process crashed') or diag(join "\n", @crashes[ 0 .. ($#crashes < 5 ? $#crashes : 5) ]);
$server->start;
is(page('')->{status}, 200, 'and httpd starts again, whatever it saved');
$server->stop;
done_testing;
