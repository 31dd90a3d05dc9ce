# What the simulation says must be what real connections get: first each client's own ClientHello over the wire to the
# running server, then real programs, as far as they are installed.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd              qw(getcwd);
use IO::Select       ();
use IO::Socket::INET ();
use JSON::PP         qw(decode_json);
use Time::HiRes      qw(sleep time);

my @vhosts = (
    std       => {},
    rsa       => { cert => 'rsa', suites => 'DEFAULT' },
    dual      => { cert => [ 'ecdsa', 'rsa' ], suites => 'DEFAULT', conf => 'SSLHonorCipherOrder On' },
    ed25519   => { cert => 'ed25519' },
    tls12     => { protocol => '+TLSv1.2', cert => 'rsa', suites => 'DEFAULT' },
    tls13     => { protocol => '+TLSv1.3' },
    legacy    => { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3', cert => 'rsa', suites => 'ALL:@SECLEVEL=0' },
    seclevel  => { protocol => '+TLSv1 +TLSv1.1 +TLSv1.2 +TLSv1.3', cert => 'rsa', suites => 'DEFAULT' },
    groups    => { conf => 'SSLOpenSSLConfCmd Groups P-384' },
    x25519    => { conf => 'SSLOpenSSLConfCmd Groups X25519' },
    'rsa-kx'  => { protocol => '+TLSv1.2', cert => 'rsa', suites => 'kRSA' },
    dhe       => { protocol => '+TLSv1.2', cert => 'rsa', suites => 'kDHE' },
    cbc       => { protocol => '+TLSv1.2', suites => 'ECDHE-ECDSA-AES256-SHA' },
    sigalgs   => { cert => 'rsa', conf => 'SSLOpenSSLConfCmd SignatureAlgorithms RSA-PSS+SHA512:RSA+SHA512' },
    h2        => { conf => 'Protocols h2 http/1.1' },
    mtls      => { conf => "SSLVerifyClient require\nSSLCACertificateFile \${PKI}/client-ca.pem" },
    behind    => { port_of => 'rsa', name => 'www.example.test', protocol => '+TLSv1.2',
        conf => 'SSLOpenSSLConfCmd Groups P-384' },
);
my $server = audited(\@vhosts, root => 'audit-simulation', top => getcwd(), main => "TLSDiagLog logs/all.json all");
my $matrix = matrix($server);
my %name   = map { my ($place, $vhost) = ($_, $server->{audited}{$_}); ($vhost => $place =~ s/:\d+$//r) } keys %{ $server->{audited} };
is(scalar keys %$matrix, @vhosts / 2, 'a block for each vhost');

$server->start;
my $log = $server->file('logs/all.json');

# The records that come from now on, once there are so many.
my $read_to = 0;
sub next_records
{
    my ($count) = @_;
    my ($deadline, @records) = (time + patience(8));
    while (@records < $count && time < $deadline) {
        sleep 0.05;
        open my $in, '<', $log or next;
        seek $in, $read_to, 0;
        while (my $line = <$in>) {
            last if $line !~ /\n\z/;
            $read_to += length $line;
            push @records, decode_json($line);
        }
    }
    return @records;
}

# The record in the words of the matrix.
sub in_words
{
    my ($record) = @_;
    return 'no record' if !$record;
    my ($tls, $retry) = ($record->{tls}, $record->{tlsdiag}{negotiated}{hello_retry_request});
    return "fails: $record->{tlsdiag}{cause}" if !$tls->{cipher};
    return join ' ', "TLSv$tls->{version}" =~ s/1\.0/1/r, $tls->{cipher}, $tls->{curve} // (), $retry ? '(HelloRetryRequest)' : ();
}

# The simulation goes on after a HelloRetryRequest, a hello alone does not: then the ServerHello's choice is not there yet.
# A client that refuses a group, or a certificate for another name, does so after the server's answer.
sub same_verdict
{
    my ($said, $record) = @_;
    return $record->{tlsdiag}{negotiated}{hello_retry_request} ? 1 : 0 if $said =~ /HelloRetryRequest/;
    return $record->{tls}{cipher} ? 1 : 0 if $said =~ /fails: (?:dh\.too_small|client_alert|server_cert)\./;
    return ($said =~ s/ +/ /gr) eq in_words($record);
}

sub send_hello
{
    my ($port, $hello) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "connect: $!\n";
    my $from = $socket->sockport;
    print {$socket} pack 'H*', $hello;
    IO::Select->new($socket)->can_read(3);
    close $socket;
    return $from;
}

for my $vhost (sort keys %$matrix) {
    my (%client, @wrong);
    for (`build/t/tool/client-hello $name{$vhost}`) {
        my ($client, $hello) = /^(.*)\t([0-9a-f]+)$/ or die "client-hello says: $_";
        $client{ send_hello(audit_port($server, $vhost), $hello) } = $client;
    }
    my %record = map { ($_->{source}{port} => $_) } next_records(scalar keys %client);
    for my $port (sort keys %client) {
        my ($record, $said) = ($record{$port}, $matrix->{$vhost}{ $client{$port} });
        next if $record && same_verdict($said, $record);
        push @wrong, "$client{$port}: simulation says \"$said\", the wire \"" . in_words($record) . '"';
    }
    ok(!@wrong, "$vhost: all " . keys(%client) . ' hellos get over the wire what the simulation says') or diag("$_") for @wrong ? join "\n", @wrong : '';
}

# --- real programs: each name of the matrix, how to run it against a port, and whether it is here in that version
my %program = (
    'OpenSSL 3.0 (curl, Python, PHP)' => [ qr/^OpenSSL 3\.0\./, 'openssl version',
        'echo Q | openssl s_client -connect 127.0.0.1:PORT -servername localhost -alpn h2,http/1.1' ],
    # With its own OpenSSL; Debian 13's takes the system's.
    'Node.js 20' => [ qr/^v20\S+ 3\.0\./, q{node -p 'process.version + " " + process.versions.openssl'},
        q{node -e 'require("tls").connect({host:"127.0.0.1",port:PORT,servername:"localhost",rejectUnauthorized:false},function(){this.end("GET / HTTP/1.0\r\n\r\n")}).on("error",()=>0)'} ],
    'GnuTLS 3.7 (wget, curl)' => [ qr/^gnutls-cli 3\.7\./, 'gnutls-cli --version | head -1',
        'wget -q -O /dev/null -t 1 --no-check-certificate https://localhost:PORT/' ],
    'Java 17' => [ qr/"17\./, 'java -version 2>&1 | head -1', 'java t/bin/TlsClient.java localhost PORTS' ],
);
# Without rsa-kx: some updates of Java 17 offer RSA key exchange, later ones do not.
my @asked = qw(std rsa tls12 tls13 groups sigalgs ed25519 legacy);

# Run it against these vhosts; the records that this left behind, by port.
sub run_program
{
    my ($command) = @_;
    my @ports = map { audit_port($server, $_) } @asked;
    my @runs = $command =~ /PORTS/ ? $command =~ s/PORTS/@ports/r : map { $command =~ s/PORT/$_/gr } @ports;
    system 'timeout', patience(60), 'sh', '-c', "($_) >/dev/null 2>&1" for @runs;
    return { map { ($_->{destination}{port} => $_) } next_records(scalar @ports) };
}

for my $client (sort keys %program) {
    my ($version, $ask, $command) = @{ $program{$client} };
    if ((`$ask` // '') !~ $version) {
        note("$client is not installed: its hello went over the wire above, the program itself is not asked");
        next;
    }
    my $records = run_program($command);
    for my $vhost (@asked) {
        my $record = $records->{ audit_port($server, $vhost) };
        is(in_words($record), $matrix->{$vhost}{$client} =~ s/ +/ /gr, "$client at $vhost");
    }
}
$server->stop;
done_testing;
