# How long the tests wait before they call something missing. A server under valgrind, or a loaded machine, needs more of it:
# TLSDIAG_PATIENCE=10 makes every deadline ten times as long. What is there in time is never waited for.
package TLSDiag::Patience;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(patience);

# So many seconds on a quiet machine, in seconds for this run.
sub patience { return $_[0] * ($ENV{TLSDIAG_PATIENCE} // 1) }

1;
