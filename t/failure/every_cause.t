# Each cause has its provocation in one of these tests, or src/README.md says why it has none; never both.
use strict;
use warnings;
use Test::More;

sub text { return join '', map { open my $in, '<', $_ or die "$_: $!\n"; local $/; scalar <$in> } @_ }

my @causes = text('t/data/causes.csv') =~ /^([a-z_]+(?:\.[a-z0-9_]+)?),/mg;
my $tests  = text(grep { !/every_cause/ } map { glob "t/$_/*.t" } qw(failure remedy connections success));
my ($excuses) = text('src/README.md') =~ /^## Causes that this suite cannot provoke.*?\n(.*?)^## /ms;
my %excused = map { $_ => 1 } $excuses =~ /^\| `([^`]+)` \|/mg;

for my $cause (grep { $_ ne 'id' } @causes) {
    my $provoked = $tests =~ /'\Q$cause\E'/ ? 1 : 0;
    is($provoked + ($excused{$cause} // 0), 1, "$cause is " . ($excused{$cause} ? 'listed as not provocable, and no test names it' : 'provoked by a test'));
}
my %known = map { $_ => 1 } @causes;
is_deeply([ grep { !$known{$_} } keys %excused ], [], 'the list names causes only');
done_testing;
