# The usual suspects: each is ruled out, suspected or confirmed by what was provoked, and says by what.
use TLSDiag::Test;
use TLSDiag::Page;
use TLSDiag::Server;
use IO::Socket::INET ();

my $server = use_server(TLSDiag::Server->new(root => 'build/t/checklist', vhosts => [qw(std onecipher mtls wrong-name no-intermediate)]));
$server->start;

my %named = (
    version => 'Protocol versions do not match',
    suites  => 'Cipher suites, groups or signatures do not match',
    dates   => 'A certificate has expired or is not valid yet',
    chain   => 'The certificate chain is incomplete or unknown',
    name    => 'The certificate does not cover the name',
    clock   => 'The system clock or time zone is wrong',
    network => 'The network cuts or delays connections',
    client  => 'Client certificates are missing or refused',
    others  => 'Other settings of this server are at fault',
    all     => 'Everybody is affected, not single clients',
    blocked => 'Addresses are blocked',
);

my $states = states();
is_deeply([ sort keys %$states ], [ sort values %named ], 'the list is complete');
state_is('nobody came yet', version => 'not known yet', suites => 'not known yet', client => 'not known yet', all => 'not known yet');
state_is('the audit knows before anybody comes', chain => 'confirmed', name => 'confirmed');

connect_to(std => tls()) for 1 .. 2;
state_is('two were served', version => 'ruled out', suites => 'ruled out', dates => 'ruled out', network => 'ruled out', client => 'ruled out', blocked => 'ruled out');

connect_to(std => openssl('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'));
state_is('a client is too old', version => 'confirmed', suites => 'ruled out');
like(evidence('version'), qr/1 handshake in the last day, 1 client by .*version\.client_too_old/, '... and the evidence says which');

connect_to(onecipher => openssl('-tls1_2', '-cipher', 'ECDHE-RSA-AES128-GCM-SHA256'));
connect_to(mtls => curl());
state_is('no common suite, no client certificate', suites => 'confirmed', client => 'confirmed', dates => 'ruled out');

# One client that breaks off may be the reason itself; five in different networks are not. Clients are estimated by 256 registers with
# a seed of their own: of five the estimate is four in one run of 26 (two share a register), of eight it was five or more in 200,000 trials.
cut_off('127.0.1.1');
state_is('one connection is cut', network => 'suspected');
cut_off("127.0.$_.1") for 2 .. 8;
state_is('eight clients are cut off', network => 'confirmed');

# From one network nothing but failures.
cut_off('127.9.9.1') for 1 .. 5;
state_is('a network that never completes one', blocked => 'suspected');
state_is('most of what came in the last hour failed', all => 'confirmed');
connect_to(std => tls()) for 1 .. 14;
state_is('half of it did', all => 'suspected');
$server->stop;
done_testing;

# Name of an item => its state, from the HTML that people see.
sub states
{
    my ($table) = page('')->{content} =~ /<table class="checklist">(.*?)<\/table>/s or die 'the page has no checklist';
    return { $table =~ m{<th scope="row">(.*?)</th><td><span class="state">(.*?)</span>}g };
}

sub state_is
{
    my ($name, %expected) = @_;
    my $now;
    wait_until(sub { $now = states(); !grep { $now->{ $named{$_} } ne $expected{$_} } keys %expected });
    is($now->{ $named{$_} }, $expected{$_}, "$name: $_ is $expected{$_}") for sort keys %expected;
}

sub evidence
{
    my ($name) = @_;
    my ($said) = page('')->{content} =~ m{<th scope="row">\Q$named{$name}\E</th><td>.*?</td><td>(.*?)</td>}s;
    return $said;
}

# A client with that address that closes in the middle of its ClientHello.
sub cut_off
{
    my ($address) = @_;
    connect_to(std => sub {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_[0], LocalAddr => $address, Timeout => 5) or die "connect: $!\n";
        print {$socket} substr client_hello(), 0, 90;
        close $socket;
        return { output => '', status => 0 };
    });
}
