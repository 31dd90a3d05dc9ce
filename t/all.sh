#!/bin/sh
# The whole Apache::Test suite as `make check` runs it: all of it with event and, at the same time because both wait more than
# they compute, what depends on processes and threads with prefork. Each has its own servers: build/t/<mpm> and the like.
set -eu

suite()
{
    APACHE_TEST_MPM=$1
    shift
    export APACHE_TEST_MPM
    perl t/TEST "$@" >"build/t/$APACHE_TEST_MPM.out" 2>&1 </dev/null
}

# The last words are those of the full run.
show()
{
    status=0
    wait "$2" || status=$?
    echo "== $1"
    cat "build/t/$1.out"
    return "$status"
}

mkdir -p build/t
suite prefork t/startup t/success t/failure t/connections t/faults/sigkill.t &
prefork=$!
suite event &
event=$!
failed=0
show prefork "$prefork" || failed=1
show event "$event" || failed=1
exit "$failed"
