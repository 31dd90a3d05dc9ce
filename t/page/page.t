# What the page says after known handshakes: numbers, ranking, filter, a record's own page, a vhost's own page.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my @vhosts = qw(std onecipher expired tls12);
my $server = use_server(TLSDiag::Server->new(root => 'build/t/page', vhosts => \@vhosts));
$server->start;

my $at_start = snapshot();
is($at_start->{schema}, 1, 'the JSON form has a schema');
is($at_start->{handshakes}{started}, 0, 'nothing has happened yet');
like(page('')->{content}, qr/nothing wrong with the set-up|wait|problem/, 'and the page says something about it');

# Six good ones, three clients that are too old, two without a common suite, one SSH probe, one that finds us expired.
connect_to(std => openssl('-tls1_3')) for 1 .. 4;
connect_to(tls12 => curl('--user-agent', 'a friendly robot/1.0')) for 1 .. 2;
my $old = openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0');
connect_to(std => $old) for 1 .. 3;
connect_to(onecipher => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256')) for 1 .. 2;
connect_to(std => raw("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"));
connect_to(expired => curl());

my $json = snapshot();
is_deeply([ @{ $json->{handshakes} }{qw(started succeeded failed abandoned in_progress)} ], [ 13, 6, 7, 0, 0 ], 'the books of 13 handshakes');
ok(books($json), 'and they balance');
is($json->{all}{failures}{'version.client_too_old'}, 3, 'three were too old');
is($json->{all}{failures}{'cipher.none_common'}, 2, 'two had no suite in common');
is($json->{all}{failures}{'server_cert.expired'}, 1, 'one found our certificate expired');
is($json->{all}{failures}{'not_tls.ssh'}, 1, 'one spoke SSH');
my ($std) = grep { $_->{name} eq 'localhost:' . vhost_port('std') } @{ $json->{vhosts} };
is($std->{succeeded}, 4, 'the vhost has its own numbers');
is($std->{versions_full}{'TLSv1.3'}, 4, 'by version');
is_deeply($std->{configuration}{versions}, [ 'TLSv1.2', 'TLSv1.3' ], 'and its configuration');
cmp_ok($std->{time}{full}{count}, '==', 4, 'and the time of its handshakes');

# --- ranked problems
my @problems = @{ $json->{problems} };
my @causes = map { $_->{cause} // $_->{check} } @problems;
is($causes[0], 'version.client_too_old', 'one client hit each: the problem with the most handshakes ranks first');
is($causes[1], 'cipher.none_common', 'then the next');
my ($ssh) = grep { ($_->{cause} // '') eq 'not_tls.ssh' } @problems;
my ($expired) = grep { ($_->{check} // '') eq 'audit.cert.expired' } @problems;
ok($ssh && $expired && $expired->{rank} < $ssh->{rank}, 'an expired certificate ranks above a scanner');
ok($ssh->{noise}, 'which is noise');
is($problems[0]{clients_last_day}, 1, 'a problem says how many clients it hit');

my $html = page('')->{content};
my @titles = $html =~ m{<li class="problem[^"]*"><h3>(.*?)</h3>}g;
like($titles[0], qr/^The client offers at most TLSv1\.1/, 'the page begins with the same problem, in words');
like($html, qr/SSLCipherSuite [A-Z0-9:-]*ECDHE-RSA-AES128-GCM-SHA256/, 'with the directive to copy');
like($html, qr/a friendly robot\/1\.0/, 'a client has a name: the User-Agent of its good requests');
unlike($html, qr/\{\{/, 'no mark of the template is left');

# --- the list of failures and its filters
my $rows = sub { my ($query) = @_; my ($body) = page("?$query")->{content} =~ /<table class="failures">(.*?)<\/table>/s; return scalar(() = $body =~ /<td class="when">/g) };
is($rows->(''), 7, 'all failures are listed');
is($rows->('cause=version.client_too_old'), 3, 'filtered by cause');
is($rows->('cause=version'), 3, 'by family of causes');
is($rows->('vhost=localhost:' . vhost_port('expired')), 1, 'by vhost');
is($rows->('client=127.0.0.1'), 7, 'by client');
is($rows->('client=127.0.0.2'), 0, 'by a client that never came');
is($rows->('sni=LOCALHOST'), 6, 'by server name, whatever its case');
is($rows->('ja4=t11'), 3, 'by fingerprint');
is($rows->('cause=version&vhost=localhost:' . vhost_port('expired')), 0, 'by two things at once');
is($rows->('limit=2'), 2, 'a limit is kept');

my @records = records_of('cause=version.client_too_old');
is(scalar @records, 3, 'the same as NDJSON');
is(scalar(records_of('outcome=success')), 6, 'successes are there in brief');
is((records_of('outcome=success'))[0]{tls}{established}, JSON::XS::true(), '... with what was agreed on');
is(scalar(records_of('')), 13, 'all together');
is((records_of(''))[0]{event}{sequence}, 13, '... the newest first');

# --- a record's own page
my ($record) = records_of('cause=cipher.none_common&limit=1');
my $own = page("/record/$record->{event}{id}");
is($own->{status}, 200, 'a record has its own page');
like($own->{content}, qr/No cipher suite in common/, 'that says what happened');
like($own->{content}, qr/ClientHello.*alert.*handshake_failure\(40\)/s, 'step by step');
my $bytes = $record->{tlsdiag}{client}{hello_bytes};
like($own->{content}, qr/ClientHello <small>$bytes bytes in 1 record, 1 read<.*In all, $record->{source}{bytes} bytes came and 7 bytes went out/s, '... with the bytes of it: an alert has seven');
like($own->{content}, qr/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256/, 'what was offered');
like($own->{content}, qr/openssl s_client -connect 127\.0\.0\.1:\d+ -servername localhost -max_protocol TLSv1\.2/, 'and how to imitate it');
is(JSON::XS::decode_json(page("/record/$record->{event}{id}?json")->{content})->{event}{id}, $record->{event}{id}, 'also as JSON');

# The command that is shown does what the client did.
my ($command) = $own->{content} =~ /<code>(openssl s_client.*?)<\/code>/;
$command =~ s/&#39;/'/g; $command =~ s/&lt;/</g; $command =~ s/&gt;/>/g; $command =~ s/&amp;/&/g;
my $mark = mark('onecipher');
system("timeout @{[patience(20)]} $command >/dev/null 2>&1");
my ($imitated) = records($mark, 1);
is($imitated->{tlsdiag}{cause}, 'cipher.none_common', 'run in a shell, it fails for the same reason');
# Whether s_client adds the signalling value depends on its versions and its OpenSSL.
my @suites = map { [ grep { !/_SCSV$/ } @{ $_->{tls}{client}{supported_ciphers} } ] } $imitated, $record;
is_deeply($suites[0], $suites[1], '... having offered the same suites');

# --- a vhost's own page
my $vhost = page('/vhost/localhost:' . vhost_port('expired'));
is($vhost->{status}, 200, 'a vhost has its own page');
like($vhost->{content}, qr/expired \d+ d ago/, 'with its certificates');
like($vhost->{content}, qr/server_cert\.expired/, 'and its causes');

# --- what if: six handshakes succeeded, two of them with TLS 1.2 at a vhost that has nothing else
my $what_if = $std->{what_if};
is($what_if->{tls13_only}{asked}, 4, 'what if is asked of each good handshake');
is($what_if->{tls13_only}{would_fail}, 0, 'no TLS 1.3 client would miss TLS 1.2');
is($what_if->{post_quantum_only}{would_fail}, openssl_from('3.5') ? 0 : 4, 'who would fail if only post-quantum groups were taken');
$server->stop;
done_testing;
