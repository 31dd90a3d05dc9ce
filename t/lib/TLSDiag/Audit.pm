# An httpd for the audit's tests: vhosts of its own, and what httpd -t -D TLSDIAG_AUDIT and the error log say of them.
#
#   my $server = audited([ std => {}, old => { cert => "expired" } ], root => "audit");
#   my $found  = findings($server);              # { old => { 'audit.cert.expired' => { severity, text, ... } }, ... }
package TLSDiag::Audit;
use strict;
use warnings;
use Cwd         qw(getcwd);
use Exporter 'import';
use Fcntl       qw(LOCK_EX);
use Time::HiRes qw(sleep time);
use TLSDiag::Patience;
use TLSDiag::Server;

our @EXPORT = qw(make_files audited findings matrix lines_of wait_for_line audit_port);

# Vhosts by name, each { cert, key, chain, protocol, conf, name, port_of }: like those of t/conf/vhosts.pl, with one port
# each unless port_of names another one to share with. They stand in the configuration in the order given.
# main: more for the whole server. std is an ECDSA certificate, TLS 1.2 and 1.3, suites and groups of Mozilla's intermediate.
sub audited
{
    my ($vhosts, %is) = @_;
    my $first = TLSDiag::Server::free_ports(1 + @$vhosts / 2);
    my (%port, @names);
    for (my $i = 0; $i < @$vhosts; $i += 2) {
        my ($name, $is) = @$vhosts[ $i, $i + 1 ];
        push @names, $name;
        $port{$name} = $is->{port_of} ? $port{ $is->{port_of} } : $first + 1 + $i / 2;
    }
    my %vhost = @$vhosts;
    my $extra = join "\n", "Define PKI $is{top}/build/t/pki", 'RequestReadTimeout handshake=5 header=15 body=15', 'LogLevel warn',
        $is{main} // (), (map { vhost_lines($_, $port{$_}, $vhost{$_}) } @names), '';
    my %seen;
    $extra .= join '', map { "Listen 127.0.0.1:$_\n" } grep { $_ != 443 && !$seen{$_}++ } values %port;
    my $server = TLSDiag::Server->new(root => "build/t/$is{root}", vhosts => [], port => $first, extra => $extra,
        mpm => $ENV{APACHE_TEST_MPM} // 'event');
    $server->{audited} = { map { my $of = $vhost{$_}; (($of->{name} // 'localhost') . ":$port{$_}" => $_) } @names };
    $server->{ports}   = \%port;
    return $server;
}

sub audit_port { my ($server, $name) = @_; return $server->{ports}{$name} }

sub vhost_lines
{
    my ($name, $port, $is) = @_;
    my $address = $is->{address} // "127.0.0.1:$port";
    my $server_name = ($is->{name} // 'localhost') . ":$port";
    return ("<VirtualHost $address>", "ServerName $server_name", $is->{conf} // (), '</VirtualHost>') if $is->{plain};
    my @certificates = map { ref ? @$_ : $_ } $is->{cert} // 'ecdsa';
    return ("<VirtualHost $address>", "ServerName $server_name", 'SSLEngine on',
        'SSLProtocol -all ' . ($is->{protocol} // '+TLSv1.2 +TLSv1.3'),
        'SSLCipherSuite ' . ($is->{suites} // 'ECDHE+AESGCM'),
        (map { ('SSLCertificateFile ' . (m{/} ? $_ : "\${PKI}/$_.chain.pem"), 'SSLCertificateKeyFile ' . ($is->{key} // "\${PKI}/$_.key")) }
            @certificates),
        $is->{conf} // (), '</VirtualHost>');
}

# Files of t/audit/vhosts.pl: key files that others may read, certificates that others may write, ticket keys old and new, a list of many CAs.
sub make_files
{
    my ($pki, $files) = map { getcwd() . "/build/t/$_" } qw(pki audit-files);
    system($^X, 't/bin/make-pki', $pki) == 0 or die "make-pki failed\n";
    open my $lock, '>', "$files.lock" or die "$files.lock: $!\n";
    flock $lock, LOCK_EX or die "$files.lock: $!\n";    # two jobs of t/all.sh may begin at the same time
    return if -e "$files/made" && -M _ < 0.5;            # days: tickets.new grows old
    mkdir $files;
    my %copy = ('open.pem' => 'ecdsa.chain.pem', 'open.key' => 'ecdsa.key', 'writable.pem' => 'ecdsa.chain.pem', 'closed.key' => 'ecdsa.key');
    TLSDiag::Server::write_file("$files/$_", TLSDiag::Server::read_file("$pki/$copy{$_}")) for keys %copy;
    TLSDiag::Server::write_file("$files/combined.pem", join '', map { TLSDiag::Server::read_file("$pki/$_") } qw(ecdsa.chain.pem ecdsa.key));
    TLSDiag::Server::write_file("$files/dh1536.pem", TLSDiag::Server::read_file("$pki/rsa.chain.pem") . `openssl genpkey -genparam -algorithm DH -pkeyopt group:modp_1536 2>/dev/null`);
    TLSDiag::Server::write_file("$files/rsa-closed.key", TLSDiag::Server::read_file("$pki/rsa.key"));
    TLSDiag::Server::write_file("$files/tickets.$_", 'x' x 48) for qw(old new);
    TLSDiag::Server::write_file("$files/many.pem", join '', map { self_signed(join '/', "/CN=$_" . 'a' x 56, 'O=' . 'b' x 60, 'L=' . 'c' x 100, 'OU=' . 'd' x 60) } 1 .. 62);
    chmod 0644, "$files/open.key", "$files/combined.pem";
    chmod 0600, "$files/closed.key", "$files/rsa-closed.key", map { "$files/tickets.$_" } qw(old new);
    chmod 0666, "$files/writable.pem";
    utime time - 2 * 86400, time - 2 * 86400, "$files/tickets.old";
    TLSDiag::Server::write_file("$files/made", '');
}

sub self_signed
{
    my ($subject) = @_;
    return scalar `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj "$subject" 2>/dev/null`;
}

# What httpd -t -D TLSDIAG_AUDIT says: vhost's name => { id => { severity, lines => [...] } }; the server's own under ''.
sub findings
{
    my ($server) = @_;
    my ($status, $said) = $server->run('-t', '-D', 'TLSDIAG_AUDIT');
    my (%found, $at);
    for (split /\n/, $said) {
        if (/^(error|warning|notice|info): (\S+|this server): (audit\.\S+)$/) {
            $at = { severity => $1, lines => [] };
            $found{ $2 eq 'this server' ? '' : $server->{audited}{$2} // $2 }{$3} = $at;
        }
        elsif ($at && /^ +(.*)/) { push @{ $at->{lines} }, $1 }
        else                     { undef $at }
    }
    return wantarray ? (\%found, $status, $said) : \%found;
}

# What httpd -t -D TLSDIAG_SIMULATE says: vhost's name => { client's name => rest of the line }.
sub matrix
{
    my ($server) = @_;
    my ($status, $said) = $server->run('-t', '-D', 'TLSDIAG_SIMULATE');
    my (%matrix, $at);
    for (split /\n/, $said) {
        if (/^(\S+:\d+) \(.*\)$/) { $at = $matrix{ $server->{audited}{$1} // $1 } = {} }
        elsif ($at && /^  (.{44}) (.*)/) { my ($client, $result) = ($1, $2); $at->{ $client =~ s/ +$//r } = $result }
        else { undef $at }
    }
    return \%matrix;
}

sub lines_of
{
    my ($server, $pattern) = @_;
    return grep { /$pattern/ } split /\n/, -e $server->file('logs/error_log') ? TLSDiag::Server::read_file($server->file('logs/error_log')) : '';
}

# The first line of the error log that matches, within so many seconds; undef when none came.
sub wait_for_line
{
    my ($server, $pattern, $seconds) = @_;
    my $deadline = time + patience($seconds);
    while (1) {
        my ($line) = lines_of($server, $pattern);
        return $line if defined $line || time > $deadline;
        sleep 0.1;
    }
}

1;
