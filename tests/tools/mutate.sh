#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/mutate.sh [--each] [NAME...]
#
# Tells tests that cannot fail. Runs tests (all that are named; else all that run side by side) with a
# faultbench that prints nothing, with one whose exit status is another (0 becomes 1, others 0), and with
# checkers of build/tests/ whose status is another. A test that passes all the same is named: either it
# does not ask that program at all, or it does not look at what it says.
#
# With --each one call of faultbench after the other is broken so, and the calls are named whose breaking
# nobody notices. That takes as many runs of a test as it makes calls.
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder.

cd "$(dirname "$0")/../.." || exit 2
build=${FAULTBENCH_BUILD:-$PWD/build}
each=
[ "${1-}" = --each ] && each=1 && shift
dir=$(mktemp -d "${TMPDIR:-/tmp}/faultbench-mutants-XXXXXX") || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
# Tests that run as nobody need it, too.
chmod a+rx "$dir" && mkdir -m a+rwx "$dir/calls"

# wrapper FILE PROGRAM BODY: BODY is what happens instead of PROGRAM, in the call numbered $MUTANT_CALL, or in all
wrapper() {
	rm -f "$1"
	cat >"$1" <<-EOF
	#!/bin/bash
	program=$2 calls=$dir/calls/\${FAULTBENCH_TEST##*/}
	call=\$(
		exec 9>>"\$calls"
		flock 9
		wc -l <"\$calls"
		printf '%q ' "\$@" | tr '\n' ' ' >&9
		echo >&9
	)
	[ "\${MUTANT_CALL:-\$call}" = "\$call" ] || exec "\$program" "\$@"
	$3
	EOF
	chmod a+rx "$1"
}

# mutant NAME BODY PROGRAM...: a folder like build/, in which these programs are replaced
mutant() {
	local name=$1 body=$2 program
	mkdir "$dir/$name" "$dir/$name/tests"
	ln -s "$build"/* "$dir/$name/" 2>/dev/null
	ln -s "$build"/tests/* "$dir/$name/tests/"
	shift 2
	for program; do
		wrapper "$dir/$name/$program" "$build/$program" "$body"
	done
}

# survivors MUTANT NAME...: tests that pass with it
survivors() {
	local mutant=$1
	shift
	rm -f "$dir"/calls/*
	FAULTBENCH_BUILD=$dir/$mutant tests/run-tests.sh "$@" | sed -n 's/^ok \([^ ]*\) .*/\1/p'
}

checkers=
for program in exact-check decode-check format-check; do
	[ ! -x "$build/tests/$program" ] || checkers="$checkers tests/$program"
done
other_status='"$program" "$@"; [ $? != 0 ]'
mutant none 'exec "$program" "$@"' faultbench
mutant silent 'exec "$program" "$@" >/dev/null 2>&1' faultbench
mutant status "$other_status" faultbench
mutant checkers "$other_status" $checkers

[ $# -gt 0 ] || set -- $(tests/run-tests.sh -l beside)
# Only what passes as it is can be judged, and what asks the program at all.
good=$(survivors none "$@")
mkdir "$dir/made" && cp "$dir"/calls/* "$dir/made" 2>/dev/null
echo "$# tests, $(echo "$good" | wc -w) of them pass; $(ls "$dir/made" | wc -l) call faultbench"

if [ -z "$each" ]; then
	for mutant in silent status checkers; do
		for name in $(survivors $mutant $good); do
			case $mutant in
			checkers) [ -e "$dir/calls/$name" ] || continue ;;
			*) [ -e "$dir/made/$name" ] || continue ;;
			esac
			echo "survived: $name, $mutant"
		done
	done
	exit
fi

for name in $good; do
	[ -e "$dir/made/$name" ] || continue
	call=0
	while read -r words; do
		for mutant in silent status; do
			[ -z "$(MUTANT_CALL=$call survivors $mutant "$name")" ] ||
				echo "survived: $name, $mutant, call $call: faultbench $words"
		done
		call=$((call + 1))
	done <"$dir/made/$name"
done
