# What the page costs: its parts over full tables (t/bench/page_cost.c), and from end to end on an httpd whose tables a flood has
# filled; and whether handshakes take longer while the page is made again and again, or read slowly.
package TLSDiag::Bench::Page;
use strict;
use warnings;
use Time::HiRes qw(sleep time);
use TLSDiag::Bench;
use TLSDiag::Bench::Cpu;

use constant { FLOOD => 6000, PROBES => 600 };

sub run
{
    my @vhosts = (10, 1000, 10000);
    my (%seen, %rows, @order);
    for my $vhosts (@vhosts) {
        say_progress("page: $vhosts vhosts");
        open my $out, '-|', TLSDiag::Bench::pin('client'), build() . '/t/bench/page_cost', $vhosts or die "page_cost: $!\n";
        while (<$out>) {
            chomp;
            my ($group, $name, $value) = split /\t/;
            push @order, [ $group, $name ] if !$seen{$group}{$name}++;
            push @{ $rows{$group}{$name}{$vhosts} }, $value;
        }
        close $out or die "page_cost failed\n";
    }
    my %title = (
        page   => 'The page over full tables: CPU time, and bytes',
        memory => 'Shared memory, bytes',
        adding => 'Adding a failed handshake to full tables',
    );
    for my $group (qw(page memory adding)) {
        print_table("$title{$group}, by number of vhosts", [ $group, map { thousands($_) } @vhosts ],
            map { my $name = $_->[1]; [ $name, map { join ', ', @{ $rows{$group}{$name}{$_} // [] } } @vhosts ] } grep { $_->[0] eq $group } @order);
    }
    run_end_to_end();
}

sub run_end_to_end
{
    say_progress('page: a flood, then the page from end to end');
    my $server = server('all', mpm => 'event', more => TLSDiag::Bench::Cpu::one_process());
    $server->start;
    my $flood = handshakes('no-common-suite', $server->port('ecdsa'), FLOOD / knob(QUICK => 1), threads => 8, fresh => 1, spread => 1, first => 1);
    sleep 1;
    my $base = 'http://127.0.0.1:' . $server->port . '/tlsdiag-status';
    my @rows;
    for my $path ('', '/json', '/metrics', '/records') {
        my @took = map { fetch("$base$path") } 1 .. 15;
        push @rows, [ "/tlsdiag-status$path", sprintf('%.1f', median(map { $_->[0] * 1000 } @took)), thousands($took[-1][1]) ];
    }
    print_table('The page from end to end (curl, plain HTTP, wall time), after ' . thousands(FLOOD / knob(QUICK => 1)) . ' handshakes that each had a fingerprint, a network and a name of their own',
        [ 'path', 'milliseconds', 'bytes' ], @rows);
    print_table('Handshakes meanwhile (wall time)', [ 'while', 'median, us', 'p99, us', 'longest, us' ],
        probes($server, 'nobody looks'),
        probes($server, 'the page is read slowly by 4', map { [ 'curl', '-s', '-o', '/dev/null', '--limit-rate', '2k', '--max-time', 120, $base ] } 1 .. 4),
        probes($server, 'the page is made without a pause', [ 'sh', '-c', 'while :; do curl -s -m 60 -o /dev/null "$0"; done', $base ]),
        probes($server, 'a file is fetched without a pause', [ 'sh', '-c', 'while :; do curl -s -m 60 -o /dev/null "$0"; done', $base =~ s/tlsdiag-status//r ]));
    $server->stop;
}

# [ seconds, bytes ]
sub fetch
{
    my ($url) = @_;
    my $said = `curl -s -m 60 -o /dev/null -w '%{http_code} %{time_total} %{size_download}' '$url'`;
    my ($status, @is) = split ' ', $said;
    $status == 200 or die "$url: $said\n";
    return \@is;
}

sub probes
{
    my ($server, $while, @readers) = @_;
    my @pids = map { background(@$_) } @readers;
    sleep 0.5;
    my $took = handshakes('tls13-full', $server->port('ecdsa'), PROBES / knob(QUICK => 1));
    kill TERM => -$_ for @pids;
    waitpid $_, 0 for @pids;
    return [ $while, map { thousands($took->{$_}) } qw(median_us p99_us most_us) ];
}

# In a process group of its own, so that it ends with its children.
sub background
{
    my @command = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    setpgrp;
    exec @command or die "$command[0]: $!\n";
}

1;
