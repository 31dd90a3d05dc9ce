# What httpd says to good and bad configuration, and in which order modules may be loaded.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my $mpm = $ENV{APACHE_TEST_MPM} // 'event';

sub configured
{
    my ($extra, %more) = @_;
    return TLSDiag::Server->new(root => "build/t/startup-$mpm", vhosts => ['std'], mpm => $mpm, extra => $extra, %more);
}

sub refused
{
    my ($name, $extra, $says) = @_;
    my ($status, $said) = configured($extra)->run('-t');
    isnt($status, 0, "$name is refused");
    like($said, $says, "$name: says what to write");
}

my ($status, $said) = configured('')->run('-t');
is($status, 0, 'the plain configuration is good') or diag($said);

refused('TLSDiag maybe', 'TLSDiag maybe', qr/TLSDiag.*\bOn\b.*\bOff\b/is);
refused('TLSDiagLog without a file', 'TLSDiagLog', qr/TLSDiagLog/);
refused('TLSDiagLog with an unknown word', 'TLSDiagLog logs/x.json sometimes', qr/all.*failures|failures.*all/s);
refused('TLSDiagLog with a folder', 'TLSDiagLog logs', qr/is a directory, name a file in it/);
refused("TLSDiagRecords $_", "TLSDiagRecords $_", qr/"\Q$_\E" is no number from 1 to \d+/) for qw(0 -1 ten 10x 99999999999);
refused("TLSDiagSharedMemory $_", "TLSDiagSharedMemory $_", qr/"\Q$_\E" is no size from 1M to 4096M/) for qw(0 much 512K 8G 4097M -8M 18446744073709551616);
refused('TLSDiagStateFile without a name', 'TLSDiagStateFile ""', qr/takes one argument, a file or none/);
refused('TLSDiagStateFile with a folder', 'TLSDiagStateFile logs', qr/is a directory, name a file in it/);
refused("TLSDiagMaskClient $_", "TLSDiagMaskClient $_", qr/"\Q$_\E" is no number of bits/) for '0 48', '33 48', '24 129', 'a b';
refused("$_ in a vhost", "<VirtualHost 127.0.0.1:1>\n$_\n</VirtualHost>", qr/cannot occur within <VirtualHost> section/)
    for 'TLSDiagRecords 10', 'TLSDiagSharedMemory 8M', 'TLSDiagStateFile none', 'TLSDiagMaskClient 24 48', 'TLSDiagAuditInterval 10';
refused('TLSDiag in a directory', "<Directory />\nTLSDiag On\n</Directory>", qr/not allowed in <Directory> context/);

# --- loaded before mod_ssl, it still sees handshakes
my $server = configured('', load_first => 1);
{
    local $ENV{TLSDIAG_ROOT} = "build/t/startup-$mpm";
    $server->start;
    my $mark = mark('std');
    my $client = openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')->($server->port('std'));
    my @records = records_ok($mark, 1, 'loaded before mod_ssl: the handshake is recorded') or diag($client->{output});
    fields_ok($records[0], { 'tlsdiag.cause' => 'version.client_too_old' }) if @records;
    $server->stop;
}

# --- nothing but LoadModule, stock log level: failures speak in the error log
$server = configured('LogLevel warn', no_log => 1);
$server->start;
my $at = -s $server->file('logs/error_log');
my $client = openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')->($server->port('std'));
my $quiet = raw("SSH-2.0-x\r\n")->($server->port('std'));
select undef, undef, undef, 0.3;
my @lines = TLSDiag::Test::lines_since($server->file('logs/error_log'), $at);
is(scalar(grep { /\[tlsdiag:warn\].*version\.client_too_old/ } @lines), 1, 'LoadModule alone at LogLevel warn: one line for the failed handshake');
is(scalar(grep { /not_tls/ } @lines), 0, 'and none for an SSH probe');
$server->stop;

# --- sizes: what is asked for is nearly used up and not exceeded; what cannot do is told
for my $case ([ '8M', 8 << 20 ], [ '9000k', 9000 << 10 ], [ 10_000_000, 10_000_000 ]) {
    my ($size, $bytes) = @$case;
    $server = use_server(configured("TLSDiagSharedMemory $size\nTLSDiagStateFile none"));
    $server->start;
    my $used = snapshot()->{host}{shared_bytes};
    ok($used <= $bytes && $used > 0.95 * $bytes, "TLSDiagSharedMemory $size: $used bytes");
    $server->stop;
}
$server = configured("TLSDiagSharedMemory 1M\nTLSDiagRecords 1000");
$server->start;
like(TLSDiag::Server::read_file($server->file('logs/error_log')), qr/tlsdiag:start\.shared_memory_small.* 1000 records/, 'too little is told');
$server->stop;

# --- a log that cannot be opened is said at start, with its folder
$server = configured('TLSDiagLog /nonexistent/folder/tlsdiag.json');
($status, $said) = $server->run('-k', 'start');
$said .= TLSDiag::Server::read_file($server->file('logs/error_log')) if -e $server->file('logs/error_log');
like($said, qr{/nonexistent/folder/}, 'a folder that is not there is named');
$server->stop;
done_testing;
