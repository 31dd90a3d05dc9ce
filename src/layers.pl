#!/usr/bin/perl
# Check every #include under src/ against the table in src/LAYERS.
# Prints each breach as file:line and exits 1 if there is one.
use strict;
use warnings;

my %is_standard = map { $_ => 1 } qw(
    assert.h ctype.h errno.h inttypes.h limits.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h);

# The layer an include belongs to: a folder of ours, a header of src/ itself, or an outside library.
sub layer_of {
    my ($include) = @_;
    return 'openssl' if $include =~ m{^openssl/};
    return 'apr'     if $include =~ m{^apr};
    return 'httpd'   if $include =~ m{^(httpd|http_|ap_|util_|mod_|scoreboard|mpm)};
    return $1        if $include =~ m{^([^/]+)/};
    return $include;
}

my %may;
open my $table, '<', 'src/LAYERS' or die "src/LAYERS: $!\n";
while (<$table>) {
    next if /^\s*(#|$)/;
    my ($folder, @allowed) = split;
    $may{$folder} = { map { $_ => 1 } @allowed, $folder };
}

my $breaches = 0;
for my $file (glob 'src/*.[ch] src/*/*.[ch]') {
    my $folder = $file =~ m{^src/([^/]+)/} ? $1 : '.';
    my $allowed = $may{$folder} or die "$file: folder '$folder' is not in src/LAYERS\n";
    open my $in, '<', $file or die "$file: $!\n";
    while (<$in>) {
        my ($include) = /^\s*#\s*include\s*[<"]([^">]+)[">]/ or next;
        next if $allowed->{'*'} || $is_standard{$include} || $allowed->{ layer_of($include) };
        print "$file:$.: $folder/ may not include <$include>\n";
        $breaches++;
    }
}
exit($breaches ? 1 : 0);
