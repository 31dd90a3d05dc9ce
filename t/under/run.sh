#!/bin/sh
# run.sh asan|tsan|valgrind [FILE.t...]   the Apache::Test suite with each httpd under a tool that watches memory or threads.
# Without a file: all of it with one MPM (APACHE_TEST_MPM), JOBS folders at a time.
# httpd is Debian's own; only our module is instrumented, and only httpd and what it starts get the tool: the clients do not.
# Fails when a test fails, or when a report of the tool has our code on a stack. The reports stay in build/under/<tool>.
set -eu

tool=$1
shift
top=$PWD
reports=$top/build/under/$tool
wrapper=$reports/httpd
httpd=${APACHE_TEST_HTTPD:-$(command -v apache2 || command -v httpd || echo /usr/sbin/apache2)}
ours="mod_tlsdiag\\.so|$top/(src|mod_tlsdiag)|\\((src/[a-z]+/|mod_tlsdiag)[a-z_0-9]*\\.c:"

# What stands in front of httpd: an environment, or a program. What a test itself puts in front (t/tool/preload) stays, behind it.
# shellcheck disable=SC2016 # for the wrapper's shell
kept='${LD_PRELOAD:+:$LD_PRELOAD}'
case $tool in
asan)
    TLSDIAG_MODULE=${TLSDIAG_MODULE:-$top/build/clang/mod_tlsdiag.so}
    front="env LD_PRELOAD=$(clang -print-file-name=libclang_rt.asan-x86_64.so)$kept
        ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1:log_path=$reports/report
        UBSAN_OPTIONS=print_stacktrace=1:log_path=$reports/report"
    patience=4
    ;;
tsan)
    TLSDIAG_MODULE=${TLSDIAG_MODULE:-$top/build/thread/mod_tlsdiag.so}
    front="env LD_PRELOAD=$(gcc -print-file-name=libtsan.so):$top/build/t/tool/preload/pool_handover.so$kept
        TSAN_OPTIONS=ignore_noninstrumented_modules=1:report_signal_unsafe=0:suppressions=$top/t/under/tsan.supp:log_path=$reports/report"
    patience=6
    ;;
valgrind)
    TLSDIAG_MODULE=${TLSDIAG_MODULE:-$top/build/mod_tlsdiag.so}
    front="valgrind --quiet --vgdb=no --max-threads=2000 --fullpath-after=$top/ --suppressions=$top/t/under/valgrind.supp --num-callers=30
        --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --log-file=$reports/report.%p"
    patience=15
    ;;
*)
    echo "run.sh: asan, tsan or valgrind" >&2
    exit 2
    ;;
esac

# Children are another user and must be able to write.
rm -rf "$reports"
mkdir -p "$reports"
chmod 1777 "$reports"
# shellcheck disable=SC2086 # words of a command
printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$(printf "%s " $front)" "$httpd" >"$wrapper"
chmod 755 "$wrapper"

failed=0
export TLSDIAG_UNDER="$tool" TLSDIAG_MODULE APACHE_TEST_STARTUP_TIMEOUT=600 APACHE_TEST_HTTPD="$wrapper" TLSDIAG_PATIENCE="${TLSDIAG_PATIENCE:-$patience}"
if [ "$#" -gt 0 ]; then perl t/TEST "$@"; else sh t/all.sh "${JOBS:-2}" "${APACHE_TEST_MPM:-event}"; fi || failed=1

# A report is a file; one finding of it starts with the tool's own head line.
found=0
count=0
for report in "$reports"/report*; do
    [ -s "$report" ] || continue
    count=$((count + 1))
    if grep -Eq "$ours" "$report"; then
        found=$((found + 1))
        [ "$found" -gt 3 ] || { echo "--- $report"; head -n 60 "$report"; }
    fi
done
echo "$tool: $count reports, $found of them with our code on a stack"
[ "$found" = 0 ] || failed=1
exit "$failed"
