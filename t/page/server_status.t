# mod_status shows a summary, and its machine form keeps to "Key: value" lines.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my $extra = "<Location /server-status>\nSetHandler server-status\nRequire local\n</Location>";
my $server = use_server(TLSDiag::Server->new(root => 'build/t/server-status', vhosts => ['std'], extra => $extra));
$server->start;
connect_to(std => openssl('-tls1_3')) for 1 .. 2;
connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'));

my $auto = page_at('/server-status?auto')->{content};
my %value = $auto =~ /^(TLSDiag\w+): (\d+)$/mg;
is_deeply([ @value{qw(TLSDiagHandshakesStarted TLSDiagHandshakesSucceeded TLSDiagHandshakesFailed TLSDiagHandshakesInProgress)} ],
    [ 3, 2, 1, 0 ], '?auto has our numbers');
is(scalar(grep { /tlsdiag/i && !/^TLSDiag\w+: \d+$/ } split /\n/, $auto), 0, 'and of ours nothing else than "Key: value" lines') or diag($auto);
my $html = page_at('/server-status')->{content};
like($html, qr/TLS handshakes \(mod_tlsdiag\)/, 'the HTML form has a block of ours');
like($html, qr/version\.client_too_old/, 'with the causes of failures');
unlike($html, qr/t11d/, 'and nothing that names a client');
$server->stop;

$server = use_server(TLSDiag::Server->new(root => 'build/t/server-status', vhosts => ['std'], extra => "$extra\nTLSDiagServerStatus Off"));
$server->start;
unlike(page_at('/server-status?auto')->{content}, qr/TLSDiag/, 'TLSDiagServerStatus Off: nothing of ours');
$server->stop;
done_testing;
