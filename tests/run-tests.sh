#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/run-tests.sh [-j N] [NAME...]
#
# Runs the named tests, or all but those that take many minutes (long_NAME: only by name). Each is a
# function test_NAME in tests/suite/; it passes if it returns 0 and is skipped if it returns 77.
# N at a time run side by side (default: three more than there are CPUs, as each waits now and then), of those that
# measure on this machine, or change it, one: lines `measures NAME...` in tests/suite/ say which.
# `tests/run-tests.sh -l` lists them, `-l beside` those that neither measure nor are long. A line a result, with its
# seconds and CPU seconds; the last line counts the results. ^C or SIGTERM ends everything at once.
#
# Programs come from build/ (./bootstrap.sh makes it) unless FAULTBENCH_BUILD names another folder.

cd "$(dirname "$0")/.." || exit 2
top=$PWD
build=${FAULTBENCH_BUILD:-$top/build}
fb=$build/faultbench
worker=$build/faultbench-worker
liars=$build/tests/faultbench-worker-liars
plans=$top/configs/plans

# What files in tests/suite/ declare of their tests.
are_measuring=' ' are_slow=' '
measures() { # measures NAME...: on this machine, or change it, which takes one at a time; what else runs does not matter
	are_measuring+="$* "
}
slow() { # slow NAME...: they take long and so are started first
	are_slow+="$* "
}

for area in "$top"/tests/suite/*.sh; do
	. "$area" || exit 2
done

names=$(sed -n 's/^test_\([a-z0-9_]*\)().*/\1/p' "$top"/tests/suite/*.sh)
all=$(echo "$names" | grep -v '^long_')
long=$(echo "$names" | grep '^long_')

# A test by itself, in a process that can be ended: run-tests.sh --one NAME FOLDER
if [ "${1-}" = --one ]; then
	tmp=$3
	common=${tmp%/*}/common # what tests of one call share
	mkdir -p "$tmp/tmp"
	export TMPDIR=$tmp/tmp
	("test_$2")
	status=$?
	times >"$tmp.times"
	exit $status
fi

# Processes of tests whose folders are in FOLDER, also those that have left their test's process group: they
# inherit a mark.
marked() { # marked FOLDER
	grep -lzsE "^FAULTBENCH_TEST=${1//+/[+]}(/|$)" /proc/[0-9]*/environ | cut -d/ -f3
}

# put_back FOLDER: what tests there changed that have a record of changes of their own (own_runtime), if they were ended
put_back() {
	local runtime
	for runtime in "$1"/runtime "$1"/*/runtime; do
		[ ! -s "$runtime/changed" ] ||
			unshare -m sh -c 'mount --bind "$1" /run/faultbench && exec "$2" list null' sh "$runtime" "$fb" >/dev/null
	done
}

# clear FOLDER: with what was mounted in it and what still runs for it, which has a moment to undo things
clear() {
	local i pids
	for i in $(seq 30); do
		pids=$(marked "$1")
		[ -n "$pids" ] || break
		[ "$i" != 1 ] || kill -TERM $pids
		sleep 0.1
	done
	kill -KILL $pids
	put_back "$1"
	sed -n "s#^[^ ]* \($1/[^ ]*\) .*#\1#p" /proc/mounts | xargs -r umount -l
	rm -rf --one-file-system "$1"
} 2>/dev/null

# The tests of one call, and how they ended: run-tests.sh --run FOLDER N NAME...
declare -A running began folders
passed=0 failed=0 skipped=0
measuring= # the name of one under way

start() { # start NAME
	local limit=600 nice=5
	local folder=$scratch/$1
	# Of those that measure one runs at a time, so they are what is waited for in the end: the others fill up what they leave.
	case $are_measuring in *" $1 "*) measuring=$1 nice=0 ;; esac
	# A test that hangs is one that fails.
	case $1 in long_*) limit=5400 ;; esac
	while ! mkdir "$folder" 2>/dev/null; do # the same test once more beside it
		folder+=+
	done
	FAULTBENCH_TEST=$folder nice -n $nice setpriv --pdeathsig TERM timeout -k 10 "${TEST_LIMIT:-$limit}" \
		"$top/tests/run-tests.sh" --one "$1" "$folder" </dev/null >"$folder.log" 2>&1 &
	running[$!]=$1 began[$!]=$EPOCHREALTIME folders[$!]=$folder
}

# The process of a test that has ended, into `gone`, and how it ended, as status. A child that died of a signal
# while something else ran here is one that `wait -n` does not know any more.
gone=
ended() {
	wait -n -p gone
	local got=$?
	[ -z "$gone" ] || return $got
	for gone in "${!running[@]}"; do
		kill -0 "$gone" 2>/dev/null || break
	done
	wait "$gone"
}

# A test that measured on this machine, as its journals tell, has to be one that says so.
told_measuring() { # told_measuring NAME FOLDER
	local id
	case $are_measuring in *" $1 "*) return 0 ;; esac
	id=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || return 0
	! grep -rqsF "\"$id\"" "$2" || {
		echo "it measures on this machine: add $1 to a 'measures' line of tests/suite/" >>"$2.log"
		return 1
	}
}

cpu_seconds() { # cpu_seconds FILE: of what `times` says there of the children
	sed -n '2s/[ms]/ /gp' "$1" 2>/dev/null | awk '{ s = $1 * 60 + $2 + $3 * 60 + $4 } END { printf "%.0f", s }'
}

finish() { # waits for a test, and says how it ended
	local name got result folder
	ended
	got=$?
	name=${running[$gone]} folder=${folders[$gone]}
	[ $got != 0 ] || told_measuring "$name" "$folder" || got=1
	case $got in
	0) result=ok passed=$((passed + 1)) ;;
	77) result=skip skipped=$((skipped + 1)) ;;
	*) result=FAIL failed=$((failed + 1)) ;;
	esac
	echo "$result $name ($(echo "$EPOCHREALTIME ${began[$gone]}" | awk '{ printf "%.0f", $1 - $2 }') s," \
		"CPU $(cpu_seconds "$folder.times") s)"
	[ $result != FAIL ] || tail -40 "$folder.log" | sed 's/^/    /'
	clear "$folder"
	[ "$measuring" != "$name" ] || measuring=
	unset "running[$gone]"
}

# The first of the queue that may begin now, into `name`.
next() {
	local i
	for i in "${!queue[@]}"; do
		name=${queue[i]}
		[[ $measuring && $are_measuring == *" $name "* ]] || {
			unset "queue[i]"
			return 0
		}
	done
	return 1
}

run() { # run N NAME...: N at a time
	local most=$1 name
	shift
	local queue=("$@")
	while [ $((${#queue[@]} + ${#running[@]})) -gt 0 ]; do
		if [ ${#running[@]} -lt "$most" ] && next; then
			start "$name"
		else
			finish
		fi
	done
}

if [ "${1-}" = --run ]; then
	scratch=$2 jobs=$3 measured=() first=() beside=()
	shift 3
	for name; do
		case "$are_measuring/$are_slow" in
		*" $name "*/*) measured+=("$name") ;;
		*/*" $name "*) first+=("$name") ;;
		*) beside+=("$name") ;;
		esac
	done
	run "$jobs" "${measured[@]}" "${first[@]}" "${beside[@]}"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ]
	exit
fi


listed() { # listed [beside]
	local name
	[ "$1" = beside ] || { printf '%s\n' "$all" "$long" && return; }
	for name in $all; do
		[[ $are_measuring == *" $name "* ]] || echo "$name"
	done
}

jobs=$(($(nproc) + 3))
while [ $# -gt 0 ]; do
	case $1 in
	-l) listed "${2-}" && exit 0 ;;
	-j) jobs=${2-} && shift ;;
	-j*) jobs=${1#-j} ;;
	-*) sed -n '3,14s/^# \{0,1\}//p' "$top/tests/run-tests.sh" && exit 2 ;;
	*) break ;;
	esac
	shift
done
[ "$jobs" -ge 1 ] 2>/dev/null || { echo "-j takes a number from 1" >&2 && exit 2; }
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $all
for name; do
	declare -F "test_$name" >/dev/null || { echo "there is no test '$name'; -l lists them" >&2 && exit 2; }
done

# Folders of calls that were ended with kill -9 have a lock that nobody holds.
: "${TMPDIR:=/tmp}"
for scratch in "$TMPDIR"/faultbench-tests-??????; do
	[ -e "$scratch/lock" ] && flock -n "$scratch/lock" true && clear "$scratch"
done
scratch=$(mktemp -d "$TMPDIR/faultbench-tests-XXXXXX") || exit 2
chmod a+x "$scratch"
# Under its name it is held: another call that begins now takes a lock that nobody holds for one of those.
exec 9>"$scratch/lock.new" && flock 9 && mv "$scratch/lock.new" "$scratch/lock"

# Nothing but waiting is done here, so that a signal is not kept waiting. When --run dies, the kernel sends
# SIGTERM to each `timeout`, which passes it on to its test.
end_all() {
	local i
	trap '' INT TERM HUP
	[ -z "$pid" ] || kill -KILL "$pid"
	for i in $(seq 30); do
		[ -n "$(marked "$scratch")" ] || break
		sleep 0.1
	done
	clear "$scratch"
}
trap end_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
setpriv --pdeathsig KILL "$top/tests/run-tests.sh" --run "$scratch" "$jobs" "$@" 9>&- &
pid=$!
wait $pid
status=$?
pid=
exit $status
