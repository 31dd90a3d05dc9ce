#!/bin/sh
# cover.sh [FILE.t...]   line coverage of src/ by the unit tests and the Apache::Test suite together, in build/cover/html.
# Without a file: all that `make check` runs.
# The module and the tests were built with --coverage into build/cover (make cover). httpd's children are another user: all
# write their counts into the same files, so umask is open while they run.
set -eu

top=$PWD
build=$top/build/cover
wrapper=$build/httpd
httpd=${APACHE_TEST_HTTPD:-$(command -v apache2 || command -v httpd || echo /usr/sbin/apache2)}

find "$build" -name '*.gcda' -delete
prove "$build"/t/unit/*.t "$build"/t/unit/*/*.t
printf '#!/bin/sh\numask 0\nexec "%s" "$@"\n' "$httpd" >"$wrapper"
chmod 755 "$wrapper"
find "$build" -type d -exec chmod a+rwx {} +
find "$build" -name '*.gcda' -exec chmod a+rw {} +

failed=0
export TLSDIAG_MODULE="$build/mod_tlsdiag.so" APACHE_TEST_HTTPD="$wrapper" TLSDIAG_PATIENCE="${TLSDIAG_PATIENCE:-2}"
if [ "$#" -gt 0 ]; then perl t/TEST "$@"; else sh t/all.sh "${JOBS:-3}"; fi || failed=1

lcov -q -c -d "$build" -b "$top" -o "$build/all.info"
lcov -q -e "$build/all.info" "$top/src/*" "$top/mod_tlsdiag.c" -o "$build/src.info"
genhtml -q -p "$top" -o "$build/html" "$build/src.info"
lcov --summary "$build/src.info"
echo 'Files below 95 % of their lines:'
lcov --list-full-path --list "$build/src.info" | awk -F'|' '$2 ~ /%/ && $2 + 0 < 95 { print $1 $2 }'
exit "$failed"
