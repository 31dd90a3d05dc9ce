# A client that sends a byte now and then holds a worker as long as RequestReadTimeout allows, with the module and without.
use TLSDiag::Test;
use TLSDiag::Pair;
use Time::HiRes qw(sleep time);

use constant SLACK => 2; # seconds; a machine under load is late, a worker held to the end of Timeout would be 20 late

my $pair = TLSDiag::Pair->new(root => 'slow', vhosts => ['timeout'], extra => 'LogLevel info ssl:info');
my $hello = client_hello();
my %dribble = (
    'a byte at a time' => $hello,
    'a record of one byte at a time' => join('', map { TLSDiag::Hello::record(22, $_, 0x0301) } split //, substr $hello, 5),
);
for my $name (sort keys %dribble) {
    my @seconds;
    my $mark = mark('timeout');
    my ($with, $without) = $pair->both(timeout => sub {
        return raw(sub {
            my ($socket) = @_;
            my $began = time;
            for my $byte (split //, $dribble{$name}) {
                last if IO::Select->new($socket)->can_read(0.1) || !print {$socket} $byte;
            }
            push @seconds, time - $began;
        });
    });
    cmp_ok($seconds[0], '>', 0.5, sprintf '%s: held for %.1f s, RequestReadTimeout says 1', $name, $seconds[0]);
    cmp_ok($seconds[0], '<', $seconds[1] + SLACK, sprintf '... and for %.1f s without the module', $seconds[1]);
    is_deeply($with->{lines}, $without->{lines}, 'the same lines of mod_ssl');
    my ($record) = records_ok($mark, 1, 'one record');
    fields_ok($record, { 'tlsdiag.cause' => 'network.hello_truncated_stalled', 'tlsdiag.ended_by' => 'timeout' });
}
$pair->stop;
done_testing;
