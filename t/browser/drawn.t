# A real Chromium draws GREASE values and the order of its extensions anew for each hello: each record shows its own, JA3 is another each
# time, JA4 is one, and where it rejects the certificate the verdict is one.
use TLSDiag::Test;
use TLSDiag::Server;
use Digest::MD5    qw(md5_hex);
use Digest::SHA    qw(sha256_hex);
use File::Temp     qw(tempdir);
use List::Util     qw(uniq);

my ($chromium) = grep { -x } qw(/usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome);
BAIL_OUT('no chromium: make deps installs it') if !$chromium;

my $server = use_server(TLSDiag::Server->new(root => 'build/t/browser-drawn', vhosts => [qw(std ecdsa)]));
$server->start;

my @runs = 1 .. 4;

sub visit
{
    my ($vhost, @flags) = @_;
    my $home = tempdir(CLEANUP => 1);
    return system "timeout 60 $chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        . " --user-data-dir=$home @flags --dump-dom https://localhost:" . vhost_port($vhost) . '/ >/dev/null 2>&1';
}

# By hand, from what is shown of the lists.
sub fingerprints_ok
{
    my ($record) = @_;
    my (undef, $suites, $extensions) = split /,/, $record->{tlsdiag}{ja3_string};
    my (undef, $shown, $rest) = split /_/, $record->{tlsdiag}{ja4_r}, 3;
    my ($of_extensions) = split /_/, $rest;
    is($record->{tls}{client}{ja3}, md5_hex($record->{tlsdiag}{ja3_string}), 'JA3 is of its string');
    is($shown, join(',', map { sprintf '%04x', $_ } sort { $a <=> $b } split /-/, $suites), 'JA4_r has the suites');
    is($of_extensions, join(',', map { sprintf '%04x', $_ } sort { $a <=> $b } grep { $_ != 0 && $_ != 16 } split /-/, $extensions),
        '... and the extensions');
    my @hashes = map { substr sha256_hex($_), 0, 12 } $shown, $rest;
    like($record->{tlsdiag}{ja4}, qr/_$hashes[0]_$hashes[1]$/, 'JA4 is of both');
    my @grease = grep { /^0x([0-9a-f])a\1a$/ } map { @{ $record->{tlsdiag}{client}{$_} } } qw(cipher_codes extensions groups key_shares versions);
    is(scalar @grease, 6, 'its GREASE is shown') or diag(explain($record->{tlsdiag}{client}));
    is(scalar(split /-/, $extensions), @{ $record->{tlsdiag}{client}{extensions} } - 2, 'and its extensions');
    return join ' ', @grease;
}

sub visits_ok
{
    my ($name, $vhost, $flags, $is_one, $expected) = @_;
    my $mark = mark($vhost);
    visit($vhost, @$flags) for @runs;
    # A browser opens connections that it does not use after all, and to resume a session makes another JA4.
    my @records = grep { $is_one->($_) && !$_->{tlsdiag}{client}{psk} } records($mark, scalar @runs);
    my @grease;
    ok(@records >= @runs, "$name: " . @records . ' records');
    for my $record (@records) {
        subtest("$name: one record" => sub { push @grease, fingerprints_ok($record); fields_ok($record, $expected) });
    }
    is(scalar(uniq map { $_->{tlsdiag}{ja4} } @records), 1, 'one JA4');
    ok((uniq map { $_->{tls}{client}{ja3} } @records) > 1, 'several JA3');
    ok((uniq @grease) > 1, 'and GREASE');
    is(scalar(uniq map { $_->{event}{reason} // '' } @records), 1, 'one reason');
}

visits_ok('served', std => ['--ignore-certificate-errors'], sub { $_[0]{tlsdiag}{request_seen} }, { 'tlsdiag.cause' => 'ok', 'tls.established' => 1 });
visits_ok('rejecting', ecdsa => [], sub { $_[0]{tlsdiag}{alerts} }, { 'tlsdiag.cause' => qr/^server_cert\./, 'tlsdiag.alerts.0.direction' => 'received' });
$server->stop;
done_testing;
