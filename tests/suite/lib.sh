# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Helpers; sourced by tests/run-tests.sh.

fail() {
	echo "FAIL: $*"
	exit 1
}

# expect STATUS COMMAND...: runs it, keeps its output in $out (stdout) and $errs (stderr).
expect() {
	local want=$1 got
	shift
	out=$("$@" 2>"$tmp/stderr") && got=0 || got=$?
	errs=$(cat "$tmp/stderr")
	[ "$got" = "$want" ] || fail "status $got, not $want: $* -- $errs"
}

has() { # has TEXT PATTERN
	printf '%s' "$1" | grep -qE -- "$2" || fail "no '$2' in: $(printf '%s' "$1" | cut -c1-300 | tail -5)"
}

one_line() { # one_line TEXT: not empty, one line
	[ -n "$1" ] && [ "$(printf '%s\n' "$1" | wc -l)" = 1 ] || fail "not one line: $1"
}

is_root() { [ "$(id -u)" = 0 ]; }

# shared NAME COMMAND...: $common/NAME, which tests of one call share: whoever needs it first makes it, by a
# command that is given its path, and whose words are in NAME.log. Fails, or is skipped, where that has or was.
shared() {
	local path=$common/$1
	shift
	mkdir -p "$common"
	(
		flock 8
		[ -e "$path.status" ] || {
			"$@" "$path" >"$path.log" 2>&1
			echo $? >"$path.status"
		}
	) 8>"$path.lock"
	case $(cat "$path.status") in
	0) ;;
	77) tail -1 "$path.log" && exit 77 ;;
	*) fail "$(tail -40 "$path.log")" ;;
	esac
}

# A small real plan of all families, seconds long.
small_plan() {
	cat >"$tmp/small.ini" <<-EOF
	[plan]
	runs = 2
	iterations = 3
	[null]
	bench = null
	size = 4M
	[fault]
	bench = fault
	variant = write, read, read-write
	size = 8M
	threads = 1
	[fork]
	bench = fork
	size = 8M
	[zap]
	bench = zap
	variant = munmap, dontneed, pte-dontneed
	size = 8M
	[contend]
	bench = contend
	variant = mmap, mmap-touch, mprotect, brk
	size = 4M
	time = 20
	place = none
	EOF
}

# What a run must leave as it found it.
machine_state() {
	grep -H . /sys/kernel/mm/transparent_hugepage/enabled \
		/sys/kernel/mm/transparent_hugepage/hugepages-*/enabled \
		/proc/sys/kernel/sched_rt_runtime_us /proc/sys/vm/nr_hugepages 2>/dev/null
	# How much of a swap is used is anybody's doing.
	awk '{ print $1, $2, $3, $5 }' /proc/swaps
	ls -d /sys/block/zram* 2>/dev/null
	# Of this user's: other users' tests run beside.
	find /dev/shm /tmp -maxdepth 1 -user "$(id -u)" -name 'faultbench-unsaved*'
	return 0
}

# mine PATTERN: processes of this test whose words match. They inherit a mark.
mine() {
	local pid
	for pid in $(pgrep -u "$(id -u)" -f "$1"); do
		! grep -qszx "FAULTBENCH_TEST=$tmp" "/proc/$pid/environ" || echo "$pid"
	done
}

is_running() { [ -n "$(mine "$1")" ]; } # is_running PATTERN

# No process of this test left: workers, run processes, keepers, VMs.
left_behind() {
	local pid
	for pid in $(mine '^(faultbench-(worker|run)|qemu-system-)'); do
		tr '\0' ' ' <"/proc/$pid/cmdline"
	done 2>/dev/null
}

no_processes() {
	local i
	for i in $(seq 50); do
		[ -n "$(left_behind)" ] || return 0
		sleep 0.1
	done
	fail "left behind: $(left_behind)"
}

# wait_for PID COMMAND...: until the command succeeds; a failure if the process ends before that.
wait_for() {
	local pid=$1
	shift
	until "$@"; do
		kill -0 "$pid" 2>/dev/null || "$@" || fail "it has ended before that: $*"
		sleep 0.1
	done
}

# has_run JOURNAL: a run has been measured, so that others are under way.
has_run() { grep -qs '"type":"run"' "$1"; }

# debian_kernel ARCH PACKAGE LABEL: into a cache that all tests of one call share, or into $KERNEL_CACHE. Fails if
# the archives have no such package; skipped if they cannot be asked.
debian_kernel() {
	export XDG_CACHE_HOME=${KERNEL_CACHE:-$common/cache}
	shared "fetched-$1-$2-$3" fetch_debian "$@"
	[ -d "$XDG_CACHE_HOME/faultbench/kernels/$3" ]
}

fetch_debian() {
	local said got
	[ -d "$XDG_CACHE_HOME/faultbench/kernels/$3" ] && return
	said=$("$fb" kernel fetch "debian:$2" --arch "$1" --label "$3" 2>&1 >/dev/null) && got=0 || got=$?
	echo "cannot fetch $2: $said"
	[[ $said == *'no such package'* ]] || return $got
}

# debian_new ARCH: ARCH-new, Debian's 6.12 or, after Debian 13, its default; skipped where guests of that kind
# cannot run.
debian_new() {
	local uname=${1/arm64/aarch64} debian=${1/x86_64/amd64}
	command -v qemu-system-$uname >/dev/null || exit 77
	[ "$(uname -m)" = $uname ] || [ -x "$build/$uname/faultbench-worker" ] || exit 77
	debian_kernel $1 linux-image-6.12-cloud-$debian $1-new ||
		debian_kernel $1 linux-image-cloud-$debian $1-new || exit 77
}

# debian_old ARCH: ARCH-old, 6.1, which is the default of Debian 12. Fails where it is not.
debian_old() {
	debian_kernel $1 linux-image-cloud-${1/x86_64/amd64} $1-old &&
		grep -q '"release": "6\.1\.' "$XDG_CACHE_HOME/faultbench/kernels/$1-old/kernel.json"
}

# debian_pair ARCH: both; skipped where there is no 6.1.
debian_pair() {
	debian_new $1
	debian_old $1 || { echo "the archives' default is not 6.1"; exit 77; }
}

# zboot FILE TYPE: an EFI zboot image on stdout, whose payload is FILE; TYPE says how that is packed.
zboot() {
	local size
	size=$(printf '%08x' "$(wc -c <"$1")")
	printf 'MZ\0\0zimg\x40\0\0\0'
	printf "\\x${size:6:2}\\x${size:4:2}\\x${size:2:2}\\x${size:0:2}"
	printf '\0\0\0\0\0\0\0\0'
	printf '%-40s' "$2" | tr ' ' '\0'
	cat "$1"
}

# vm NAME ARCH [KEY=VALUE...]: an emulated machine.
vm() {
	local name=$1 arch=$2 cpu=max,la57=off quick
	shift 2
	# A fifth of a boot here, and nothing that is looked at.
	quick=initcall_blacklist=bpf_tcp_ca_kfunc_init,bpf_dummy_struct_ops_init,init_kprobe_trace,jent_mod_init
	quick+=,load_system_certificate_list
	[ $arch = arm64 ] && cpu=neoverse-n1
	{
		printf '[machine]\nkind=qemu\narch=%s\ncpu=%s\naccel=tcg\nmemory=768M\nvcpus=2\n' $arch $cpu
		printf '%s\n' "$@" | sed "s/^cmdline=/&$quick /"
		case "$*" in *cmdline=*) ;; *) echo "cmdline=$quick" ;; esac
		# A boot and its runs take about 10 s; a guest that hangs is not waited for much longer.
		case "$*" in
		*time-limit*) ;;
		*) printf 'time-limit=90\n' ;;
		esac
	} >"$tmp/$name.ini"
}

# expect_vm STATUS WORDS...: like expect, of faultbench. Before QEMU 8.1 an emulated guest with several
# vCPUs can miss that code was changed, and hang or crash while it boots (configs/README.md; once in some
# 100 boots). That is reported, and the same command finishes the rest, so it is given up to three times.
expect_vm() {
	local want=$1 i
	shift
	for i in 1 2; do
		"$fb" "$@" >"$tmp/first" 2>&1 && break
		echo "time $i: $(cat "$tmp/first")"
	done
	expect $want "$fb" "$@"
}

vm_plan() {
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fork]
	bench = fork
	size = 16M
	order = 0, 4, 9, pmd
	[fault]
	bench = fault
	size = 4M
	threads = 1, 2
	[zap]
	bench = zap
	size = 8M
	EOF
}
