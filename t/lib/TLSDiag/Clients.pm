# Real clients, each a sub that connects to a port of 127.0.0.1 and returns { output, status }.
# It knows how to make each program do one thing; it refuses to know what the server thinks of it.
package TLSDiag::Clients;
use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET ();
use IO::Select       ();
use Socket           qw(SOL_SOCKET SO_LINGER);
use Time::HiRes      qw(sleep time);
use TLSDiag::Hello   qw(alert client_hello);
use TLSDiag::Patience;

our @EXPORT = qw(openssl curl gnutls python nss tls raw hello_then tampered http_request alert client_hello reset_connection read_flight read_to_end);

my $request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

# openssl s_client with these arguments; verifies against our root, sends a request and reads the answer.
sub openssl
{
    my @arguments = @_;
    my %given = map { $_ => 1 } @arguments;
    return sub {
        my ($port) = @_;
        return program($request, 'openssl', 's_client', '-connect', "127.0.0.1:$port", '-ign_eof',
            ($given{-servername} || $given{-noservername} ? () : ('-servername', 'localhost')),
            ($given{-CAfile} ? () : ('-CAfile', 'PKI/root.pem')), @arguments);
    };
}

sub curl
{
    my @arguments = @_;
    return sub {
        my ($port) = @_;
        my @url = (grep { m{^https?://} } @arguments) ? () : "https://localhost:$port/";
        return program('', 'curl', '-4', '-sS', '--max-time', patience(10), '--cacert', 'PKI/root.pem',
            (map { s/:PORT\b/:$port/r } @arguments), @url);
    };
}

sub gnutls
{
    my @arguments = @_;
    my %given = map { /^(--[\w-]+)/ ? ($1 => 1) : () } @arguments;
    return sub {
        my ($port) = @_;
        return program($request, 'gnutls-cli', '-p', $port, '--x509cafile', 'PKI/root.pem',
            ($given{'--sni-hostname'} || $given{'--disable-sni'} ? () : ('--sni-hostname', 'localhost')),
            ($given{'--verify-hostname'} ? () : ('--verify-hostname', 'localhost')), @arguments, '127.0.0.1');
    };
}

# t/bin/tls-client.py; --ca is given unless 'unverified' is the first argument.
sub python
{
    my @arguments = @_;
    my @trust = @arguments && $arguments[0] eq 'unverified' ? () : ('--ca', 'PKI/root.pem');
    shift @arguments if !@trust;
    return sub {
        my ($port) = @_;
        return program('', 'python3', 't/bin/tls-client.py', $port, @trust, @arguments);
    };
}

# NSS's tstclnt: the TLS of Firefox.
sub nss
{
    my @arguments = @_;
    return sub {
        my ($port) = @_;
        return program($request, 'tstclnt', '-h', '127.0.0.1', '-a', 'localhost', '-p', $port, '-d', 'sql:' . pki('nss'), '-Q', @arguments);
    };
}

# A TLS request made within this process, verifying nothing: cheap, for hundreds of them. tls(), tls('TLSv1_2') or
# tls('TLSv1_2', SSL_cert_file => 'PKI/client-good.pem', ...), as in IO::Socket::SSL.
# One SSL_CTX for each, because making one costs more than the handshake.
my %context;

sub tls
{
    my ($version, %options) = @_;
    $version //= 'SSLv23';
    require IO::Socket::SSL;
    return sub {
        my ($port) = @_;
        s{^PKI/}{pki('')}e for grep { !ref } values %options;
        my $name = join ' ', $version, map { ($_, ref $options{$_} ? @{ $options{$_} } : $options{$_}) } sort keys %options;
        $context{$name} //= IO::Socket::SSL::SSL_Context->new(SSL_verify_mode => 0, SSL_version => $version, %options);
        my $socket = IO::Socket::SSL->new(PeerAddr => '127.0.0.1', PeerPort => $port, SSL_hostname => 'localhost',
            SSL_reuse_ctx => $context{$name}, Timeout => patience(10)) or return { output => "$IO::Socket::SSL::SSL_ERROR", status => 1 };
        print {$socket} $request;
        my $answer = join '', <$socket>;
        close $socket;
        return { output => $answer, status => $answer =~ /200 OK/ ? 0 : 1 };
    };
}

# A plain TCP connection handed to the sub; closed afterwards unless the sub did.
sub raw
{
    my ($do) = @_;
    return sub {
        my ($port) = @_;
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => patience(5)) or die "connect: $!\n";
        local $SIG{PIPE} = 'IGNORE';
        $socket->autoflush(1);
        my $local_port = $socket->sockport;
        my $output = ref $do ? $do->($socket) : (print {$socket} $do);
        close $socket;
        return { output => $output // '', status => 0, port => $local_port };
    };
}

# Send a ClientHello, wait for the server's flight, then send these bytes (an alert) or do this.
sub hello_then
{
    my ($hello, $then) = @_;
    return raw(sub {
        my ($socket) = @_;
        print {$socket} $hello;
        my $flight = read_flight($socket);
        ref $then ? $then->($socket) : defined $then ? print {$socket} $then : ();
        $flight .= read_flight($socket) if defined $then && !ref $then;
        return $flight;
    });
}

# The same client, with somebody in the way: $change gets what the client sends, piece by piece with their numbers from 0,
# and returns what to send instead, in as many segments as it returns strings.
sub tampered
{
    my ($client, $change) = @_;
    return sub {
        my ($port) = @_;
        my $door = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1) or die "listen: $!\n";
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            relay(scalar $door->accept, IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port), $change);
            require POSIX;
            POSIX::_exit(0);
        }
        my $result = $client->($door->sockport);
        waitpid $pid, 0;
        return $result;
    };
}

sub relay
{
    my ($client, $server, $change) = @_;
    my ($select, $count) = (IO::Select->new($client, $server), 0);
    setsockopt $server, Socket::IPPROTO_TCP(), Socket::TCP_NODELAY(), 1;
    while (my @ready = $select->can_read(patience(5))) {
        for my $from (@ready) {
            return if !sysread $from, my $bytes, 65536;
            my $to = $from == $client ? $server : $client;
            my @pieces = $from == $client ? $change->($bytes, $count++) : $bytes;
            while (@pieces) {
                syswrite $to, shift @pieces;
                sleep 0.01 if @pieces;    # else the kernel joins them again
            }
        }
    }
}

# What the server sends until it falls silent for a moment or closes.
sub read_flight
{
    my ($socket, $seconds) = @_;
    my ($flight, $select) = ('', IO::Select->new($socket));
    while ($select->can_read(patience(length $flight ? 0.05 : $seconds // 3))) {
        last if !sysread $socket, my $bytes, 65536;
        $flight .= $bytes;
    }
    return $flight;
}

# What the server sends until it closes, or falls silent for so long that it never will.
sub read_to_end
{
    my ($socket, $patience) = @_;
    my ($all, $select) = ('', IO::Select->new($socket));
    while ($select->can_read($patience // 20) && sysread $socket, my $bytes, 65536) {
        $all .= $bytes;
    }
    return $all;
}

# Close with RST instead of FIN.
sub reset_connection
{
    my ($socket) = @_;
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    close $socket;
}

sub http_request { return $request }

# --- running programs

sub pki { require TLSDiag::Test; return TLSDiag::Test::pki(@_) }

# Run a program with this standard input; no longer than patience lasts. PKI/x is the file x of t/bin/make-pki.
sub program
{
    my ($input, @command) = @_;
    s{^PKI/}{pki('')}e for @command;
    my ($in_read, $in_write);
    pipe $in_read, $in_write or die "pipe: $!\n";
    my $pid = open(my $out, '-|') // die "fork: $!\n";
    if (!$pid) {
        open STDIN,  '<&', $in_read;
        open STDERR, '>&', \*STDOUT;
        close $in_write;
        exec 'timeout', patience(20), @command or die "$command[0]: $!\n";
    }
    close $in_read;
    local $SIG{PIPE} = 'IGNORE';
    print {$in_write} $input;
    close $in_write;
    local $/;
    my $output = <$out>;
    close $out;
    return { output => $output, status => $? >> 8, command => "@command" };
}

1;
