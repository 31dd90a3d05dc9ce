# Bytes that httpd asks for on each connection, of malloc() and of APR's pools, counted by t/bench/allocations.c; the
# difference between N and 2N connections. And what a connection holds after its handshake, kept alive: private memory of the child
# with many of them open, less with none, divided by their number.
package TLSDiag::Bench::Memory;
use strict;
use warnings;
use Time::HiRes qw(sleep);
use TLSDiag::Bench;
use TLSDiag::Bench::Callgrind;
use TLSDiag::Bench::Cpu;

use constant { CONNECTIONS => 150, HELD => 200 };

sub run
{
    my @titles = wanted_kinds();
    my (%asked, @rows, @held);
    for my $setting (grep { $_ eq "bare" || wanted($_) } qw(bare off none all)) {
        say_progress("memory: $setting");
        my $server = start($setting);
        for my $title (@titles) {
            my @asked = asked_by($server, $title);
            $asked{$setting}{$title} = \@asked;
        }
        push @held, [ setting_name($setting), sprintf '%.1f', held_by($server) ];
        $server->stop;
        for my $which (0, 1) {
            push @{ $rows[$which] }, [ setting_name($setting), map {
                my ($with, $without) = ($asked{$setting}{$_}[$which], $asked{bare}{$_}[$which]);
                $setting eq 'bare' ? thousands($with) : sprintf '%s%s', $with < $without ? '' : '+', thousands($with - $without);
            } @titles ];
        }
    }
    print_table('Bytes asked of malloc() for each connection, difference to mod_ssl alone', [ 'malloc', @titles ], @{ $rows[0] });
    print_table('Bytes asked of pools (apr_palloc) for each connection, difference to mod_ssl alone', [ 'pools', @titles ], @{ $rows[1] });
    print_table('Memory of the child for each of ' . HELD . ' connections kept alive after their handshake', [ 'setting', 'KiB' ], @held);
}

sub start
{
    my ($setting) = @_;
    my $server = server($setting, mpm => 'event', more => TLSDiag::Bench::Cpu::one_process() . "\nKeepAliveTimeout 60\nAsyncRequestWorkerFactor 100");
    my $file = $server->file('state/allocations');
    TLSDiag::Server::write_file($file, "\0" x 16);
    local $ENV{ALLOCATIONS} = $file;
    local $ENV{LD_PRELOAD} = TLSDiag::Server::abs_path(build() . '/t/bench/allocations.so');
    $server->start;
    return $server;
}

sub asked
{
    my ($server) = @_;
    return unpack 'Q2', TLSDiag::Server::read_file($server->file('state/allocations'));
}

# (of malloc, of pools)
sub asked_by
{
    my ($server, $title) = @_;
    my (undef, $vhost, $kind) = @{ kind($title) };
    my @counts;
    my $connections = int(CONNECTIONS / knob(QUICK => 1)) || 1;
    for my $count (30, $connections, 2 * $connections) {
        my @before = asked($server);
        handshakes($kind, $server->port($vhost), $count);
        sleep 0.5;
        my @after = asked($server);
        push @counts, [ map { $after[$_] - $before[$_] } 0, 1 ];
    }
    return map { ($counts[2][$_] - $counts[1][$_]) / $connections } 0, 1;
}

# KiB
sub held_by
{
    my ($server) = @_;
    my ($child) = TLSDiag::Server::children($server->pid);
    my $before = private_kib($child);
    my $pid = open(my $client, '|-', build() . '/t/bench/handshakes', 'tls13-full', $server->port('ecdsa'), HELD, 'hold=1') || die "handshakes: $!\n";
    wait_until('connections', 120, sub { open_connections($server->port('ecdsa')) >= HELD });
    sleep 0.5;
    my $held = private_kib($child) - $before;
    kill TERM => $pid;
    close $client;
    wait_until('their end', 120, sub { open_connections($server->port('ecdsa')) == 0 });
    return $held / HELD;
}

sub private_kib
{
    my ($pid) = @_;
    my $text = TLSDiag::Server::read_file("/proc/$pid/smaps_rollup");
    my $sum = 0;
    $sum += $1 while $text =~ /^Private_\w+:\s+(\d+)/mg;
    return $sum;
}

# Established ones, as the kernel lists them.
sub open_connections
{
    my ($port) = @_;
    my $wanted = sprintf '0100007F:%04X', $port;
    return scalar grep { my @is = split; @is > 3 && $is[1] eq $wanted && $is[3] eq '01' } split /\n/, TLSDiag::Server::read_file('/proc/net/tcp');
}

1;
