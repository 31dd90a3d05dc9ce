# An httpd of our own: folders, ports, certificates and configuration, from t/conf/. It knows how to lay out and run
# one; it refuses to know what the tests or the demo do with it.
#
#   my $server = TLSDiag::Server->new(root => 'build/demo', vhosts => [qw(std mtls)]);
#   $server->start; $server->port('std'); $server->stop;
package TLSDiag::Server;
use strict;
use warnings;
use Cwd         qw(abs_path getcwd);
use File::Path  qw(make_path remove_tree);
use File::Temp  qw(tempdir);
use Socket      qw(PF_INET SOCK_STREAM SOL_SOCKET SO_REUSEADDR INADDR_LOOPBACK pack_sockaddr_in);
use Time::HiRes qw(sleep time);
use TLSDiag::Patience;

my @modules = qw(authz_core authz_host alias dir env headers mime proxy proxy_http remoteip reqtimeout setenvif
    socache_shmcb ssl status);

# root: where it lives (moved below /tmp when the user of the children could not reach it); port: the first of its
# ports (default: a free stretch); vhosts: names of t/conf/vhosts.pl (default: all); extra: more configuration;
# table: other vhosts than those of t/conf/vhosts.pl, in the same form; mpm; module: the .so under test; load_first: LoadModule tlsdiag before ssl; no_log: no TLSDiagLog;
# modules: names of further ones; before, after: LoadModule lines right before and after ours.
sub new
{
    my ($class, %is) = @_;
    my $top  = abs_path($is{top} // getcwd());
    my $self = bless { mpm => 'event', module => $ENV{TLSDIAG_MODULE} // "$top/build/mod_tlsdiag.so", extra => '', %is, top => $top }, $class;
    umask 022;
    $self->{root}   = $self->reachable_root($is{root});
    $self->stop;
    $self->{vhosts} = [ $self->selected_vhosts($is{vhosts}) ];
    $self->{port} ||= free_ports(1 + @{ $self->{vhosts} });
    $self->{pki} = $self->{top} . '/build/t/pki';
    system($^X, "$top/t/bin/make-pki", $self->{pki}) == 0 or die "make-pki failed\n";
    $self->write_configuration;
    return $self;
}

# The one that was laid out in this root before, and is running.
sub running
{
    my ($class, $root) = @_;
    my $self = bless { root => $root }, $class;
    for (split /\n/, read_file("$root/conf/layout")) {
        my ($key, $value) = split / /, $_, 2;
        $self->{$key} = $value;
    }
    $self->{vhosts} = [ $self->selected_vhosts([ split / /, $self->{names} ]) ];
    return $self;
}

# Port of a vhost; without a name that of the main server, which speaks plain HTTP.
sub port
{
    my ($self, $name) = @_;
    my $port = $self->{port};
    return $port if !defined $name;
    for my $vhost (@{ $self->{vhosts} }) {
        $port++;
        return $port if $vhost->{name} eq $name;
    }
    die "no vhost '$name' in t/conf/vhosts.pl\n";
}

# mod_http2 does not work with prefork.
sub has_http2 { return $_[0]{mpm} ne 'prefork' }

sub file { my ($self, $name) = @_; return "$self->{root}/$name" }
sub user { return $> ? undef : (grep { getpwnam $_ } qw(www-data apache nobody))[0] }

sub program
{
    my ($self) = @_;
    $self->{program} //= (grep { defined && -x } $ENV{APACHE_TEST_HTTPD}, qw(/usr/sbin/apache2 /usr/sbin/httpd))[0]
        // die "no httpd found: set APACHE_TEST_HTTPD\n";
    return $self->{program};
}

sub run
{
    my ($self, @arguments) = @_;
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', $self->program, '-d', $self->{root}, '-f', $self->file('conf/httpd.conf'), @arguments
        or die $self->program . ": $!\n";
    my $said = join '', <$out>;
    close $out;
    return ($? >> 8, $said);
}

sub start
{
    my ($self) = @_;
    $self->stop if $self->pid;
    my ($status, $said) = $self->run('-k', 'start');
    for (1 .. patience(600)) {
        last if $status || $self->pid;
        sleep 0.05;
    }
    die "httpd did not start:\n$said", `tail -n 20 @{[ $self->file('logs/error_log') ]}` if !$self->pid;
}

sub stop
{
    my ($self) = @_;
    my $pid = $self->pid or return;
    for (0 .. patience(400)) {
        kill TERM => $pid if $_ % 40 == 0;    # httpd forgets one that comes while it restarts
        return if !kill 0 => $pid;
        sleep 0.05;
    }
    die "httpd $pid does not stop\n";
}

# Graceful, and until no child serves the old configuration any more.
sub reload
{
    my ($self) = @_;
    my $parent = $self->pid or die "httpd does not run\n";
    my @old = children($parent);
    kill USR1 => $parent;
    for (1 .. patience(400)) {
        my %now = map { $_ => 1 } children($parent);
        return if %now && !grep { $now{$_} } @old;
        die "httpd did not survive the reload:\n", `tail -n 20 @{[ $self->file('logs/error_log') ]}` if !$self->pid;
        sleep 0.05;
    }
    die "children of the old configuration stay on\n";
}

sub children { return split ' ', `ps -o pid= --ppid $_[0]` }

# Process id of the running parent, or nothing.
sub pid
{
    my ($self) = @_;
    open my $in, '<', $self->file('logs/httpd.pid') or return;
    my ($pid) = (<$in> // '') =~ /(\d+)/ or return;
    return kill(0 => $pid) ? $pid : undef;
}

# --- layout

# Children run as another user when root starts httpd. Where that user cannot go (a clone in /root), the root becomes
# a link to a folder that it can reach.
sub reachable_root
{
    my ($self, $root) = @_;
    make_path($root);
    if (!$> && !is_open_to_all(abs_path($root))) {
        my $elsewhere = tempdir('tlsdiag-XXXXXX', TMPDIR => 1);
        chmod 0755, $elsewhere;
        remove_tree($root);
        symlink $elsewhere, $root or die "$root: $!\n";
    }
    return abs_path($root);
}

sub is_open_to_all
{
    my ($path) = @_;
    while (length $path > 1) {
        return 0 if !((stat $path)[2] & 1);
        $path =~ s{/[^/]*$}{};
    }
    return 1;
}

sub write_configuration
{
    my ($self) = @_;
    my $root = $self->{root};
    remove_tree(map { "$root/$_" } qw(conf logs state));
    make_path(map { "$root/$_" } qw(conf logs state htdocs));
    write_file("$root/htdocs/index.html", "welcome\n");
    write_file("$root/conf/mime.types", "text/html html\n");
    write_file("$root/conf/modules.conf", $self->load_lines);
    write_file("$root/conf/vhosts.conf", $self->vhost_lines);
    write_file("$root/conf/layout", $self->layout_lines);
    my $template = read_file("$self->{top}/t/conf/httpd.conf.in");
    $template .= "TypesConfig conf/mime.types\nInclude conf/vhosts.conf\n$self->{extra}\n";
    write_file("$root/conf/httpd.conf.in", $template);

    my %value = (port => $self->{port}, serverroot => $root, documentroot => "$root/htdocs", t_logs => "$root/logs",
        t_state => "$root/state", t_pid_file => "$root/logs/httpd.pid");
    $template =~ s/\@(\w+)\@/$value{lc $1} \/\/ die "no value for $1\n"/ge;
    my $user = $self->user;
    $template = ($user ? "User $user\nGroup #" . (getpwnam $user)[3] . "\n" : '') . "ServerName localhost:$self->{port}\n$template";
    write_file("$root/conf/httpd.conf", "Include conf/modules.conf\n$template");
}

sub layout_lines
{
    my ($self) = @_;
    return join '', (map { "$_ " . ($self->{$_} // '') . "\n" } qw(top port pki mpm module)),
        'names ' . join(' ', map { $_->{name} } @{ $self->{vhosts} }) . "\n";
}

sub load_lines
{
    my ($self) = @_;
    chomp(my $folder = $ENV{TLSDIAG_LIBEXECDIR} // `apxs -q LIBEXECDIR 2>/dev/null || apxs2 -q LIBEXECDIR`);
    my @wanted = ("mpm_$self->{mpm}", @modules, $self->has_http2 ? 'http2' : (), @{ $self->{modules} // [] });
    push @wanted, 'unixd' if -e "$folder/mod_unixd.so";
    my @lines = map { "LoadModule ${_}_module $folder/mod_$_.so\n" } @wanted;
    my $ours = join '', $self->{before} // (), ($self->{module} ? "LoadModule tlsdiag_module $self->{module}\n" : ()), $self->{after} // ();
    return join '', $self->{load_first} ? ($ours, @lines) : (@lines, $ours);
}

sub selected_vhosts
{
    my ($self, $names) = @_;
    my @table = $self->{table} ? @{ $self->{table} } : do "$self->{top}/t/conf/vhosts.pl";
    die "t/conf/vhosts.pl: ", $@ || $! if @table < 2;
    my @vhosts;
    while (my ($name, $settings) = splice @table, 0, 2) {
        push @vhosts, { name => $name, %$settings } if !$names || grep { $_ eq $name } @$names;
    }
    return @vhosts;
}

sub vhost_lines
{
    my ($self) = @_;
    my @lines = ("Define PKI $self->{pki}", "Define LOGS $self->{root}/logs");
    for my $vhost (@{ $self->{vhosts} }) {
        (my $variable = uc "PORT_$vhost->{name}") =~ tr/-/_/;
        push @lines, "Define $variable " . $self->port($vhost->{name});
    }
    for my $vhost (@{ $self->{vhosts} }) {
        my $also = $vhost->{also} // {};
        my $port = $self->port($vhost->{name});
        push @lines, "\nListen 127.0.0.1:$port", $self->one_vhost($port, 'localhost', $vhost);
        push @lines, map { $self->one_vhost($port, $_, { name => $vhost->{name}, %{ $also->{$_} } }) } sort keys %$also;
    }
    return join "\n", @lines, '';
}

sub one_vhost
{
    my ($self, $port, $server_name, $vhost) = @_;
    my @certificates = map { ref ? @$_ : $_ } $vhost->{cert} // 'rsa';
    my $protocol = $vhost->{protocol} // '+TLSv1.2 +TLSv1.3';
    $protocol =~ s/(?<![+\w])(?=TLS)/+/g;
    return (
        "<VirtualHost 127.0.0.1:$port>",
        "ServerName $server_name:$port",
        'SSLEngine on',
        "SSLProtocol -all $protocol",
        (map { ("SSLCertificateFile \${PKI}/$_.chain.pem", "SSLCertificateKeyFile \${PKI}/$_.key") } @certificates),
        ($self->{no_log} ? () : "TLSDiagLog \${LOGS}/$vhost->{name}.json " . ($vhost->{log} // 'all')),
        $vhost->{conf} // (),
        '</VirtualHost>');
}

# The first of $count ports in a row that nobody listens on, below the range that connections use. The jobs that t/all.sh
# runs at the same time look in a part of their own (TLSDIAG_SLOT, 0 to 3), so that none takes what another is about to listen
# on; the last part is for whoever runs tests by hand.
use constant { FIRST_PORT => 10240, PORTS => 4400, OWN_SLOT => 4 };

sub free_ports
{
    my ($count) = @_;
    my $begin = FIRST_PORT + PORTS * ($ENV{TLSDIAG_SLOT} // OWN_SLOT);
    for my $try (0 .. 200) {
        my $first = $begin + ($$ * 7 + $try * 97) % (PORTS - $count);
        return $first if !grep { !is_free($_) } $first .. $first + $count;
    }
    die "no $count free ports in a row\n";
}

sub is_free
{
    my ($port) = @_;
    socket my $socket, PF_INET, SOCK_STREAM, 0 or die "socket: $!\n";
    setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
    return bind $socket, pack_sockaddr_in($port, INADDR_LOOPBACK);
}

sub write_file
{
    my ($file, $text) = @_;
    open my $out, '>', $file or die "$file: $!\n";
    print $out $text;
    close $out or die "$file: $!\n";
}

sub read_file
{
    my ($file) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    local $/;
    return scalar <$in> // '';
}

1;
