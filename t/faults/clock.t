# The wall clock is set back and forward while httpd runs: lines go on coming, durations and counters stay sane, and counting by
# minute and hour goes on at the new time.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Faults;
use TLSDiag::Server;

use constant { HOUR => 3600, DAY => 86400 };

my $server = use_server(TLSDiag::Server->new(root => 'build/t/clock', vhosts => ['std'], mpm => $ENV{APACHE_TEST_MPM} // 'event'));
my $clock = $server->file('clock');
my $log   = $server->file('logs/std.json');
TLSDiag::Server::write_file($clock, pack 'q', 0);
{
    local $ENV{TLSDIAG_CLOCK} = $clock;
    local $ENV{LD_PRELOAD}    = preloaded('clock');
    $server->start;
}

# In place: httpd has the file mapped.
sub set_clock
{
    my ($offset) = @_;
    open my $out, '+<', $clock or die "$clock: $!\n";
    syswrite $out, pack 'q', $offset;
}

# Every number of the page's JSON, deep down.
sub numbers
{
    my ($value) = @_;
    return ref $value eq 'HASH' ? map { numbers($_) } values %$value
        : ref $value eq 'ARRAY' ? map { numbers($_) } @$value : defined $value && $value =~ /\A-?\d+(?:\.\d+)?\z/ ? $value : ();
}

sub sum { my $sum = 0; $sum += $_ for @_; return $sum }

my (@history, $total);
for my $jump ([ 'as it is', 0 ], [ 'a day back', -&DAY ], [ 'a day forward', DAY ], [ 'an hour back', DAY - HOUR ], [ 'a year forward', 365 * DAY ], [ 'to 1970', 1000 - time ], [ 'right again', 0 ]) {
    my ($name, $offset) = @$jump;
    my $told = error_lines_of('tlsdiag:cipher\.none_common');
    set_clock($offset);
    my @now = run_load(vhost_port('std'), 4, workers => 2);
    push @history, @now;
    ok(wait_until(sub { @{ read_log($log)->{records} } == @history }), "$name: each line comes");
    my $json = settled();
    ok($json, '... and is counted');
    my %of_now = map { $_->{port} => 1 } @now;
    my @records = grep { $of_now{ $_->{source}{port} } } @{ read_log($log)->{records} };
    each_once_ok('... once', \@now, \@records);
    my $year = (gmtime(time + $offset))[5] + 1900;
    is(scalar(grep { $_->{'@timestamp'} !~ /^$year-/ } @records), 0, "... dated $year");
    is(scalar(grep { $_->{event}{duration} < 0 || $_->{event}{duration} > 60e9 } @records), 0, '... and takes no day');
    my $refused = grep { $_->{outcome} eq 'refused' } @now;
    cmp_ok(sum(@{ $json->{minutes_ago}{server} }[ 0 .. 4 ]), '>=', $refused, '... minutes count on');
    cmp_ok(sum(@{ $json->{hours_ago}{server} }[ 0 .. 1 ]), '>=', $refused, '... and hours');
    cmp_ok(scalar(error_lines_of('tlsdiag:cipher\.none_common')), '>', $told, '... the error log hears of it');
    is(scalar(grep { $_ < 0 || $_ > 1e13 } numbers($json)), 0, '... no number on the page is negative or absurd');
    like($json->{since}, qr/^20\d\d-/, '... counting began when it began');
    my $html = page('')->{content};
    unlike($html =~ s/<[^>]*>/ /gr, qr/(?<![\w.-])-\d+ ?(?:s|min|h|d|days?|ms|%)\b|\d{13}|\bnan\b|\binf\b/i, '... nor in its words');
}
my $samples = metrics();
is(metric($samples, 'tlsdiag_handshakes_total'), scalar @history, 'every handshake is counted');
is(metric($samples, 'tlsdiag_handshake_duration_seconds_bucket', qr/le="\+Inf"/), scalar @history, '... and timed');
my $longest = metric($samples, 'tlsdiag_handshake_duration_seconds_sum');
ok($longest >= 0 && $longest < 60 * @history, "... $longest s in all");
is(metric($samples, 'tlsdiag_handshake_duration_seconds_bucket', qr/le="10"/), scalar @history, '... none over ten seconds');
$server->stop;
done_testing;
