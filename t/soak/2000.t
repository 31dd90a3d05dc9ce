# 2,000 mixed handshakes, sixteen at a time: exactly 2,000 records, each valid JSON, none lost or doubled, memory flat.
# TLSDIAG_SOAK_SECONDS=600 (make soak) repeats rounds of 2,000 for so long.
use TLSDiag::Test;
use POSIX ();

use constant { WORKERS => 16, EACH => 125 };
my @vhosts = qw(std tls12 ecdsa onecipher mtls);
my $server = server();

# What one connection does, and the causes that may be on record for it. Cheap ones, so that many run at once.
my @kinds = (
    [ std       => tls(),                                  'ok' ],
    [ std       => tls('TLSv1_2'),                'ok' ],
    [ ecdsa     => tls(),                                  'ok' ],
    [ tls12     => hello_then(client_hello(versions => [0x0304])),                      'version.client_too_new' ],
    [ onecipher => hello_then(client_hello(versions => undef, ciphers => [0xc02f])),    'cipher.none_common' ],
    [ mtls      => tls('TLSv1_2'),                'client_cert.missing' ],
    [ std       => raw("GET / HTTP/1.0\r\n\r\n"),                                       'not_tls.http' ],
    [ std       => raw(substr client_hello(), 0, 77),                                   'network.hello_truncated_closed' ],
    [ std       => hello_then(client_hello(versions => undef), alert(48)),              qr/^(client_alert|server_cert)\./ ],
    [ std       => raw(sub { }),                                                        'probe.closed' ],
);

my $stop_at = time + ($ENV{TLSDIAG_SOAK_SECONDS} // 0);
my $first_rss;
my $round = 0;
do {
    $round++;
    my %mark = map { $_ => mark($_) } @vhosts;
    run_workers();
    my %wanted;
    $wanted{ $kinds[ $_ % @kinds ][0] }++ for 0 .. WORKERS * EACH - 1;
    my @records = map { records($mark{$_}, $wanted{$_}) } @vhosts;
    is(scalar @records, WORKERS * EACH, "round $round: " . WORKERS * EACH . ' connections, as many records (each line was valid JSON)');
    causes_ok(@records);
    my %ids = map { $_->{event}{id} => 1 } @records;
    is(scalar keys %ids, scalar @records, 'each event.id once');
    my @sequence = sort { $a <=> $b } map { $_->{event}{sequence} } @records;
    is_deeply(\@sequence, [ $sequence[0] .. $sequence[0] + $#sequence ], 'event.sequence has no gap and no double');
    my $rss = rss();
    $first_rss //= $rss;
    SKIP: {
        skip "$ENV{TLSDIAG_UNDER} keeps what was freed", 1 if $ENV{TLSDIAG_UNDER};
        cmp_ok($rss, '<', $first_rss * 1.2 + 4096, "memory of the children: $rss kB after round $round, $first_rss kB after the first");
    }
} while ($round < 2 || time < $stop_at);
done_testing;

sub run_workers
{
    my @pids = map { worker($_) } 0 .. WORKERS - 1;
    my $failed = 0;
    for (@pids) {
        waitpid $_, 0;
        $failed++ if $?;
    }
    is($failed, 0, WORKERS . ' clients ran to their end');
}

sub worker
{
    my ($number) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    eval {
        for my $turn ($number * EACH .. ($number + 1) * EACH - 1) {
            my ($vhost, $client) = @{ $kinds[ $turn % @kinds ] };
            $client->($server->port($vhost));
        }
        1;
    } or do { warn $@; POSIX::_exit(1) };
    POSIX::_exit(0);
}

sub causes_ok
{
    my %seen;
    $seen{ $_->{tlsdiag}{cause} }++ for @_;
    my (%wanted, @wrong);
    $wanted{ $_->[2] } += WORKERS * EACH / @kinds for grep { !ref $_->[2] } @kinds;
    @wrong = grep { ($seen{$_} // 0) != $wanted{$_} } keys %wanted;
    my @strange = grep { my $cause = $_; !grep { ref $_->[2] ? $cause =~ $_->[2] : $cause eq $_->[2] } @kinds } keys %seen;
    ok(!@wrong && !@strange, 'and each has the cause that was provoked') or diag(join ', ', map { "$_ $seen{$_}" } sort keys %seen);
}

sub rss
{
    my $parent = $server->pid;
    my $sum = 0;
    for my $status (glob '/proc/[0-9]*/status') {
        open my $in, '<', $status or next;
        local $/;
        my $text = <$in> // next;
        $sum += $1 if $text =~ /^PPid:\s*$parent\b/m && $text =~ /^VmRSS:\s*(\d+)/m;
    }
    return $sum;
}
