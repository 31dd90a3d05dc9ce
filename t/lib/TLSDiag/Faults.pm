# The words for tests of faults: clients that go on while something breaks and remember what happened to each of them, and what
# the log has of it. It refuses to know what breaks.
#
#   my $load = start_load(vhost_port('std'));          # four clients, one handshake after the other, until they are told to stop
#   my @history = stop_load($load);                    # { port, outcome, ms } of each; outcome: served, refused, broken
#   my $log = read_log($file, ...);                    # { records, damaged }
package TLSDiag::Faults;
use strict;
use warnings;
use Cwd              ();
use IO::Socket::INET ();
use IO::Socket::SSL  ();
use JSON::XS         ();
use POSIX            ();
use Test::More       ();
use Time::HiRes      qw(sleep time);
use TLSDiag::Clients ();
use TLSDiag::Hello   ();
use TLSDiag::Page    ();
use TLSDiag::Server  ();
use TLSDiag::Test    ();

our @words = qw(start_load stop_load wait_for_load run_load in_flight finish_refused read_log each_once_ok lost_lines written_lines settled error_lines_of longer preloaded);

sub import
{
    my $caller = caller;
    no strict 'refs';
    *{"${caller}::$_"} = \&{$_} for @words;
}

# What `make faults-long` does more of: longer(3, 60) is 3 in make check and 60 there.
sub longer { my ($short, $long) = @_; return $ENV{TLSDIAG_FAULTS_LONG} ? $long : $short }

# The library t/tool/preload/<name>.c, as make built it: to be named in LD_PRELOAD while httpd starts. It stands for the operating system.
sub preloaded
{
    my ($name) = @_;
    my $library = Cwd::getcwd() . "/build/t/tool/preload/$name.so";
    -e $library or die "$library is not built: make test does it\n";
    return $library;
}

# --- clients

my $serial = 0;

# workers (default 4) clients against a port; each (default: no end) handshakes for each of them; only => 'refused' or 'served'.
# They are told to stop by a file: a signal would interrupt the handshake that one is in, which then looks broken.
sub start_load
{
    my ($port, %is) = @_;
    my $load = { files => [], pids => [], stop => TLSDiag::Test::server()->file("load.$$." . $serial++) };
    for (1 .. $is{workers} // 4) {
        my $file = TLSDiag::Test::server()->file("load.$$." . $serial++);
        my $pid = fork // die "fork: $!\n";
        POSIX::_exit(eval { work($port, $file, $load->{stop}, @is{qw(each only)}); 1 } ? 0 : print({*STDERR} $@)) if !$pid;
        push @{ $load->{pids} },  $pid;
        push @{ $load->{files} }, $file;
    }
    return $load;
}

# Tell the clients to stop after the handshake they are in, and collect what they remember.
sub stop_load
{
    my ($load) = @_;
    TLSDiag::Server::write_file($load->{stop}, '');
    my @history = wait_for_load($load);
    unlink $load->{stop};
    return @history;
}

# So many handshakes for each of the clients, to their end.
sub run_load
{
    my ($port, $each, %is) = @_;
    return wait_for_load(start_load($port, each => $each, %is));
}

# What the clients of a load with an end remember.
sub wait_for_load
{
    my ($load) = @_;
    for my $pid (@{ $load->{pids} }) {
        waitpid $pid, 0;
        die "a client did not run to its end\n" if $?;
    }
    my @history;
    for my $file (@{ $load->{files} }) {
        for (split /\n/, TLSDiag::Server::read_file($file)) {
            my %entry;
            @entry{qw(port outcome ms)} = split / /;
            push @history, \%entry;
        }
        unlink $file;
    }
    return @history;
}

sub work
{
    my ($port, $file, $stop, $each, $only) = @_;
    local $SIG{PIPE} = 'IGNORE';
    open my $out, '>', $file or die "$file: $!\n";
    my $context = IO::Socket::SSL::SSL_Context->new(SSL_verify_mode => 0);
    for (my $turn = 0; !-e $stop && (!$each || $turn < $each); $turn++) {
        my $begun = time;
        my ($own_port, $outcome) = ($only // ($turn % 4 ? 'refused' : 'served')) eq 'served' ? be_served($port, $context) : be_refused($port);
        printf {$out} "%d %s %.1f\n", $own_port, $outcome, (time - $begun) * 1000;
        sleep 0.05 if $outcome eq 'broken';    # nobody listens: do not spin
    }
    close $out or die "$file: $!\n";
}

sub connected
{
    my ($port) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => 20) or return;
    $socket->autoflush(1);
    return $socket;
}

sub be_served
{
    my ($port, $context) = @_;
    my $socket = connected($port) or return (0, 'broken');
    my $own_port = $socket->sockport;
    IO::Socket::SSL->start_SSL($socket, SSL_reuse_ctx => $context, SSL_hostname => 'localhost', Timeout => 20) or return ($own_port, 'broken');
    print {$socket} TLSDiag::Clients::http_request();
    my $answer = join '', <$socket>;
    return ($own_port, $answer =~ /200 OK/ ? 'served' : 'broken');
}

# No cipher suite in common: an alert, and no key exchange. Cheap.
sub be_refused
{
    my ($port) = @_;
    my $socket = connected($port) or return (0, 'broken');
    my $own_port = $socket->sockport;
    print {$socket} hello_without_suite();
    my $answer = TLSDiag::Clients::read_flight($socket, 20);
    return ($own_port, $answer =~ /\A\x15\x03.\x00\x02\x02\x28/s ? 'refused' : 'broken');
}

# Clients that have sent half a ClientHello, and are counted as in progress. finish_refused() sends the other half, and says whether
# the answer was that no cipher suite is in common.
sub in_flight
{
    my ($count) = @_;
    my @sockets = map { connected(TLSDiag::Test::vhost_port('std')) } 1 .. $count;
    print {$_} substr hello_without_suite(), 0, 60 for @sockets;
    Test::More::ok(TLSDiag::Page::wait_until(sub { TLSDiag::Page::snapshot()->{handshakes}{in_progress} == $count }), "$count handshakes are in flight");
    return @sockets;
}

sub finish_refused
{
    my ($socket) = @_;
    print {$socket} substr hello_without_suite(), 60;
    my $answer = TLSDiag::Clients::read_flight($socket);
    close $socket;
    return $answer =~ /\A\x15/;
}

sub hello_without_suite { return TLSDiag::Hello::client_hello(versions => undef, ciphers => [0xc0af]) }

# --- what is on record

# All lines of these files: { records, damaged => [lines that are no JSON object] }.
sub read_log
{
    my @files = @_;
    my (@records, @damaged);
    for my $file (@files) {
        for my $line (split /\n/, -e $file ? TLSDiag::Server::read_file($file) : '') {
            my $record = eval { JSON::XS::decode_json($line) };
            push @{ $record ? \@records : \@damaged }, $record // $line;
        }
    }
    return { records => \@records, damaged => \@damaged };
}

# Each handshake that a client knows the outcome of is in the log once, with that outcome, and no other is there.
# but => how many of them may be missing.
sub each_once_ok
{
    my ($name, $history, $records, %is) = @_;
    my (%wanted, %seen, %ids);
    $wanted{"$_->{port} $_->{outcome}"}++ for grep { $_->{outcome} ne 'broken' } @$history;
    my %broken = map { $_->{port} => 1 } grep { $_->{outcome} eq 'broken' } @$history;
    my $may_miss = $is{but} // 0;
    for my $record (@$records) {
        my $key = "$record->{source}{port} " . ($record->{event}{outcome} eq 'success' ? 'served' : 'refused');
        $seen{$key}++ if $wanted{$key} || !$broken{ $record->{source}{port} };
        $ids{ $record->{event}{id} }++;
    }
    my ($missing, $extra) = (0, 0);
    $missing += minus($wanted{$_}, $seen{$_}) for keys %wanted;
    $extra   += minus($seen{$_}, $wanted{$_}) for keys %seen;
    return Test::More::subtest($name => sub {
        Test::More::cmp_ok($missing, '<=', $may_miss, scalar(@$history) . " handshakes: $missing are missing, $may_miss may be");
        Test::More::is($extra, 0, 'none is there that was not made')
            or tell_of($history, $records, grep { minus($seen{$_}, $wanted{$_}) } keys %seen);
        Test::More::is(scalar(grep { $_ > 1 } values %ids), 0, 'none is there twice');
    });
}

# What the clients and the log know of these, "port outcome".
sub tell_of
{
    my ($history, $records, @keys) = @_;
    for my $port (map { (split)[0] } @keys) {
        Test::More::diag("port $port, the client: $_->{outcome}") for grep { $_->{port} == $port } @$history;
        Test::More::diag("port $port, the log: $_->{'\@timestamp'} $_->{event}{outcome} $_->{tlsdiag}{cause}") for grep { $_->{source}{port} == $port } @$records;
    }
    return;
}

sub minus { my ($left, $right) = map { $_ // 0 } @_; return $left > $right ? $left - $right : 0 }

sub lost_lines { return TLSDiag::Page::metric(TLSDiag::Page::metrics(), 'tlsdiag_log_lines_dropped_total', @_) }
sub written_lines { return TLSDiag::Page::metric(TLSDiag::Page::metrics(), 'tlsdiag_log_lines_total') }

# Wait until nothing is in progress and each handshake's line was written or counted as lost. Returns the snapshot then, or undef.
sub settled
{
    return TLSDiag::Page::wait_until(sub {
        my $now = eval { TLSDiag::Page::snapshot() } or return;
        my ($books, $counters) = @{$now}{qw(handshakes counters)};
        my $lines = 0;
        $lines += $counters->{$_} for grep { /^log_lines_/ } keys %$counters;
        return !$books->{in_progress} && $lines == $books->{succeeded} + $books->{failed} && $now;
    });
}

# Lines of the server's error log with this pattern.
sub error_lines_of
{
    my ($pattern) = @_;
    return grep { /$pattern/ } split /\n/, TLSDiag::Server::read_file(TLSDiag::Test::server()->file('logs/error_log'));
}

1;
