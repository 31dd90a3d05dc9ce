# /tlsdiag-status/json has what README.md says it has, and nothing that README.md does not name.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;

my @vhosts = ( std => { conf => 'ServerAlias www.example.test' }, expired => { cert => 'expired' },
    'no-intermediate' => { cert => 'no-intermediate' }, groups => { conf => 'SSLOpenSSLConfCmd Groups P-384' });
my $server = use_server(TLSDiag::Server->new(root => 'build/t/json', table => \@vhosts,
    extra => 'TLSDiagAuditIgnore audit.session.no_handshake_timeout "a test has no slow clients"'));
$server->start;

# Something of everything: names, resumption, a User-Agent, alerts in both directions, a refused renegotiation.
connect_to(std => python('--times', 2), records => 2);
connect_to(std => curl('--user-agent', 'a robot/1.0'));
connect_to(std => openssl('-tls1_2', '-servername', 'elsewhere.example'));
connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'));
connect_to(std => sub { TLSDiag::Clients::program("R\n", qw(openssl s_client -tls1_2 -servername localhost -connect), "127.0.0.1:$_[0]") }, records => 2);
connect_to(expired => curl());

my @rows = documented();
cmp_ok(scalar @rows, '>', 50, 'README.md names the paths');

# path => what stands there; elements of a list have the path of the list with [].
my %there;
collect('', snapshot());

my %used;
my @unknown = grep { my $path = $_; my @fits = grep { $path =~ $_->{pattern} } @rows; $used{ $_->{path} } = 1 for @fits; !@fits } sort keys %there;
is_deeply(\@unknown, [], 'every path of the snapshot is documented');

my @missing = grep { !$used{$_} } map { $_->{path} } @rows;
is_deeply(\@missing, [], 'every documented path is in the snapshot');
$server->stop;
done_testing;

# The paths in backticks between the two marks of README.md, the first column of the table.
sub documented
{
    my ($table) = TLSDiag::Server::read_file('README.md') =~ /<!-- snapshot -->(.*?)<!-- end of snapshot -->/s;
    my @paths = map { my ($first) = /^\| (.*?) \|/; defined $first ? $first =~ /`([^`]+)`/g : () } split /\n/, $table;
    return map { { path => $_, pattern => pattern_of($_) } } @paths;
}

# <name> stands for any key; what is in `all` is in each of vhosts[] too.
sub pattern_of
{
    my ($path) = @_;
    my $pattern = join '.+?', map { quotemeta } split /<\w+>/, $path, -1;
    $pattern =~ s/^all\\\./(?:all|vhosts\\[\\])\\./;
    return qr/^$pattern$/;
}

sub collect
{
    my ($path, $value) = @_;
    if (ref $value eq 'HASH') {
        collect(length $path ? "$path.$_" : $_, $value->{$_}) for sort keys %$value;
    }
    elsif (ref $value eq 'ARRAY') {
        collect("$path\[]", $_) for @$value;
    }
    else {
        $there{$path} = $value;
    }
}
