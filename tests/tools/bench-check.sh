#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/bench-check.sh
#
# What a verdict costs: seconds and MiB of `faultbench check` on journals of 125 to 1000 points x 8 boots x
# 8 runs x 100 iterations of each of two kernels. of-one has one kernel's samples in all, spread over
# both (4 boots each). Simulated journals, made in TMPDIR (150 MB) and removed.
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder.

cd "$(dirname "$0")/../.." || exit 2
build=${FAULTBENCH_BUILD:-$PWD/build}
type -P time >/dev/null || { echo "bench-check.sh: needs the program time (package time)" >&2; exit 77; }
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

measure() { # measure NAME POINTS BOOTS
	local samples=$(($2 * $3 * 8 * 100 * 2)) used
	"$build/tests/simulate-journal" points="$2" boots="$3" runs=8 iterations=100 >"$tmp/j.jsonl" || exit 1
	used=$(command time -q -f '%e %U %M' "$build/faultbench" check --format json "$tmp/j.jsonl" 2>&1 >"$tmp/out")
	[ "$(grep -c '"verdict"' "$tmp/out")" = "$2" ] || exit 1
	echo "$1 $2 $samples $(($(wc -c <"$tmp/j.jsonl") / 1000000)) $used" |
		awk '{ printf "%-8s %6d %10d %6d %8.2f %8.2f %6.0f %12.0f\n", $1, $2, $3, $4, $5, $6, $7 / 1024, $6 / $3 * 1e9 }'
}

printf '%-8s %6s %10s %6s %8s %8s %6s %12s\n' samples points samples MB 'wall, s' 'CPU, s' MiB 'ns a sample'
for points in 125 250 500 1000; do
	measure of-two "$points" 8
done
measure of-one 1000 4
