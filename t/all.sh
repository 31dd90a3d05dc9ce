#!/bin/sh
# The whole Apache::Test suite as `make check` runs it: first what depends on processes and threads with prefork,
# then all of it with event, so that the last words are those of the full run.
set -eu

under_prefork='t/startup t/success t/failure t/connections'
present=
for folder in $under_prefork; do
    [ ! -d "$folder" ] || present="$present $folder"
done

echo "== prefork:$present"
# shellcheck disable=SC2086 # a list
APACHE_TEST_MPM=prefork perl t/TEST $present
echo '== event: everything'
APACHE_TEST_MPM=event perl t/TEST
