#!/usr/bin/perl
# Turn rows of a hellos.jsonl into the table that t/unit/hellos.h reads.
#
#   perl t/data/hellos-to-table.pl hellos.jsonl > build/hellos.tsv            every row
#   perl t/data/hellos-to-table.pl hellos.jsonl live zeek ... > t/data/...    rows whose id starts so, each kind of hello once
#
# A hello is left out when an earlier one has the same JA3 string, JA4_r and use of SNI: it would test nothing new.
use strict;
use warnings;
use JSON::PP ();

my ($source, @families) = @ARGV;
die "usage: hellos-to-table.pl hellos.jsonl [family...]\n" unless defined $source;
my $family = join '|', @families;

my @columns = qw(id hex legacy_version session_id_len compression ciphers extensions versions groups key_shares sigalgs
  sigalgs_cert sni alpn ja3_string ja3 ja4 ja4_r);
print join("\t", map { "#$_" } @columns), "\n";

my %seen;
open my $in, '<', $source or die "$source: $!\n";
while (my $line = <$in>) {
    my $row = JSON::PP::decode_json($line);
    next if @families && $row->{id} !~ /^(?:$family)-\d/;
    my $kind = join ' ', map { defined $row->{$_} ? $row->{$_} : '' } qw(ja3_string ja4_r);
    $kind = $row->{id} if $row->{format} eq 'sslv2';
    next if @families && $seen{ $kind . defined $row->{sni} }++;
    print join("\t", map { cell($row, $_) } @columns), "\n";
}

# "-" is a value that the source does not have; empty is an empty list or text.
sub cell {
    my ($row, $column) = @_;
    return hex_text($row->{sni_hex}, $row->{sni}) if $column eq 'sni';
    return join ',', map { length $_ ? $_ : () } alpn_names($row) if $column eq 'alpn';
    return join ',', map { sprintf '%02x', $_ } @{ $row->{compression} || [] } if $column eq 'compression';
    my $value = $row->{$column};
    return ref $value ? join(',', @$value) : defined $value ? $value : $column =~ /^ja/ ? '-' : '';
}

sub alpn_names {
    my ($row) = @_;
    return $row->{alpn_hex} ? @{ $row->{alpn_hex} } : map { hex_text(undef, $_) } @{ $row->{alpn} || [] };
}

sub hex_text {
    my ($hex, $text) = @_;
    return $hex if defined $hex;
    return defined $text ? unpack 'H*', $text : '';
}
