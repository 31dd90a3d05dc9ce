#!/bin/sh
# Install what the build, the tests and the demo need. As root on Debian: apt. Otherwise print what to type.
# No package in this list brings a service: apache2-bin is the program without the system's server.
set -eu

debian='gcc make libc6-dev perl apache2-bin apache2-dev apache2-ssl-dev libapache2-mod-perl2 libwww-perl
liblwp-protocol-https-perl libio-socket-ssl-perl libjson-xs-perl openssl curl gnutls-bin libnss3-tools procps python3 tshark
testssl.sh wget chromium clang libclang-rt-dev clang-format clang-tidy cppcheck shellcheck'
fedora='gcc make perl httpd httpd-devel mod_ssl mod_http2 mod_perl perl-libwww-perl perl-LWP-Protocol-https
perl-IO-Socket-SSL perl-JSON-XS openssl openssl-devel curl gnutls-utils nss-tools python3 wireshark-cli
testssl wget chromium nodejs npm clang compiler-rt clang-tools-extra cppcheck ShellCheck'

print_command()
{
    printf '%s \\\n    ' "$1"
    printf '%s\n' "$2" | tr '\n' ' ' | fold -s -w 100 | sed '$!s/ *$/ \\/; 2,$s/^/    /'
    echo
}

if ! command -v dpkg-query >/dev/null; then
    command -v apxs >/dev/null || command -v apxs2 >/dev/null || print_command 'dnf install' "$fedora"
    exit 0
fi

missing=
for package in $debian; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing="$missing $package"
done
# The browser tests; whoever has them from elsewhere keeps them.
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
    echo "Some packages are missing. As root:" >&2
    print_command 'apt-get install --no-install-recommends' "${missing# }" >&2
    echo "(Fedora, RHEL: $(print_command 'dnf install' "$fedora"))" >&2
    exit 1
fi
echo "deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
apt-get install -y -qq --no-install-recommends $missing
