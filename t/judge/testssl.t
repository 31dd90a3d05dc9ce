# testssl.sh (Debian's) looks at the same vhosts from outside, and must agree with the audit fault by fault; where the two
# mean different things, it is said here why. A few vhosts by default; all of them, in ten minutes or more:
#   make judge-testssl
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd        qw(getcwd);
use File::Path qw(make_path);
use JSON::PP   qw(decode_json);

my $all    = ($ENV{TLSDIAG_TESTSSL} // '') eq 'all';
my %few    = (legacy => '-p', 'no-intermediate' => '-p -S --ssl-native');    # -S of an old vhost takes minutes
my $folder = getcwd() . '/build/t/testssl';

# Faults of our audit => what testssl.sh calls the same. The sub gets its findings: id => [ severity, text ]; dual
# certificates have ids with a number behind, so text('cert_trust') joins them.
my %said;
sub text     { my ($id) = @_; return join ' ', map { $said{$_}[1] } sort grep { /^\Q$id\E( <cert#\d>)?$/ } keys %said }
sub severity { my ($id) = @_; return join ' ', map { $said{$_}[0] } sort grep { /^\Q$id\E( <cert#\d>)?$/ } keys %said }
sub is_bad   { return severity($_[0]) =~ /MEDIUM|HIGH|CRITICAL/ }

# What makes a chain fail to verify, in OpenSSL's eyes.
my $unverifiable = qr/^audit\.(cert\.(expired|not_yet_valid|self_signed|unknown_critical|extended_key_usage)
    |chain\.(incomplete|incomplete_here|issuer_unknown|ca_expired|root_expired|not_a_ca|name_constraints))$/x;

my @of_certificate = (
    [ 'expired',       qr/^audit\.cert\.expired$/,            sub { text('cert_expirationStatus') =~ /^expired/ } ],
    [ 'expires soon',  qr/^audit\.cert\.expires_in_/,         sub { text('cert_expirationStatus') =~ /expires < 30 days/ } ],
    [ 'not yet valid', qr/^audit\.cert\.not_yet_valid$/,      sub { text('cert_chain_of_trust') =~ /not yet valid/ } ],
    [ 'wrong name',    qr/^audit\.cert\.(name_not_covered|no_san)$/, sub { text('cert_trust') !~ /^Ok via SAN/ } ],
    [ 'no SAN',        qr/^audit\.cert\.no_san$/,             sub { text('cert_subjectAltName') =~ /No SAN/ } ],
    [ 'chain fails',   $unverifiable,                         sub { text('cert_chain_of_trust') !~ /^passed/ } ],
    [ 'wrong order',   qr/^audit\.chain\.(wrong_order|unrelated)$/, sub { text('certs_list_ordering_problem') =~ /^yes/ } ],
    [ 'small key',     qr/^audit\.cert\.rsa_too_small$/,      sub { is_bad('cert_keySize') } ],
    [ 'SHA-1',         qr/^audit\.cert\.weak_signature$/,     sub { is_bad('cert_signatureAlgorithm') } ],
    [ 'key usage',     qr/^audit\.cert\.key_usage$/,          sub { is_bad('cert_keyUsage') } ],
    [ 'extended key usage', qr/^audit\.cert\.extended_key_usage$/, sub { is_bad('cert_extKeyUsage') } ],
    [ 'must staple',   qr/^audit\.cert\.must_staple$/,        sub { is_bad('cert_mustStapleExtension') } ],
    [ 'lifetime',      qr/^audit\.cert\.lifetime/,            sub { is_bad('cert_validityPeriod') } ],
);
my @of_protocol = (
    [ 'TLS 1.0, 1.1',  qr/^audit\.version\.tls10_tls11$/,     sub { join(' ', text('TLS1'), text('TLS1_1')) =~ /(?<!not )offered/ } ],
    [ 'no TLS 1.3',    qr/^audit\.version\.tls13_off$/,       sub { text('TLS1_3') =~ /not offered/ } ],
    $all ? [ 'weak suites', qr/^audit\.suite\.(null|anonymous|export|rc4)$/,
        sub { grep { text("cipherlist_$_") !~ /not offered/ } qw(NULL aNULL EXPORT LOW) } ] : (),
);

# Vhost => agreement => why the two differ there.
my %different = ();

# The vhosts that can be looked at from outside by name and port: one each, no client certificate, nothing but TLS.
my @vhosts = do './t/audit/vhosts.pl' or die "t/audit/vhosts.pl: ", $@ || $!;
my %vhost  = @vhosts;
my @names  = $all ? grep { my $is = $vhost{$_}[0]; !$is->{port_of} && ($is->{conf} // '') !~ /SSLVerifyClient|StrictSNI/ }
    map { $vhosts[ 2 * $_ ] } 0 .. $#vhosts / 2 : sort keys %few;

make_files();
make_path($folder);
my $server = audited([ map { $_ => $vhost{$_}[0] } @names ], root => 'audit-testssl', top => getcwd(),
    main => "TLSDiagSimulate Off\nSSLStaplingCache shmcb:@{[ getcwd() ]}/build/t/audit-files/testssl-stapling(32768)");
my $found = findings($server);
$server->start;

# Two at a time, each into its own file.
sub run_testssl
{
    my $list = join '', map { join(' ', $_, audit_port($server, $_), $all ? '-p -s -S --fs' : $few{$_}) . "\n" } @_;
    TLSDiag::Server::write_file("$folder/list", $list);
    local $ENV{ADDITIONAL_CA_FILES} = getcwd() . '/build/t/pki/root.pem';
    unlink map { "$folder/$_.json" } @_;
    my $deadline = patience(300);
    system 'sh', '-c', "xargs -P 2 -L 1 sh -c 'name=\$0 port=\$1; shift; timeout $deadline testssl --quiet --color 0 --warnings off --jsonfile $folder/\$name.json \$@ localhost:\$port >$folder/\$name.txt 2>&1' <$folder/list";
}
run_testssl(@names);
$server->stop;

for my $name (@names) {
    my $json = -e "$folder/$name.json" ? eval { decode_json(TLSDiag::Server::read_file("$folder/$name.json")) } : undef;
    %said = map { ($_->{id} => [ $_->{severity}, $_->{finding} ]) } @{ $json // [] };
    my $with_certificate = $all || $few{$name} =~ /-S/;
    ok($said{TLS1_2} && (!$with_certificate || grep { /^cert_chain_of_trust/ } keys %said) || $different{$name}{everything},
        "$name: testssl.sh looked at it") or next;
    for my $agreement (@of_protocol, $with_certificate ? @of_certificate : ()) {
        my ($fault, $ours, $theirs) = @$agreement;
        my @we = grep { /$ours/ } sort keys %{ $found->{$name} };
        my $they = $theirs->() ? 1 : 0;
        my $why = $different{$name}{$fault};
        ok(defined $why ? $they != (@we ? 1 : 0) : $they == (@we ? 1 : 0),
            "$name: $fault: " . (defined $why ? "they differ: $why" : $they ? 'both find it' : 'neither finds it'))
            or diag("the audit says: @we; testssl.sh says: " . join '; ', map { "$_: @{$said{$_}}" } grep { /cert_(chain|exp|trust|key|ext|sig|val)|certs_list|TLS1/ } sort keys %said);
    }
}
done_testing;
