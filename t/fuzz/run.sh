#!/bin/sh
# run.sh SECONDS TARGET...   replay each target's committed corpus, then fuzz it for so long.
# New inputs go to build/fuzz/corpus, never into the tree; a crash leaves its input in build/fuzz/crash-*.
set -eu

seconds=$1
shift

fuzz()
{
    target=$1
    corpus=t/fuzz/corpus/$target
    log=build/fuzz/$target.log
    mkdir -p "build/fuzz/corpus/$target"
    [ ! -d "$corpus" ] || "build/fuzz/t/fuzz/$target" -runs=0 "$corpus" >"$log" 2>&1 || return 1
    # shellcheck disable=SC2046
    "build/fuzz/t/fuzz/$target" -max_total_time="$seconds" -artifact_prefix=build/fuzz/ -print_final_stats=1 \
        "build/fuzz/corpus/$target" $(ls -d "$corpus" 2>/dev/null) >>"$log" 2>&1 || return 1
    echo "fuzz: $target: $(ls "$corpus" 2>/dev/null | wc -l) seeds, $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs, no crash"
}

if [ "$#" = 0 ]; then
    echo 'fuzz: no target yet'
fi
failed=0
running=
for target in "$@"; do
    fuzz "$target" &
    running="$running $target:$!"
done
for job in $running; do
    wait "${job#*:}" || { echo "fuzz: ${job%:*} FAILED, see build/fuzz/${job%:*}.log" >&2; tail -n 40 "build/fuzz/${job%:*}.log" >&2; failed=1; }
done
exit $failed
