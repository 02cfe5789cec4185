#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares what `faultbench compare` and `show` print with tests/golden/*.txt, byte for byte.
# Usage: golden.sh FAULTBENCH [--update]

set -u
faultbench=$(readlink -f "$1") || exit 2
update=${2:-}
cd "$(dirname "$0")/golden" || exit 2
failed=0

# check NAME COMMAND WORDS...: what `faultbench COMMAND WORDS` prints is NAME.txt
check() {
	name=$1
	shift
	out=$(mktemp) || exit 2
	if ! "$faultbench" "$@" >"$out" 2>"$out.err"; then
		echo "golden: $name: $* failed: $(cat "$out.err")"
		failed=1
	elif [ "$update" = --update ]; then
		cp "$out" "$name.txt"
	elif ! diff -u "$name.txt" "$out"; then
		echo "golden: $name: $* differs"
		failed=1
	fi
	rm -f "$out" "$out.err"
}

# refuse STATUS TEXT WORDS...: `compare WORDS` exits so, and its message has the text
refuse() {
	status=$1
	text=$2
	shift 2
	out=$("$faultbench" compare "$@" 2>&1)
	if [ $? -ne "$status" ] || ! printf '%s' "$out" | grep -qF -- "$text"; then
		echo "golden: compare $*: wanted status $status and '$text', got: $out"
		failed=1
	fi
}

check compare-fork compare --title "Apple M2 VM" fork.jsonl
check compare-fork-base compare --base after-change fork.jsonl
check compare-boots compare boots-a.jsonl boots-b.jsonl
check compare-storms compare storms.jsonl
check compare-contend compare contend.jsonl
check compare-one compare one.jsonl
check exact compare exact.jsonl
check exact-functions compare --functions=3 --base same exact.jsonl
check exact-one compare --title "an emulator" --functions exact-one.jsonl
check exact-alone compare --functions exact-alone.jsonl
check series compare --functions=2 series.jsonl
check series-times compare series-times.jsonl
check series-base compare --base 3/4 series.jsonl
check exact-show show exact-alone.jsonl

refuse 2 "--functions=0: must be" --functions=0 exact.jsonl
refuse 2 "counts are not compared with times" exact.jsonl boots-a.jsonl
refuse 2 "there are 'baseline', 'after-change'" --base nobody fork.jsonl
refuse 2 "schema-9.jsonl:1: a journal of schema 9" schema-9.jsonl
refuse 2 "no run in it" no-run.jsonl
refuse 2 "no-file.jsonl: cannot be read" no-file.jsonl

exit $failed
