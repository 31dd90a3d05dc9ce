# CPU time of the server for each handshake, from the scheduler's own account (nanoseconds, user and system together). Each round
# goes through all settings, one behind the other and in changing order, and compares with mod_ssl alone of the same round;
# the table has the median of these ratios over all rounds and, behind it, half the distance of their quartiles. Rounds are
# short and many, because what disturbs a shared machine comes and goes within seconds.
#
# The client keeps a distance, as a client across a network does. One that waits inside read() next door is woken by the
# server's thread, and it closes the connection while that thread still writes its log: then the kernel takes the connection
# down on the server's account instead of the client's: a refusal cost 1.47 of mod_ssl's so, and 1.15 from a distance.
package TLSDiag::Bench::Cpu;
use strict;
use warnings;
use List::Util qw(shuffle sum);
use TLSDiag::Bench;
use TLSDiag::Bench::Peers;

# Handshakes of one measurement: about a twentieth of a second of the server's time.
my %count = ('1.3 ECDSA' => 80, '1.3 RSA' => 50, '1.2 ECDSA' => 100, '1.3 resumed' => 100, '1.2 resumed' => 300,
    'no common suite' => 600, 'client alert' => 100);
my $distance_us = 300;
my $rounds_of_a_start = 10;    # another start is another layout of memory

sub run
{
    my $rounds = knob(ROUNDS => 20);
    my @titles = wanted_kinds();
    my @contestants = grep { my ($setting) = split ' ', $_->{id}; $setting eq 'bare' || wanted($setting) } (map { httpd($_) } qw(bare debug trace3 off none failures all)),
        (map { (httpd('bare', $_ => 1), httpd('all', $_ => 1)) } qw(drawn fresh)), TLSDiag::Bench::Peers::contestants();
    my %spent;    # {title}{id}[round]
    for my $round (0 .. $rounds - 1) {
        if ($round % $rounds_of_a_start == 0) {
            start_all($round, @contestants);
            say_progress('CPU time: round ' . ($round + 1) . " of $rounds");
        }
        for my $title (@titles) {
            $spent{$title}{ $_->{id} }[$round] = measure($title, $_) for shuffle @contestants;
        }
    }
    $_->{stop}->() for grep { $_->{runs} } @contestants;
    my @absolute = map { my $times = $spent{$_}{bare}; sprintf '%.0f', median(@$times) } @titles;
    print_table("Server's CPU time per handshake, as a ratio to the line it is compared with: median of $rounds paired rounds +- half the quartiles' distance",
        [ 'CPU', 'compared with', @titles ],
        [ 'mod_ssl alone, microseconds', '', @absolute ],
        map { my $it = $_; [ $it->{name}, $it->{compared_with}, map { ratio($spent{$_}{ $it->{id} }, $spent{$_}{ $it->{compared_with} }) } @titles ] }
            grep { $_->{id} ne $_->{compared_with} } @contestants);
}

sub start_all
{
    my ($round, @contestants) = @_;
    for my $it (@contestants) {
        next if $it->{shares};
        $it->{stop}->() if $round;
        $it->{start}->();
        $it->{runs} = 1;
        my @pin = TLSDiag::Bench::pin('server');
        system "taskset -acp $pin[2] $_ >/dev/null" for @pin ? $it->{pids}->() : ();
    }
    # Warm: sessions, caches, the first allocations.
    for my $it (@contestants) {
        run_client(kind($_->[0]), $it, 60) for kinds();
    }
}

# A contestant that is an httpd. Two that differ in what the client does share one.
my %servers;
sub httpd
{
    my ($setting, %client) = @_;
    my ($hello) = keys %client;
    return {
        id => join(' ', $setting, keys %client), name => setting_name($setting, %client), client => \%client, shares => defined $hello,
        compared_with => defined $hello && $setting ne 'bare' ? "bare $hello" : 'bare',
        start => sub { ($servers{$setting} = server($setting, mpm => 'event', more => one_process()))->start },
        stop => sub { $servers{$setting}->stop },
        pids => sub { return processes_of($servers{$setting}) },
        port => sub { return $servers{$setting}->port($_[0]) },
    };
}

# No thread comes or goes, so that none takes its account with it.
sub one_process
{
    return join "\n", 'StartServers 1', 'ServerLimit 1', 'ThreadsPerChild 16', 'MinSpareThreads 1', 'MaxSpareThreads 16', 'MaxRequestWorkers 16';
}

my $first = 0;
sub run_client
{
    my ($kind, $it, $count) = @_;
    $first += $count;
    return handshakes($kind->[2], $it->{port}->($kind->[1]), $count, threads => 8, distance => $distance_us, %{ $it->{client} // {} }, first => $first);
}

# Microseconds per handshake.
sub measure
{
    my ($title, $it) = @_;
    my @pids   = $it->{pids}->();
    my $count  = int($count{$title} / knob(QUICK => 1)) || 1;
    my $before = cpu_us(@pids);
    run_client(kind($title), $it, $count);
    return (cpu_us(@pids) - $before) / $count;
}

# The same of a TLSDiag::Server.
sub spent_by
{
    my ($server, $title, %client) = @_;
    return measure($title, { client => \%client, pids => sub { processes_of($server) }, port => sub { $server->port($_[0]) } });
}

sub processes_of { my ($server) = @_; return ($server->pid, TLSDiag::Server::children($server->pid)) }

sub cpu_us
{
    my @accounts = map { glob "/proc/$_/task/*/schedstat" } @_;
    return sum(map { (split ' ', TLSDiag::Server::read_file($_))[0] / 1000 } @accounts);
}

sub ratio
{
    my ($spent, $base) = @_;
    my @ratios = sort { $a <=> $b } map { $spent->[$_] / $base->[$_] } 0 .. $#$spent;
    my $quartile = int(@ratios / 4);
    return sprintf '%.3f +- %.3f', median(@ratios), ($ratios[ $#ratios - $quartile ] - $ratios[$quartile]) / 2;
}

1;
