# Without mod_ssl there is nothing to observe: httpd -t and the start say so, and the site is served all the same.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my $server = use_server(TLSDiag::Server->new(root => 'build/t/no-ssl', vhosts => [], mpm => $ENV{APACHE_TEST_MPM} // 'event'));
for my $file (qw(conf/modules.conf conf/httpd.conf)) {
    my $text = TLSDiag::Server::read_file($server->file($file));
    TLSDiag::Server::write_file($server->file($file), $text =~ s/^(?:LoadModule ssl_module|SSL|CustomLog).*\n//gmr);
}
my $says = qr/tlsdiag:start\.no_mod_ssl .*load mod_ssl too \(LoadModule ssl_module/;
my ($status, $said) = $server->run('-t');
is($status, 0, 'httpd -t: no reason to take the site down');
is(scalar(() = $said =~ /$says/g), 1, '... but an error that says what to write') or diag($said);
$server->start;
like(TLSDiag::Server::read_file($server->file('logs/error_log')), qr/\[tlsdiag:error\].*$says/, 'the error log has it too');
like(page_at('/')->{content}, qr/welcome/, 'plain HTTP is served');
is(page('')->{status}, 200, 'and so is the status page');
$server->stop;
done_testing;
