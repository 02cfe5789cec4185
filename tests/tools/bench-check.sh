#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/bench-check.sh
#
# What a verdict costs: seconds and MiB of `faultbench check` on journals of 125 to 2000 points x 8 boots x
# 8 runs x 100 iterations of each of two kernels. of-one has one kernel's samples in all, spread over
# both (4 boots each). Then the seconds of CPU of all that reads runs, for one point of 1000 to 16000 runs a
# kernel of 5 iterations: as runs of one boot and as boots, timed and counted, in one folio state and each in
# another; x is how many times as long the last takes as the first, 16 being linear. Simulated journals,
# made in TMPDIR (300 MB) and removed.
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
for points in 125 250 500 1000 2000; do
	measure of-two "$points" 8
done
measure of-one 1000 4

# seconds WORDS...: of CPU, of faultbench; its status is that of a verdict or 0.
seconds() {
	local TIMEFORMAT=%U status
	{ time "$build/faultbench" "$@" >"$tmp/out" 2>&1; } 2>"$tmp/used"
	status=$?
	[ $status = 0 ] || { [ "$1" = check ] && { [ $status = 1 ] || [ $status = 3 ]; }; } || exit 1
	cat "$tmp/used"
}

grow() { # grow NAME WORDS...: of simulate-journal, N being the number of runs
	local name=$1 command n
	shift
	for n in 1000 4000 16000; do
		"$build/tests/simulate-journal" iterations=5 ${*//N/$n} >"$tmp/$n.jsonl" || exit 1
	done
	for command in compare check 'plot --kind runs --out x.gp' 'export --format go'; do
		(cd "$tmp" && for n in 1000 4000 16000; do seconds $command $n.jsonl; done) | tr '\n' ' ' |
			awk -v name="$name" -v command="${command%% *}" \
				'{ printf "%-20s %-8s %8.3f %8.3f %8.3f %6.1f\n", name, command, $1, $2, $3, $3 / $1 }'
	done
}

printf '\n%-20s %-8s %8s %8s %8s %6s\n' 'one point' '' 1000 4000 16000 x
grow runs boots=1 runs=N
grow 'runs, a state' boots=1 runs=N states=1
grow 'runs, N states' boots=1 runs=N states=N
grow boots boots=N runs=1
grow 'boots, a state' boots=N runs=1 states=1
grow 'boots, last first' boots=N runs=1 reversed=1
grow 'boots, counted' boots=N runs=1 states=1 exact=1
