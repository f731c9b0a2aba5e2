#!/usr/bin/env bash
# Adds to the committed corpus of each fuzz target what fuzzing has found
# interesting: corpus.sh CACHE [KEEP]. CACHE holds a folder per target (make
# fuzz leaves it in .cache/fuzz); of each, up to KEEP files (24) are taken,
# spread evenly over their sizes, none over 4 KiB.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=$1 keep=${2:-24}

grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u | while read -r dir; do
  grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/func //' | while read -r target; do
    [ -d "$cache/$target" ] || continue
    mkdir -p "$dir/testdata/fuzz/$target"
    find "$cache/$target" -type f -size -4097c -printf '%s %p\n' | sort -n |
      awk -v keep="$keep" '{line[NR]=$2} END {n=(NR<keep)?NR:keep; for (i=0;i<n;i++) print line[1+int(i*NR/n)]}' |
      xargs -r cp -n -t "$dir/testdata/fuzz/$target"
    echo "$target: $(find "$dir/testdata/fuzz/$target" -type f | wc -l) files"
  done
done
