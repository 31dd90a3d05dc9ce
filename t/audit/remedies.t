# The directives that findings give are taken as they are printed, put into their vhosts, and the findings are gone.
use TLSDiag::Test;
use TLSDiag::Audit;
use TLSDiag::Server;
use Cwd qw(getcwd);

my @vhosts = do './t/audit/vhosts.pl' or die "t/audit/vhosts.pl: ", $@ || $!;
my %settings = map { ref ? $_->[0] : $_ } @vhosts;
my @names = grep { !$settings{$_}{port_of} } map { $vhosts[ 2 * $_ ] } 0 .. $#vhosts / 2;
make_files();

# What it takes in the main server, and what says where it belongs, is not for a vhost.
my $not_for_vhosts = qr{^(SSLStaplingCache|SSLSessionCache|#)|/path/to/};

sub audit_of
{
    my ($vhosts) = @_;
    my $server = audited($vhosts, root => 'audit-remedies', top => getcwd(),
        main => "SSLStaplingCache shmcb:@{[ getcwd() ]}/build/t/audit-files/remedies(32768)");
    my ($found, $status, $said) = findings($server);
    is($status, 0, 'httpd takes the configuration') or die $said;
    return $found;
}

# Lines of a finding after what, why and what to do.
sub directives_of { my ($finding) = @_; my @lines = @{ $finding->{lines} }; return @lines[ 3 .. $#lines ] }

my $before = audit_of([ map { $_ => $settings{$_} } @names ]);
my (%remedied, @after);
for my $name (@names) {
    my @ids = grep { !/^audit\.mozilla\./ && directives_of($before->{$name}{$_}) } sort keys %{ $before->{$name} };
    my @lines = map { directives_of($before->{$name}{$_}) } @ids;
    next if !@lines || grep { m{/path/to/} } @lines;
    $remedied{$name} = \@ids;
    push @after, $name => { %{ $settings{$name} }, conf => join "\n", $settings{$name}{conf} // (), grep { !/$not_for_vhosts/ } @lines };
}
my $after = audit_of(\@after);
for my $name (sort keys %remedied) {
    ok(!$after->{$name}{$_}, "$name: $_ is gone") for @{ $remedied{$name} };
}
cmp_ok(scalar(keys %remedied), '>', 12, scalar(keys %remedied) . ' vhosts were remedied');

# --- Mozilla's profiles, one after the other
my %climb = (name => { suites => 'DEFAULT' });
for my $profile (qw(none intermediate modern)) {
    my $found = audit_of([%climb])->{name};
    ok($found->{"audit.mozilla.$profile"}, "a vhost meets Mozilla's profile $profile") or diag(join ' ', sort keys %$found);
    last if $profile eq 'modern';
    my @lines = directives_of($found->{"audit.mozilla.$profile"});
    cmp_ok(scalar @lines, '>', 2, '... and is told how to reach the next: ' . join ' | ', @lines);
    $climb{name}{conf} = join "\n", $climb{name}{conf} // (), @lines;
}
done_testing;
