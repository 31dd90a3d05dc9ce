# What httpd says to good and bad configuration, and in which order modules may be loaded.
use TLSDiag::Test;
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

# --- a log that cannot be opened is said at start, with its folder
$server = configured('TLSDiagLog /nonexistent/folder/tlsdiag.json');
($status, $said) = $server->run('-k', 'start');
$said .= TLSDiag::Server::read_file($server->file('logs/error_log')) if -e $server->file('logs/error_log');
like($said, qr{/nonexistent/folder/}, 'a folder that is not there is named');
$server->stop;
done_testing;
