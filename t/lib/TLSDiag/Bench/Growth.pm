# How the cost grows: with processes and threads, and with virtual hosts.
package TLSDiag::Bench::Growth;
use strict;
use warnings;
use File::Path qw(make_path);
use TLSDiag::Bench;
use TLSDiag::Bench::Cpu;

# All threads of all processes add to one shared memory; on several cores at once, so nothing is pinned.
sub run_processes
{
    my $rounds = knob(ROUNDS => 15);
    my @titles = ('1.3 ECDSA', '1.2 resumed', 'no common suite');
    my @rows;
    for my $processes (1, 2, 4) {
        say_progress("growth: $processes processes");
        my (%server, %spent);
        for my $setting (qw(bare all)) {    # one after the other: each takes ports that are free
            $server{$setting} = server($setting, mpm => 'event', more => processes($processes));
            $server{$setting}->start;
        }
        for my $round (0 .. $rounds) {
            for my $title (@titles) {
                for my $setting ($round % 2 ? qw(bare all) : qw(all bare)) {
                    my $spent = TLSDiag::Bench::Cpu::spent_by($server{$setting}, $title, unpinned => 1);
                    $spent{$title}{$setting}[ $round - 1 ] = $spent if $round;    # the first one is for warmth
                }
            }
        }
        $_->stop for values %server;
        push @rows, [ "$processes x 16", map { TLSDiag::Bench::Cpu::ratio($spent{$_}{all}, $spent{$_}{bare}) } @titles ];
    }
    print_table("Growth with processes and threads: CPU time with TLSDiagLog all as a ratio to mod_ssl alone, median of $rounds paired rounds",
        [ 'processes x threads', @titles ], @rows);
}

sub processes
{
    my ($processes) = @_;
    my $workers = 16 * $processes;
    return "StartServers $processes\nServerLimit $processes\nThreadsPerChild 16\nMinSpareThreads $workers\nMaxSpareThreads $workers\nMaxRequestWorkers $workers";
}

# Name-based, on one port, each with certificate and key in files of its own.
sub run_vhosts
{
    my @rows;
    for my $vhosts (split /,/, knob(VHOSTS => '10,1000,10000')) {
        my %is;
        for my $setting (qw(bare all)) {
            say_progress("growth: $vhosts vhosts, $setting");
            $is{$setting} = start_with($setting, $vhosts);
            push @rows, [ thousands($vhosts), setting_name($setting), map { numbers($is{$setting}{$_}, $is{bare}{$_}) } qw(seconds parent child) ];
        }
    }
    print_table('Growth with virtual hosts: CPU time of the start, and memory (the proportional share, PSS)',
        [ 'vhosts', 'setting', 'start, s', 'parent, MB', 'child, MB' ], @rows);
}

sub numbers
{
    my ($with, $without) = @_;
    return $with == $without ? sprintf '%.2f', $with : sprintf '%.2f (%+.2f)', $with, $with - $without;
}

sub start_with
{
    my ($setting, $vhosts) = @_;
    my %also = map { ("host$_.example.test" => { cert => certificate_of($_) }) } 2 .. $vhosts;
    my $server = server($setting, mpm => 'event', no_log => 1, table => [ ecdsa => { cert => 'ecdsa', also => \%also }, rsa => {} ],
        more => TLSDiag::Bench::Cpu::one_process() . "\nLogLevel error" . ($setting eq 'all' ? "\nTLSDiagLog logs/all.json all" : ''));
    my $began = reaped_cpu();
    my ($status, $said) = $server->run('-k', 'start');
    die "httpd with $vhosts vhosts did not start:\n$said" if $status;
    wait_until("$vhosts vhosts", 600, sub { $server->pid });
    wait_until('a child', 60, sub { TLSDiag::Server::children($server->pid) });
    my $took = reaped_cpu() - $began + TLSDiag::Bench::Cpu::cpu_us(TLSDiag::Bench::Cpu::processes_of($server)) / 1e6;
    handshakes('tls13-full', $server->port('ecdsa'), 1);
    my $parent = $server->pid;
    my ($child) = TLSDiag::Server::children($parent);
    my %is = (seconds => $took, parent => pss($parent), child => pss($child));
    $server->stop;
    return \%is;
}

# Links to the same one, named as TLSDiag::Server names a certificate: below its folder of them.
sub certificate_of
{
    my ($number) = @_;
    make_path('build/bench/certificates');
    symlink "../../t/pki/ecdsa.$_", "build/bench/certificates/$number.$_" for qw(chain.pem key);
    return "../../bench/certificates/$number";
}

# Of the process that read the configuration first and ended when it had put the server into the background.
sub reaped_cpu { my (undef, undef, $user, $system) = times; return $user + $system }

# Proportional set size in megabytes: a page that parent and child share counts half for each.
sub pss
{
    my ($pid) = @_;
    my ($kilobytes) = TLSDiag::Server::read_file("/proc/$pid/smaps_rollup") =~ /^Pss:\s+(\d+)/m;
    return $kilobytes / 1024;
}

1;
