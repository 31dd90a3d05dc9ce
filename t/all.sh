#!/bin/sh
# The whole Apache::Test suite as `make check` runs it: each folder a job with its own servers and ports (TLSDIAG_SUITE), a few
# jobs at a time because they wait more than they compute. With event all folders, with prefork what depends on processes and threads.
# all.sh JOBS [MPM]   so many at a time, the longest first, so that none is left alone at the end; with an MPM all folders, with it
set -eu

# What takes longest; a folder that is not named here comes after these.
first='event:t/judge event:t/browser event:t/faults prefork:t/failure event:t/page event:t/audit event:t/failure event:t/remedy
event:t/limits event:t/beside'
prefork='prefork:t/success prefork:t/failure prefork:t/connections prefork:t/faults/sigkill.t'

all_jobs()
{
    {
        echo "$first"
        echo t/*/*.t | tr ' ' '\n' | sed 's|^\(.*\)/[^/]*$|event:\1|' | sort -u
        [ -n "${1:-}" ] || echo "$prefork"
    } | tr ' ' '\n' | sed "${1:+s/^[a-z]*:/$1:/}" | awk '!seen[$0]++'
}

# One job, in a process of its own; its output is shown whole when it ends.
run()
{
    suite=$(echo "$1" | tr ':/' '--')
    output=build/t/$suite.out
    status=0
    TLSDIAG_SUITE=$suite APACHE_TEST_MPM=${1%%:*} perl t/TEST "${1#*:}" >"$output" 2>&1 </dev/null || status=$?
    { echo "== $1"; cat "$output"; } | flock build/t/all.lock cat
    return "$status"
}

if [ "$1" = run ]; then
    run "$2"
    exit
fi
mkdir -p build/t
all_jobs "${2:-}" | HARNESS_TIMER=1 xargs --process-slot-var=TLSDIAG_SLOT -P "$1" -n 1 sh "$0" run
