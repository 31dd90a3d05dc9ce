#!/bin/sh
# All that is judged without running: form, size and common mistakes of C, perl, shell and python files.
# `make lint` and `make analyze` call it with CPPFLAGS set; a missing tool is an error, never a pass.
set -eu

found()
{
    # shellcheck disable=SC2046 # folders without blanks
    find $(ls -d mod_tlsdiag.c src t conf .ci 2>/dev/null) -type f "$@" | sort
}

scripts_of()
{
    found ! -name '*.csv' ! -name '*.inc' ! -path 't/fuzz/corpus/*' -exec grep -m 1 -nHE "^#!.*[ /]($1)( |\$)" {} + |
        sed -n 's/:1:#!.*//p'
}

c_files=$(found -name '*.[ch]')
c_sources=$(found -name '*.c' ! -path 't/*')
failed=0

step()
{
    name=$1
    shift
    if "$@"; then
        echo "lint: $name: clean"
    else
        echo "lint: $name: FAILED" >&2
        failed=1
    fi
}

# step_for TOOL VERSION COMMAND: what these tools call clean differs between their versions, and the tree is held to
# Debian 12's. With another one the step is left out, and says so.
step_for()
{
    tool=$1
    wanted=$2
    shift 2
    here=$("$tool" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
    case $here. in
        . | "$wanted".*) step "$tool" "$@" ;;
        *) echo "lint: $tool: SKIPPED, NOT JUDGED: this is version $here, and the tree is held to $wanted" ;;
    esac
}

formatted()
{
    # shellcheck disable=SC2086
    clang-format --dry-run -Werror $c_files || { echo 'make format puts it right' >&2; return 1; }
}

tidy()
{
    # shellcheck disable=SC2086 # one word each
    printf '%s\n' $c_sources | xargs -P "$(nproc)" -n 4 sh -c \
        'clang-tidy --quiet $TIDY_CHECKS "$@" -- -std=gnu11 -DTLSDIAG_VERSION=\"0\" $CPPFLAGS 2>build/tidy.$$ || { cat build/tidy.$$ >&2; exit 1; }' tidy
}

long_files()
{
    # shellcheck disable=SC2046
    wc -l $(found '(' -path 'src/*.[ch]' -o -name 'mod_tlsdiag.c' ')') |
        awk '$2 != "total" && $1 > 400 { print $2 ": " $1 " lines, 400 are allowed"; bad = 1 } END { exit bad }'
}

spdx()
{
    # shellcheck disable=SC2086
    awk 'FNR == 1 && !/SPDX-License-Identifier: Apache-2.0/ { print FILENAME ": no SPDX line"; bad = 1 } END { exit bad }' $c_files
}

# The tests themselves are compiled when they run.
perl_compiles()
{
    status=0
    for file in $(found -name '*.p[lm]') $(scripts_of perl); do
        output=$(perl -It/lib -c "$file" 2>&1) || { echo "$output"; status=1; }
    done
    return "$status"
}

python_compiles()
{
    # shellcheck disable=SC2046
    python3 - $(found -name '*.py') $(scripts_of python3) <<'PYTHON'
import ast, sys
for name in sys.argv[1:]:
    ast.parse(open(name).read(), name)
PYTHON
}

shell_is_clean()
{
    # shellcheck disable=SC2046
    shellcheck $(scripts_of 'sh|bash')
}

mkdir -p build
if [ "${1:-}" = analyze ]; then
    export TIDY_CHECKS='--checks=-*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,-clang-analyzer-optin.performance.Padding'
    step 'static analyzer' tidy
    exit $failed
fi
export TIDY_CHECKS=
step_for clang-format 14 formatted
step_for clang-tidy 14 tidy
# shellcheck disable=SC2086
step_for cppcheck 2.10 cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr \
    --suppress=missingIncludeSystem --suppress=arrayIndexOutOfBoundsCond --std=c11 -Isrc -j "$(nproc)" $c_sources
step 'file length' long_files
step SPDX spdx
step 'perl -c' perl_compiles
step python python_compiles
step shellcheck shell_is_clean
exit $failed
