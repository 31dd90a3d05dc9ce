# What all parts of `make bench` share: the kinds of handshake, the settings that are compared, servers, tables.
# It refuses to judge: no figure makes it fail, a handshake that does not end as its kind must does.
package TLSDiag::Bench;
use strict;
use warnings;
use Exporter   qw(import);
use List::Util qw(max min sum);
use Time::HiRes ();
use TLSDiag::Server;

our @EXPORT = qw(kinds kind server settings setting_name handshakes try_handshakes print_table thousands difference
    percent median wait_until say_progress knob wanted wanted_kinds build);

# What one connection does: title, vhost, KIND of t/bench/handshakes.c. Those that succeed ask for one small file.
my @kinds = (
    [ '1.3 ECDSA',       ecdsa => 'tls13-full' ],
    [ '1.3 RSA',         rsa   => 'tls13-full' ],
    [ '1.2 ECDSA',       ecdsa => 'tls12-full' ],
    [ '1.3 resumed',     ecdsa => 'tls13-resumed' ],
    [ '1.2 resumed',     ecdsa => 'tls12-resumed' ],
    [ 'no common suite', ecdsa => 'no-common-suite' ],
    [ 'client alert',    ecdsa => 'client-alert' ],
);

# What is compared with mod_ssl alone at LogLevel warn. log: argument of TLSDiagLog; without: no JSON log.
my %settings = (
    bare     => { name => 'mod_ssl alone' },
    debug    => { name => 'LogLevel ssl:debug',      level => 'warn ssl:debug' },
    trace3   => { name => 'LogLevel ssl:trace3',     level => 'warn ssl:trace3' },
    off      => { name => 'mod_tlsdiag, TLSDiag Off', module => 1, conf => 'TLSDiag Off' },
    none     => { name => 'mod_tlsdiag, no JSON log', module => 1 },
    failures => { name => 'mod_tlsdiag, TLSDiagLog failures', module => 1, log => 'failures' },
    all      => { name => 'mod_tlsdiag, TLSDiagLog all', module => 1, log => 'all' },
);

sub kinds { return @kinds }
sub kind  { my ($title) = @_; return (grep { $_->[0] eq $title } @kinds)[0] }

# With what the client's hellos are like: options of t/bench/handshakes.c.
my %hellos = (drawn => ', each hello drawn anew', fresh => ', each fingerprint new');
sub setting_name { my ($setting, %client) = @_; return join '', $settings{$setting}{name}, @hellos{ keys %client } }

sub build { return $ENV{TLSDIAG_BENCH_BUILD} // 'build' }

# A knob of `make bench`, as ROUNDS=5.
sub knob { my ($name, $default) = @_; return length($ENV{$name} // '') ? $ENV{$name} : $default }

# Whether SETTINGS='bare,all' names it, or is not said; and the titles that KINDS='1.3 ECDSA,1.2 resumed' does: to make a part shorter.
sub wanted { my ($setting) = @_; return grep { $_ eq $setting } split /,/, knob(SETTINGS => $setting) }
sub wanted_kinds
{
    my @titles = map { $_->[0] } kinds();
    my %wanted = map { $_ => 1 } split /,/, knob(KINDS => join ',', @titles);
    return grep { $wanted{$_} } @titles;
}

# A laid out server for a setting, not started. more: further configuration; others as for TLSDiag::Server.
sub server
{
    my ($setting, %is) = @_;
    my $what = $settings{$setting} // die "no setting '$setting'\n";
    my $more = delete $is{more} // '';
    my %vhost = (conf => 'SSLCipherSuite ECDHE+AESGCM', $what->{log} ? (log => $what->{log}) : ());
    return TLSDiag::Server->new(
        root   => build() . "/bench/$setting",
        module => $what->{module} ? module_file() : '',
        no_log => !$what->{log},
        table  => [ map { $_ => { cert => $_, %vhost } } qw(ecdsa rsa) ],
        extra  => join("\n", 'LogLevel ' . ($what->{level} // 'warn'), 'MaxKeepAliveRequests 0', $what->{conf} // (), $more),
        %is);
}

sub module_file { return TLSDiag::Server::abs_path(build() . '/mod_tlsdiag.so') }

# Runs the load client, for DEADLINE seconds at most; returns what it measured: count, seconds, median_us, p99_us, most_us.
sub handshakes
{
    my ($kind, $port, $count, %options) = @_;
    my $said = try_handshakes($kind, $port, $count, %options);
    return { split ' ', $said };
}

sub try_handshakes
{
    my ($kind, $port, $count, %options) = @_;
    my @pin = delete $options{unpinned} ? () : pin('client');
    my @command = ('timeout', knob(DEADLINE => 120), @pin, build() . '/t/bench/handshakes', $kind, $port, $count, map { "$_=$options{$_}" } sort keys %options);
    open my $out, '-|', @command or die "$command[0]: $!\n";
    my $said = join '', <$out>;
    close $out or die "FAILED: @command\n";
    return $said;
}

# The server on the first core, the client on the second, where there are two.
sub pin
{
    my ($who) = @_;
    chomp(my $cores = `nproc`);
    return $cores > 1 ? ('taskset', '-c', $who eq 'server' ? 0 : 1) : ();
}

sub wait_until
{
    my ($what, $seconds, $ready) = @_;
    for (1 .. $seconds * 10) {
        return if $ready->();
        Time::HiRes::sleep(0.1);
    }
    die "waited $seconds seconds in vain for $what\n";
}

# --- words and numbers

sub say_progress { print STDERR "bench: @_\n" }

sub median
{
    my @sorted = sort { $a <=> $b } @_;
    return @sorted % 2 ? $sorted[ @sorted / 2 ] : ($sorted[ @sorted / 2 - 1 ] + $sorted[ @sorted / 2 ]) / 2;
}

sub thousands
{
    my $text = sprintf '%.0f', $_[0];
    1 while $text =~ s/(\d)(\d{3})(?!\d)/$1,$2/;
    return $text;
}

sub percent { return sprintf '%.*f %%', abs $_[0] < 10 ? 2 : 1, $_[0] }

# "+12,345 (0.42 %)"
sub difference
{
    my ($with, $without) = @_;
    return sprintf '%s%s (%s)', $with < $without ? '' : '+', thousands($with - $without), percent(100 * ($with - $without) / $without);
}

# As Markdown, so that it can be copied into README.md.
sub print_table
{
    my ($title, @rows) = @_;
    my @width = map { my $column = $_; max map { length($_->[$column] // '') } @rows } 0 .. max map { $#$_ } @rows;
    print "\n$title\n\n";
    for my $number (0 .. $#rows) {
        print '|', (map { sprintf ' %-*s |', $width[$_], $rows[$number][$_] // '' } 0 .. $#width), "\n";
        print '|', (map { '-' x ($_ + 2) . '|' } @width), "\n" if !$number;
    }
}

1;
