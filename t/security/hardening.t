# The module as a program: built with Debian's hardening flags and what the compiler knows beyond them, and what checksec would say.
use strict;
use warnings;
use Test::More;

my $module = 'build/mod_tlsdiag.so';
sub says { my ($command) = @_; my $said = `$command 2>/dev/null`; return $said }

my $dynamic  = says("readelf -dW $module");
my $segments = says("readelf -lW $module");
my $symbols  = says("nm -D $module");

like($segments, qr/GNU_RELRO/,                    'RELRO');
like($dynamic,  qr/\bBIND_NOW\b|\bFLAGS_1\b.*NOW/, '... and full: all symbols are bound at start');
like($segments, qr/GNU_STACK\s+(?:\S+\s+){5}RW\s/, 'the stack is not executable');
unlike($segments, qr/LOAD\s.*\bRWE\b/,            'no segment is writable and executable');
unlike($dynamic, qr/TEXTREL/,                     'no text relocation');
unlike($dynamic, qr/RPATH|RUNPATH/,               'no library path of the build machine');
like($symbols,  qr/__stack_chk_fail/,             'stack canaries');
like($symbols,  qr/__\w+_chk\b/,                  'fortified functions');
unlike($symbols, qr/\bU (?:gets|sprintf|vsprintf|strcat|tmpnam|mktemp|system|popen)\b/, 'no function of which the compiler cannot know how much it writes, none that runs a shell');
is_deeply([ $symbols =~ /^[0-9a-f]+ [A-TV-Z] (\w+)/mg ], ['tlsdiag_module'], 'one symbol is exported, the module');
is_deeply([ sort map { s/\..*//r } $dynamic =~ /NEEDED.*\[lib(\S+?)\]/g ], [ 'c', 'crypto', 'ssl' ], 'libraries: libc, libcrypto, libssl');

# Each unit of the program, by what the compiler wrote down.
my @units = says("readelf --debug-dump=info --dwarf-depth=1 $module") =~ /DW_AT_producer\s*:\s*(.*)/g;
cmp_ok(scalar @units, '>', 50, scalar(@units) . ' files of C');
for my $flag (qw(-fstack-protector-strong -fstack-clash-protection)) {
    is(scalar(grep { !/\Q$flag\E/ } @units), 0, "... all with $flag");
}
is(scalar(grep { !/-fcf-protection/ } @units), 0, '... all with -fcf-protection') if `uname -m` =~ /x86_64/;

# Debian's flags, as dpkg-buildflags gives them, in the commands that make runs.
my $compile = says('make -n -B V=1 build/src/base/writer.o');
my $link    = says('make -n -B V=1 build/mod_tlsdiag.so') =~ /^(\S+ -shared.*)$/m ? $1 : '';
my %given = (CFLAGS => $compile, CPPFLAGS => $compile, LDFLAGS => $link);
for my $kind (sort keys %given) {
    my @flags = grep { !/^-g$|prefix-map|^-Wdate-time|^-O/ } split ' ', says("DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get $kind");
    ok(has($given{$kind}, $_), "$kind: $_") for @flags;
}
done_testing;

# -Wl,-z,relro and -Wl,-z,now may stand in one word; -Wformat=2 is more than -Wformat.
sub has
{
    my ($command, $flag) = @_;
    my $wanted = quotemeta($flag =~ s/^-Wl,//r);
    return $command =~ /(?:^|[\s,])$wanted(?:[\s,=]|$)/;
}
