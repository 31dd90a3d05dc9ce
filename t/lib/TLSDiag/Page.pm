# The words for tests of the status page: fetch one of its forms over plain HTTP, wait until it has counted.
# It refuses to know what a page should say.
#
#   use TLSDiag::Page;
#   my $answer = page('/records?cause=cipher');     # { status, headers, content }
#   my $json   = snapshot();                        # /json, decoded
package TLSDiag::Page;
use strict;
use warnings;
use HTTP::Tiny  ();
use JSON::XS    ();
use Time::HiRes qw(sleep time);
use TLSDiag::Patience;
use TLSDiag::Test ();


our @words = qw(page page_at snapshot records_of metrics metric wait_until books);

sub import
{
    my $caller = caller;
    no strict 'refs';
    *{"${caller}::$_"} = \&{$_} for @words;
}

# method, headers => {}; path follows /tlsdiag-status.
sub page
{
    my ($path, %is) = @_;
    return page_at("/tlsdiag-status$path", %is);
}

sub page_at
{
    my ($path, %is) = @_;
    my $port = $is{port} // TLSDiag::Test::server()->port;
    return HTTP::Tiny->new(timeout => patience(20), max_redirect => 0)
        ->request($is{method} // 'GET', "http://127.0.0.1:$port$path", { headers => $is{headers} // {} });
}

sub snapshot
{
    my (%is) = @_;
    return JSON::XS::decode_json(page('/json', %is)->{content});
}

sub records_of
{
    my ($query, %is) = @_;
    return map { JSON::XS::decode_json($_) } split /\n/, page("/records?$query", %is)->{content};
}

# All samples: { 'name{label="value"}' => number }.
sub metrics
{
    my (%is) = @_;
    return { map { /^(\w+(?:\{.*\})?) (\S+)$/ ? ($1 => $2) : () } split /\n/, page('/metrics', %is)->{content} };
}

# The sum of the samples of a metric whose labels match.
sub metric
{
    my ($samples, $name, $labels) = @_;
    my $sum = 0;
    $sum += $samples->{$_} for grep { /^\Q$name\E(?:\{|$)/ && (!$labels || $_ =~ $labels) } keys %$samples;
    return $sum;
}

# Ask again until it is true, or for so long that it will never be. Returns the last answer.
sub wait_until
{
    my ($question) = @_;
    my $deadline = time + patience(20);
    my $answer;
    sleep 0.05 while !($answer = $question->()) && time < $deadline;
    return $answer;
}

# started = succeeded + failed + abandoned + in progress
sub books
{
    my ($snapshot) = @_;
    my $books = $snapshot->{handshakes};
    return $books->{started} == $books->{succeeded} + $books->{failed} + $books->{abandoned} + $books->{in_progress};
}

1;
