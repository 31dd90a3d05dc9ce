#!/bin/sh
# install.sh MODULE LIBEXECDIR SYSCONFDIR   put the module and its two configuration files where this httpd looks.
# DESTDIR is honoured. A configuration file that is already there is left as it is.
set -eu

module=$1
libexecdir=$2
sysconfdir=$3
here=$(dirname "$0")
root=${DESTDIR:-}

[ -n "$libexecdir" ] || { echo "apxs does not say where modules live: set APXS=" >&2; exit 1; }

# put_once FILE TARGET LOGS: what stands for Debian's folders in our files becomes this system's.
put_once()
{
    if [ -e "$root$2" ]; then
        echo "kept $root$2"
        return
    fi
    mkdir -p "$root$(dirname "$2")"
    sed "s,/usr/lib/apache2/modules,$libexecdir,; s,\${APACHE_LOG_DIR},$3," "$1" >"$root$2"
    chmod 644 "$root$2"
    echo "installed $root$2"
}

mkdir -p "$root$libexecdir"
install -m 644 "$module" "$root$libexecdir/mod_tlsdiag.so"
echo "installed $root$libexecdir/mod_tlsdiag.so"

if [ -d "$sysconfdir/mods-available" ] || [ "$sysconfdir" = /etc/apache2 ]; then
    # shellcheck disable=SC2016 # httpd fills it in
    logs='${APACHE_LOG_DIR}'
    put_once "$here/tlsdiag.load" "$sysconfdir/mods-available/tlsdiag.load" "$logs"
    put_once "$here/tlsdiag.conf" "$sysconfdir/mods-available/tlsdiag.conf" "$logs"
    echo 'Next: a2enmod tlsdiag && systemctl reload apache2'
elif [ -d "${sysconfdir%/conf}/conf.modules.d" ]; then
    put_once "$here/tlsdiag.load" "${sysconfdir%/conf}/conf.modules.d/10-tlsdiag.conf" logs
    put_once "$here/tlsdiag.conf" "${sysconfdir%/conf}/conf.d/tlsdiag.conf" logs
    echo 'Next: systemctl reload httpd'
else
    echo "Next: LoadModule tlsdiag_module $libexecdir/mod_tlsdiag.so, then what you like of conf/tlsdiag.conf"
fi
