# What we leave on the machine: logs that only root may write and its group read, a state file for root alone, no name in
# /dev/shm, no System V segment, nothing that a child opened; and links are no way to other files.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

plan(skip_all => 'only root has files that others may not write') if $>;
my $server = use_server(TLSDiag::Server->new(root => 'build/t/files', vhosts => [qw(std failures)], mpm => $ENV{APACHE_TEST_MPM} // 'event', extra => 'TLSDiagStateFile state/kept'));
my %before = map { $_ => 1 } shared_names();
{
    umask 0;    # the most careless administrator
    $server->start;
    umask 022;
}
connect_to(std => tls());
is(sprintf('%04o', (stat $server->file("logs/$_"))[2] & 07777), '0640', "logs/$_ is 0640, whatever the umask") for qw(std.json failures.json);
is((stat $server->file('logs/std.json'))[4], 0, '... and belongs to root');
is_deeply([ grep { !$before{$_} } shared_names() ], [], 'nothing of ours has a name in /dev/shm, nor a System V key');

# A restart keeps what the administrator chose.
chmod 0600, $server->file('logs/std.json');
$server->reload;
is(sprintf('%04o', (stat $server->file('logs/std.json'))[2] & 07777), '0600', 'a log that is there keeps its mode');
$server->stop;
my $kept = $server->file('state/kept');
is(sprintf('%04o', (stat $kept)[2] & 07777), '0600', 'the state file is 0600');
is((stat $kept)[4], 0, '... and belongs to root');
is_deeply([ map { s{.*/}{}r } grep { /kept/ } glob $server->file('state/*') ], ['kept'], '... and its temporary file is gone');
done_testing;

sub shared_names { return (glob('/dev/shm/*'), grep { /^0x(?!00000000)/ } `ipcs -m`) }
