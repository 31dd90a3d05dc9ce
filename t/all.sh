#!/bin/sh
# The whole Apache::Test suite as `make check` runs it, in three parts at the same time, because they wait more than they
# compute: with prefork what depends on processes and threads, with event all of it, in two halves. Each part has its own
# servers and ports (TLSDIAG_SUITE); a file of tests is in one half only.
set -eu

under_prefork='t/startup t/success t/failure t/connections t/faults/sigkill.t'
outside='t/audit t/browser t/judge t/metrics t/page t/remedy t/security'
inside=$(for file in t/*/*.t; do echo "${file%/*}"; done | sort -u | grep -vxF "$(echo "$outside" | tr ' ' '\n')")

suite()
{
    TLSDIAG_SUITE=$1 APACHE_TEST_MPM=$2
    shift 2
    export TLSDIAG_SUITE APACHE_TEST_MPM
    perl t/TEST "$@" >"build/t/$TLSDIAG_SUITE.out" 2>&1 </dev/null
}

show()
{
    status=0
    wait "$2" || status=$?
    echo "== $1"
    cat "build/t/$1.out"
    return "$status"
}

mkdir -p build/t
# shellcheck disable=SC2086 # lists
suite prefork prefork $under_prefork &
prefork=$!
# shellcheck disable=SC2086
suite outside event $outside &
outside=$!
# shellcheck disable=SC2086
suite event event $inside &
event=$!
failed=0
show prefork "$prefork" || failed=1
show outside "$outside" || failed=1
show event "$event" || failed=1
exit "$failed"
