#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/bench-exact.sh [ARCH...]
#
# What counting costs: CPU seconds of the host for an iteration of fork and of munmap (256M, order 0) under
# plain TCG with one vCPU (accel = tcg) and under accel = exact, and how many times as much that is. ARCH is
# arm64 and x86_64 unless given; the kernel is Debian's 6.12.
#
# Each boot carries out a run of 2 iterations and one of $MANY (12; 10 times as many forks) of each operation;
# the difference leaves out the boot, starting the run and making what it operates on once. An iteration is the operation
# and what goes with it: fork's child ends, munmap's memory is populated. Both guests execute the same,
# for the kernel gets the same command line. The least of $REPEAT boots (3) of each kind, in turn, is taken.
#
# Then what counting lines of memory, following calls and a model of caches cost: CPU seconds, ours and QEMU's, of a boot of
# the plan `exact` without and with --lines, with --calls and with --cache-model (neoverse-n1 or zen4), the least of $REPEAT each, in turn,
# and how many times as much that is: status 1 if it is more than 2.5 times with --lines, or 2 with --calls. With BOOTS=1 only that.
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder.

set -o pipefail
cd "$(dirname "$0")/../.." || exit 2
fb=${FAULTBENCH_BUILD:-$PWD/build}/faultbench
few=2 many=${MANY:-12} repeat=${REPEAT:-3}
many_forks=$((many * 10))
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# Points that are not evaluated take what comes first of its kind, and the end. A plan has a point once, so that
# each section is a page of 65,536 larger than the one before.
pages=65536
section() { # section NAME ITERATIONS BENCH
	printf '[%s]\niterations=%s\nbench=%s\nsize=%sK\n' "$1" "$2" "$3" $((pages++ * 4))
}
{
	printf '[plan]\nruns=1\ncounters=none\n'
	section fork-first 1 fork
	section fork-few $few fork
	section fork-many $many_forks fork
	section munmap-first 1 zap
	section munmap-few $few zap
	section munmap-many $many zap
	section end 1 null
} >"$tmp/p.ini"

machine() { # machine ARCH ACCEL
	# Of the words that exact machines get (runners/qemu/command.c), those that change what is executed.
	local cpu=neoverse-n1 words='nokaslr norandmaps nowatchdog'
	[ "$1" = arm64 ] || cpu=max,la57=off words="$words noreplace-smp clearcpuid=rep_good,erms,fsrm,395"
	printf '[machine]\nkind=qemu\narch=%s\ncpu=%s\naccel=%s\nmemory=2G\niterations=1000\n' "$1" $cpu "$2"
	[ "$2" = exact ] || printf 'cmdline=%s\n' "$words"
}

# CPU seconds of process $1, and of its threads, until now.
cpu_s() {
	awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"
}

# one_boot ARCH ACCEL LABEL: CPU seconds of QEMU at the end of each run, a line.
one_boot() {
	local line pid vm
	machine "$1" "$2" >"$tmp/$2.ini"
	rm -f "$tmp/j.jsonl" "$tmp/progress"
	mkfifo "$tmp/progress"
	"$fb" run "$tmp/p.ini" --machine "$tmp/$2.ini" --kernel "k=$3" --boots 1 --out "$tmp/j.jsonl" \
		>/dev/null 2>"$tmp/progress" &
	pid=$!
	while read -r line; do
		case $line in
		*': run '* | *'] run '*)
			vm=$(pgrep -P $pid qemu)
			[ -z "$vm" ] || cpu_s "$vm" 2>/dev/null
			;;
		*) echo "$line" >&2 ;;
		esac
	done <"$tmp/progress"
	wait $pid || return 1
}

# Lines of one_boot, a boot after the other, into "ACCEL fork-s munmap-s".
per_op='{ at[NR] = $1 }
END {
	printf "%s %f %f\n", accel, (at[3] - 2 * at[2] + at[1]) / (forks - few), \
		(at[6] - 2 * at[5] + at[4]) / (many - few)
}'

least='{ for (i = 2; i <= 3; i++) if (!(($1, i) in min) || $i < min[$1, i]) min[$1, i] = $i }
END {
	split("x fork munmap", name, " ")
	for (i = 2; i <= 3; i++)
		printf "%-8s %-8s %10.4f %10.4f %8.2f\n", arch, name[i], min["tcg", i], min["exact", i], \
			min["exact", i] / min["tcg", i]
}'

# boot_s ARCH LABEL WORDS...: CPU seconds of a boot of the plan `exact`
boot_s() {
	local arch=$1 label=$2
	shift 2
	rm -f "$tmp/b.jsonl"
	TIMEFORMAT='%U %S'
	{ time "$fb" run exact --machine ${arch/x86_64/x86}-exact --kernel "k=$label" --boots 1 --out "$tmp/b.jsonl" "$@" \
		>/dev/null 2>"$tmp/progress.log"; } 2>"$tmp/time" || { cat "$tmp/progress.log" >&2; return 1; }
	awk '{ print $1 + $2 }' "$tmp/time"
}

[ $# -gt 0 ] || set -- arm64 x86_64
labels=()
for arch in "$@"; do
	label=$("$fb" kernel fetch debian:linux-image-6.12-cloud-"${arch/x86_64/amd64}" --arch "$arch" |
		awk '$1 == "label" { print $2 }')
	[ -n "$label" ] || exit 1
	labels+=("$label")
done
if [ -z "${BOOTS:-}" ]; then
	printf '%-8s %-8s %10s %10s %8s\n' arch op 'tcg, s' 'exact, s' times
	i=0
	for arch in "$@"; do
		label=${labels[i++]}
		for _ in $(seq "$repeat"); do
			for accel in tcg exact; do
				one_boot "$arch" $accel "$label" >"$tmp/times" || exit 1
				awk -v accel=$accel -v few="$few" -v many="$many" \
					-v forks="$many_forks" "$per_op" "$tmp/times"
			done
		done | tee "$tmp/all" >&2 || exit 1
		awk -v arch="$arch" "$least" "$tmp/all"
	done
	echo
fi
printf '%-8s %10s %10s %8s %10s %8s %10s %8s\n' arch 'exact, s' 'lines, s' times 'calls, s' times 'model, s' times
i=0 status=0
for arch in "$@"; do
	label=${labels[i++]}
	caches=neoverse-n1
	[ "$arch" = arm64 ] || caches=zen4
	for _ in $(seq "$repeat"); do
		for option in '' --lines --calls --cache-model=$caches; do
			echo -n "boot$option "
			boot_s "$arch" "$label" $option || exit 1
		done
	done | tee "$tmp/all" >&2 || exit 1
	awk -v arch="$arch" -v model="boot--cache-model=$caches" '!($1 in s) || $2 < s[$1] { s[$1] = $2 }
		END {
			boot = s["boot"]
			model = s[model]
			printf "%-8s %10.2f %10.2f %8.2f %10.2f %8.2f %10.2f %8.2f\n", arch, boot, s["boot--lines"],
				s["boot--lines"] / boot, s["boot--calls"], s["boot--calls"] / boot, model, model / boot
			exit s["boot--lines"] > 2.5 * boot || s["boot--calls"] > 2 * boot
		}' "$tmp/all" || status=1
done
exit $status
