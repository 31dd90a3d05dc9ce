# No memory for one allocation of ours, whichever it is: the client gets what it always gets, no child dies, and a
# handshake that has no record for it is counted. t/tool/preload/failing_malloc.c is the system that has no memory.
use TLSDiag::Test;
use TLSDiag::Faults;
use TLSDiag::Page;
use TLSDiag::Server;
use Socket qw(SHUT_WR);

plan(skip_all => "malloc() is $ENV{TLSDIAG_UNDER}'s own") if $ENV{TLSDIAG_UNDER};
my $server = use_server(TLSDiag::Server->new(root => 'build/t/memory', vhosts => [qw(std onecipher groups mtls)],
    extra => "StartServers 1\nServerLimit 1\nMaxRequestWorkers 25\nMinSpareThreads 1\nMaxSpareThreads 25", mpm => $ENV{APACHE_TEST_MPM} // 'event'));
my $control = $server->file('state/memory');
TLSDiag::Server::write_file($control, pack 'L3', 0, 0, 0);
chmod 0666, $control;
{
    local $ENV{TLSDIAG_MEMORY} = $control;
    local $ENV{LD_PRELOAD} = preloaded('failing_malloc');
    $server->start;
}
my @children = TLSDiag::Server::children($server->pid);

# Send this, send no more, and wait until the server has closed: then it has told what it has to tell.
sub whole_talk
{
    my (@pieces) = @_;
    return raw(sub {
        my ($socket) = @_;
        my $said = '';
        for my $i (0 .. $#pieces) {
            print {$socket} $pieces[$i];
            $said .= read_flight($socket) if $i < $#pieces;
        }
        shutdown $socket, SHUT_WR;
        return $said . read_to_end($socket);
    });
}

# A client that this process has never seen: each number is another ALPN list.
sub never_seen { my ($number, %is) = @_; return client_hello(alpn => [ 'http/1.1', "n$number" ], %is) }

my $long = [ [ 0xfde8, 'x' x 6000 ] ];
my @kinds = (
    [ 'TLS 1.3, a new client',       std       => sub { tls('TLSv1_3', SSL_alpn_protocols => [ 'http/1.1', "n$_[0]" ]) } ],
    [ 'TLS 1.2, a known client',     std       => sub { tls('TLSv1_2') } ],
    [ 'a client certificate',        mtls      => sub { tls('TLSv1_3', SSL_cert_file => 'PKI/client-good.pem', SSL_key_file => 'PKI/client-good.key') } ],
    [ 'a client certificate, bad',   mtls      => sub { tls('TLSv1_2', SSL_cert_file => 'PKI/client-untrusted.pem', SSL_key_file => 'PKI/client-untrusted.key') } ],
    [ 'no cipher suite in common',   onecipher => sub { whole_talk(never_seen($_[0], versions => undef, ciphers => [0xc02f])) } ],
    [ 'a long hello',                std       => sub { whole_talk(never_seen($_[0], more => $long), alert(42)) } ],
    [ 'a HelloRetryRequest',         groups    => sub { whole_talk((never_seen($_[0], groups => [ 0x1d, 0x18 ])) x 2) } ],
    [ 'plain HTTP',                  std       => sub { whole_talk("GET / HTTP/1.0\r\n\r\n") } ],
    [ 'half a hello',                std       => sub { whole_talk(substr never_seen($_[0]), 0, 100) } ],
);

my ($connections, $failures, $told) = (0, 0, 0);
for my $kind (@kinds) {
    my ($name, $vhost, $client) = @$kind;
    my ($n, $asked, $failed, $wrong) = (0, 0, 0, 0);
    my $usual = outcome_of($client->('first'), $vhost);
    do {
        control(++$n);
        my $outcome = outcome_of($client->($n), $vhost);
        ($asked, $failed) = control(0);
        $wrong += $outcome ne $usual;
        $failures += $failed;
    } while ($failed && $n < 100);
    is($wrong, 0, "$name: the client noticed nothing of $asked allocations that failed one by one");
    cmp_ok($n, '>', 1, '... and there was one at least');
    cmp_ok($n, '<', 100, '... and an end to them');
}

# Each connection is in the books, and what has no record is counted as abandoned.
my $books = wait_until(sub { my $now = snapshot(); return !$now->{handshakes}{in_progress} && $now }) || snapshot();
my $counts = $books->{handshakes};
is($counts->{started}, $connections, "$connections connections are counted") or diag(explain $counts);
ok(books($books), 'the books add up');
my $lines;
wait_until(sub { ($lines = lines()) >= $connections - $counts->{abandoned} });
is($lines, $connections - $counts->{abandoned}, 'each has its record, or is counted as lost');
cmp_ok($counts->{abandoned}, '>', 0, "$counts->{abandoned} of them were lost");
cmp_ok($counts->{abandoned}, '<', $failures, "$failures allocations failed: most cost a detail, not a record");
is_deeply([ TLSDiag::Server::children($server->pid) ], \@children, 'no child died');
my $log = TLSDiag::Server::read_file($server->file('logs/error_log'));
unlike($log, qr/exit signal|AH00052|out of memory/i, 'nor says the error log so');
unlike($log, qr/malloc failure/, 'mod_ssl finds none of our errors in the queue of OpenSSL');
$server->stop;
done_testing;

# Lines in the logs by now: the last ones are written a moment after their handshakes.
sub lines { return scalar map { TLSDiag::Test::lines_since($server->file("logs/$_.json"), 0) } qw(std onecipher groups mtls) }

# Let the n-th allocation from now on fail (0: none); returns how many were asked for and failed before.
sub control
{
    my ($fails) = @_;
    open my $file, '+<', $control or die "$control: $!\n";
    sysread $file, my $before, 12;
    sysseek $file, 0, 0;
    syswrite $file, pack 'L3', $fails, 0, 0;
    return (unpack 'L3', $before)[ 1, 2 ];
}

# What the client saw, without what is different each time.
sub outcome_of
{
    my ($client, $vhost) = @_;
    $connections++;
    my $result = $client->($server->port($vhost));
    my $said = $result->{output};
    return join ' ', $result->{status}, $said =~ /(welcome)/, $said =~ /(alert [\w ]+)/ if !$result->{port};
    return join ' ', map { unpack 'H*', $_ } $said =~ /\A(\x15.{6})/s, length $said;
}
