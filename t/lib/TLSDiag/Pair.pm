# Two servers, alike but for our module: what the same client sees of each, and what mod_ssl says of it in the error log.
#
#   my $pair = TLSDiag::Pair->new(root => 'pair', vhosts => ['std'], extra => 'LogLevel ssl:info');
#   my ($with, $without) = $pair->both(std => sub { openssl('-tls1_2') });    # each { output, status, lines => [...] }
#
# lines are mod_ssl's, without what is different each time: time, process, ports, addresses in memory.
package TLSDiag::Pair;
use strict;
use warnings;
use Time::HiRes qw(sleep time);
use TLSDiag::Patience;
use TLSDiag::Server ();
use TLSDiag::Test   ();

# As TLSDiag::Server, but two; both are started.
sub new
{
    my ($class, %is) = @_;
    my %like = (mpm => $ENV{APACHE_TEST_MPM} // 'event', %is);
    my $self = bless {}, $class;
    $self->{with}    = TLSDiag::Server->new(%like, root => "build/t/$is{root}-with");
    $self->{with}->start;
    $self->{without} = TLSDiag::Server->new(%like, root => "build/t/$is{root}-without", module => undef, no_log => 1);
    $self->{without}->start;
    TLSDiag::Test::use_server($self->{with});
    return $self;
}

sub with { return $_[0]{with} }
sub stop { $_->stop for @{ $_[0] }{qw(with without)} }

# The sub makes a client; it is called for each of the two, the one with the module first.
sub both
{
    my ($self, $vhost, $make) = @_;
    my @seen;
    for my $server (@{$self}{qw(with without)}) {
        TLSDiag::Test::use_server($server);
        my $log = $server->file('logs/error_log');
        push @seen, { server => $server, log => $log, at => -s $log };
        my $result = $make->()->($server->port($vhost));
        $seen[-1] = { %{ $seen[-1] }, %$result };
    }
    TLSDiag::Test::use_server($self->{with});
    wait_for_lines(@seen);
    return @seen;
}

# A connection's last lines come when it is closed, after the client has gone: both have said all when they have said the same.
sub wait_for_lines
{
    my (@seen) = @_;
    my $deadline = time + patience(20);
    my @texts;
    do {
        sleep 0.01;
        $_->{lines} = [ lines_of_mod_ssl($_) ] for @seen;
        @texts = map { join "\n", @{ $_->{lines} } } @seen;
    } while (($texts[0] ne $texts[1] || $texts[0] !~ /AH01998|AH02001|AH01997/) && time < $deadline && !is_over(@seen));
}

# Some ends have no line of mod_ssl's: then nothing new for a while is the end.
sub is_over
{
    my (@seen) = @_;
    for my $of (@seen) {
        my $count = @{ $of->{lines} };
        $of->{quiet} = ($of->{count} // -1) == $count ? ($of->{quiet} // 0) + 1 : 0;
        $of->{count} = $count;
    }
    return "@{ $seen[0]{lines} }" eq "@{ $seen[1]{lines} }" && $seen[0]{quiet} > 20 && $seen[1]{quiet} > 20;
}

# Connection by connection, as they began: the end of one and the beginning of the next meet in the log by chance.
sub lines_of_mod_ssl
{
    my ($of) = @_;
    my $port = $of->{server}->port;
    my (@connections, %lines);
    # OpenSSL asks mod_ssl's BIO for KTLS at each read, and how many reads there are depends on how the bytes come.
    for (grep { /\] \[ssl:\w+\] / && !/BUG: bio_filter_in_ctrl/ } TLSDiag::Test::lines_since($of->{log}, $of->{at})) {
        my $client = /\[client (\S+)\]/ ? $1 : '';
        push @connections, $client if !$lines{$client};
        push @{ $lines{$client} }, without_chance($_, $port);
    }
    return map { @{ $lines{$_} } } @connections;
}

sub without_chance
{
    my ($line, $first_port) = @_;
    $line =~ s/^\[[^\]]+\] (\[ssl:\w+\]) \[pid \d+(?::tid \d+)?\] /$1 /;
    $line =~ s/\bclient ([\d.]+|\[?::1\]?):\d+/client $1:PORT/g;
    $line =~ s/\bchild \d+/child N/g;
    $line =~ s/(localhost|example\.test):(\d+)/"$1:+" . ($2 - $first_port)/ge;
    $line =~ s/\] \([^)]*\)[^\[]*: (?=\[client \S+\] AH02008)/] /; # mod_ssl prints a status that it never set
    $line =~ s/\b[0-9a-f]{32,}\b/ID/g;
    $line =~ s/0x[0-9a-f]+|\b[0-9a-f]{12,16}\b/ADDRESS/g;
    return $line;
}

# Of what a server sent: types, versions and lengths of the records, and the whole of alerts. All else is random or encrypted.
sub shape
{
    my ($bytes) = @_;
    my @records;
    while (length $bytes >= 5) {
        my ($type, $version, $length) = unpack 'Cnn', $bytes;
        my $content = substr $bytes, 5, $length;
        push @records, join ' ', $type, $version, $length, $type == 21 ? unpack 'H*', $content : ();
        substr($bytes, 0, 5 + $length) = '';
    }
    return (@records, unpack 'H*', $bytes);
}

1;
