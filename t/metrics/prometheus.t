# Prometheus itself judges the metrics: promtool, and a server (Debian's) that scrapes two httpds and adds up what was provoked.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use File::Path  qw(make_path remove_tree);
use HTTP::Tiny  ();
use JSON::XS    ();
use Time::HiRes qw(sleep time);

chomp(my $bin = `sh t/metrics/get-prometheus`);
BAIL_OUT('no prometheus: apt-get download prometheus failed') if !-x "$bin/promtool";

my @servers;
for my $number (1, 2) {
    push @servers, TLSDiag::Server->new(root => "build/t/metrics$number", vhosts => [qw(std onecipher expired)]);
    $servers[-1]->start; # before the next one looks for free ports
}

sub provoke
{
    my ($number, %times) = @_;
    use_server($servers[$number]);
    connect_to(std => openssl('-tls1_3')) for 1 .. $times{good} // 0;
    connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0')) for 1 .. $times{old} // 0;
    connect_to(onecipher => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256')) for 1 .. $times{cipher} // 0;
    connect_to(expired => curl()) for 1 .. $times{expired} // 0;
    connect_to(std => hello_then(client_hello(server_name => qq(x"} 1\ny{z="\xff\x00)), sub { my ($socket) = @_; print {$socket} alert(42) })) for 1 .. $times{hostile} // 0;
}

sub promtool_accepts
{
    my ($text, $name) = @_;
    my $file = $servers[0]->file('metrics.txt');
    TLSDiag::Server::write_file($file, $text);
    my $said = `'$bin/promtool' check metrics <'$file' 2>&1`;
    is($?, 0, "promtool check metrics: $name") or diag($said);
    is($said, '', '... and has nothing to remark');
}

use_server($servers[0]);
my $empty = page('/metrics');
is($empty->{headers}{'content-type'}, 'text/plain; version=0.0.4; charset=utf-8', 'the text format for whoever asks for anything');
promtool_accepts($empty->{content}, 'before the first handshake');
my $samples = metrics();
is(metric($samples, 'tlsdiag_handshake_failures_total'), 0, 'all is zero');
cmp_ok(scalar(grep { /^tlsdiag_handshake_failures_total/ } keys %$samples), '>', 100, 'and every cause is there');

provoke(0, good => 4, old => 3, cipher => 1, hostile => 2);
provoke(1, good => 2, cipher => 2, expired => 2);
use_server($servers[0]);
promtool_accepts(page('/metrics')->{content}, 'after failures and hostile names');
$samples = metrics();
is(metric($samples, 'tlsdiag_handshakes_total', qr/result="ok"/), 4, 'successes');
is(metric($samples, 'tlsdiag_handshakes_total', qr/result="fail"/), 6, 'failures');
is(metric($samples, 'tlsdiag_handshake_failures_total'), 6, 'their sum by cause is the same');
is(metric($samples, 'tlsdiag_handshake_failures_total', qr/cause="version\.client_too_old",side="client"/), 3, 'with who must act');
is(metric($samples, 'tlsdiag_negotiated_total'), 4, 'by version');
is(metric($samples, 'tlsdiag_cipher_total'), 4, 'by cipher suite');
is(metric($samples, 'tlsdiag_handshake_duration_seconds_bucket', qr/le="\+Inf"/), metric($samples, 'tlsdiag_handshake_duration_seconds_count'), '+Inf is the count');
is(metric($samples, 'tlsdiag_handshake_duration_seconds_count'), 10, 'of all');
is(metric($samples, 'tlsdiag_log_lines_total'), 10, 'a line for each');
ok(metric($samples, 'tlsdiag_certificate_not_after_timestamp_seconds', qr/key_type="RSA"/) > time, 'certificates say when they expire');
is(scalar(grep { /127\.0\.0\.1|\bt1[0-9]d|x\\"/ } keys %$samples), 0, 'no address, no fingerprint, no server name of a client');

# The number of series does not grow with what clients make up.
my $before = keys %$samples;
for my $number (1 .. 40) {
    raw(sub { my ($socket) = @_; print {$socket} client_hello(server_name => "made-up-$number.example", ciphers => [0xc02f + $number], versions => undef); read_flight($socket, 1) })->(vhost_port('std'));
}
wait_until(sub { metric(metrics(), 'tlsdiag_handshakes_total', qr/result="fail"/) >= 46 });
my $new = scalar(keys %{ metrics() }) - $before;
cmp_ok($new, '<=', 3, "40 new names and suites gave $new new series");

# OpenMetrics, as Prometheus asks for it.
my $open = page('/metrics', headers => { Accept => 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' });
is($open->{headers}{'content-type'}, 'application/openmetrics-text; version=1.0.0; charset=utf-8', 'OpenMetrics for whoever asks for it');
like($open->{content}, qr/\n# EOF\n\z/, '... ends as it must');
unlike($open->{content}, qr/^# TYPE \S+_total /m, '... and its counters are declared without _total');

# --- a Prometheus that scrapes both
my $folder = $servers[0]->file('prometheus');
remove_tree($folder);
make_path($folder);
my ($own_port) = TLSDiag::Server::free_ports(1);
my $targets = join ', ', map { "'127.0.0.1:" . $_->port . "'" } @servers;
TLSDiag::Server::write_file("$folder/prometheus.yml", <<"END");
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: httpd
    metrics_path: /tlsdiag-status/metrics
    sample_limit: 2000
    label_value_length_limit: 200
    static_configs: [ { targets: [ $targets ] } ]
END
my $prometheus = fork // die "fork: $!";
if (!$prometheus) {
    open STDOUT, '>', "$folder/log" or die $!;
    open STDERR, '>&', \*STDOUT or die $!;
    exec "$bin/prometheus", "--config.file=$folder/prometheus.yml", "--storage.tsdb.path=$folder/data", "--web.listen-address=127.0.0.1:$own_port";
}

sub query
{
    my ($expression) = @_;
    my $answer = HTTP::Tiny->new->get("http://127.0.0.1:$own_port/api/v1/query?" . HTTP::Tiny->new->www_form_urlencode({ query => $expression }));
    my $json = eval { JSON::XS::decode_json($answer->{content}) } or return;
    return $json->{data}{result}[0]{value}[1];
}

my $deadline = time + 30;
sleep 0.3 while (query('sum(up)') // 0) != 2 && time < $deadline;
is(query('sum(up)'), 2, 'Prometheus scrapes both httpds') or diag(TLSDiag::Server::read_file("$folder/log"));
provoke(0, good => 1);
my %expected = (
    'sum(tlsdiag_handshakes_total{result="ok"})'                                        => 7,
    'sum(tlsdiag_handshake_failures_total{cause="version.client_too_old"})'             => 3,
    'sum(tlsdiag_handshake_failures_total{cause="server_cert.expired"})'                => 2,
    'sum(tlsdiag_handshakes_total) - sum(tlsdiag_handshakes_total{result="ok"}) - sum(tlsdiag_handshake_failures_total)' => 0,
    'sum(tlsdiag_handshake_duration_seconds_count{result!="failed"})'                   => 7,
    'count(tlsdiag_build_info)'                                                         => 2,
    'sum(tlsdiag_handshakes_in_progress)'                                               => 0,
    'count(time() - tlsdiag_certificate_not_after_timestamp_seconds > 0)'               => 2,
);
$deadline = time + 10;
sleep 0.3 while (query('sum(tlsdiag_handshakes_total{result="ok"})') // 0) != 7 && time < $deadline;
is(query($_), $expected{$_}, $_) for sort keys %expected;
ok(query('histogram_quantile(0.99, sum by (le) (tlsdiag_handshake_duration_seconds_bucket))') > 0, 'a percentile can be asked for');

kill TERM => $prometheus;
waitpid $prometheus, 0;
$_->stop for @servers;
done_testing;
