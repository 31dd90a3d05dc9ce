# What changes while httpd runs is told without a restart: a certificate that expires, one that was renewed on disk and not
# loaded, one that went away; each once, and again when it is no longer so.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd         qw(getcwd);
use File::Temp  qw(tempdir);
use POSIX       qw(strftime);
use Time::HiRes qw(sleep time);

my $files = tempdir('tlsdiag-XXXXXX', TMPDIR => 1, CLEANUP => 1); # httpd's children must be able to go there
my $pki   = getcwd() . '/build/t/pki';
system($^X, 't/bin/make-pki', $pki) == 0 or die "make-pki failed\n";
chmod 0755, $files;

# A certificate for the seconds from now on, by the test's intermediate, beside its chain.
sub issue
{
    my ($name, $from, $to) = @_;
    my ($begin, $end) = map { strftime '%Y%m%d%H%M%SZ', gmtime time + $_ } $from, $to;
    TLSDiag::Server::write_file("$files/ext", "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost\n");
    TLSDiag::Server::write_file("$files/index", '');
    TLSDiag::Server::write_file("$files/ca.cnf", "[ca]\ndefault_ca=this\n[this]\ndatabase=$files/index\nrand_serial=yes\nnew_certs_dir=$files\npolicy=p\n[p]\ncommonName=supplied\n[req]\ndistinguished_name=p\n");
    for my $command ("req -new -config $files/ca.cnf -key $pki/ecdsa.key -subj /CN=$name.example.test -out $files/csr",
        "ca -batch -notext -config $files/ca.cnf -md sha256 -in $files/csr -out $files/new.pem -extfile $files/ext"
            . " -startdate $begin -enddate $end -cert $pki/intermediate.pem -keyfile $pki/intermediate.key") {
        my $said = `openssl $command 2>&1`;
        die "openssl $command: $said" if $?;
    }
    return join '', map { TLSDiag::Server::read_file($_) } "$files/new.pem", "$pki/intermediate.pem";
}

sub put { TLSDiag::Server::write_file("$files/$_[0].pem", $_[1]) }

put($_ => issue($_, -10, 86400 * 30)) for qw(renewed lost);
my $server = audited([ map { $_ => { cert => "$files/$_.pem", key => "$pki/ecdsa.key" } } qw(short renewed lost) ], root => 'audit-running',
    top => getcwd(), main => "TLSDiagAuditInterval 1\nLogLevel tlsdiag:info\nTLSDiagAudit info\nTLSDiagSimulate Off");
my $life = patience(12);
put(short => issue('short', -patience(10), $life));
my $expires = time + $life;
my %place = reverse %{ $server->{audited} };
$server->start;
my $parent = $server->pid;

my $soon = wait_for_line($server, qr/audit\.cert\.expires_in_1_day \Q$place{short}\E/, 6);
ok(defined $soon, 'a certificate in its last third is told');
is(scalar(lines_of($server, qr/audit\.cert\.expired/)), 0, 'none has expired yet');

my $renewed = issue('renewed', -5, 86400 * 60);
put(renewed => $renewed);
my $newer = wait_for_line($server, qr/audit\.file\.newer_than_loaded \Q$place{renewed}\E/, 6);
ok(defined $newer, 'a certificate renewed on disk without a reload is told');
like($newer // '', qr{\Q$files\E/renewed\.pem was changed on .* ends on}, 'with the file and both dates');
like($newer // '', qr/Reload httpd/, 'and what to do');

put(lost => "no certificate\n");
ok(defined wait_for_line($server, qr/audit\.file\.no_certificate \Q$place{lost}\E/, 6), 'a file that holds no certificate any more is told');
unlink "$files/lost.pem";
ok(defined wait_for_line($server, qr/audit\.file\.gone/, 6), 'a file that is gone is told');
ok(defined wait_for_line($server, qr/audit\.file\.no_certificate \Q$place{lost}\E: no longer so/, 6), 'what is no longer so is told too');

my $expired = wait_for_line($server, qr/audit\.cert\.expired \Q$place{short}\E/, $expires - time + 8);
ok(defined $expired, 'a certificate that expires while httpd runs is told');
my $client = openssl('-servername', 'localhost')->(audit_port($server, 'short'));
like($client->{output}, qr/certificate has expired/, 'and a real client says the same');
ok(defined wait_for_line($server, qr/audit\.cert\.expires_in_1_day \Q$place{short}\E: no longer so/, 3), 'the warning before it is taken back');

put(short => issue('short', -1, 86400 * 30));
ok(defined wait_for_line($server, qr/audit\.file\.expired_still_loaded \Q$place{short}\E/, 6), 'renewed too late and not loaded: told as such');
put(renewed => issue('renewed', -86400 * 20, 86400 * 5));
ok(defined wait_for_line($server, qr/audit\.file\.older_than_loaded \Q$place{renewed}\E/, 6), 'an older one on disk is told');
chmod 0600, "$files/renewed.pem";
ok(defined wait_for_line($server, qr/audit\.file\.not_watched \Q$place{renewed}\E/, 6), 'a file that children cannot read is told') if !$>;

sleep 2.5;
is(scalar(lines_of($server, qr/audit\.cert\.expired \Q$place{short}\E/)), 1, 'once, however often the audit runs');
is(scalar(grep { !/no longer so/ } lines_of($server, qr/audit\.file\.newer_than_loaded/)), 1, 'and so is the renewal');
is($server->pid, $parent, 'httpd was not restarted');

# --- a reload takes what is on disk
chmod 0644, "$files/renewed.pem";
put($_ => issue($_, -10, 86400 * 30)) for qw(renewed lost);
put(short => issue('short', -10, 86400 * 30));
my $before = () = lines_of($server, qr/resuming normal operations/);
kill USR1 => $parent;
sleep 0.1 while (() = lines_of($server, qr/resuming normal operations/)) == $before;
sleep 2.5;
my @after = map { (split /resuming normal operations/, TLSDiag::Server::read_file($server->file('logs/error_log')))[-1] } 1;
unlike($after[0], qr/audit\.(cert\.expired|file\.)/, 'after a reload all is well');
$server->stop;
done_testing;
