# No secret of any connection or of the server is in anything that we write or keep: logs, every form of the page, the state
# file, the shared memory. The clients tell their secrets (SSL key log, session files); all are searched for raw, in hex and in base64.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use POSIX ();
use MIME::Base64 qw(encode_base64 decode_base64);

my $server = use_server(TLSDiag::Server->new(root => 'build/t/secrets', vhosts => [qw(std tls12 tls13 ecdsa mtls onecipher)], mpm => $ENV{APACHE_TEST_MPM} // 'event',
    extra => "StartServers 1\nServerLimit 1\nMaxRequestWorkers 25\nMinSpareThreads 1\nMaxSpareThreads 25\nTLSDiagStateFile state/kept\nTLSDiagEnv On\nLogLevel warn tlsdiag:trace8"));
$server->start;
my ($keys, $session) = map { $server->file("state/$_") } qw(keys session);
my @client = ('-cert', 'PKI/client-good.pem', '-key', 'PKI/client-good.key');
my %secret;

for my $case ([ tls12 => '-tls1_2' ], [ std => '-tls1_3' ], [ ecdsa => '-tls1_3' ], [ mtls => '-tls1_3', @client ], [ mtls => '-tls1_2', @client ]) {
    my ($vhost, @arguments) = @$case;
    unlink $session;
    for my $resume (0, 1) {
        my $name = "$vhost $arguments[0] " . ($resume ? 'resumed' : 'new');
        openssl(@arguments, '-keylogfile', $keys, ($resume && -e $session ? ('-sess_in', $session) : ()), '-sess_out', $session)->($server->port($vhost));
        note_session($name, $session) if -e $session;
    }
}
# Failures are kept whole: one with a ticket in its hello, one whose client certificate nobody wants, one after the handshake.
openssl('-tls1_2', '-cipher', 'AES128-SHA', '-sess_in', $session, '-keylogfile', $keys)->($server->port('onecipher'));
openssl('-tls1_2', '-cert', 'PKI/client-untrusted.pem', '-key', 'PKI/client-untrusted.key', '-keylogfile', $keys)->($server->port('mtls'));
connect_to(std => python('unverified', '--after', 'close'));
hello_then(client_hello(session_id => 'id of a session '), alert(48))->($server->port('std'));
$secret{'a session id by hand'} = 'id of a session ';
note_key_log($keys);
note_private_key($_) for qw(rsa ecdsa client-good);
cmp_ok(scalar keys %secret, '>', 40, scalar(keys %secret) . ' secrets are known');

my %output = outputs();
$server->stop;
$output{'the state file'} = TLSDiag::Server::read_file($server->file('state/kept'));
for my $where (sort keys %output) {
    cmp_ok(length $output{$where}, '>', 0, "$where: " . length($output{$where}) . ' bytes');
    my @found = grep { is_in($output{$where}, $secret{$_}) } sort keys %secret;
    is_deeply(\@found, [], '... hold no secret');
}
# The search would find one: what is no secret is found.
my ($id) = $output{'logs'} =~ /"id":"([0-9a-f]{24})"/;
ok(is_in($output{$_}, $id), "the search finds an event's id in $_") for 'logs', '/records', 'the state file', 'the shared memory';
done_testing;

sub is_in
{
    my ($text, $bytes) = @_;
    my $hex = unpack 'H*', $bytes;
    return 1 if grep { index($text, $_) >= 0 } $bytes, $hex, uc $hex, join(':', unpack '(a2)*', $hex);
    # Wherever it begins within three bytes, base64 shows the middle alike.
    return scalar grep { index($text, $_) >= 0 } map { substr encode_base64('x' x $_ . $bytes, ''), 4, -4 } 0 .. 2;
}

# 16 bytes of it are enough to know it by; fewer could come about by chance.
sub note_secret
{
    my ($name, $bytes) = @_;
    $secret{$name} = substr $bytes, 0, 16 if length $bytes >= 16;
}

# LABEL client_random secret, in hex; the random goes with it.
sub note_key_log
{
    my $n = 0;
    for (split /\n/, TLSDiag::Server::read_file($_[0])) {
        my ($label, $random, $value) = /^(\w+) ([0-9a-f]+) ([0-9a-f]+)$/ or next;
        $n++;
        note_secret("$label $n",                pack 'H*', $value);
        note_secret("client random of $label $n", pack 'H*', $random);
    }
}

sub note_session
{
    my ($name, $file) = @_;
    my $text = `openssl sess_id -in $file -noout -text`;
    note_secret("$name: session id",    pack 'H*', $1) if $text =~ /Session-ID: ([0-9A-F]+)/;
    note_secret("$name: master secret", pack 'H*', $1) if $text =~ /(?:Master-Key|Resumption PSK): ([0-9A-F]+)/;
    my ($dump) = $text =~ /TLS session ticket:\n((?:\s+[0-9a-f]{4} - .*\n)+)/ or return;
    my $ticket = join '', map { /- ((?:[0-9a-f]{2}[ -]){1,16})/ ? pack 'H*', $1 =~ tr/0-9a-f//cdr : () } split /\n/, $dump;
    note_secret("$name: ticket",        $ticket);
    note_secret("$name: ticket's body", substr $ticket, 16);
}

sub note_private_key
{
    my ($name) = @_;
    my $text = `openssl pkey -in @{[pki("$name.key")]} -noout -text`;
    while ($text =~ /^(priv|privateExponent|prime1|prime2|exponent1|coefficient):\s*\n((?:\s+[0-9a-f:]+\n)+)/mg) {
        note_secret("$name.key: $1", pack('H*', $2 =~ tr/0-9a-f//cdr) =~ s/\A\0//r);
    }
    my ($pem) = TLSDiag::Server::read_file(pki("$name.key")) =~ /-----\n(.*)\n-----END/s;
    note_secret("$name.key: as DER", substr decode_base64($pem), -40);
}

sub outputs
{
    my %of = ('logs' => join '', map { TLSDiag::Server::read_file($_) } glob $server->file('logs/*.json'));
    $of{'the error log'} = join '', map { "$_\n" } grep { /tlsdiag/ } split /\n/, TLSDiag::Server::read_file($server->file('logs/error_log'));
    $of{ $_ || '/' } = page($_)->{content} for '', '/json', '/records', '/metrics';
    $of{'record pages'} = join '', map { my $id = $_->{event}{id}; map { page("/record/$id$_")->{content} } '', '?json' } records_of('limit=100');
    $of{'the shared memory'} = shared_memory();
    return %of;
}

# The mapping of our size, and the module's own variables, of a child.
sub shared_memory
{
    my ($size) = map { 4096 * POSIX::ceil($_ / 4096) } metric(metrics(), 'tlsdiag_shm_bytes');
    my ($child) = TLSDiag::Server::children($server->pid);
    no warnings 'portable';    # addresses are wider than 32 bits
    open my $mem, '<:raw', "/proc/$child/mem" or die "mem: $!\n";
    my $all = '';
    for (split /\n/, TLSDiag::Server::read_file("/proc/$child/maps")) {
        my ($from, $to, $rights, $name) = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/ or next;
        my $length = hex($to) - hex $from;
        next if !(($rights =~ /^rw.s/ && $length >= $size && $length < $size + 8192) || ($rights =~ /^rw/ && $name =~ /mod_tlsdiag/));
        sysseek $mem, hex $from, 0;
        my $bytes;
        sysread $mem, $bytes, $length;
        $all .= $bytes;
    }
    return $all;
}
