# Another module that sets an info callback on the same SSL (t/tool/module/mod_neighbour.c), loaded before and after ours:
# it gets its calls, mod_ssl its lines at ssl:trace3, we our record, and the client its page. OpenSSL has room for one message
# callback and nobody can ask whose it is: the module that sets one last has the messages. When that is not ours, our record
# still has the outcome, the hello, what was negotiated and the alerts.
use TLSDiag::Test;
use TLSDiag::Server;

my @vhosts = qw(std h2 mtls renegotiation onecipher);
my @cases = (
    [ std       => tls('TLSv1_3'), { 'tlsdiag.cause' => 'ok', 'tls.version' => '1.3' } ],
    [ std       => tls('TLSv1_2'), { 'tlsdiag.cause' => 'ok', 'tls.version' => '1.2' } ],
    [ h2        => curl('--http1.1'), { 'tlsdiag.cause' => 'ok', 'tls.next_protocol' => 'http/1.1' } ],
    [ mtls      => tls('TLSv1_2', SSL_cert_file => 'PKI/client-untrusted.pem', SSL_key_file => 'PKI/client-untrusted.key'), { 'tlsdiag.cause' => 'client_cert.unknown_ca' } ],
    [ std       => hello_then(client_hello(versions => undef), alert(48)), { 'tlsdiag.ended_by' => 'alert_received', 'tlsdiag.alerts.0.code' => 48 } ],
    [ onecipher => hello_then(client_hello(versions => undef, ciphers => [0xc02f])), { 'tlsdiag.cause' => 'cipher.none_common', 'tlsdiag.alerts.0.code' => 40 } ],
);
my ($number, %calls) = (0);

for my $way ([ 'alone', 'Off' ], [ 'before', 'Off' ], [ 'after', 'Off' ], [ 'before', 'On' ], [ 'after', 'On' ]) {
    my ($order, $messages) = @$way;
    my $deaf = $order eq 'after' && $messages eq 'On';
    my $line = "LoadModule neighbour_module \"\@top\@/build/t/tool/module/mod_neighbour.so\"\n";
    $line =~ s/\@top\@/$ENV{PWD}/;
    my $server = use_server(TLSDiag::Server->new(root => "build/t/neighbour", vhosts => \@vhosts, mpm => $ENV{APACHE_TEST_MPM} // 'event',
        $order eq 'alone' ? (module => undef, no_log => 1, after => $line) : ($order => $line), extra => "LogLevel info ssl:trace3\nNeighbourMessages $messages"));
    $server->start;
    for my $i (0 .. $#cases) {
        my ($vhost, $client, $expected) = @{ $cases[$i] };
        my $mark = mark($vhost);
        $client->($server->port($vhost));
        my ($told, $heard) = wait_for($mark, qr/neighbour: port \d+, (\d+) calls, (\d+) messages/);
        my @states = grep { /\] \[ssl:/ && !/BUG: bio_filter/ } TLSDiag::Test::lines_since($mark->{errors}, $mark->{errors_at});
        my $seen = "$told calls, " . @states . ' lines of mod_ssl';
        $calls{$i} //= $seen;
        next if $order eq 'alone';
        is($seen, $calls{$i}, "loaded $order ours, messages $messages, case $i: $calls{$i}, as without ours");
        cmp_ok($heard, $deaf ? '>' : '==', 0, "it heard $heard messages");
        my @records = records_ok($mark, 1, 'one record');
        fields_ok($records[0], { %$expected, $deaf && $vhost eq 'mtls' ? ('tlsdiag.cause' => 'client_cert.rejected') : () });
    }
    $server->stop;
}
done_testing;

# What the pattern catches in the first line that matches, once there is one.
sub wait_for
{
    my ($mark, $pattern) = @_;
    for (1 .. 600) {
        my @found = map { /$pattern/ ? ($1, $2) : () } TLSDiag::Test::lines_since($mark->{errors}, $mark->{errors_at});
        return @found if @found;
        select undef, undef, undef, 0.01;
    }
    return ('no', 0);
}
