# nginx and HAProxy beside httpd, where they are in PATH: bare, and with the closest logging that they have. Each is a contestant
# for TLSDiag::Bench::Cpu: one process, the same certificates and cipher suites, a small answer.
package TLSDiag::Bench::Peers;
use strict;
use warnings;
use File::Path  qw(make_path remove_tree);
use Time::HiRes qw(sleep);
use TLSDiag::Bench;

my %programs = (
    nginx => {
        arguments => [ '-p', '.', '-e', 'error.log', '-c', 'conf' ],
        conf      => <<'CONF',
daemon off; master_process off; pid nginx.pid; user www-data;
error_log error.log ERROR_LEVEL;
events { worker_connections 512; }
http {
    log_format tls '$remote_addr [$time_iso8601] "$request" $status $ssl_protocol $ssl_cipher $ssl_curves $ssl_ciphers $ssl_session_reused $ssl_server_name';
    client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;
    access_log ACCESS_LOG;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM; ssl_session_cache shared:sessions:1m;
    server { listen 127.0.0.1:PORT_ECDSA ssl; ssl_certificate PKI/ecdsa.chain.pem; ssl_certificate_key PKI/ecdsa.key; location / { return 200 "welcome\n"; } }
    server { listen 127.0.0.1:PORT_RSA ssl; ssl_certificate PKI/rsa.chain.pem; ssl_certificate_key PKI/rsa.key; location / { return 200 "welcome\n"; } }
}
CONF
        bare    => { ERROR_LEVEL => 'crit', ACCESS_LOG => 'off' },
        logging => { ERROR_LEVEL => 'info', ACCESS_LOG => 'access.log tls' },
    },
    haproxy => {
        arguments => [ '-db', '-f', 'conf' ],
        conf      => <<'CONF',
global
    nbthread 1
    ssl-default-bind-ciphers ECDHE+AESGCM
    ssl-default-bind-options ssl-min-ver TLSv1.2
GLOBAL
defaults
    mode http
    timeout client 20s
    timeout server 20s
    timeout connect 5s
DEFAULTS
frontend ecdsa
    bind 127.0.0.1:PORT_ECDSA ssl crt both/ecdsa.pem
    http-request return status 200 content-type text/plain string welcome
frontend rsa
    bind 127.0.0.1:PORT_RSA ssl crt both/rsa.pem
    http-request return status 200 content-type text/plain string welcome
CONF
        bare    => { GLOBAL => '', DEFAULTS => '' },
        logging => {
            GLOBAL   => "    log stdout format raw local0\n    tune.ssl.capture-buffer-size 192\n",
            DEFAULTS => "    log global\n"
                . '    log-format "%ci:%cp [%tr] %ft %ST %sslv %sslc %[ssl_fc_sni] %[ssl_fc_is_resumed] %[ssl_fc_cipherlist_hex] %[ssl_fc_extlist_bin,hex] %[ssl_fc_eclist_bin,hex] %{+Q}r"' . "\n"
                . '    error-log-format "%ci:%cp [%tr] %ft %[ssl_fc_err_str] %[ssl_fc_cipherlist_hex] %[ssl_fc_extlist_bin,hex]"' . "\n",
        },
    },
);

# Each: { name, of (program), bare (the name it is compared with), start, pids, port, stop }.
sub contestants
{
    my @found = grep { system("command -v $_ >/dev/null 2>&1") == 0 } sort keys %programs;
    return map { my $program = $_; map { make($program, $_) } qw(bare logging) } @found;
}

sub make
{
    my ($program, $setting) = @_;
    my $self = { name => $setting eq 'bare' ? "$program alone" : "$program, logging", compared_with => $setting eq 'bare' ? 'bare' : "$program alone" };
    $self->{id}    = $setting eq 'bare' ? "$program alone" : "$program logging";
    $self->{start} = sub { start($self, $program, $setting) };
    $self->{stop}  = sub { kill TERM => $self->{pid}; waitpid $self->{pid}, 0 };
    $self->{port}  = sub { return $self->{ports}{ $_[0] } };
    $self->{pids}  = sub { return $self->{pid} };
    return $self;
}

sub start
{
    my ($self, $program, $setting) = @_;
    my $root = TLSDiag::Server::abs_path(build()) . "/bench/$program-$setting";
    remove_tree($root);
    make_path("$root/both", "$root/tmp");
    my $pki   = TLSDiag::Server::abs_path('build/t/pki');
    my $first = TLSDiag::Server::free_ports(2);
    $self->{ports} = { ecdsa => $first, rsa => $first + 1 };
    TLSDiag::Server::write_file("$root/both/$_.pem", join '', map { TLSDiag::Server::read_file("$pki/$_") } "$_.chain.pem", "$_.key") for qw(ecdsa rsa);
    my %value = (%{ $programs{$program}{$setting} }, PKI => $pki, PORT_ECDSA => $first, PORT_RSA => $first + 1);
    my $names = join '|', keys %value;
    TLSDiag::Server::write_file("$root/conf", $programs{$program}{conf} =~ s/\b($names)\b/$value{$1}/gr);
    $self->{pid} = fork // die "fork: $!\n";
    if (!$self->{pid}) {
        chdir $root or die "$root: $!\n";
        open STDOUT, '>', 'stdout' or die;
        open STDERR, '>', 'stderr' or die;
        exec $program, @{ $programs{$program}{arguments} } or die "$program: $!\n";
    }
    wait_until($program, 20, sub {
        waitpid($self->{pid}, 1) == 0 or die "$program ended: ", TLSDiag::Server::read_file("$root/stderr"), "\n";
        return !TLSDiag::Server::is_free($first);
    });
}

1;
