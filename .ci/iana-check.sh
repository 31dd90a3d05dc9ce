#!/bin/sh
# Are the committed src/iana/*.inc exactly what generate.pl makes of the committed registries?
set -eu

out=build/gen/iana
rm -rf "$out"
mkdir -p "$out"
perl src/iana/generate.pl "$out"
for file in src/iana/*.inc; do
    diff -u "$file" "$out/${file##*/}" || { echo "$file is stale: run make iana" >&2; exit 1; }
done
[ "$(ls src/iana/*.inc | wc -l)" = "$(ls "$out" | wc -l)" ] || { echo "generate.pl makes other files than are committed" >&2; exit 1; }
echo 'iana: tables are up to date'
