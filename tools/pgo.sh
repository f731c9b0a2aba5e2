#!/usr/bin/env bash
# Writes cmd/navicert/default.pgo, which go build reads by itself: where the
# program spends its time over the work that users wait for, each for about as
# long as the others: sentences in, rows of CSV in, tracks and detectors, names
# and identifiers looked up. A profile is only advice to the compiler: one that
# is old makes nothing wrong.
set -euo pipefail
cd "$(dirname "$0")/.."
export NAVICERT_TESTDATA=${NAVICERT_TESTDATA:-$PWD/../shared/data}
[ -d "$NAVICERT_TESTDATA" ] || { echo "pgo: there is no $NAVICERT_TESTDATA: the profile is of real data" >&2; exit 1; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

profile() { # PACKAGE BENCHMARK
  echo "== $1 $2"
  "${GO:-go}" test -pgo=off -trimpath "./$1" -run '^$' -bench "$2" -benchtime 4s -o "$tmp/test" -cpuprofile "$tmp/${1//\//-}-$2.prof" | grep ^Benchmark
}
profile ais BenchmarkReader
profile ais BenchmarkJSON
profile feed BenchmarkMarineCadastre
profile detect BenchmarkReplay
profile app/accuracy BenchmarkMonth
profile screen BenchmarkScreen

"${GO:-go}" tool pprof -proto "$tmp"/*.prof >"$tmp/default.pgo"
mv "$tmp/default.pgo" cmd/navicert/default.pgo
ls -l cmd/navicert/default.pgo
