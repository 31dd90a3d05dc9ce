# Instructions per handshake of `httpd -X` under valgrind's callgrind: the difference between N and 2N handshakes of one
# process, so that its start and whatever happens once cancels out. What the kernel does is not counted. One thread serves all;
# what other threads do (the listener, the audit's watch, log lines that gathered) depends on time, not on handshakes, and is left
# out: valgrind makes a handshake last a hundred times longer.
package TLSDiag::Bench::Callgrind;
use strict;
use warnings;
use Time::HiRes qw(sleep);
use TLSDiag::Bench;

# Setting, and what the client does: the same hello each time, or one drawn anew as browsers do, or one with a JA4 never seen before.
my @rows = (
    [ 'bare' ], [ 'off' ], [ 'none' ], [ 'all' ], [ 'debug' ],
    [ 'bare', drawn => 1 ], [ 'all', drawn => 1 ], [ 'bare', fresh => 1 ], [ 'all', fresh => 1 ],
);

sub run
{
    my $count  = knob(HANDSHAKES => 4);
    my @titles = wanted_kinds();
    my (@table, %bare, @more);
    for my $row (@rows) {
        my ($setting, %client) = @$row;
        next if $setting ne 'bare' && !wanted($setting);
        say_progress("callgrind: $setting @{[ %client ]}");
        my ($cost, $request) = measure($setting, $count, \@titles, %client);
        my $name = setting_name($setting, %client);
        %bare = %$cost if $setting eq 'bare';    # such a hello is longer, so it costs mod_ssl more as well
        push @table, [ $name, map { $setting ne 'bare' ? difference($cost->{$_}, $bare{$_}) : thousands($cost->{$_}) } @titles ];
        push @more, [ $name, thousands($request) ] if !%client;
    }
    print_table("Instructions per handshake, callgrind (difference between $count and @{[ 2 * $count ]}; what is added to mod_ssl alone)",
        [ 'instructions', @titles ], @table);
    print_table('Instructions for a further request on a connection kept alive (prefork)',
        [ 'setting', 'request' ], @more);
}

# Returns ({ title => instructions per handshake }, instructions per further request).
sub measure
{
    my ($setting, $count, $titles, %client) = @_;
    my $first = 0;
    my %cost;
    serve($setting, event => sub {
        my ($process) = @_;
        for my $title (@$titles) {
            my (undef, $vhost, $kind) = @{ kind($title) };
            $cost{$title} = difference_of($process, $count, sub {
                my ($times) = @_;
                handshakes($kind, $process->{server}->port($vhost), $times, %client, first => $first);
                $first += $times;
            });
        }
    });
    return (\%cost, undef) if %client;
    my $request;
    serve($setting, prefork => sub {    # event's listener ends connections that are kept alive while its one worker is busy
        my ($process) = @_;
        $request = difference_of($process, 50, sub { handshakes('tls13-full', $process->{server}->port('ecdsa'), 1, requests => $_[0]) });
    });
    return (\%cost, $request);
}

my %one_of_each = (
    event   => [qw(StartServers ServerLimit ThreadsPerChild MaxRequestWorkers)],
    prefork => [qw(StartServers MinSpareServers MaxSpareServers ServerLimit MaxRequestWorkers)],
);

sub serve
{
    my ($setting, $mpm, $work) = @_;
    my $process = start(server($setting, mpm => $mpm, more => join "\n", map { "$_ 1" } @{ $one_of_each{$mpm} }));
    $work->($process);
    stop($process);
    return;
}

# After some of them, so that caches are filled and buffers have grown.
sub difference_of
{
    my ($process, $count, $work) = @_;
    $work->(4);
    counted($process);
    $work->($count);
    my $once = counted($process);
    $work->(2 * $count);
    my $twice = counted($process);
    return ($twice - $once) / $count;
}

sub start
{
    my ($server) = @_;
    my $file = $server->file('state/callgrind.out');
    chmod 0777, $server->file('state');
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDERR, '>', $server->file('logs/valgrind');
        exec 'valgrind', '--tool=callgrind', '--quiet', '--vgdb=no', '--separate-threads=yes', "--callgrind-out-file=$file", '--dump-before=ap_send_http_options',
            $server->program, '-X', '-d', $server->file('.'), '-f', $server->file('conf/httpd.conf');
        die "valgrind: $!\n";
    }
    my $process = { pid => $pid, server => $server, file => $file, dumps => 0 };
    wait_until('httpd under valgrind', 180, sub {
        waitpid($pid, 1) == 0 or die 'httpd -X ended: ', TLSDiag::Server::read_file($server->file('logs/valgrind')), "\n";
        return system('curl', '-s', '-m', 30, '-o', '/dev/null', 'http://127.0.0.1:' . $server->port . '/') == 0;
    });
    return $process;
}

# Instructions of the thread that serves since the last call. httpd calls ap_send_http_options for nothing but our OPTIONS request, and callgrind writes
# the counts of the thread that does; so no debugger interface is needed, which would not survive the change of user.
sub counted
{
    my ($process) = @_;
    sleep 0.4;    # the end of the last connection, and a gathered log line, belong to what was done
    my $file = $process->{file} . '.' . ++$process->{dumps};
    system 'curl', '-s', '-m', 30, '-o', '/dev/null', '-X', 'OPTIONS', 'http://127.0.0.1:' . $process->{server}->port . '/';
    wait_until("$file-*", 60, sub { my @there = glob "$file-*"; return @there });
    my @dumps = glob "$file-*";
    die "counts of more than one thread: @dumps\n" if @dumps > 1;
    return TLSDiag::Server::read_file($dumps[0]) =~ /^(?:totals|summary): (\d+)/m ? $1 : die "$dumps[0]: no totals\n";
}

sub stop
{
    my ($process) = @_;
    kill TERM => $process->{pid};
    waitpid $process->{pid}, 0;
    unlink glob "$process->{file}*";
}

1;
