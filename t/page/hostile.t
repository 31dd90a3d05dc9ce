# Names, protocols, User-Agents and certificates that are chosen to hurt come out escaped in every form of the page.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my @payloads = ('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '{{failures}}',
    "a\r\nSet-Cookie: x=1", '","injected":true,"x":"', "x\"} 1\ny{z=\"", "\xff\xfe\x00\x01\x1b[31m", 'javascript:alert(1)//',
    '${jndi:ldap://x}', '`reboot`', "\xe2\x80\xa8", '<' x 200, 'x' x 255, '\\\\x41', '&lt;b&gt;');

my $server = use_server(TLSDiag::Server->new(root => 'build/t/hostile', vhosts => [qw(std onecipher mtls)]));
$server->start;
my $log = $server->file('logs/error_log');

for my $text (@payloads) {
    my $hello = client_hello(server_name => $text, alpn => [ substr $text, 0, 60 ]);
    connect_to(std => hello_then($hello, sub { my ($socket) = @_; print {$socket} alert(42) }));
    connect_to(onecipher => raw(sub { my ($socket) = @_; print {$socket} client_hello(server_name => $text, ciphers => [0xc02f], versions => undef); read_flight($socket, 1) }));
    (my $agent = $text) =~ s/[\r\n\0]/ /g;
    connect_to(std => curl('--user-agent', $agent));
}

my %seen;
my @paths = ('', '/json', '/records', '/records?outcome=failure&limit=1000', '/metrics', map { "/record/$_->{event}{id}" } records_of('limit=60'));
push @paths, map { "/record/$_->{event}{id}?json" } records_of('limit=60');
for my $path (@paths) {
    my $answer = page($path);
    my $kind = $path =~ m{^/record/.*\?json} ? 'a record as JSON' : $path =~ m{^/record/} ? 'a record' : $path || '/';
    $seen{$kind}{answers} += $answer->{status} == 200;
    $seen{$kind}{asked}++;
    $seen{$kind}{dirty} += $answer->{content} =~ /[^\n\x20-\x7e]/;
    next if $answer->{headers}{'content-type'} !~ m{^text/html};
    my $allowed = qr{<script src="/tlsdiag-status/status\.js\?v=[0-9a-f]+" defer></script>};
    (my $rest = $answer->{content}) =~ s/$allowed//;
    $seen{$kind}{tags} += $rest =~ /<script|<img|onerror=alert\(1\)>|\bonmouseover='/;
    $seen{$kind}{marks} += $rest =~ /\{\{(?!failures\}\})/;
}
for my $kind (sort keys %seen) {
    is($seen{$kind}{answers}, $seen{$kind}{asked}, "$kind: answered ($seen{$kind}{asked})");
    is($seen{$kind}{dirty} || 0, 0, "$kind: printable ASCII");
    is($seen{$kind}{tags} || 0, 0, "$kind: no tag, no handler of others");
}

# JSON is JSON, and what was sent can be read back.
my $json = snapshot();
my %names = map { $_->{name} => 1 } @{ $json->{names_not_covered} };
ok($names{'<script>alert(1)</script>'}, 'a hostile name is in the JSON as it was sent');
my @asked = map { $_->{tls}{client}{server_name} // '' } records_of('limit=1000');
ok(scalar(grep { $_ eq '\\xff\\xfe\\x00\\x01\\x1b[31m' } @asked), 'bytes that are no text are there as \\xHH') or diag(join "\n", @asked);
is(scalar(grep { $_->{cause} && !defined $_->{text} } @{ $json->{problems} }), 0, 'nothing was injected');
my @agents = map { map { $_->{text} } @{ $_->{user_agents} } } @{ $json->{fingerprints} };
ok(scalar(grep { /alert|jndi|reboot|xxxx/ } @agents), 'a User-Agent is shown as it was sent');

# A name that is asked for in a filter comes back escaped.
my $answer = page('?sni=%22%3E%3Cscript%3Ealert(1)%3C/script%3E');
like($answer->{content}, qr/value="&quot;&gt;&lt;script&gt;alert\(1\)/, 'what is searched for stands escaped in its field');

# The error log has no byte that a terminal would obey.
open my $in, '<:raw', $log or die "$log: $!\n";
is(scalar(grep { /[^\n\x20-\x7e]/ } grep { /tlsdiag/ } <$in>), 0, 'our lines in the error log are printable ASCII');
$server->stop;
done_testing;
