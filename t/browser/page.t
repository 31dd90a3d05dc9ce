# A real Chromium (Debian's) uses the status page over https; t/browser/page.js is what it does there and prints the TAP.
# Screenshots are left in build/t/browser/shots.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use Cwd        qw(getcwd);
use File::Copy qw(copy);
use File::Path qw(make_path);
use JSON::XS   ();

my ($chromium) = grep { -x } qw(/usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome);
BAIL_OUT('no chromium: make deps installs it') if !$chromium;

# The packages from npm, in build/, as the lock file has them.
my $modules = getcwd() . '/build/npm';
make_path($modules);
copy("t/browser/$_", "$modules/$_") or die "$_: $!\n" for qw(package.json package-lock.json);
if (!-e "$modules/node_modules/axe-core/axe.js") {
    system("cd '$modules' && npm ci --no-audit --no-fund >npm.log 2>&1") == 0 or BAIL_OUT("npm ci failed:\n" . TLSDiag::Server::read_file("$modules/npm.log"));
}

my $server = use_server(TLSDiag::Server->new(root => 'build/t/browser', vhosts => [qw(std onecipher expired)]));
$server->start;
my $shots = $server->file('shots');
make_path($shots);

connect_to(std => openssl('-tls1_3')) for 1 .. 3;
connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')) for 1 .. 3;
connect_to(onecipher => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256')) for 1 .. 2;
connect_to(expired => curl());
connect_to(std => raw("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
connect_to(std => hello_then(client_hello(server_name => '<script>alert(1)</script>'), sub { my ($socket) = @_; print {$socket} alert(42) }));
my ($record) = records_of('cause=cipher&limit=1');

$ENV{NODE_PATH} = "$modules/node_modules";
$ENV{TLSDIAG_BROWSER} = JSON::XS::encode_json({
    chromium => $chromium,
    url      => 'https://localhost:' . vhost_port('std') . '/tlsdiag-status',
    tlsPort  => vhost_port('std'),
    ranking  => [ 'version.client_too_old', 'cipher.none_common' ],
    record   => "/record/$record->{event}{id}",
    vhost    => '/vhost/localhost:' . vhost_port('std'),
    shots    => $shots,
});
my $status = system('node', 't/browser/page.js');
$server->stop;
exit($status >> 8);
