# Who gets to see the status page: refused where nobody decided it, and then the error log says what to write.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my $handler = 'SetHandler tlsdiag-status';

# path => [ what stands in its <Location>, status, why ]
my @places = (
    '/none'         => [ $handler,                                                        403, 'no Require: the inherited "all granted" is not meant for it' ],
    '/local'        => [ "$handler\nRequire local",                                       200, 'Require local' ],
    '/denied'       => [ "$handler\nRequire all denied",                                  403, 'Require all denied' ],
    '/granted'      => [ "$handler\nRequire all granted",                                 200, 'Require all granted beside the handler' ],
    '/block'        => [ "$handler\n<RequireAny>\nRequire ip 127.0.0.1\nRequire ip 192.0.2.1\n</RequireAny>", 200, 'a block of Requires' ],
    '/granted-block' => [ "$handler\n<RequireAll>\nRequire all granted\n</RequireAll>",   200, 'Require all granted in a block beside the handler' ],
    '/below'        => [ 'Require local',                                                 404, 'a Require without a handler' ],
    '/below/status' => [ $handler,                                                        200, 'a Require of an outer section that restricts' ],
    '/open'         => [ 'Require all granted',                                           404, 'an open section' ],
    '/open/status'  => [ $handler,                                                        403, 'Require all granted of an outer section' ],
);
my %places = @places;
my $extra = join "\n", map { "<Location $_>\n$places{$_}[0]\n</Location>" } sort keys %places;
my $server = use_server(TLSDiag::Server->new(root => 'build/t/access', vhosts => ['std'], extra => $extra));
$server->start;

for my $path (sort keys %places) {
    my (undef, $status, $why) = @{ $places{$path} };
    my $mark = mark('std');
    is(page_at($path)->{status}, $status, "$why: $status");
    next if $status != 403 || $path eq '/denied';
    my @lines = grep { /tlsdiag:page\.not_protected/ } TLSDiag::Test::lines_since($mark->{errors}, $mark->{errors_at});
    is(scalar @lines, 1, '... with one error-log line');
    like($lines[0], qr/\Q$path\E is refused.*Require local.*TLSDiagStatusPublic On/, '... that says where and what to write');
    is(page_at("$path/json")->{status}, 403, '... and so are its machine forms');
}

for my $method (qw(POST PUT DELETE OPTIONS)) {
    my $answer = page_at('/local', method => $method);
    is($answer->{status}, 405, "$method is not allowed");
    like($answer->{headers}{allow}, qr/\bGET\b/, '... and Allow says what is');
}
my $head = page_at('/local', method => 'HEAD');
is($head->{status}, 200, 'HEAD is answered');
is($head->{content} // '', '', '... without a body');

my $answer = page_at('/local');
is($answer->{headers}{'x-content-type-options'}, 'nosniff', 'no sniffing');
is($answer->{headers}{'cache-control'}, 'no-store', 'no caching');
is($answer->{headers}{'referrer-policy'}, 'no-referrer', 'no referrer');
is($answer->{headers}{'content-security-policy'},
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'a strict policy');
is(page_at('/local/nothing')->{status}, 404, 'an unknown path below the page is not found');
is(page_at('/local/record/unknown')->{status}, 404, 'nor an unknown record');
is(page_at('/local/vhost/unknown')->{status}, 404, 'nor an unknown vhost');
is(page_at('/local/frame.html')->{status}, 404, 'the parts of pages are not served');

# The page's own files may be kept, and are known by their hash.
my $style = page_at('/local/status.css');
is($style->{headers}{'content-type'}, 'text/css; charset=utf-8', 'the style sheet is one');
is(page_at('/local/status.css', headers => { 'If-None-Match' => $style->{headers}{etag} })->{status}, 304, '... and is not sent twice');

# What is asked for is understood, ignored or refused, never shown again.
is(page_at('/local?refresh=7')->{headers}{refresh}, 7, 'refresh=7 sets the Refresh header');
is(page_at('/local?refresh')->{headers}{refresh}, 10, 'refresh alone is 10, as with mod_status');
is(page_at('/local?refresh=999999')->{headers}{refresh}, 3600, 'refresh has a limit');
ok(!exists page_at('/local')->{headers}{refresh}, 'nobody who did not ask is refreshed');
my $script = '%3Cscript%3Ealert(1)%3C/script%3E';
is(page_at('/local?cause=' . 'x' x 100)->{status}, 400, 'too long a value is refused');
is(page_at('/local?cause=a&cause=b')->{status}, 400, 'so is one that comes twice');
is(page_at('/local?sni=%00')->{status}, 400, 'and one that is not printable');
unlike(page_at("/local?unknown=$script")->{content}, qr/alert\(1\)/, 'an unknown name is not shown again');
unlike(page_at("/local?sni=$script")->{content}, qr/<script>alert/, 'a known one is shown escaped');
$server->stop;

# With TLSDiagStatusPublic the page answers everywhere; and httpd still refuses Require without its own module.
$server = use_server(TLSDiag::Server->new(root => 'build/t/access', vhosts => ['std'], extra => "$extra\nTLSDiagStatusPublic On"));
$server->start;
is(page_at('/none')->{status}, 200, 'TLSDiagStatusPublic On: the page answers without a Require');
is(page_at('/denied')->{status}, 403, '... but not against one');
$server->stop;
done_testing;
