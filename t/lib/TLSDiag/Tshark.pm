# tshark as the judge: captures loopback, and says of each connection what its hellos held, in the words of our JSON.
# Code points are its own reading; the names for them come from the registries in src/iana/registry.
package TLSDiag::Tshark;
use strict;
use warnings;
use Time::HiRes qw(sleep);

# Our word => tshark's field and the registry that names its values. Lists unless said otherwise below.
my %field = (
    versions    => [ 'tls.handshake.extensions.supported_version',   'versions' ],
    suites      => [ 'tls.handshake.ciphersuite' ],
    extensions  => [ 'tls.handshake.extension.type',                 'extension_types' ],
    groups      => [ 'tls.handshake.extensions_supported_group',     'supported_groups' ],
    shares      => [ 'tls.handshake.extensions_key_share_group',     'supported_groups' ],
    algorithms  => [ 'tls.handshake.sig_hash_alg',                   'signature_schemes' ],
    alpn        => [ 'tls.handshake.extensions_alpn_str' ],
    psk_modes   => [ 'tls.extension.psk_ke_mode',                    'psk_key_exchange_modes' ],
    server_name => [ 'tls.handshake.extensions_server_name' ],
    ja3         => [ 'tls.handshake.ja3' ],
    ja3_string  => [ 'tls.handshake.ja3_full' ],
    bytes       => [ 'tls.handshake.length' ],
    legacy      => [ 'tls.handshake.version',                        'versions' ],
    port        => [ 'tcp.srcport' ],
    answered    => [ 'tcp.dstport' ],
    random      => [ 'tls.handshake.random' ],
);
my %is_single = map { $_ => 1 } qw(server_name ja3 ja3_string ja4 ja4_r bytes legacy port answered random);
# JA4 came with Wireshark 4.2.
my %newer     = (ja4 => 'tls.handshake.ja4', ja4_r => 'tls.handshake.ja4_r');
my $knows_ja4;
@field{ keys %newer } = map { [$_] } values %newer if knows_ja4();
my @names = sort keys %field;

# The random of a ServerHello that is a HelloRetryRequest, RFC 8446 4.1.3.
my $retry = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

sub knows_ja4
{
    $knows_ja4 //= version->parse('v' . (`tshark --version 2>/dev/null` =~ /(\d+\.\d+)/ ? $1 : 0)) >= v4.2 ? 1 : 0;
    return $knows_ja4;
}

# Start to capture these ports into a file. {refused} says why it cannot.
sub new
{
    my ($class, $first, $last, $file) = @_;
    my $self = bless { file => $file, ports => "$first-$last" }, $class;
    unlink $file;
    $self->{pid} = open my $said, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', 'dumpcap', '-q', '-i', 'lo', '-f', "tcp portrange $self->{ports}", '-w', $file;
    return $self->refuse("$!") if !$self->{pid};
    my $heard = '';
    while (my $line = <$said>) {
        $heard .= $line;
        last if $line =~ /^File:/;
    }
    $self->{said} = $said;
    return $self->refuse($heard) if $heard !~ /^File:/m;
    return $self;
}

sub refuse
{
    my ($self, $why) = @_;
    $self->{refused} = $why =~ s/\s+/ /gr;
    return $self;
}

sub stop
{
    my ($self) = @_;
    sleep 0.5;
    kill INT => $self->{pid};
    close delete $self->{said};
    $self->{hellos}  = $self->decode(1, 'port');
    $self->{answers} = $self->decode(2, 'answered');
}

# The first ClientHello from this port.
sub hello_from
{
    my ($self, $port) = @_;
    my $hello = ($self->{hellos}{$port} // [])->[0] or return;
    my %said = map { $_ => in_our_words($_, $hello->{$_}) } @names;
    delete @said{qw(port answered random)};
    $said{suite_names} = [ map { named('cipher_suites', $_) } grep { !is_grease(hex) } @{ $said{suites} } ];
    return \%said;
}

# { suite, version, group } of the ServerHello to this port.
sub answer_to
{
    my ($self, $port) = @_;
    my ($hello) = grep { $_->{random} =~ s/://gr ne $retry } @{ $self->{answers}{$port} // [] } or return;
    my ($suite) = split /;/, $hello->{suites};
    my ($share) = split /;/, $hello->{shares};
    return {
        suite   => named('cipher_suites', $suite),
        version => { 0x0301 => '1.0', 0x0302 => '1.1', 0x0303 => '1.2', 0x0304 => '1.3' }->{ hex($hello->{versions} || $hello->{legacy}) },
        group   => $share ? named('supported_groups', $share) : undef,
    };
}

sub decode
{
    my ($self, $type, $key) = @_;
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', 'tshark', '-r', $self->{file}, '-d', "tcp.port==$self->{ports},tls", '-o', 'tls.desegment_ssl_records:TRUE',
        '-2', '-R', "tls.handshake.type==$type", '-T', 'fields', '-E', 'occurrence=a', '-E', 'aggregator=;', map { ('-e', $field{$_}[0]) } @names
        or die "tshark: $!\n";
    my %found;
    while (my $line = <$out>) {
        chomp $line;
        my %row;
        @row{@names} = (split(/\t/, $line, -1), ('') x @names)[ 0 .. $#names ];
        $row{$_} = (split /;/, $row{$_} // '')[0] // '' for qw(random legacy bytes ja3 ja4 ja4_r);
        push @{ $found{ $row{$key} } }, \%row;
    }
    close $out;
    return \%found;
}

# As our JSON has it: absent when there is nothing.
sub in_our_words
{
    my ($name, $value) = @_;
    return undef if $value eq '';
    my $registry = $field{$name}[1];
    my @values = map { $registry ? named($registry, $_) : $_ } split /;/, $value;
    return $is_single{$name} ? $values[0] : \@values;
}

my %registry;

sub named
{
    my ($name, $value) = @_;
    my $number = $value =~ /^0x/ ? hex $value : $value;
    $registry{$name} //= read_registry($name);
    return sprintf '0x%04x', $number if is_grease($number) || !$registry{$name}{$number};
    return $registry{$name}{$number};
}

sub read_registry
{
    my ($name) = @_;
    my %names;
    open my $in, '<', "src/iana/registry/$name.csv" or die "$name.csv: $!\n";
    while (my $line = <$in>) {
        my ($value, $words) = split /,/, $line;
        $words = lc $words if $name eq 'supported_groups';
        $words = 'TLSv1' if $words eq 'TLSv1.0';
        $names{$value} = $words if $value =~ /^\d+$/;
    }
    return \%names;
}

sub is_grease { return ($_[0] & 0x0f0f) == 0x0a0a && ($_[0] >> 8) == ($_[0] & 0xff) }

1;
