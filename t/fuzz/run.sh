#!/bin/sh
# run.sh SECONDS TARGET...   replay each target's committed corpus, then fuzz it for so many seconds of CPU time, as many
# targets at a time as there are processors. New inputs go to build/fuzz/corpus, never into the tree; a crash leaves its input
# in build/fuzz/crash-*.
set -eu

seconds=$1
shift
mkdir -p build/fuzz/corpus

if [ "$#" -gt 1 ]; then
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" "$seconds" || exit 1
    exit 0
fi

target=$1
program=build/clang/t/fuzz/$target
seeds=t/fuzz/corpus/$target
log=build/fuzz/$target.log
dictionary=
[ ! -e "t/fuzz/$target.dict" ] || dictionary=-dict=t/fuzz/$target.dict

# $used: seconds of the programs that ended before now. Not printed, because a subshell has no times of its own to tell.
measure()
{
    times >"$log.times"
    used=$(awk 'NR == 2 { split($1, user, /[ms]/); print int(user[1] * 60 + user[2]) }' "$log.times")
}

fuzz()
{
    mkdir -p "build/fuzz/corpus/$target"
    "$program" -runs=0 "$seeds" || return 1
    # shellcheck disable=SC2086 # one word or none
    while measure && [ "$used" -lt "$seconds" ]; do
        "$program" -max_total_time="$((seconds - used))" -artifact_prefix=build/fuzz/ -print_final_stats=1 $dictionary \
            "build/fuzz/corpus/$target" "$seeds" || return 1
    done
}

if ! fuzz >"$log" 2>&1; then
    echo "fuzz: $target FAILED, see $log" >&2
    tail -n 40 "$log" >&2
    exit 1
fi
runs=$(awk '/^stat::number_of_executed_units:/ { runs += $2 } END { print runs + 0 }' "$log")
echo "fuzz: $target: $(ls "$seeds" | wc -l) seeds, $used s, $runs runs, $(grep -o 'cov: [0-9]* ft: [0-9]*' "$log" | tail -n 1), no crash"
