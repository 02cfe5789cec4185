#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/run-tests.sh [NAME...]
#
# Runs the named tests, or all but those that take many minutes (long_NAME: only by name). Each is a
# function test_NAME in tests/suite/; it passes if it returns 0 and is skipped if it returns 77.
# `tests/run-tests.sh -l` lists them. The last line counts the results.
#
# Programs come from build/ (./bootstrap.sh makes it) unless FAULTBENCH_BUILD names another folder.

cd "$(dirname "$0")/.." || exit 2
top=$PWD
build=${FAULTBENCH_BUILD:-$top/build}
fb=$build/faultbench
worker=$build/faultbench-worker
liars=$build/tests/faultbench-worker-liars
plans=$top/configs/plans

areas='tree builds programs kills crosschecks vms kernels fetch exact verdicts until emit_c unprivileged'
for area in lib $areas; do
	. "$top/tests/suite/$area.sh" || exit 2
done

names=$(for area in $areas; do
	sed -n 's/^test_\([a-z0-9_]*\)().*/\1/p' "$top/tests/suite/$area.sh"
done)
all=$(echo "$names" | grep -v '^long_')
long=$(echo "$names" | grep '^long_')

# A test by itself, in a process that can be ended: run-tests.sh --one NAME FOLDER
if [ "${1-}" = --one ]; then
	tmp=$3
	export FAULTBENCH_TEST=$tmp
	"test_$2"
	exit
fi

case ${1-} in
-l) printf '%s\n' "$all" "$long" && exit 0 ;;
-*) sed -n '3,10s/^# \{0,1\}//p' "$top/tests/run-tests.sh" && exit 2 ;;
esac

passed=0 failed=0 skipped=0
[ -n "$TMPDIR" ] || TMPDIR=/tmp
scratch=$(mktemp -d "$TMPDIR/faultbench-tests-XXXXXX") || exit 2
chmod a+x "$scratch"
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

for name in ${*:-$all}; do
	if ! declare -F "test_$name" >/dev/null; then
		echo "there is no test '$name'; -l lists them" >&2
		exit 2
	fi
	tmp=$scratch/$name
	mkdir "$tmp"
	start=$SECONDS
	# A test that hangs is one that fails.
	case $name in long_*) limit=5400 ;; *) limit=600 ;; esac
	timeout -k 10 "${TEST_LIMIT:-$limit}" "$top/tests/run-tests.sh" --one "$name" "$tmp" \
		>"$scratch/$name.log" 2>&1
	case $? in
	0) result=ok passed=$((passed + 1)) ;;
	77) result=skip skipped=$((skipped + 1)) ;;
	*) result=FAIL failed=$((failed + 1)) ;;
	esac
	echo "$result $name ($((SECONDS - start)) s)"
	[ $result != FAIL ] || tail -40 "$scratch/$name.log" | sed 's/^/    /'
	rm -rf "$tmp"
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
