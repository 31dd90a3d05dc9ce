#!/usr/bin/perl
# Turn the snapshots in registry/*.csv into the sorted C tables *.inc that iana.c includes.
#
#   perl src/iana/generate.pl            rewrites src/iana/*.inc
#   perl src/iana/generate.pl DIR        writes DIR/*.inc: what the generated-file check compares
#
# The same input gives the same bytes. A row that is not understood ends the run: a name that is wrong in a log
# is worse than a build that stops.
use strict;
use warnings;

my ($here) = $0 =~ m{^(.*)/} ? $1 : '.';
my $out_dir = $ARGV[0] // $here;

# What a suite's name says about key exchange and authentication: the part before _WITH_, without TLS_ or SSL_.
# Columns: key exchange, authentication (what the server's certificate must be), flags.
my %key_exchange = (
    NULL              => [qw(UNKNOWN ANON ANONYMOUS)],
    RSA               => [qw(RSA RSA)],
    RSA_EXPORT        => [qw(RSA RSA EXPORT)],
    RSA_EXPORT1024    => [qw(RSA RSA EXPORT)],
    RSA_FIPS          => [qw(RSA RSA)],
    DHE_RSA           => [qw(DHE RSA FORWARD_SECRET)],
    DHE_RSA_EXPORT    => [qw(DHE RSA FORWARD_SECRET EXPORT)],
    DHE_DSS           => [qw(DHE DSS FORWARD_SECRET)],
    DHE_DSS_EXPORT    => [qw(DHE DSS FORWARD_SECRET EXPORT)],
    DHE_DSS_EXPORT1024 => [qw(DHE DSS FORWARD_SECRET EXPORT)],
    DH_anon           => [qw(DHE ANON FORWARD_SECRET ANONYMOUS)],
    DH_anon_EXPORT    => [qw(DHE ANON FORWARD_SECRET ANONYMOUS EXPORT)],
    ECDHE_RSA         => [qw(ECDHE RSA FORWARD_SECRET)],
    ECDHE_ECDSA       => [qw(ECDHE ECDSA FORWARD_SECRET)],
    ECDH_anon         => [qw(ECDHE ANON FORWARD_SECRET ANONYMOUS)],

    # The certificate holds a static Diffie-Hellman key; RSA, DSS or ECDSA is only what it is signed with.
    DH_RSA            => [qw(DH OTHER)],
    DH_RSA_EXPORT     => [qw(DH OTHER EXPORT)],
    DH_DSS            => [qw(DH OTHER)],
    DH_DSS_EXPORT     => [qw(DH OTHER EXPORT)],
    ECDH_RSA          => [qw(DH OTHER)],
    ECDH_ECDSA        => [qw(DH OTHER)],

    PSK               => [qw(PSK PSK)],
    RSA_PSK           => [qw(PSK RSA)],
    DHE_PSK           => [qw(PSK PSK FORWARD_SECRET)],
    PSK_DHE           => [qw(PSK PSK FORWARD_SECRET)],
    ECDHE_PSK         => [qw(PSK PSK FORWARD_SECRET)],
    SRP_SHA           => [qw(SRP OTHER FORWARD_SECRET)],
    SRP_SHA_RSA       => [qw(SRP RSA FORWARD_SECRET)],
    SRP_SHA_DSS       => [qw(SRP DSS FORWARD_SECRET)],
    KRB5              => [qw(KRB5 OTHER)],
    KRB5_EXPORT       => [qw(KRB5 OTHER EXPORT)],
    ECCPWD            => [qw(ECCPWD OTHER FORWARD_SECRET)],
    ECJPAKE           => [qw(UNKNOWN OTHER FORWARD_SECRET)],
    CECPQ1_RSA        => [qw(UNKNOWN RSA FORWARD_SECRET)],
    CECPQ1_ECDSA      => [qw(UNKNOWN ECDSA FORWARD_SECRET)],
    FORTEZZA_KEA      => [qw(UNKNOWN OTHER)],
    GOSTR341094       => [qw(GOST OTHER)],
    GOSTR341001       => [qw(GOST OTHER)],
    GOSTR341112_256   => [qw(GOST OTHER)],
);

# Suites whose names follow no rule.
my %whole_name = (
    'TLS_EMPTY_RENEGOTIATION_INFO_SCSV' => [qw(SIGNALLING ANY 0 SIGNALLING)],
    'TLS_FALLBACK_SCSV'                 => [qw(SIGNALLING ANY 0 SIGNALLING)],
    'TLS_SHA256_SHA256'                 => [qw(ANY ANY 0 TLS13 FORWARD_SECRET NULL)],    # RFC 9150: integrity only
    'TLS_SHA384_SHA384'                 => [qw(ANY ANY 0 TLS13 FORWARD_SECRET NULL)],
    'LEGACY-GOST2012-GOST8912-GOST8912' => [qw(GOST OTHER 256 NATIONAL)],
    'GOST2012-NULL-GOST12'              => [qw(GOST OTHER 0 NATIONAL NULL)],
);

# The bulk cipher, by the start of the part after _WITH_. Columns: pattern, key bits, flags. First match counts.
my @bulk_ciphers = (
    [ qr/^NULL/,                  0,   'NULL' ],
    [ qr/^RC4_(40|56|128)_/,      0,   'RC4' ],
    [ qr/^RC2_CBC_(40|56)_/,      0,   'CBC' ],
    [ qr/^RC2_CBC_/,              128, 'CBC' ],
    [ qr/^IDEA_CBC_/,             128, 'CBC' ],
    [ qr/^DES40_CBC_/,            40,  'CBC', 'DES' ],
    [ qr/^DES_CBC_40_/,           40,  'CBC', 'DES' ],
    [ qr/^DES_CBC_/,              56,  'CBC', 'DES' ],
    [ qr/^3DES_EDE_CBC_/,         168, 'CBC', 'TRIPLE_DES' ],
    [ qr/^FORTEZZA_CBC_/,         80,  'CBC' ],
    [ qr/^SEED_CBC_/,             128, 'CBC', 'NATIONAL' ],
    [ qr/^AES_(128|256)_CBC_/,    0,   'CBC' ],
    [ qr/^AES_(128|256)_CCM_8/,   0,   'AEAD', 'CCM8' ],
    [ qr/^AES_(128|256)_[GC]CM/,  0,   'AEAD' ],
    [ qr/^(?:CAMELLIA|ARIA)_(128|256)_CBC_/, 0, 'CBC',  'NATIONAL' ],
    [ qr/^(?:CAMELLIA|ARIA)_(128|256)_GCM_/, 0, 'AEAD', 'NATIONAL' ],
    [ qr/^CHACHA20_POLY1305_/,    256, 'AEAD' ],
    [ qr/^(?:ESTREAM_)?SALSA20_/, 256 ],
    [ qr/^AEGIS_(128|256)/,       0,   'AEAD' ],
    [ qr/^ASCONAEAD(128)_/,       0,   'AEAD' ],
    [ qr/^SM4_CBC_/,              128, 'CBC',  'NATIONAL' ],
    [ qr/^SM4_[GC]CM_/,           128, 'AEAD', 'NATIONAL' ],
    [ qr/^SM1_/,                  128, 'NATIONAL' ],
    [ qr/^28147_CNT_/,            256, 'NATIONAL' ],
    [ qr/^(?:KUZNYECHIK|MAGMA)_CTR_/, 256, 'NATIONAL' ],
    [ qr/^(?:KUZNYECHIK|MAGMA)_MGM_/, 256, 'NATIONAL', 'AEAD' ],
);

# One row for each table. rename: code => name, where a registry has one name twice or none.
my @registries = (
    { csv => 'cipher_suites',          inc => 'cipher_suites', traits => 1 },
    { csv => 'extension_types',        inc => 'extensions',
      rename => { 17613 => 'application_settings_new', 35655 => 'padding_old', 65445 => 'quic_transport_parameters_draft' } },
    { csv => 'supported_groups',       inc => 'groups', lower_case => 1,
      rename => { 65073 => 'x25519kyber768draft00old' } },    # Cloudflare's name for it
    { csv => 'signature_schemes',      inc => 'signature_schemes' },
    { csv => 'alerts',                 inc => 'alerts' },
    { csv => 'handshake_types',        inc => 'handshake_types', rename => { 67 => 'next_proto' } },
    { csv => 'compression_methods',    inc => 'compression_methods' },
    { csv => 'psk_key_exchange_modes', inc => 'psk_modes' },
    { csv => 'versions',               inc => 'versions',
      rename => { 769 => 'TLSv1' } },                         # as SSLProtocol spells it
);

write_table($_) for @registries;

sub write_table {
    my ($registry) = @_;
    my $csv = "$here/registry/$registry->{csv}.csv";
    my %name = read_names($csv, $registry);
    my $path = "$out_dir/$registry->{inc}.inc";
    open my $out, '>', $path or die "$path: $!\n";
    print $out "/* GENERATED by src/iana/generate.pl from registry/$registry->{csv}.csv (see registry/README.md). Do not edit. */\n";
    for my $code (sort { $a <=> $b } keys %name) {
        my ($row, $columns) = $registry->{traits} ? ('SUITE', ', ' . traits_columns($name{$code})) : ('NAME', '');
        printf $out qq(%s(0x%04x, "%s"%s)\n), $row, $code, $name{$code}, $columns;
    }
    close $out or die "$path: $!\n";
}

# code => name of every code point that has a name. GREASE and reserved ranges have none.
sub read_names {
    my ($csv, $registry) = @_;
    my (%name, %code);
    open my $in, '<', $csv or die "$csv: $!\n";
    my $head = <$in>;
    $head =~ /^value,name,/ or die "$csv:1: not 'value,name,...'\n";
    while (my $line = <$in>) {
        my ($value, $name) = $line =~ /^([^,]*),("[^"]*"|[^,"]*),/ or die "$csv:$.: not a row\n";
        $name =~ s/^"|"$//g;
        next if $name =~ /^(GREASE|Unassigned|Reserved\b.*)$/;
        $value =~ /^\d+$/ && $value <= 0xffff or die "$csv:$.: '$value' has a name but is not one 16-bit code point\n";
        die "$csv:$.: $value is there twice\n" if exists $name{$value};
        $name = $registry->{rename}{$value} // plain_name($name, $registry);
        $name =~ /^[A-Za-z0-9][A-Za-z0-9_.-]*$/ or die "$csv:$.: '$name' is not a name\n";
        die "$csv:$.: $name is the name of $code{$name} too\n" if exists $code{$name};
        $name{$value} = $name;
        $code{$name} = $value;
    }
    return %name;
}

sub plain_name {
    my ($name, $registry) = @_;
    $name =~ s/ \(.*\)$//;
    return $registry->{lower_case} ? lc $name : $name;
}

# `TLSDIAG_KX_ECDHE, TLSDIAG_AUTH_RSA, 128, TLS12_ONLY | FORWARD_SECRET | AEAD`: the columns that iana.c expects.
sub traits_columns {
    my ($name) = @_;
    my ($kx, $auth, $bits, @flags) = $whole_name{$name} ? @{ $whole_name{$name} } : parse_suite($name);
    return "TLSDIAG_KX_$kx, TLSDIAG_AUTH_$auth, $bits, " . (join(' | ', map { "SUITE_$_" } @flags) || '0');
}

sub parse_suite {
    my ($name) = @_;
    my ($exchange, $bulk) = $name =~ /^(?:TLS|SSL)_(.*)_WITH_(.*)$/;
    return parse_chinese_suite($name) if $name =~ /^(?!TLS_)[A-Z]+_SM[14]_/;      # GM/T 0024
    return parse_tls13_suite($name) if !defined $exchange || $bulk =~ /_MGM_/;    # MGM: RFC 9367
    my $row = $key_exchange{$exchange} or die "$name: what is the key exchange '$exchange'?\n";
    my ($kx, $auth, @flags) = @$row;
    my ($bits, @bulk_flags) = parse_bulk_cipher($name, $bulk);
    push @bulk_flags, 'NATIONAL' if $kx eq 'GOST' && !grep { $_ eq 'NATIONAL' } @bulk_flags;
    unshift @flags, 'TLS12_ONLY' if needs_tls12($kx, $exchange, $bulk, @bulk_flags);
    return ($kx, $auth, $bits, @flags, @bulk_flags);
}

# AEAD is of TLS 1.2 at least (RFC 5246 6.2.3.3), and so are the SHA-2 MACs, except those of PSK suites (RFC 5487, RFC 5489;
# OpenSSL offers them from TLS 1.0 on too). The GOST suites of RFC 9189 are of TLS 1.2.
sub needs_tls12 {
    my ($kx, $exchange, $bulk, @bulk_flags) = @_;
    return 1 if grep { $_ eq 'AEAD' } @bulk_flags;
    return 1 if $exchange eq 'GOSTR341112_256';
    return $bulk =~ /_SHA(256|384)$/ && $kx ne 'PSK';
}

sub parse_tls13_suite {
    my ($name) = @_;
    my ($bulk) = $name =~ /^TLS_(?:GOSTR341112_256_WITH_)?(.*)$/ or die "$name: not a name of TLS 1.3\n";
    my ($bits, @flags) = parse_bulk_cipher($name, $bulk);
    grep { $_ eq 'AEAD' } @flags or die "$name: neither _WITH_ nor an AEAD of TLS 1.3\n";
    return ('ANY', 'ANY', $bits, 'TLS13', 'FORWARD_SECRET', @flags);
}

sub parse_chinese_suite {
    my ($name) = @_;
    my ($exchange, $bulk) = $name =~ /^(ECDHE|ECC|IBSDH|IBC|RSA)_(SM.*)$/ or die "$name: not a name of GM/T 0024\n";
    my ($bits, @flags) = parse_bulk_cipher($name, $bulk);
    unshift @flags, 'FORWARD_SECRET' if $exchange eq 'ECDHE';
    my $kx = $exchange =~ /^(ECDHE|RSA)$/ ? $exchange : 'UNKNOWN';
    return ($kx, $kx eq 'RSA' ? 'RSA' : 'OTHER', $bits, @flags);
}

sub parse_bulk_cipher {
    my ($name, $bulk) = @_;
    for my $row (@bulk_ciphers) {
        my ($pattern, $bits, @flags) = @$row;
        next unless $bulk =~ $pattern;
        return ($bits || (defined $1 ? $1 : 0), @flags);
    }
    die "$name: what is the bulk cipher '$bulk'?\n";
}
