# The words the tests are written in: given this vhost, when this client connects, then this is on record.
#
#   use TLSDiag::Test;
#   seen_ok('a client that ends at TLS 1.1', tls12 => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'),
#       { 'tlsdiag.cause' => 'version.client_too_old', 'log.level' => 'warn' });
#   done_testing;
#
# t/README.md lists the words. Clients are in TLSDiag::Clients; this file reads the logs and compares.
package TLSDiag::Test;
use strict;
use warnings;
use JSON::XS    ();
use POSIX       qw(strftime);
use Test::More  ();
use Time::HiRes qw(sleep time);
use TLSDiag::Clients;
use TLSDiag::Patience;
use TLSDiag::Server;

use constant SETTLE => 0.03;    # seconds in which one line too many would show

our @words = qw(patience server use_server vhost_port pki connect_to seen_ok fields_ok value_at records_ok mark records error_lines openssl_from);

sub import
{
    my $caller = caller;
    no strict 'refs';
    strict->import;
    warnings->import;
    *{"${caller}::$_"} = \&{$_} for @words;
    *{"${caller}::$_"} = \&{"TLSDiag::Clients::$_"} for @TLSDiag::Clients::EXPORT;
    Test::More->export_to_level(1);
}

my $server;

# The httpd that t/TEST runs, or the one of its own that a test brings with use_server().
sub use_server { return $server = $_[0] }
sub server { return $server //= TLSDiag::Server->running($ENV{TLSDIAG_ROOT} // 'build/t/event') }

sub vhost_port { return server()->port($_[0]) }
sub pki        { return server()->{pki} . "/$_[0]" }

# Is this system's OpenSSL, which httpd and most clients use, of this version ('3.5') or a later one?
my $openssl_version;

sub openssl_from
{
    my ($version) = @_;
    $openssl_version //= (`openssl version` =~ /^OpenSSL (\d+\.\d+)/)[0] // die "openssl version: not understood\n";
    return version->parse("v$openssl_version") >= version->parse("v$version");
}

# Run one client against a vhost and collect what it left behind:
# { record, records => [...], errors => [error-log lines of ours], output, status }
sub connect_to
{
    my ($vhost, $client, %wanted) = @_;
    my $mark   = mark($vhost);
    my $result = $client->(vhost_port($vhost));
    my @records = records($mark, $wanted{records} // 1);
    my @errors = error_lines($mark, grep { ($_->{'log'}{level} // '') ne 'info' || ($_->{event}{outcome} // '') eq 'failure' } @records);
    return { %$result, mark => $mark, vhost => $vhost, record => $records[0], records => \@records, errors => \@errors };
}

# One connection, exactly one record, and it says what is expected; on failure also the error-log line.
sub seen_ok
{
    my ($name, $vhost, $client, $expected) = @_;
    my $seen = connect_to($vhost, $client);
    Test::More::subtest($name => sub {
        Test::More::is(scalar @{ $seen->{records} }, 1, 'exactly one record') or explain($seen);
        my $record = $seen->{record} or return;
        fields_ok($record, $expected) && error_line_ok($seen) or explain($seen);
    });
    return $seen;
}

# Every "a.b.c" => value holds in the record. A pattern matches, undef means absent, a list must be equal, a sub decides.
sub fields_ok
{
    my ($record, $expected) = @_;
    my $good = 1;
    for my $path (sort keys %$expected) {
        my ($got, $want) = (value_at($record, $path), $expected->{$path});
        my $name = "$path is " . (ref $want eq 'CODE' ? 'as it should be' : $want // 'absent');
        $good &= ref $want eq 'Regexp' ? Test::More::like($got // '(absent)', $want, $path)
            : ref $want eq 'CODE'      ? Test::More::ok($want->($got), $name)
            : ref $want                ? Test::More::is_deeply($got, $want, $path)
            :                            Test::More::is($got, $want, $name);
    }
    return $good;
}

# value_at($record, 'tlsdiag.alerts.0.code')
sub value_at
{
    my ($value, $path) = @_;
    for my $step (split /\./, $path) {
        $value = ref $value eq 'ARRAY' ? $value->[$step] : ref $value eq 'HASH' ? $value->{$step} : undef;
        $value = $value ? 1 : 0 if Types::Serialiser::is_bool($value);
    }
    return $value;
}

# The error log has one line for each failure, with the address, the level and the cause; none for a success.
sub error_line_ok
{
    my ($seen) = @_;
    my $record = $seen->{record};
    my @lines = @{ $seen->{errors} };
    my $failure = $record->{event}{outcome} eq 'failure';
    return Test::More::pass('error-log line folded, as the sixth of its kind in a minute is') if $failure && !@lines && is_folded($seen);
    Test::More::is(scalar @lines, $failure ? 1 : 0, $failure ? 'one error-log line' : 'no error-log line') or return 0;
    return 1 if !$failure;
    my ($level, $address) = ($record->{'log'}{level}, "$record->{source}{ip}:$record->{source}{port}");
    return Test::More::like($lines[0], qr/\Q[tlsdiag:$level]\E/, "at level $level")
        & Test::More::like($lines[0], qr/\bclient \Q$address\E\b/, "with the client's address $address")
        & Test::More::like($lines[0], qr/\b\Q$record->{tlsdiag}{cause}\E\b/, "with the cause $record->{tlsdiag}{cause}");
}

# From the sixth of one cause, client and vhost within a minute on, lines fold into a count (statistics/flood.h).
sub is_folded
{
    my ($seen) = @_;
    my $record = $seen->{record};
    my $since = strftime('%Y-%m-%dT%H:%M:%S', gmtime time - 61);
    my @alike = grep { $_->{tlsdiag}{cause} eq $record->{tlsdiag}{cause} && $_->{source}{ip} eq $record->{source}{ip} && $_->{'@timestamp'} gt $since }
        map { JSON::XS::decode_json($_) } lines_since($seen->{mark}{log}, 0);
    return @alike > 5;
}

# Everything there is to a failed test, without the long lists of what a client offers.
sub explain
{
    my ($seen) = @_;
    for my $record (@{ $seen->{records} }) {
        my %short = %{ JSON::XS::decode_json(JSON::XS::encode_json($record)) };
        delete $short{tls}{client}{supported_ciphers};
        delete @{ $short{tlsdiag} }{qw(ja3_string ja4_r)};
        delete @{ $short{tlsdiag}{client} }{qw(cipher_codes signature_algorithms groups extensions)};
        Test::More::diag('record: ', JSON::XS->new->canonical->encode(\%short));
    }
    Test::More::diag("error log: $_") for @{ $seen->{errors} };
    my $output = $seen->{output} // '';
    Test::More::diag("client (status $seen->{status}) said: ", substr($output, length $output > 600 ? -600 : 0) =~ s/[^ -~\n]/./gr);
}

# --- the logs

# Where the logs end now.
sub mark
{
    my ($vhost) = @_;
    my $log = server()->file("logs/$vhost.json");
    my $errors = server()->file('logs/error_log');
    return { log => $log, log_at => -s $log // 0, errors => $errors, errors_at => -s $errors // 0 };
}

# The records since the mark in order of their telling, once there are $count of them and no more come. Dies on a line
# that is not JSON.
sub records
{
    my ($mark, $count) = @_;
    my $deadline = time + patience(20);
    my @lines;
    do {
        @lines = lines_since($mark->{log}, $mark->{log_at});
        sleep 0.01 if @lines < $count;
    } while (@lines < $count && time < $deadline);
    sleep SETTLE;
    return sort { $a->{event}{sequence} <=> $b->{event}{sequence} }
        map { JSON::XS::decode_json($_) } lines_since($mark->{log}, $mark->{log_at});
}

# Our error-log lines since the mark about the clients of these records.
sub error_lines
{
    my ($mark, @records) = @_;
    my %wanted = map { ("$_->{source}{ip}:$_->{source}{port}" => 1) } @records;
    my $failures = grep { $_->{event}{outcome} eq 'failure' } @records;
    my $deadline = time + patience(2);
    my @found;
    do {
        @found = grep { my $line = $_; $line =~ /\[tlsdiag:\w+\]/ && grep { $line =~ /\b\Q$_\E\b/ } keys %wanted } lines_since($mark->{errors}, $mark->{errors_at});
        sleep 0.01 if @found < $failures;
    } while (@found < $failures && time < $deadline);
    return @found;
}

# Complete lines only.
sub lines_since
{
    my ($file, $position) = @_;
    open my $in, '<', $file or return;
    seek $in, $position, 0;
    local $/;
    my $text = <$in> // '';
    return grep { length } split /\n/, $text =~ /\A(.*\n)/s ? $1 : '';
}

# For tests that make many connections at once: wait for this many records on a vhost, return them.
sub records_ok
{
    my ($mark, $count, $name) = @_;
    my @records = records($mark, $count);
    Test::More::is(scalar @records, $count, $name // "$count records");
    return @records;
}

1;
