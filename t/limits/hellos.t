# Hellos and records as no client sends them, each by hand: length fields off by one, lists that are empty or odd,
# extensions twice, records of every wrong kind. Each leaves one record with the right cause, and mod_ssl's answer and
# its own lines in the error log are to the byte those of a server without the module. t/failure/hello.t has the plain ones.
use TLSDiag::Test;
use TLSDiag::Hello qw(extension handshake record vector);
use TLSDiag::Pair;
use Socket qw(SHUT_WR);

my $hello = client_hello();
my $body  = substr $hello, 9;
my $tls12 = client_hello(versions => undef);

# The hello with this extension in the place of its own.
my %of_type = (server_name => 0, groups => 10, sigalgs => 13, alpn => 16, versions => 43, shares => 51);
sub instead { my ($name, $bytes) = @_; return client_hello($name => undef, more => [ [ $of_type{$name}, $bytes ] ]) }
sub also    { return client_hello(more => [@_]) }
sub twice   { my ($type, $bytes) = @_; return also([ $type, $bytes ], [ $type, $bytes ]) }

# Bytes of the hello replaced at a place, its length fields left as they are.
sub with { my ($at, $bytes, $in) = @_; my $changed = $in // $hello; substr($changed, $at, length $bytes) = $bytes; return $changed }
sub off_by { my ($at, $size, $by) = @_; return with($at, substr pack('N', number_at($at, $size) + $by), 4 - $size) }
sub number_at { my ($at, $size) = @_; return unpack 'N', "\0" x (4 - $size) . substr $hello, $at, $size }

# The body in a handshake message of that type, in a record of that version; in records of so many bytes.
sub message { my ($type, $bytes) = @_; return record(22, handshake($type, $bytes), 0x0301) }
sub in_records_of { my ($size) = @_; return join '', map { record(22, $_, 0x0301) } unpack "(a$size)*", substr $hello, 5 }

# SSLv2's ClientHello: version, suites of three bytes, session id, challenge; lengths as given or as they are.
sub sslv2
{
    my (%is) = (version => 0x0303, suites => "\0\xc0\x2f\0\0\x2f", id => '', challenge => 'c' x 16, @_);
    my $content = "\1" . pack('n4', $is{version}, $is{suites_length} // length $is{suites}, length $is{id}, length $is{challenge})
        . $is{suites} . $is{id} . $is{challenge};
    return pack('n', 0x8000 | ($is{length} // length $content)) . $content;
}

# In a hello of one record: 5 record header, 4 handshake header, 2 version, 32 random, session id's length, ...
my %at = (record_length => 3, handshake_type => 5, handshake_length => 6, session_id => 43, suites => 44, compression => 60, extensions => 62);
my $psk = vector(2, vector(2, 'x' x 32) . "\0\0\0\0");

my @cases = (
    # record layer
    [ 'network.closed_after_flight' => 'record version 3.0', with(1, "\3\0") ],
    [ 'network.closed_after_flight' => 'record version 3.4', with(1, "\3\4") ],
    [ 'network.closed_after_flight' => 'record version 3.255', with(1, "\3\xff") ],
    [ 'not_tls.unknown' => 'record version 2.0', with(1, "\2\0") ],
    [ 'not_tls.unknown' => 'record version 4.0', with(1, "\4\0") ],
    [ 'not_tls.unknown' => 'record version 255.255', with(1, "\xff\xff") ],
    [ 'network.hello_truncated_closed' => 'record length one less', off_by(3, 2, -1) ],
    [ 'network.hello_truncated_closed' => 'record length one more', off_by(3, 2, 1) ],
    [ 'record.bad_length' => 'record length of 2^14 + 1', "\x16\3\1\x40\x01" . 'x' x 300 ],
    [ 'record.bad_length' => 'record length of 2^15', "\x16\3\1\x80\x00" . 'x' x 300 ],
    [ 'not_tls.unknown' => 'record of type 0', with(0, "\0") ],
    [ 'not_tls.unknown' => 'record of type 25', with(0, "\x19") ],
    [ 'record.bad_length' => 'record of type 255', with(0, "\xff") ],
    [ 'network.closed_after_flight' => 'one empty record first', record(22, '', 0x0301) . $hello ],
    [ 'record.bad_length' => 'a hundred empty records first', record(22, '', 0x0301) x 100 . $hello ],
    [ 'record.bad_length' => 'empty records and no end', record(22, '', 0x0301) x 2000 ],
    [ 'network.closed_after_flight' => 'an empty record in the middle', record(22, substr($hello, 5, 40), 0x0301) . record(22, '', 0x0301) . record(22, substr($hello, 45), 0x0301) ],
    [ 'network.closed_after_flight' => 'records of one byte', in_records_of(1) ],
    [ 'network.closed_after_flight' => 'records of three bytes', in_records_of(3) ],
    [ 'network.closed_after_flight' => 'another version in the middle', record(22, substr($hello, 5, 40), 0x0301) . record(22, substr($hello, 45), 0x0302) ],
    [ 'protocol.unexpected_message' => 'application data in the middle', record(22, substr($hello, 5, 40), 0x0301) . record(23, 'x' x 20) . record(22, substr($hello, 45), 0x0301) ],
    [ 'protocol.unexpected_message' => 'an alert in the middle', record(22, substr($hello, 5, 40), 0x0301) . alert(0, 1) . record(22, substr($hello, 45), 0x0301) ],
    [ 'protocol.unexpected_message' => 'ChangeCipherSpec in the middle', record(22, substr($hello, 5, 40), 0x0301) . record(20, "\1") . record(22, substr($hello, 45), 0x0301) ],
    [ 'record.not_client_hello' => 'ChangeCipherSpec first', record(20, "\1") . $hello ],
    [ 'record.not_client_hello' => 'ChangeCipherSpec of two bytes', record(20, "\1\1") . $hello ],
    [ 'record.not_client_hello' => 'ChangeCipherSpec with 2 in it', record(20, "\2") . $hello ],
    [ 'network.closed_after_flight' => 'ChangeCipherSpec and ten more behind', $hello . record(20, "\1") x 10 ],
    [ 'protocol.unexpected_message' => 'forty ChangeCipherSpecs behind', $hello . record(20, "\1") x 40 ],
    # alerts
    [ 'record.alert_first' => 'a warning first', alert(0, 1) . $hello ],
    [ 'record.alert_first' => 'user_canceled first', alert(90, 1) . $hello ],
    [ 'record.alert_first' => 'four warnings first', alert(90, 1) x 4 . $hello ],
    [ 'record.alert_first' => 'a flood of warnings', alert(90, 1) x 1000 ],
    [ 'protocol.too_many_alerts' => 'a flood of warnings behind', $hello . alert(90, 1) x 1000 ],
    [ 'record.alert_first' => 'an alert of one byte', record(21, "\2") ],
    [ 'record.alert_first' => 'an alert of three bytes', record(21, "\2\x28\0") ],
    [ 'record.alert_first' => 'an empty alert', record(21, '') ],
    [ 'record.alert_first' => 'two alerts in one record', record(21, "\1\x5a\2\x28") ],
    [ 'record.alert_first' => 'an alert of level 3', record(21, "\3\x28") ],
    [ 'record.alert_first' => 'an unknown alert', alert(200) ],
    # handshake layer
    [ 'hello.bad_length' => 'handshake length one less', off_by(6, 3, -1) ],
    [ 'network.hello_truncated_closed' => 'handshake length one more', off_by(6, 3, 1) ],
    [ 'hello.bad_length' => 'handshake length 0', record(22, "\1\0\0\0", 0x0301) ],
    [ 'hello.bad_length' => 'handshake length of one byte', message(1, "\3") ],
    [ 'record.not_client_hello' => 'a HelloRequest', message(0, '') ],
    [ 'record.not_client_hello' => 'a NewSessionTicket', message(4, $body) ],
    [ 'record.not_client_hello' => 'a Certificate', message(11, $body) ],
    [ 'record.not_client_hello' => 'a Finished', message(20, 'x' x 12) ],
    [ 'record.not_client_hello' => 'a message of type 255', message(255, $body) ],
    [ 'protocol.unexpected_message' => 'a second hello at once', $hello . $hello ],
    [ 'protocol.plaintext_after_flight' => 'a second hello at once, TLS 1.2', $tls12 . $tls12 ],
    [ 'protocol.unexpected_message' => 'two hellos in one record', record(22, substr($hello, 5) x 2, 0x0301) ],
    [ 'network.closed_after_flight' => 'a hello inside a hello', client_hello(more => [ [ 0xfde8, $hello ] ]) ],
    [ 'protocol.unexpected_message' => 'a Finished behind the hello', $tls12 . record(22, handshake(20, 'x' x 12)) ],
    [ 'protocol.unexpected_message' => 'application data behind the hello', $tls12 . record(23, 'x' x 50) ],
    # its fields
    [ 'hello.bad_legacy_version' => 'legacy version 0', with(9, "\0\0") ],
    [ 'network.closed_after_flight' => 'legacy version 255.255', with(9, "\xff\xff") ],
    [ 'network.closed_after_flight' => 'legacy version 3.4', client_hello(legacy_version => 0x0304, versions => undef) ],
    [ 'hello.bad_length' => 'cut behind the version', message(1, substr $body, 0, 2) ],
    [ 'hello.bad_length' => 'cut in the random', message(1, substr $body, 0, 20) ],
    [ 'hello.bad_length' => 'cut behind the random', message(1, substr $body, 0, 34) ],
    [ 'hello.bad_length' => 'cut in the suites', message(1, substr $body, 0, 40) ],
    [ 'sigalg.legacy_only' => 'cut behind the compression', message(1, substr $body, 0, 53) ],
    [ 'hello.bad_length' => 'cut in an extension', message(1, substr $body, 0, 70) ],
    [ 'hello.bad_length' => 'session id of 33 bytes', client_hello(session_id => 'x' x 33) ],
    [ 'network.closed_after_flight' => 'session id of 32 bytes', client_hello(session_id => 'x' x 32) ],
    [ 'hello.bad_length' => 'suites one byte less', off_by(44, 2, -1) ],
    [ 'hello.bad_length' => 'suites two bytes less', off_by(44, 2, -2) ],
    [ 'hello.bad_length' => 'suites two bytes more', off_by(44, 2, 2) ],
    [ 'hello.bad_length' => 'suites of 65535 bytes', with(44, "\xff\xff") ],
    [ 'hello.bad_compression' => 'no compression method', client_hello(compression => '') ],
    [ 'hello.bad_length' => 'compression of 255 methods', with(60, "\xff") ],
    [ 'hello.bad_length' => 'extensions one byte less', off_by(62, 2, -1) ],
    [ 'hello.bad_length' => 'extensions one byte more', off_by(62, 2, 1) ],
    [ 'hello.bad_length' => 'extensions of no length', with(62, "\0\0") ],
    # extensions
    [ 'hello.bad_extension' => 'server_name: list one less', instead('server_name', "\0\x0b\0\0\x09localhost") ],
    [ 'hello.bad_extension' => 'server_name: list one more', instead('server_name', "\0\x0d\0\0\x09localhost") ],
    [ 'hello.bad_extension' => 'server_name: name one less', instead('server_name', "\0\x0c\0\0\x08localhost") ],
    [ 'hello.bad_extension' => 'server_name: name one more', instead('server_name', "\0\x0c\0\0\x0alocalhost") ],
    [ 'hello.bad_extension' => 'server_name: of another type', instead('server_name', "\0\x0c\1\0\x09localhost") ],
    [ 'network.closed_after_flight' => 'server_name: empty name', instead('server_name', "\0\3\0\0\0") ],
    [ 'hello.bad_extension' => 'server_name: empty list', instead('server_name', "\0\0") ],
    [ 'hello.bad_extension' => 'server_name: nothing', instead('server_name', '') ],
    [ 'hello.bad_extension' => 'server_name: two names', instead('server_name', vector(2, "\0\0\1a\0\0\1b")) ],
    [ 'hello.bad_extension' => 'server_name: 256 bytes', client_hello(server_name => 'x' x 256) ],
    [ 'hello.bad_extension' => 'server_name: NUL inside', client_hello(server_name => "local\0host") ],
    [ 'hello.bad_extension' => 'groups: odd', instead('groups', "\0\3\0\x1d\0") ],
    [ 'hello.bad_extension' => 'groups: empty', client_hello(groups => []) ],
    [ 'hello.bad_extension' => 'groups: one more', instead('groups', "\0\3\0\x1d") ],
    [ 'hello.bad_extension' => 'signature_algorithms: odd', instead('sigalgs', "\0\3\4\3\4") ],
    [ 'hello.bad_extension' => 'signature_algorithms: empty', client_hello(sigalgs => []) ],
    [ 'sigalg.none_common' => 'signature_algorithms: unknown', client_hello(sigalgs => [ 0xfefe ]) ],
    [ 'hello.bad_extension' => 'ALPN: empty list', client_hello(alpn => []) ],
    [ 'hello.bad_extension' => 'ALPN: empty name', client_hello(alpn => ['']) ],
    [ 'hello.bad_extension' => 'ALPN: one more', also([ 16, "\0\4\2h2" ]) ],
    [ 'version.none_known' => 'supported_versions: empty', client_hello(versions => []) ],
    [ 'hello.bad_length' => 'supported_versions: odd', instead('versions', "\3\3\4\3") ],
    [ 'hello.bad_length' => 'supported_versions: one more', instead('versions', "\5\3\4\3\3") ],
    [ 'version.none_known' => 'supported_versions: unknown', client_hello(versions => [ 0x0a0a, 0x7f1c ]) ],
    [ 'network.closed_after_hrr' => 'key_share: empty', client_hello(shares => []) ],
    [ 'hello.bad_length' => 'key_share: key of no length', instead('shares', vector(2, "\0\x1d\0\0")) ],
    [ 'hello.bad_key_share' => 'key_share: key of 31 bytes', instead('shares', vector(2, "\0\x1d" . vector(2, 'x' x 31))) ],
    [ 'network.closed_after_flight' => 'key_share: one group twice', client_hello(shares => [ 0x1d, 0x1d ]) ],
    [ 'hello.bad_length' => 'key_share: list one more', instead('shares', "\0\x25\0\x1d\0\x20" . 'x' x 32) ],
    [ 'hello.bad_extension' => 'psk_key_exchange_modes: empty', also([ 45, "\0" ]) ],
    [ 'network.closed_after_flight' => 'pre_shared_key: no binder', also([ 45, "\1\1" ], [ 41, $psk . "\0\0" ]) ],
    [ 'network.closed_after_flight' => 'pre_shared_key: no identity', also([ 45, "\1\1" ], [ 41, "\0\0" . vector(2, vector(1, 'x' x 32)) ]) ],
    [ 'network.closed_after_flight' => 'pre_shared_key: binder too short', also([ 45, "\1\1" ], [ 41, $psk . vector(2, vector(1, 'x' x 8)) ]) ],
    [ 'network.closed_after_flight' => 'early_data without a ticket', also([ 42, '' ]) ],
    [ 'hello.bad_extension' => 'early_data with a body', also([ 42, 'x' ]) ],
    [ 'network.closed_after_flight' => 'a cookie nobody gave', also([ 44, vector(2, 'x' x 20) ]) ],
    [ 'hello.bad_extension' => 'max_fragment_length 9', also([ 1, "\x09" ]) ],
    [ 'hello.bad_extension' => 'status_request: cut', also([ 5, "\1\0" ]) ],
    [ 'hello.bad_extension' => 'ec_point_formats: empty', client_hello(versions => undef, more => [ [ 11, "\0" ] ]) ],
    [ 'network.closed_after_flight' => 'ec_point_formats: no null', client_hello(versions => undef, more => [ [ 11, "\1\1" ] ]) ],
    [ 'hello.bad_extension' => 'extended_master_secret with a body', client_hello(versions => undef, more => [ [ 23, 'x' ] ]) ],
    [ 'network.closed_after_flight' => 'encrypt_then_mac with a body', client_hello(versions => undef, more => [ [ 22, 'x' ] ]) ],
    [ 'protocol.renegotiation_info' => 'renegotiation_info: cut', client_hello(versions => undef, more => [ [ 0xff01, '' ] ]) ],
    [ 'network.closed_after_flight' => 'session_ticket: garbage', client_hello(versions => undef, more => [ [ 35, 'x' x 200 ] ]) ],
    [ 'hello.bad_extension' => 'an extension cut in its type', message(1, substr($body, 0, 53) . vector(2, "\0")) ],
    [ 'hello.bad_extension' => 'an extension cut in its length', message(1, substr($body, 0, 53) . vector(2, "\0\0\0")) ],
    [ 'network.closed_after_flight' => 'three hundred unknown extensions', also(map { [ 0x4000 + $_, '' ] } 1 .. 300) ],
    (map { my ($name, $type, $bytes) = @$_; [ 'hello.bad_extension' => "$name twice", twice($type, $bytes) ] }
        [ 'an unknown extension', 0xfde8, 'x' ], [ encrypt_then_mac => 22, '' ], [ 'supported_versions' => 43, "\2\3\4" ], [ 'session_ticket' => 35, '' ], [ 'renegotiation_info' => 0xff01, "\0" ]),
    # SSLv2's
    [ 'sigalg.legacy_only' => 'SSLv2 hello for TLS 1.2', sslv2() ],
    [ 'version.sslv2' => 'SSLv2 hello for SSLv2', sslv2(version => 2) ],
    [ 'hello.bad_length' => 'SSLv2 hello: suites of 7 bytes', sslv2(suites => 'x' x 7) ],
    [ 'hello.no_ciphers' => 'SSLv2 hello: no suites', sslv2(suites => '') ],
    [ 'hello.bad_length' => 'SSLv2 hello: too many suites', sslv2(suites_length => 600) ],
    [ 'sigalg.legacy_only' => 'SSLv2 hello: session id', sslv2(id => 'x' x 16) ],
    [ 'sigalg.legacy_only' => 'SSLv2 hello: challenge of 33 bytes', sslv2(challenge => 'c' x 33) ],
    [ 'sigalg.legacy_only' => 'SSLv2 hello: no challenge', sslv2(challenge => '') ],
    [ 'hello.bad_length' => 'SSLv2 hello: length of 8', sslv2(length => 8) ],
    [ 'network.hello_truncated_closed' => 'SSLv2 hello: length too long', sslv2(length => 400) ],
);

my $pair = TLSDiag::Pair->new(root => 'hellos', vhosts => ['std'], extra => 'LogLevel info ssl:info');
my @children = TLSDiag::Server::children($pair->with->pid);
cases_ok(@$_) for @cases;
is_deeply([ grep { kill 0 => $_ } @children ], \@children, 'no child died');
unlike(TLSDiag::Server::read_file($pair->with->file('logs/error_log')), qr/exit signal/, 'nor says the error log so');
$pair->stop;
done_testing;

# Send it all, and no more; what comes back until the server closes.
sub send_all
{
    my ($bytes) = @_;
    return raw(sub {
        my ($socket) = @_;
        print {$socket} $bytes;
        shutdown $socket, SHUT_WR;
        return read_to_end($socket);
    });
}

sub cases_ok
{
    my ($cause, $name, $bytes) = @_;
    my $mark = mark('std');
    my ($with, $without) = $pair->both(std => sub { send_all($bytes) });
    my @records = records($mark, 1);
    subtest("$cause: $name" => sub {
        is(scalar @records, 1, 'exactly one record');
        fields_ok($records[0], { 'tlsdiag.cause' => $cause });
        is_deeply([ TLSDiag::Pair::shape($with->{output}) ], [ TLSDiag::Pair::shape($without->{output}) ], 'the same answer');
        is_deeply($with->{lines}, $without->{lines}, 'the same lines of mod_ssl');
    });
}
