# What a request knows of its handshake: TLSDiagEnv's variables, %{...}^td in a log format, and expressions. All say what the
# record says; a plain HTTP request has none of it.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my @names  = qw(id ja3 ja4 cause resumed);
my $mpm    = $ENV{APACHE_TEST_MPM} // 'event';
my $format = join ' ', (map { "%{$_}^td" } @names, 'nothing'), map { "%{TLSDIAG_\U$_\E}e" } @names;
my $server = use_server(TLSDiag::Server->new(root => "build/t/requests-$mpm", vhosts => ['std'], mpm => $mpm, extra => join "\n",
    'TLSDiagEnv On', qq{CustomLog logs/handshake.log "$format %{tlsdiag-id}n \\"%{X-Said}o\\""},
    'Header always set X-Said "expr=' . join(' ', map { "%{TLSDIAG_\U$_\E}" } @names) . '"'));
$server->start;

my $at   = 0;
my $mark = mark('std');
my $seen = connect_to(std => python('--times', 2), records => 2);
my @lines = logged(2);
for my $i (0, 1) {
    my $record = $seen->{records}[$i] or last;
    my @wanted = ($record->{event}{id}, $record->{tls}{client}{ja3}, $record->{tlsdiag}{ja4}, 'ok', $i ? 'Resumed' : 'Initial');
    is($lines[$i], join(' ', @wanted, '-', @wanted, $wanted[0], qq{"@wanted"}), $i ? 'resumed' : 'a full handshake');
}
is(page_at('/')->{status}, 200, 'a plain HTTP request');
my ($plain) = logged(1);
is($plain, join(' ', ('-') x 12, '"    "'), '... has nothing to say');
$server->stop;
done_testing;

# So many new lines of the log.
sub logged
{
    my ($count) = @_;
    my @new;
    wait_until(sub { @new = TLSDiag::Test::lines_since($server->file('logs/handshake.log'), $at); return @new >= $count });
    $at = -s $server->file('logs/handshake.log');
    chomp @new;
    return @new;
}
