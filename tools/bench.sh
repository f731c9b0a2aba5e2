#!/usr/bin/env bash
# Runs all benchmarks and prints each figure that has a bar beside the bar, the
# rivals' figures (docs/benchmarks.md is where both are kept) and wc -l, measured
# here over the same two million sentences: bench.sh [BENCHTIME] [GO TEST ARGUMENT…]
set -euo pipefail
cd "$(dirname "$0")/.."
benchtime=${1:-1s}
shift || true
data=${NAVICERT_TESTDATA:-../shared/data}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Compiled as bin/navicert is. With -p 1 nothing is compiled while something is measured.
${GO:-go} test -p 1 -pgo=cmd/navicert/default.pgo -run '^$' -bench . -benchmem -benchtime "$benchtime" "${@:-./...}" |
  grep -Ev 'no test files|^(goos|goarch|cpu|PASS|ok)' | tee "$tmp/out"

# figure BENCHMARK UNIT: what a benchmark printed in that unit
figure() {
  awk -v name="$1" -v unit="$2" '{sub(/-[0-9]+$/, "", $1)} $1 == name {for (i = 3; i <= NF; i++) if ($i == unit) print $(i-1)}' "$tmp/out" | tail -1
}

# million NUMBER: with two decimals, from a hundred thousand on
million() { awk -v n="$1" 'BEGIN {if (n < 1e5) printf "%.0f", n; else printf "%.2f M", n / 1e6}'; }

trim() { sed -E 's/^ +| +$//g' <<<"$1"; }

echo
echo "Beside the bars and the rivals (docs/benchmarks.md):"
# Rows are | what | bar | `package Benchmark` unit | here | rivals |
grep '^| .*`[a-z/]* Benchmark' docs/benchmarks.md | while IFS='|' read -r _ what bar where _ rivals _; do
  read -r name unit < <(sed -E 's/.*`[a-z\/]+ ([^`]+)` *([^ ]*).*/\1 \2/' <<<"$where")
  [ -n "$unit" ] || continue
  n=$(figure "$name" "$unit")
  case $n in
  '') n='not measured' ;;
  *) case $unit in */s) n="$(million "$n") $unit" ;; *) n="$n $unit" ;; esac ;;
  esac
  printf '%s\n    here   %s\n    bar    %s\n    others %s\n' "$(trim "$what")" "$n" "$(trim "$bar")" "$(trim "$rivals")"
done

if [ -f "$data/ais/bench100k.nmea.gz" ]; then
  for _ in $(seq 20); do zcat "$data/ais/bench100k.nmea.gz" | head -n 100000; done >"$tmp/bench2m.nmea" || true
  best=0
  for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    lines=$(wc -l <"$tmp/bench2m.nmea")
    rate=$((lines * 1000000000 / ($(date +%s%N) - start)))
    [ "$rate" -le "$best" ] || best=$rate
  done
  echo "wc -l, the bound that reading sets, over the same $lines lines: $(million "$best") lines/s"
else
  echo "The recordings are not there (set NAVICERT_TESTDATA): the benchmarks that read them were skipped."
fi
