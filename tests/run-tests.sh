#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/run-tests.sh [NAME...]
#
# Runs the named tests, or all but those that take many minutes (long_NAME: only by name). Each is a
# function test_NAME below; it passes if it returns 0 and is skipped if it returns 77.
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

# --- helpers -----------------------------------------------------------------------------------

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
		/proc/sys/kernel/sched_rt_runtime_us /proc/sys/vm/nr_hugepages /proc/swaps 2>/dev/null
	ls -d /sys/block/zram* 2>/dev/null
	ls /dev/shm /tmp | grep -i faultbench-unsaved
	return 0
}

# No process of this test left: workers, run processes, keepers, VMs. They inherit a mark.
left_behind() {
	local pid
	for pid in $(pgrep -u "$(id -u)" -f '^(faultbench-(worker|run)|qemu-system-)'); do
		grep -qzx "FAULTBENCH_TEST=$tmp" /proc/$pid/environ 2>/dev/null &&
			tr '\0' ' ' </proc/$pid/cmdline
	done
}

no_processes() {
	local i
	for i in $(seq 50); do
		[ -n "$(left_behind)" ] || return 0
		sleep 0.1
	done
	fail "left behind: $(left_behind)"
}

# debian_kernel ARCH PACKAGE LABEL: into a cache that all tests of one call share.
debian_kernel() {
	export XDG_CACHE_HOME=${tmp%/*}/cache
	local got
	"$fb" kernel fetch "debian:$2" --arch "$1" --label "$3" >/dev/null 2>"$tmp/fetch" && got=0 || got=$?
	[ $got = 77 ] && echo "cannot fetch $2: $(cat "$tmp/fetch")" && exit 77
	[ $got = 0 ] || fail "$2: $(cat "$tmp/fetch")"
}

# debian_pair ARCH: ARCH-old (6.1) and ARCH-new (6.12); skipped where guests of that kind cannot run.
debian_pair() {
	local uname=${1/arm64/aarch64} debian=${1/x86_64/amd64}
	command -v qemu-system-$uname >/dev/null || exit 77
	[ "$(uname -m)" = $uname ] || [ -x "$build/$uname/faultbench-worker" ] || exit 77
	debian_kernel $1 linux-image-cloud-$debian $1-old
	debian_kernel $1 linux-image-6.12-cloud-$debian $1-new
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
	local name=$1 arch=$2 cpu=max,la57=off
	shift 2
	[ $arch = arm64 ] && cpu=neoverse-n1
	{
		printf '[machine]\nkind=qemu\narch=%s\ncpu=%s\naccel=tcg\nmemory=768M\nvcpus=2\n' $arch $cpu
		printf '%s\n' "$@"
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

# --- the tree itself ---------------------------------------------------------------------------

test_spdx() {
	local file
	for file in $(git ls-files '*.c' '*.h' '*.sh' '*.build' '.ci/run'); do
		head -3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' ||
			fail "$file has no SPDX line"
	done
}

# included FILE...: "FILE HEADER" a line, for each header of the tree that a file includes.
included() {
	grep -HoE '^#include "[^"]+"' "$@" | sed 's/:#include "/ /; s/"$//'
}

# Who may include whom, the arrows of CONTRIBUTING.md's map; and no cycle of files or of folders.
test_layers() {
	local bad
	layer() { # layer FOLDER ALLOWED: all below FOLDER
		bad=$(included $(git ls-files "$1/*.[ch]") | grep -vE " ($2)")
		[ -z "$bad" ] || fail "wrong direction: $bad"
	}
	layer common 'common/'
	layer bench/services 'bench/bench\.h|bench/parts/|bench/services/'
	layer bench/parts 'bench/bench\.h|bench/parts/'
	layer bench/standalone 'bench/bench\.h|bench/services/|bench/standalone/'
	layer bench/harness 'bench/bench\.h|bench/parts/|bench/services/|bench/harness/|common/'
	bad=$(included bench/*.[ch] | grep -vE ' bench/(bench\.h|parts/)')
	[ -z "$bad" ] || fail "a family knows more than its contract: $bad"
	layer runners 'runners/|common/'
	layer runners/exact 'runners/exact/|common/'
	layer kernels 'kernels/|common/'
	layer analysis 'analysis/|common/'
	layer campaign 'campaign/|kernels/|runners/|analysis/|common/'
	layer cli 'cli/|campaign/|kernels/|runners/|analysis/|common/'
	bad=$(grep -nE '#include <(hwloc|numa|perfmon|gsl|ini)' common/*.[ch] | grep -v '<ini.h>')
	[ -z "$bad" ] || fail "common knows too much: $bad"

	# A .c file and its header are one; bench.h is the contract of what is around it.
	included $(git ls-files '*.[ch]' | grep -v '^tests/') | sed 's/\.[ch] / /; s/\.h$//' >"$tmp/files"
	[ "$(wc -l <"$tmp/files")" -gt 500 ] || fail "includes were not found"
	awk '$1 != $2' "$tmp/files" | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of files: $(cat "$tmp/cycle")"
	sed 's# bench/bench$# bench.h/bench#; s#/[^/ ]*\( \|$\)#\1#g' "$tmp/files" | awk '$1 != $2' |
		sort -u | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of folders: $(cat "$tmp/cycle")"
}

# Every family's file is listed, and every line of the list has its file.
test_list() {
	local file name
	for file in bench/*.c; do
		name=$(basename "$file" .c)
		[ "$name" = list ] && continue
		grep -q "&bench_$name," bench/list.c || fail "$file is not in bench/list.c"
		grep -q "'$name.c'" bench/meson.build || fail "$file is not in bench/meson.build"
	done
	for name in $(sed -n 's/^\t&bench_\([a-z_]*\),$/\1/p' bench/list.c); do
		[ -f "bench/$name.c" ] || fail "bench/list.c names $name, which has no file"
	done
}

test_format() {
	clang-format --dry-run -Werror $(git ls-files '*.c' '*.h')
}

# Every parameter and key there is stands in configs/README.md.
test_keys_documented() {
	local key
	for key in $("$fb" list --json | sed -n 's/^ *"name": "\([a-z-]*\)".*/\1/p' | sort -u) \
		summary runs boots iterations warmup time-limit counters threshold until budget bench variant place; do
		grep -qE "(^| |\`)$key(\`|,| |$)" configs/README.md || fail "$key is not in configs/README.md"
	done
}

test_clean_tree() {
	[ -d .git ] || exit 77
	[ -z "$(git status --porcelain)" ] || fail "the build left: $(git status --porcelain)"
}

# --- builds ------------------------------------------------------------------------------------

test_unit() {
	meson test -C "$build" --print-errorlogs
}

test_golden() {
	sh tests/golden/golden.sh "$fb"
}

test_clang() {
	CC=clang meson setup "$tmp/clang" . && ninja -C "$tmp/clang" --quiet
}

# Both programs and the unit tests under ASan and UBSan, and every subcommand with them.
test_sanitizers() {
	local options=-Db_sanitize=address,undefined
	meson setup "$tmp/san" . $options -Db_lundef=false && ninja -C "$tmp/san" --quiet || exit 1
	export UBSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=0
	meson test -C "$tmp/san" --print-errorlogs common plan doctor analysis verdict decode kernels build || exit 1
	sh tests/golden/golden.sh "$tmp/san/faultbench" || exit 1
	small_plan
	fb=$tmp/san/faultbench
	expect 0 "$fb" list
	expect 0 "$fb" run "$tmp/small.ini" --out "$tmp/j.jsonl" --set runs=1 --set place=none
	expect 0 "$fb" show "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$tmp/report"
}

test_valgrind() {
	local journal format
	for journal in tests/golden/*.jsonl; do
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" compare --functions "$journal" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "$journal: $(cat "$tmp/err")"
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" check --format kcidb "$journal" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "check $journal: $(cat "$tmp/err")"
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" report "$journal" --out "$tmp/report" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "report $journal: $(cat "$tmp/err")"
	done
	for format in $("$fb" compare -h | sed '1,/^Formats:/d' | awk '{ print $1 }'); do
		for journal in boots-b contend exact pft; do
			valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
				"$fb" compare --format $format tests/golden/$journal.jsonl >"$tmp/out" 2>"$tmp/err"
			[ $? != 9 ] || fail "$format, $journal: $(cat "$tmp/err")"
		done
	done
}

# libFuzzer on what comes from outside: plans, journals and kernel images.
test_fuzz() {
	local seconds=${FUZZ_SECONDS:-20}
	clang -g -O1 -std=gnu11 -D_GNU_SOURCE -fsanitize=fuzzer,address,undefined -I. \
		tests/tools/fuzz_input.c common/*.c kernels/fetch/image.c kernels/fetch/unpack.c \
		-ljansson -linih -lz -llzma -lzstd -lm -o "$tmp/fuzz" || exit 1
	mkdir "$tmp/corpus"
	{ printf 0; cat "$plans/quick.ini"; } >"$tmp/corpus/plan"
	{ printf 1; head -c 4000 tests/golden/$(ls tests/golden | grep -m1 jsonl); } >"$tmp/corpus/journal"
	head -c 9999 /dev/zero >"$tmp/zeros"
	{ printf 2; gzip <"$tmp/zeros"; } >"$tmp/corpus/gzip"
	{ printf 2; xz <"$tmp/zeros"; } >"$tmp/corpus/xz"
	{ printf 2; xz --format=lzma <"$tmp/zeros"; } >"$tmp/corpus/lzma"
	zstd -q "$tmp/zeros"
	{ printf 2; cat "$tmp/zeros.zst"; } >"$tmp/corpus/zstd"
	{ printf 2; zboot "$tmp/zeros.zst" zstd22; } >"$tmp/corpus/zboot"
	"$tmp/fuzz" -max_total_time="$seconds" -max_len=8192 -timeout=10 -artifact_prefix="$tmp/" \
		"$tmp/corpus" >"$tmp/log" 2>&1 || fail "$(tail -40 "$tmp/log")"
	tail -1 "$tmp/log"
}

# The loop that touches pages: at most 5 instructions between two accesses of it.
test_disassembly() {
	local name
	[ "$(uname -m)" = x86_64 ] || [ "$(uname -m)" = aarch64 ] || exit 77
	for name in touch_write touch_write_down touch_read touch_read_write; do
		objdump -d --no-show-raw-insn "$worker" | awk -v name="<$name>:" '
			$2 == name { inside = 1; found = 1; n = 0; next }
			/^$/ { inside = 0 }
			inside {
				n++
				sub(":", "", $1); at[$1] = n
				# A jump back closes the loop.
				if ($2 ~ /^(j|b|cb|tb)/ && ($NF ~ /^</ ? $(NF-1) : $NF) in at) {
					target = $NF ~ /^</ ? $(NF-1) : $NF
					len = n - at[target] + 1
					print name, len, "instructions a turn"
					if (len > 5) bad = 1
					loops++
				}
			}
			END { exit !(found && loops && !bad) }' || fail "$name"
	done
}

# --- the programs, for real --------------------------------------------------------------------

test_help() {
	local command
	expect 0 "$fb" -h
	has "$out" 'run .*measure a plan'
	for command in run compare check power export plot report list emit-c doctor show; do
		expect 0 "$fb" $command -h
		has "$out" "Usage: faultbench $command"
	done
	expect 2 "$fb"
	expect 2 "$fb" fly
	one_line "$errs"
}

# Every family, measured and verified on this kernel.
test_small_run() {
	small_plan
	expect 0 "$fb" run "$tmp/small.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 24 ] || fail "not 24 runs"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 24 ] || fail "not all ok: $errs"
	[ "$(head -1 "$tmp/j.jsonl" | grep -c '"type":"plan"')" = 1 ] || fail "no plan"
	[ "$(tail -1 "$tmp/j.jsonl" | grep -c '"type":"end"')" = 1 ] || fail "no end"
	has "$out" '^fault'
	has "$out" 'stdev: sample standard deviation'
	expect 0 "$fb" show "$tmp/j.jsonl" fault --run 0
	has "$out" '2048'
	# Again: nothing to do, the same table.
	expect 0 "$fb" run "$tmp/small.ini" --out "$tmp/j.jsonl"
	has "$errs" 'nothing is left to measure'
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 24 ] || fail "runs were doubled"
}

# catalogue_ok JOURNAL: each run is ok, or skipped for a need that is named.
catalogue_ok() {
	local bad
	bad=$(grep '"type":"run"' "$1" | grep -v '"status":"ok"' |
		grep -vE '"status":"skipped","reason":"(needs |this kernel has no [0-9]+ KiB folios)')
	[ -z "$bad" ] || fail "$(printf '%s' "$bad" | grep -oE '"bench.*"reason":"[^"]*"' | cut -c1-300)"
}

# The plan of the whole catalogue names every variant there is, and each is verified on this kernel.
test_catalogue() {
	local before name
	consists() { # consists VARIANT KINDS: after the op, in each run of it that was ok
		local other
		other=$(grep "^{\"type\":\"run\".*\"variant\":\"$1\".*\"status\":\"ok\"" "$tmp/j.jsonl" |
			grep -vE "\"after\":\{$2\}")
		[ -z "$other" ] || fail "$1 is not $2: $(printf '%s' "$other" | grep -oE '"state":[^}]*\}[^}]*\}')"
	}
	for name in $("$fb" list --json | sed -n 's/^ *"name": "\([a-z-]*\)".*/\1/p' | sort -u); do
		grep -qE "^(bench|variant|[a-z]+) = ([a-z, -]+, )?$name(,|$)|^$name = " "$plans/catalogue.ini" ||
			"$fb" list --json | sed -n '/"params"/,/\]/p' | grep -q "\"$name\"" ||
			fail "configs/plans/catalogue.ini does not have $name"
	done
	before=$(machine_state)
	expect 0 "$fb" run "$plans/catalogue.ini" --out "$tmp/j.jsonl"
	catalogue_ok "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"userfaults":\{"wanted":"1024","seen":"1024"\}'
	# A fault a page, of the same number of pages, whether page tables are there or not.
	[ "$(grep -oE '"variant":"(anon|warm-table)".*"verified":\{"faults":\{"wanted":"1024","seen":"1024"\},"before":\{"wanted":"1 VMA, no pages"' \
		"$tmp/j.jsonl" | wc -l)" = 2 ] || [ "$(getconf PAGESIZE)" != 4096 ] || fail "anon and warm-table differ in faults"
	# Files of a guest may be on ramfs, which is never written back.
	case $(stat -f -c %T "${TMPDIR:-/var/tmp}") in
	ext* | xfs | btrfs)
		has "$(grep '"variant":"shared-file-write"' "$tmp/j.jsonl")" \
			'"vmstat:nr_dirtied":\{"wanted":"at least 774","seen":"[0-9 to]+"' ;;
	esac
	# What an area consists of is told by its own kinds.
	consists private-file-read '"file PTE":4096'
	consists private-file-write '"own PTE":4096'
	consists memfd-write '"file PTE":4096'
	consists hugetlb '"order-[0-9]+ hugetlb PMD":4096'
	consists pageout ''
	# A copied byte takes a PMD-mapped folio's mapping apart; what else splits is recorded.
	! grep '"variant":"cow-byte","size":4194304,"order":"pmd"' "$tmp/j.jsonl" | grep -q '"status":"ok"' ||
		has "$(cat "$tmp/j.jsonl")" '"vmstat:thp_split_pmd":\{"wanted":"at least 2","seen":"[0-9]'
	[ ! -e /sys/kernel/mm/transparent_hugepage/hugepages-64kB/stats/split ] || ! is_root ||
		has "$(grep '"variant":"cow-byte","size":4194304,"order":4' "$tmp/j.jsonl")" \
			'"thp:split":\{"wanted":"recorded","seen":"[0-9]'
	has "$(grep '"bench":"app-start","variant":"exec"' "$tmp/j.jsonl")" '"programs executed":\{"wanted":"3","seen":"3"\}'
	has "$(grep '"bench":"app-start"' "$tmp/j.jsonl")" '"latency":\{"linkers":.*"faulters":'
	[ "$before" = "$(machine_state)" ] || fail "left: $(machine_state)"
	! is_root || [ ! -e /sys/class/zram-control ] ||
		[ "$(grep -c '"variant":"swapped".*"status":"ok"' "$tmp/j.jsonl")" = 1 ] || fail "no swap was made"
}

# What exit/exec executes stops before its first instruction: no dynamic linker has run but those that run
# for exit/exit as well.
test_exec_stops() {
	local variant
	for variant in exit exec; do
		printf '[plan]\nruns=1\niterations=5\n[x]\nbench=exit\nvariant=%s\nsize=4M\n' $variant >"$tmp/p.ini"
		expect 0 env LD_DEBUG=statistics LD_DEBUG_OUTPUT="$tmp/ld-$variant" \
			"$fb" run "$tmp/p.ini" --out "$tmp/$variant.jsonl"
	done
	[ "$(ls "$tmp" | grep -c ld-exit)" -gt 1 ] || exit 77 # another dynamic linker
	[ "$(ls "$tmp" | grep -c ld-exit)" = "$(ls "$tmp" | grep -c ld-exec)" ] ||
		fail "$(ls "$tmp" | grep -c ld-exec) programs were linked, not $(ls "$tmp" | grep -c ld-exit)"
}

# Root: pages that compaction moves during an op, and while they are looked at, void no run.
test_compaction() {
	is_root && [ -w /proc/sys/vm/compact_memory ] || exit 77
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 20
	iterations = 100
	[x]
	bench = fault-vma
	variant = shared-file-read, tmpfs-read
	size = 4M
	EOF
	while [ ! -e "$tmp/done" ]; do echo 1 >/proc/sys/vm/compact_memory; done &
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >"$tmp/out" 2>&1
	: >"$tmp/done"
	wait
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 40 ] || fail "not all ok: $(grep void "$tmp/out")"
}

# Swap and hugetlb pages that were made for a run are gone after kill -9 in the middle of it.
test_provided() {
	local before i pid
	is_root && [ -e /sys/class/zram-control ] || exit 77
	before=$(machine_state)
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fault-page\nvariant=swapped\nsize=32M\n' >"$tmp/p.ini"
	printf '[y]\nbench=fault-vma\nvariant=hugetlb\nsize=64M\n' >>"$tmp/p.ini"
	for i in 1 2 3 4; do
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
		pid=$!
		while [ "$before" = "$(machine_state)" ] && kill -0 $pid 2>/dev/null; do :; done
		kill -9 $pid
		wait $pid 2>/dev/null
		no_processes
		[ "$before" = "$(machine_state)" ] || fail "left: $(machine_state)"
	done
}

# Storms by threads and by processes: not one fault more or less than promised, in any of 80 runs.
test_crews() {
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 10
	iterations = 4
	[x]
	bench = fault
	variant = write, read-write
	size = 8M
	threads = 1, 2
	processes = 1, 2
	place = none
	EOF
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 80 ] || fail "not all ok: $errs"
}

# Root: a tracepoint by name counts the faults that were promised.
# Where workers ran one after the other, the record, the table and check say so.
test_side_by_side() {
	printf '%s\n' '[plan]' runs=2 iterations=3 '[x]' bench=contend size=4M time=20 place=none \
		'[y]' bench=fault size=4M threads=2 place=none '[z]' bench=fault size=4M place=none >"$tmp/p.ini"
	expect 0 taskset -c "$(taskset -cp $$ | sed 's/.*: //;s/[-,].*//')" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$out" 'all workers on one CPU: nothing ran side by side in 3 of 3'
	[ "$(grep '"threads":1' "$tmp/j.jsonl" | grep -c '"one_cpu"')" = 0 ] || fail 'one worker is beside nobody'
	[ "$(grep -c '"one_cpu":3' "$tmp/j.jsonl")" = 4 ] || fail "$(grep -o '"conditions".*' "$tmp/j.jsonl")"
	sed 's/"kernel":"[^"]*"/"kernel":"other"/' "$tmp/j.jsonl" >"$tmp/k.jsonl"
	expect 3 "$fb" check "$tmp/j.jsonl" "$tmp/k.jsonl"
	has "$out" 'all workers on one CPU'
}

# What a family promises of some of its areas alone is shown as wanted as it is shown as seen.
test_promises() {
	printf '%s\n' '[plan]' runs=1 iterations=1 '[x]' bench=writer variant=mmap,mprotect vmas=10 rounds=1 \
		'[y]' bench=app-start variant=load place=none >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" 'before +wanted (10 VMAs, no pages), seen \1$'
	has "$out" 'after +wanted (10 VMAs, no pages), seen \1$'
	has "$out" 'before +wanted (3 VMAs, no pages; another: 10 VMAs, no pages), seen \1$'
	has "$out" 'after +wanted (1 VMA, any pages; another: 100 VMAs, any pages), seen \1$'
}

# Each event counts what happened, whichever is named first; one that never ran has no number.
test_counter_groups() {
	local names
	for names in task-clock,page-faults,cpu-clock,minor-faults minor-faults,page-faults,cpu-clock,task-clock; do
		printf '[plan]\nruns=1\nwarmup=2\niterations=3\ncounters=%s\n[x]\nbench=fault\nsize=8M\n' $names >"$tmp/p.ini"
		rm -f "$tmp/j.jsonl"
		expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
		grep -q '"page-faults":{"refused"' "$tmp/j.jsonl" && exit 77
		[ "$(grep -oE '"(page|minor)-faults":\{[^}]*"value":6144[,}]' "$tmp/j.jsonl" | wc -l)" = 2 ] ||
			fail "of 6144 faults: $(grep -oE '"[a-z]*-(faults|clock)":\{[^}]*\}' "$tmp/j.jsonl")"
		expect 0 "$fb" show "$tmp/j.jsonl"
		has "$out" 'page-faults +6144 +2048 an iteration +1 a fault$'
	done
	sed -Ei 's/"page-faults":\{[^}]*\}/"page-faults":{"value":0,"enabled":0,"running":0}/
		s/"minor-faults":\{[^}]*\}/"minor-faults":{"enabled":5,"running":0}/' "$tmp/j.jsonl"
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" 'page-faults +never ran$'
	has "$out" 'minor-faults +never ran: multiplexed away$'
}

test_tracepoint() {
	is_root || exit 77
	unshare -m mount -t tracefs none /sys/kernel/tracing 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=3\ncounters=page-faults,exceptions:page_fault_user,no-such-event\n[x]\nbench=fault\nsize=8M\n' \
		>"$tmp/p.ini"
	[ "$(uname -m)" = x86_64 ] || exit 77
	expect 0 unshare -m sh -c 'mount -t tracefs none /sys/kernel/tracing && exec "$@"' sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"exceptions:page_fault_user":\{[^}]*"value":6144\}'
	has "$(cat "$tmp/j.jsonl")" '"page-faults":\{[^}]*"value":6144\}'
	has "$(cat "$tmp/j.jsonl")" '"no-such-event":\{"refused":"libpfm4: event not found"'
}

# Root: every folio order is made, verified page by page, and the switches are put back.
test_orders() {
	is_root || exit 77
	[ -d /sys/kernel/mm/transparent_hugepage/hugepages-64kB ] || exit 77
	local before after
	before=$(machine_state)
	cat >"$tmp/orders.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fork]
	bench = fork
	size = 16M
	order = 0, 2, 3, 4, 5, 6, 7, 8, 9, pmd
	[zap]
	bench = zap
	size = 16M
	order = 0, 2, 3, 4, 5, 6, 7, 8, 9, pmd
	[fault]
	bench = fault
	size = 16M
	order = 0, 2, 3, 4, 5, 6, 7, 8, pmd
	EOF
	expect 0 "$fb" run "$tmp/orders.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 29 ] || fail "not all ok: $errs"
	[ "$(grep -c '"seen":"4096 pages in order-7 PTE-mapped"' "$tmp/j.jsonl")" = 3 ] ||
		fail "order 7 was not seen in the page flags"
	[ "$(grep -c '"seen":"4096 pages in order-9 PMD-mapped"' "$tmp/j.jsonl")" = 3 ] ||
		fail "order pmd was not seen in the page flags"
	after=$(machine_state)
	[ "$before" = "$after" ] || fail "switches were changed: $before -> $after"
}

# A plan or a machine is found by its bare name, and a file here of that name is not it.
test_names() {
	printf '[plan]\nruns=1\n[x]\nbench=null\n' >"$tmp/storm.ini"
	printf '[machine]\nkind=local\n' >"$tmp/local.ini"
	cp "$tmp/storm.ini" "$tmp/storm"
	cd "$tmp" || exit 1
	expect 0 "$fb" run storm --machine local --dry-run
	has "$out" '^storm: 37 points'
	expect 0 "$fb" run --plan storm --dry-run
	has "$out" '^storm: 37 points'
	for name in storm.ini ./storm; do
		expect 0 "$fb" run $name --machine local.ini --dry-run
		has "$out" '^storm: 1 point x 1 run x 1 boot$'
	done
	expect 2 "$fb" run strom
	one_line "$errs"
	has "$errs" "configs/plans has no 'strom'; there are .*spf-pft, spf-vma-touch, storm, "
	expect 2 "$fb" run --machine arm
	one_line "$errs"
	has "$errs" "configs/machines has no 'arm'; there are .*arm64-exact, "
	expect 2 "$fb" run --plan storm quick
	one_line "$errs"
	has "$errs" "one plan at a time: 'quick' and --plan storm"
}

# Every format that the help names prints a table of what was just measured, and of nothing else.
test_run_formats() {
	local format
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=fork\nsize=8M\nplace=none\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --format pretty --out "$tmp/j.jsonl"
	has "$errs" '--format pretty: no such format; there are cover, rel, '
	[ ! -e "$tmp/j.jsonl" ] || fail "measured all the same"
	expect 0 "$fb" run "$tmp/p.ini" --label a --out "$tmp/j.jsonl" --format rel
	has "$out" '^\| a +\| +0\.0% \|'
	[ -z "$(printf '%s\n' "$out" | grep 'time/op')" ] || fail "two tables: $out"
	expect 0 "$fb" run "$tmp/p.ini" --label b --out "$tmp/j.jsonl" --format ab
	has "$out" '^A a +2 '
	has "$out" '^B b +2 '
	[ -z "$(printf '%s\n' "$out" | grep microbench)" ] || fail "two tables: $out"
	expect 0 "$fb" run -h
	for format in $(printf '%s' "$out" | sed '1,/^Formats:/d' | awk '{ print $1 }'); do
		expect 0 "$fb" compare --format $format "$tmp/j.jsonl"
		has "$out" '^Behind each number: 1 boot x 2 runs x 2 iterations'
	done
	expect 2 "$fb" run --machine x86-exact --kernel a=b --format lkp
	has "$errs" '--format lkp judges by noise'
}

# Every shipped plan can be read, says in one line what it is for, and stands in configs/README.md.
test_plans() {
	local file name
	expect 0 "$fb" list --plans
	[ "$(printf '%s\n' "$out" | sed '1,2d; /^$/,$d' | wc -l)" = "$(ls "$plans"/*.ini | wc -l)" ] ||
		fail "not a line for each: $out"
	has "$out" '^exact +4 +260M  fork and munmap'
	has "$out" '^fork-1g +2 +1.1G  '
	has "$out" '^cow-reuse +41 +1.1G  '
	[ -z "$(printf '%s\n' "$out" | grep -E '.{79}')" ] || fail "wider than a mail: $out"
	for file in "$plans"/*.ini; do
		name=$(basename "$file" .ini)
		has "$(sed -n '/^\[plan\]$/{n;p}' "$file")" '^summary = .'
		has "$(cat configs/README.md)" "^\| .$name. \|"
		expect 0 "$fb" run "$name" --dry-run
	done
	expect 0 "$fb" list --plans --json
	has "$out" '"summary": "fork and munmap by folio order'
	has "$out" '"memory": 272629760'
	expect 2 "$fb" list --plans fork
}

# Benchmarks that lie are caught and named.
test_lies() {
	local bench=lie
	lie() { # lie VARIANT STATUS REASON
		printf '[plan]\nruns=1\niterations=3\ntime-limit=2\n[x]\nplace=none\nbench=%s\nvariant=%s\n' \
			$bench "$1" >"$tmp/lie.ini"
		rm -f "$tmp/lie.jsonl"
		expect 1 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/lie.ini" --out "$tmp/lie.jsonl"
		has "$errs" "$bench/$1: $2: .*$3"
		has "$out" "$2: .*$3"
		no_processes
	}
	printf '[plan]\nruns=1\n[x]\nbench=lie\n' >"$tmp/honest.ini"
	expect 0 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/honest.ini" --out "$tmp/honest.jsonl"
	printf '[plan]\nruns=1\niterations=4\n[x]\nbench=lie-beside\nplace=none\n' >"$tmp/beside.ini"
	expect 0 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/beside.ini" --out "$tmp/beside.jsonl"
	has "$(cat "$tmp/beside.jsonl")" '"programs executed":\{"wanted":"4","seen":"4"\}'
	lie faults void '1024 page faults in 1 op that promises 1025'
	lie order void 'promised 1 VMA, order-9 PTE-mapped'
	lie vmas void 'an area is [23] VMAs'
	lie child void 'the promised child does not exist'
	lie dead-child void 'the promised child was killed by SIGSEGV'
	lie pages void 'promised 1 VMA, order-0 PTE-mapped'
	lie move void 'status:VmPTE moved by [0-9]+ in an op that promises at least 1048576'
	lie swapped void 'promised 1 VMA, swapped out; seen: 0 KiB swapped out'
	lie shared void 'promised 1 VMA, order-0 PTE-mapped, shared with another'
	lie lazy-free void 'promised 1 VMA, lazily freed; seen:'
	lie read-only void 'promised 1 VMA, order-0 PTE-mapped, read-only; seen:'
	lie writable void 'promised 1 VMA, order-0 PTE-mapped, writable; seen:'
	lie grown void 'promised 1 VMA, order-0 PTE-mapped, grown; seen:'
	lie unmapped void 'an area is 1 VMA, not unmapped'
	lie mark void "no 'um' in VmFlags"
	lie policy void 'policy (default|none), not bind'
	lie two-vmas void 'an area is 1 VMA, not those promised'
	lie hole void 'promised 1 VMA, no pages; seen: 0 KiB there'
	lie leak-memory void 'leak: the address space grew by 1024 KiB'
	lie leak-fd void 'leak: 1 file descriptors more'
	lie leak-child void 'a child'
	lie setup failed 'this setup never works'
	lie hang failed 'no end within the time limit of 2 s'
	lie crash failed 'killed by SIGSEGV'
	lie abort failed 'killed by SIGABRT .*these are my last words'
	lie exit failed 'ended with status 3 and no record'
	if is_root; then
		lie kernel-warning void 'kernel log: WARNING: .*mm/lies.c'
	fi
	# One of several processes that carry out a run is that run's, too.
	bench=lie-beside
	lie faults void '[0-9-]+ page faults in 1 op that promises 1024'
	lie abort failed 'killed by SIGABRT .*these are my last words'
	# Calls that the kernel refuses, which is quick.
	bench=refused-writer
	lie mmap failed 'mmap\(\) was refused in a round of calls'
	lie mmap-search failed 'mmap\(\) was refused'
	lie mmap-over failed 'mmap\(\) was refused'
	lie brk failed 'brk\(\) was refused'
	lie mprotect failed 'mprotect\(\) was refused'
	lie punch void 'promised 1 VMA, no pages; seen: 2 VMAs'
	bench=refused-contend
	lie mmap failed 'mmap\(\) was refused'
	lie mmap-touch failed 'killed by SIG(SEGV|BUS)'
	lie mprotect failed 'mprotect\(\) was refused'
	lie brk failed 'brk\(\) was refused'
	bench=refused-mapper
	lie mmap failed 'mmap\(\) was refused'
	lie mmap-over failed 'mmap\(\) was refused'
	lie mprotect failed 'mprotect\(\) was refused'
}

# A crash in one of several threads or processes is that run's, and nobody is left.
test_lies_in_crews() {
	local how
	for how in threads=2 processes=2; do
		printf '[plan]\nruns=1\niterations=3\ntime-limit=5\n[x]\nbench=lie\nvariant=%s\n%s\nplace=none\n' \
			crash "$how" >"$tmp/lie.ini"
		rm -f "$tmp/lie.jsonl"
		sed -i 's/variant=crash/variant=abort/' "$tmp/lie.ini"
		expect 1 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/lie.ini" --out "$tmp/lie.jsonl"
		has "$errs" 'failed: killed by SIGABRT'
		no_processes
	done
}

# Needs that are not met: skipped with the reason, status 77 if that is all there is.
test_needs() {
	printf '[plan]\nruns=1\n[x]\nbench=needy\n' >"$tmp/needy.ini"
	expect 77 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/needy.ini" --out "$tmp/j.jsonl"
	has "$out$errs" 'skipped: needs (swap|userfaultfd|hugetlb pages|two NUMA nodes)'
	small_plan
	expect 77 "$fb" run "$tmp/small.ini" --out "$tmp/k.jsonl" --set size=4T --set place=none
	has "$out" 'skipped: needs 4160G of memory, and 64M for itself: there are '
	printf '[plan]\nruns=1\n[x]\nbench=writer\nvmas=1000000000\n' >"$tmp/many.ini"
	expect 77 "$fb" run "$tmp/many.ini" --out "$tmp/m.jsonl"
	has "$out" 'skipped: needs leave for 1000000000 VMAs'
	expect 77 "$fb" run "$tmp/small.ini" --out "$tmp/l.jsonl" --set place=list:99999
	has "$errs" 'CPU 99999 is not one this process may use'
}

# A kernel without THP: order 0 goes on, order 9 is skipped and says why.
test_no_thp() {
	is_root || exit 77
	unshare -m true 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\norder=0,9\n' >"$tmp/p.ini"
	expect 0 unshare -m sh -c 'mount -t tmpfs none /sys/kernel/mm && exec "$@"' sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$out" 'skipped: this kernel has no transparent huge pages'
	expect 77 unshare -m sh -c 'mount -t tmpfs none /sys/kernel/mm && exec "$@"' sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/k.jsonl" --set order=9
}

# Without kpageflags the orders are proved by faults, smaps and split counts.
test_no_kpageflags() {
	is_root || exit 77
	unshare -m true 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\norder=0,9,pmd\n' >"$tmp/p.ini"
	: >"$tmp/unreadable"
	chmod 0 "$tmp/unreadable"
	expect 0 unshare -m sh -c 'mount --bind "$1" /proc/kpageflags && shift &&
		exec setpriv --bounding-set -all --inh-caps -all "$@"' sh "$tmp/unreadable" \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '0 folios split since (no kpageflags)' "$tmp/j.jsonl")" = 3 ] ||
		fail "not proved as it should be"
}

# Each run says which folios it had, also where none are promised (contend) and where page flags cannot
# be read; kernels that had others are not compared.
test_states() {
	is_root || exit 77
	unshare -m true 2>/dev/null || exit 77
	local j=$tmp/j.jsonl n
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fork]
	bench = fork
	size = 8M
	order = 0, 9, pmd
	[fault]
	bench = fault
	variant = read
	size = 8M
	order = 0, pmd
	[contend]
	bench = contend
	size = 8M
	time = 20
	place = none
	EOF
	expect 0 "$fb" run "$tmp/p.ini" --out "$j" --label a
	kinds() { sed -n 's/.*"state":\({"before":{[^}]*},"after":{[^}]*}}\).*/\1/p' "$j" | sed 's/:[0-9][0-9]*//g'; }
	same() { printf '{"before":{"%s"},"after":{"%s"}}\n' "$1" "$1"; }
	n=$(kinds | head -5)
	[ "$n" = "$(same 'order-0 PTE' && same 'order-9 PTE' && same 'order-9 PMD' &&
		echo '{"before":{},"after":{"small zero"}}' && echo '{"before":{},"after":{"huge zero"}}')" ] ||
		fail "states: $n"
	has "$(kinds | tail -1)" '"after":\{"order-0 PTE"\}'
	: >"$tmp/unreadable"
	chmod 0 "$tmp/unreadable"
	expect 0 unshare -m sh -c 'mount --bind "$1" /proc/kpageflags && shift &&
		exec setpriv --bounding-set -all --inh-caps -all "$@"' sh "$tmp/unreadable" \
		"$fb" run "$tmp/p.ini" --out "$j" --label blind
	[ "$(kinds | tail -6 | head -5)" = "$(same PTE && same PTE && same PMD &&
		echo '{"before":{},"after":{"zero"}}' && echo '{"before":{},"after":{"zero"}}')" ] ||
		fail "states without page flags: $(kinds | tail -6)"
	expect 0 "$fb" compare "$j"
	printf '%s' "$out" | grep -q 'folio state' && fail "called different: $out"
	n='\("placement":{"asked":"none"\)'
	sed '/"kernel":"blind"/{ s/"PMD":/"PTE":/g; s/"PTE":\([0-9]*}},'"$n"'\)/"PMD":\1/ }' "$j" >"$tmp/k.jsonl"
	expect 0 "$fb" compare "$tmp/k.jsonl"
	out=$(printf '%s' "$out" | tr -s ' \n' ' ')
	n='the op: a \(boot 0, run 0\) has'
	has "$out" "void: the folio state differs before $n order-9 PMD, blind \(boot 0, run 0\) PTE"
	has "$out" "void: the folio state differs after $n order-0 PTE, blind \(boot 0, run 0\) PMD"
	[ "$(printf '%s' "$out" | grep -o 'folio state' | wc -l)" = 2 ] || fail "void are others: $out"
}

# Wrong input: status 2, one line that names the thing.
test_bad_input() {
	local q=$plans/quick.ini
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		(cd "$tmp" && expect 2 "$fb" "$@" && one_line "$errs" && has "$errs" "$pattern") || exit 1
	}
	small_plan
	bad 'nowhere.ini: cannot be read: No such file' run nowhere.ini
	bad '/: not a regular file' run /
	bad '/: not a regular file' run "$q" --out /
	bad '/dev/full: not a regular file' run "$q" --out /dev/full
	bad 'nowhere/j: cannot be opened' run "$q" --out nowhere/j
	bad "no section of the plan knows 'colour'" run "$q" --set colour=red
	bad 'must be key=value' run "$q" --set order
	bad '--set runs: runs = 0: must be a whole number from 1' run "$q" --set runs=0
	bad '--set order: order = 1: must be a folio order' run "$q" --set order=1
	bad "order = 9x: must be a folio order" run "$q" --set order=9x
	bad 'quick.ini:[0-9]+: \[fault\]: .*use order=pmd' run "$q" --set fault.order=9
	bad '--functions: the machine local counts no instructions' run "$q" --functions
	bad '^faultbench: /([^./][^/]*/)*configs/plans/quick.ini:[0-9]+: ' run quick --set fault.order=9
	bad 'one plan at a time' run "$q" "$q"
	bad '--label: a kernel needs a name' run "$q" --label ''
	bad '--label: the label is not UTF-8' run "$q" --label "$(printf '\377')"
	bad '--label: a label has no control characters' run "$q" --label "$(printf 'a\nb')"
	bad '--label: a label has no control characters' run "$q" --label "$(printf 'a\302\233b')"
	bad '--kernel: a label has no control characters' run "$q" --machine x86-vm --kernel "$(printf '\033[1m')=a"
	bad "there is no benchmark 'frok'" list frok
	bad 'cannot be read: No such file' compare nowhere.jsonl
	bad 'cannot be read: No such file' show nowhere.jsonl
	bad 'not a regular file' compare /
	printf '[x]\nbench = frok\nsize = 1G\n' >"$tmp/frok.ini"
	bad 'frok.ini:2: bench = frok: no such benchmark; there are null, fault' run frok.ini
	printf '[plan]\nruns = 0\n[x]\nbench = fork\n' >"$tmp/zero.ini"
	bad 'zero.ini:2: runs = 0: must be' run zero.ini
	printf '[plan]\nthreshold = 2\n[x]\nbench = fork\n' >"$tmp/threshold.ini"
	bad 'threshold.ini:2: threshold = 2: must be a percentage' run threshold.ini
	printf '[x]\nbench = fork\nsise = 1G\n' >"$tmp/key.ini"
	bad "key.ini:3: fork has no parameter 'sise'" run key.ini
	printf '[x]\nbench = contend\nfaulters = 0\nwriters = 0\n' >"$tmp/nobody.ini"
	bad 'nobody.ini:2: \[x\]: contend/mmap: faulters=0 and writers=0' run nobody.ini
	printf 'garbage\n' >"$tmp/garbage.ini"
	bad 'garbage.ini:1: neither' run garbage.ini
	printf '{"type":"note"}\ngarbage\n{"type":"end"}\n' >"$tmp/garbage.jsonl"
	bad 'garbage.jsonl:2: not a line of a journal' show garbage.jsonl
	: >"$tmp/empty.jsonl"
	bad 'empty.jsonl' compare empty.jsonl
	printf '[plan]\nruns=1\n[x]\nbench=fork\nsize=4M\n' >"$tmp/a.ini"
	(cd "$tmp" && expect 0 "$fb" run a.ini --out a.jsonl)
	bad 'a.jsonl: holds another plan \(runs is 1 there, 2 here\)' run a.ini --out a.jsonl --set runs=2
	bad "base" compare --base nobody a.jsonl
}

# File names and labels that scripts fear.
test_hostile_names() {
	local name label command
	mkdir "$tmp/-d"
	for name in 'a b' '%s%n' "quo'te\"" '-x' 'new
line' 'ä'; do
		printf '[plan]\nruns=1\niterations=1\n[%%s "x"]\nbench=null\nsize=4M\n' \
			>"$tmp/-d/$name.ini"
		label=${name/$'\n'/ }
		(cd "$tmp/-d" && expect 0 "$fb" run --label "$label" --out "./$name.jsonl" -- "$name.ini" &&
			expect 0 "$fb" compare -- "$name.jsonl" &&
			expect 0 "$fb" show "./$name.jsonl") || exit 1
	done
	# A journal of others, with a label that is not harmless.
	label='"after\\u001b[31m\\u009b1m\\n\\tx\\u007f"'
	sed "s/\"kernel\":\"after-change\"/\"kernel\":$label/g; 1s/\"type\":\"plan\"/&,\"kernels\":[\"baseline\",$label]/" \
		tests/golden/fork.jsonl >"$tmp/h.jsonl"
	for command in compare 'compare --format rel' check 'check --format json' show plot \
		'plot --kind runs' 'export --format csv' 'export --format go' 'export --format json'; do
		"$fb" $command "$tmp/h.jsonl" >"$tmp/out" 2>&1
		grep -qF 'after?[31m¿1m??x?' "$tmp/out" || fail "$command: no label"
		! LC_ALL=C.UTF-8 grep -nP '[^\P{Cc}\r]' "$tmp/out" || fail "$command: as it is"
	done
}

# --- being killed, cut and out of room ---------------------------------------------------------

# kill -9 again and again; the same command finishes the rest, every run once, machine as found.
test_kill9() {
	local before i order=0
	before=$(machine_state)
	is_root && [ -d /sys/kernel/mm/transparent_hugepage/hugepages-64kB ] && order=0,4
	printf '[plan]\nruns=3\niterations=3\n[x]\nbench=fault\nsize=32M\norder=%s\n[y]\nbench=fork\nsize=64M\norder=%s\n' \
		$order $order >"$tmp/p.ini"
	for i in 1 2 3 4 5 6; do
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
		sleep "0.$((RANDOM % 5 + 2))"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
		no_processes
		[ "$before" = "$(machine_state)" ] || fail "switches were left: $(machine_state)"
	done
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"status".*//' | sort >"$tmp/runs"
	[ "$(wc -l <"$tmp/runs")" = "$(sort -u "$tmp/runs" | wc -l)" ] || fail "a run is there twice"
	[ "$(wc -l <"$tmp/runs")" = $(((order == 0 ? 2 : 4) * 3)) ] || fail "runs are missing"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = "$(wc -l <"$tmp/runs")" ] || fail "not all ok"
}

# The worker killed by kill -9: said, nothing measured lost, switches put back by their keeper.
test_worker_killed() {
	local before pid
	before=$(machine_state)
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>"$tmp/log" &
	pid=$!
	sleep 1
	pkill -9 -P $pid -f faultbench-worker
	wait $pid
	[ $? = 1 ] || fail "status $?"
	has "$(cat "$tmp/log")" 'the worker was killed by SIGKILL'
	no_processes
	[ "$before" = "$(machine_state)" ] || fail "switches were left"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 9 ] || fail "runs are missing"
}

# ^C, SIGTERM and SIGHUP: ended by that signal, nothing left, and it goes on later.
test_signals() {
	local sig number before
	before=$(machine_state)
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	for sig in INT TERM HUP; do
		# Background jobs of a script ignore SIGINT; this makes it the default again.
		env --default-signal "$fb" run "$tmp/p.ini" --out "$tmp/$sig.jsonl" >/dev/null 2>"$tmp/log" &
		number=$!
		sleep 0.7
		kill -$sig $number
		wait $number
		[ $? = $((128 + $(kill -l $sig))) ] || fail "$sig: status $?"
		has "$(cat "$tmp/log")" 'the same command finishes the rest'
		no_processes
		[ "$before" = "$(machine_state)" ] || fail "switches were left"
	done
	# Under nohup it goes on.
	(trap '' HUP && exec "$fb" run "$tmp/p.ini" --out "$tmp/nohup.jsonl") >/dev/null 2>&1 &
	sleep 0.7
	kill -HUP $!
	wait $! || fail "status $? under nohup"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/INT.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/INT.jsonl")" = 9 ] || fail "runs are missing"
}

# A journal cut in the middle of a line: that run is measured again, the others are not.
test_cut_journal() {
	printf '[plan]\nruns=3\niterations=2\n[x]\nbench=fork\nsize=8M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	grep '"type":"run"' "$tmp/j.jsonl" | head -2 >"$tmp/first"
	truncate -s $(($(wc -c <"$tmp/j.jsonl") - 400)) "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'the last line was cut'
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | head -2)" = "$(cat "$tmp/first")" ] || fail "changed"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 3 ] || fail "not 3 runs"
}

# A full disk: one line, the journal whole, the record kept elsewhere.
test_full_disk() {
	local dir=$tmp/full kept
	mkdir "$dir"
	printf '[plan]\nruns=40\niterations=20\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	if is_root && mount -t tmpfs -o size=96k none "$dir" 2>/dev/null; then
		trap 'umount "$tmp/full" 2>/dev/null' EXIT
		expect 2 "$fb" run "$tmp/p.ini" --out "$dir/j.jsonl"
		cp "$dir/j.jsonl" "$tmp/j.jsonl"
		umount "$dir"
		has "$errs" 'a record cannot be written: No space left'
	else
		expect 2 bash -c 'trap "" XFSZ; ulimit -f 60; exec "$@"' sh "$fb" run "$tmp/p.ini" \
			--out "$tmp/j.jsonl"
		has "$errs" 'a record cannot be written: File too large'
	fi
	kept=$(printf '%s' "$errs" | grep -oE '(/dev/shm|/tmp)/faultbench-unsaved-[A-Za-z0-9]*' | head -1)
	[ -s "$kept" ] || fail "the record was not kept: $errs"
	[ "$(tail -c 1 "$tmp/j.jsonl" | od -An -c | tr -d ' ')" = '\n' ] || fail "the journal is cut"
	cat "$kept" >>"$tmp/j.jsonl"
	rm -f "$kept"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"status".*//' | sort | uniq | wc -l)" = 40 ] ||
		fail "runs are missing"
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 40 ] || fail "runs are doubled"
}

# A journal says which command measured it, once for each that did, and of folders only what others may
# know.
test_command_recorded() {
	local words
	words() { sed -n 's/^{"type":"command","words":\(\[.*\]\),"version":"[^"]*"}$/\1/p' "$tmp/j.jsonl"; }
	mkdir -p "$tmp/home/plans"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' | tee "$tmp/p.ini" >"$tmp/home/plans/p.ini"
	export HOME=$tmp/home/
	expect 0 "$fb" run --label '/it is' "$tmp/home/plans/p.ini" --out "$tmp/j.jsonl" --set runs=2
	[ "$(words)" = '["run","--label","/it is","~/plans/p.ini","--out",".../j.jsonl","--set","runs=2"]' ] ||
		fail "$(words)"
	grep -q "$tmp" "$tmp/j.jsonl" && fail "a folder's name"
	[ "$(sed -n 2p "$tmp/j.jsonl" | cut -c1-17)" = '{"type":"command"' ] || fail "not the second line"
	# Nothing to do, so no command did it; then there is.
	expect 0 "$fb" run --label '/it is' "$tmp/p.ini" --out "$tmp/j.jsonl" --set runs=2
	[ "$(words | wc -l)" = 1 ] || fail "$(words)"
	sed -i '$d' "$tmp/j.jsonl" && sed -i '$d' "$tmp/j.jsonl"
	expect 0 "$fb" run "--out=$tmp/j.jsonl" --set x.size=4M "$tmp/p.ini" --label '/it is' --set runs=2
	[ "$(words | sed 1d)" = '["run","--out=.../j.jsonl","--set","x.size=4M",".../p.ini","--label","/it is","--set","runs=2"]' ] ||
		fail "$(words)"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" show "$tmp/j.jsonl"
}

# Two writers of one journal.
test_locked_journal() {
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
	sleep 0.5
	expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'another faultbench is writing to it'
	wait
}

# --- cross-checks with other tools -------------------------------------------------------------

fault_plan() { # fault_plan ITERATIONS
	printf '[plan]\nruns=1\niterations=%s\n[x]\nbench=fault\nsize=64M\n' "$1" >"$tmp/p.ini"
	rm -f "$tmp/j.jsonl"
}

# Ten iterations more are 10 x 16384 faults more, by perf and by getrusage (time).
test_crosscheck_faults() {
	local a b per=$((64 * 1024 * 1024 / $(getconf PAGESIZE))) diff
	counted() { # counted TOOL
		case $1 in
		perf)
			perf stat -x, -e page-faults -o "$tmp/stat" "$fb" run "$tmp/p.ini" \
				--out "$tmp/j.jsonl" >/dev/null 2>&1 || exit 1
			awk -F, '/page-faults/ { print $1 }' "$tmp/stat"
			;;
		time)
			command time -f %R -o "$tmp/stat" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" \
				>/dev/null 2>&1 || exit 1
			cat "$tmp/stat"
			;;
		esac
	}
	for tool in perf time; do
		fault_plan 5
		a=$(counted $tool)
		fault_plan 15
		b=$(counted $tool)
		diff=$((b - a - 10 * per))
		echo "$tool: $a and $b faults: $diff besides 10 x $per"
		# The checks between iterations take a few faults of their own.
		[ "${diff#-}" -lt $((10 * per / 100)) ] || fail "$tool disagrees"
	done
	has "$(cat "$tmp/j.jsonl")" "\"faults\":\\{\"wanted\":\"$per\",\"seen\":\"$per\"\\}"
}

# One child an iteration and warm-up iteration, by strace.
test_crosscheck_forks() {
	local n
	strace -f -o /dev/null true 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=7\nwarmup=2\n[x]\nbench=fork\nsize=4M\n' >"$tmp/p.ini"
	expect 0 strace -f -e trace=clone,clone3,fork,vfork,execve -o "$tmp/trace" \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	# Those made by the run process: the one that was executed with --run.
	n=$(awk '/execve\(.*"--run"/ { run = $1 } $1 == run && /clone|fork\(/ && !/resumed/ { n++ }
		END { print n + 0 }' "$tmp/trace")
	[ "$n" = 9 ] || fail "$n children, not 7 + 2"
}

# Exact mode's decoders say of each instruction of kernels, and of libraries with vectors, what follows
# from objdump's text; of a million instructions at least.
decoders_agree() { # decoders_agree ARCH OBJDUMP FILE ARGS...
	local arch=$1 objdump=$2-linux-gnu-objdump file=$3 lib
	shift 3
	command -v "$objdump" >/dev/null || exit 77
	{
		[ ! -s "$file" ] || "$objdump" "$@" "$file"
		[ "$(uname -m)" != "${objdump%%-*}" ] ||
			for lib in $(ldd "$fb" | awk '$3 ~ "^/" { print $3 }'); do
				"$objdump" -d --insn-width=15 "$lib"
			done
	} 2>/dev/null | "$build/tests/decode-check" "$arch" >"$tmp/$arch" || fail "$arch: $(cat "$tmp/$arch")"
	echo "$arch: $(cat "$tmp/$arch")"
	has "$(cat "$tmp/$arch")" 'checked [1-9][0-9]{6,} instructions'
}

# What a bzImage has packed, vmlinux, if xz or zstd is here to unpack it.
bzimage_payload() { # bzimage_payload IMAGE
	local image=$1 start size
	number() { # number OFFSET BYTES
		od -An -tu$2 -j$1 -N$2 "$image" | tr -d ' '
	}
	start=$((($(number 0x1f1 1) + 1) * 512 + $(number 0x248 4)))
	size=$(($(number 0x24c 4) - 4))
	tail -c +$((start + 1)) "$image" | head -c $size >"$tmp/packed"
	zstd -qdc "$tmp/packed" 2>/dev/null || xz -qdc "$tmp/packed" 2>/dev/null
}

test_decode() {
	local kernels
	debian_kernel arm64 linux-image-6.12-cloud-arm64 arm64-new
	debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new
	kernels=$XDG_CACHE_HOME/faultbench/kernels
	decoders_agree arm64 aarch64 "$kernels/arm64-new/image" -D -b binary -m aarch64 \
		--stop-address=0x800000
	# Its text begins at 0xffffffff81000000.
	bzimage_payload "$kernels/x86_64-new/image" >"$tmp/vmlinux"
	decoders_agree x86_64 x86_64 "$tmp/vmlinux" -d --insn-width=15 --stop-address=0xffffffff81600000
}

# --- kernels in VMs ------------------------------------------------------------------------------

# Debian's arm64 kernel packed in every way, by itself and as an EFI zboot image: unpacked it is that
# kernel, cut off or damaged it is refused.
test_kernel_images() {
	debian_kernel arm64 linux-image-6.12-cloud-arm64 arm64-new
	local image=$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image name type pack file
	export XDG_CACHE_HOME=$tmp/cache
	while read -r name type pack; do
		$pack <"$image" >"$tmp/Image.$name" || fail "$pack"
		zboot "$tmp/Image.$name" $type >"$tmp/vmlinuz.$name"
		for file in Image.$name vmlinuz.$name; do
			expect 0 "$fb" kernel fetch "$tmp/$file" --label "$file"
			cmp "$image" "$tmp/cache/faultbench/kernels/$file/image" || fail "$file"
			head -c 1M "$tmp/$file" >"$tmp/cut"
			expect 2 "$fb" kernel fetch "$tmp/cut" --label cut
			one_line "$errs"
			has "$errs" '/cut: .*cut off.*; copy or build it again'
		done
		[ $name = lzma ] && continue # has no checksum
		{ head -c 5M && head -c 99 >/dev/null && head -c 99 /dev/zero && cat; } \
			<"$tmp/Image.$name" >"$tmp/damaged"
		expect 2 "$fb" kernel fetch "$tmp/damaged" --label damaged
		one_line "$errs"
		has "$errs" '/damaged: the [a-z]* data in it is damaged; copy or build it again'
	done <<-EOF
	gz gzip gzip -1
	xz xzkern xz -0 --check=crc32
	lzma lzma xz -0 --format=lzma
	zst zstd22 zstd -1
	EOF
}

# Modules packed as in Debian 13 are the ones of Debian 12, where they are not.
test_kernel_modules() {
	debian_kernel arm64 linux-image-cloud-arm64 arm64-old
	local old=$XDG_CACHE_HOME/faultbench/kernels/arm64-old to=$tmp/package/lib/modules/6.1
	mkdir -p "$tmp/package/boot" "$to"
	cp "$old/image" "$tmp/package/boot/vmlinuz-6.1"
	cp -r "$old/modules/kernel" "$to/"
	(cd "$to" && find kernel -name '*.ko' >modules.order && [ -s modules.order ] &&
		xz --check=crc32 --lzma2=dict=1MiB $(cat modules.order)) || fail "xz"
	export XDG_CACHE_HOME=$tmp/cache
	expect 0 "$fb" kernel fetch "$tmp/package" --label xz
	diff -r "$old/modules" "$tmp/cache/faultbench/kernels/xz/modules" || fail "other modules"
}

# Two Debian kernels of one architecture, two boots each, in turn: every run verified in the guest, and
# what the older kernel has not is skipped with the reason.
two_kernels() { # two_kernels ARCH
	local n
	debian_pair $1
	vm_plan
	vm m $1
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel old=$1-old --kernel new=$1-new --boots 2 \
		--out "$tmp/j.jsonl"
	no_processes
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -c '"status":"ok"')" = 26 ] || fail "not 26 ok: $errs"
	[ "$(grep -c '"status":"skipped","reason":"this kernel has no 64 KiB folios' "$tmp/j.jsonl")" = 2 ] ||
		fail "6.1 did not skip order 4"
	[ "$(grep -c '"seen":"4096 pages in order-4 PTE-mapped"' "$tmp/j.jsonl")" = 2 ] ||
		fail "order 4 was not seen in the guest's page flags"
	[ "$(grep -c '"source":"emulated"' "$tmp/j.jsonl")" = 26 ] || fail "not marked emulated"
	n=$(sed -n 's/^{"type":"end","kernel":"\([a-z]*\)".*/\1/p' "$tmp/j.jsonl" | tr '\n' ' ')
	[ "$n" = "old new new old " ] || [ "$n" = "new old old new " ] ||
		grep -q '"type":"boot"' "$tmp/j.jsonl" || fail "not A B B A: $n"
	has "$out" 'emulated: no measure of hardware, no verdict'
	has "$out" '^\| old  '
	# Resumed after a cut: the last boot is done again, the others are not.
	n=$(grep -n '"type":"machine"' "$tmp/j.jsonl" | tail -1 | cut -d: -f1)
	head -$((n + 2)) "$tmp/j.jsonl" >"$tmp/k.jsonl"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel old=$1-old --kernel new=$1-new --boots 2 \
		--out "$tmp/k.jsonl"
	has "$(cat "$tmp/first")" 'going on with boot 1 of'
	[ "$(grep -c '"type":"run"' "$tmp/k.jsonl")" = 28 ] || fail "runs are missing or doubled"
	# What each boot consisted of.
	n='"unpack_s":[^-]*"init_s":[^-]*"settled_s":[^-]*"vm_s":[^-]*"clock":"time",[^-]*"start_s":[^-]*}'
	[ "$(grep -c "\"startup\":{$n" "$tmp/j.jsonl")" = "$(grep -c '"type":"machine"' "$tmp/j.jsonl")" ] ||
		fail "a boot does not say what it consisted of"
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" '^  startup: [0-9.]+ s: QEMU [0-9.]+ s, kernel [0-9.]+ s, ours [0-9.]+ s'
}

test_vm_x86() { two_kernels x86_64; }

test_vm_arm64() { two_kernels arm64; }

# catalogue_in_vm ARCH KERNEL...: every variant in a guest, whose kernels have the labels.
catalogue_in_vm() {
	local arch=$1 kernel kernels=()
	debian_pair $arch
	shift
	for kernel; do
		kernels+=(--kernel $kernel=$kernel)
	done
	vm m $arch time-limit=900
	expect_vm 0 run "$plans/catalogue.ini" --machine "$tmp/m.ini" "${kernels[@]}" --out "$tmp/$arch.jsonl"
	no_processes
	catalogue_ok "$tmp/$arch.jsonl"
	[ "$(grep '"variant":"swapped"' "$tmp/$arch.jsonl" | grep -c '"status":"ok"')" = $# ] ||
		fail "no swap in a guest"
}

test_vm_catalogue() { catalogue_in_vm arm64 arm64-new; }

# The same with all four kernels.
test_long_catalogue() {
	catalogue_in_vm arm64 arm64-old arm64-new
	catalogue_in_vm x86_64 x86_64-old x86_64-new
}

# A guest that panics, one that hangs, an image that is no kernel, no QEMU, and ^C in the middle of a
# boot: each is named, the others go on, nothing is left.
test_vm_trouble() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new
	vm_plan
	vm panics x86_64 'cmdline=rdinit=/nowhere root=/dev/nowhere'
	vm hangs x86_64 time-limit=1
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/panics.ini" --kernel k=x86_64-new --out "$tmp/a.jsonl"
	has "$errs" 'boot 0 of k: the guest failed: Kernel panic - not syncing: VFS: Unable to mount root'
	has "$(tail -1 "$tmp/a.jsonl")" '^\{"type":"boot","kernel":"k","boot":0,"status":"failed"'
	no_processes
	expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/hangs.ini" --kernel k=x86_64-new --out "$tmp/b.jsonl"
	has "$errs" 'boot 0 of k: the guest hung: no end within its time limit'
	no_processes
	# One bad kernel beside a good one: a real header with nothing behind it.
	head -c 65536 "$XDG_CACHE_HOME/faultbench/kernels/x86_64-new/image" >"$tmp/bad"
	truncate -s 8M "$tmp/bad"
	vm m x86_64 time-limit=60
	expect_vm 1 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel bad="$tmp/bad" --kernel good=x86_64-new \
		--out "$tmp/c.jsonl"
	has "$errs" 'boot 0 of bad: '
	[ "$(grep '"kernel":"good"' "$tmp/c.jsonl" | grep -c '"status":"ok"')" = 7 ] || fail "good suffered"
	no_processes
	expect 1 env PATH=/nonexistent "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new \
		--out "$tmp/d.jsonl"
	has "$errs" 'QEMU is not installed'
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new \
		--out "$tmp/e.jsonl" >/dev/null 2>"$tmp/log" &
	sleep 3
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "status $? after ^C"
	no_processes
	[ -z "$(ls "$TMPDIR" /tmp | grep -E '^faultbench-(unsaved|initramfs)')" ] || fail "files are left"
}

# The arm64 worker with the benchmarks that lie, as the one that $liar_fb puts into guests.
arm64_liars() {
	liar_fb=$fb
	export FAULTBENCH_WORKER=$liars
	[ "$(uname -m)" = aarch64 ] && return
	[ -x "$build/aarch64/tests/faultbench-worker-liars" ] || exit 77
	mkdir -p "$tmp/build/aarch64"
	cp "$fb" "$tmp/build/"
	cp "$build/aarch64/tests/faultbench-worker-liars" "$tmp/build/aarch64/faultbench-worker"
	ln -s "$build/sysroot-arm64" "$tmp/build/"
	liar_fb=$tmp/build/faultbench
}

# A run that takes all of a guest's memory is ended by the kernel: that run has failed and says so, the
# others of its boot and the other boot are as ever. Where nobody is left to be ended, the boot has failed.
test_vm_oom() {
	command -v qemu-system-aarch64 >/dev/null || exit 77
	arm64_liars
	debian_kernel arm64 linux-image-6.12-cloud-arm64 arm64-new
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=lie\nvariant=eat, honest\n' >"$tmp/p.ini"
	vm m arm64
	sed -i 's/^memory=.*/memory=224M/' "$tmp/m.ini"
	expect 1 "$liar_fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-new --boots 2 \
		--out "$tmp/j.jsonl"
	no_processes
	grep '"type":"run"' "$tmp/j.jsonl" >"$tmp/runs"
	local killed='"failed","reason":"killed by the kernel.s OOM killer; kernel log: .*oom-kill.*; killed by SIGKILL'
	[ "$(grep '"variant":"honest"' "$tmp/runs" | grep -c '"status":"ok"')" = 4 ] ||
		fail "the others suffered: $errs"
	[ "$(grep '"variant":"eat"' "$tmp/runs" | grep -cE "$killed")" = 4 ] ||
		fail "not recognised: $errs"
	[ "$(grep -c '"type":"end"' "$tmp/j.jsonl")" = 2 ] || fail "a boot suffered: $errs"
	echo cmdline=mem=51M >>"$tmp/m.ini"
	expect 1 "$liar_fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-new --out "$tmp/k.jsonl"
	has "$errs" 'boot 0 of k: the guest failed: Kernel panic - not syncing: System is deadlocked on memory'
	has "$errs" '^    \[ .*Memory Limit: 51 MB'
	no_processes
}

# What is let into a guest, by how much memory it needs, finds it there: copies, and files on a tmpfs.
# And emulated times, which differ by more, are no reason to say that memory went cold.
test_vm_memory() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[cow]
	bench = cow
	size = 152M
	[pinned]
	bench = fork
	variant = pinned
	size = 152M
	[tmpfs]
	bench = fault-vma
	variant = tmpfs-write
	size = 280M
	EOF
	vm m x86_64
	sed -i 's/^memory=.*/memory=512M/' "$tmp/m.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 3 ] || fail "not all ran: $out"
	grep -q 'went cold' "$tmp/j.jsonl" && fail "emulated times have a meaning: $out"
	no_processes
}

# Each vCPU has a CPU of its own, where there are enough.
test_vm_pinned() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	[ "$(nproc)" -ge 2 ] || exit 77
	debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new
	printf '[plan]\nruns=30\niterations=20\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m x86_64
	local task cpus= i
	# Such a guest can fail to boot: see expect_vm.
	for i in 1 2 3; do
		"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl" \
			>"$tmp/log" 2>&1 &
		until grep -q '"type":"run"' "$tmp/j.jsonl" 2>/dev/null || ! kill -0 $! 2>/dev/null; do sleep 0.1; done
		kill -0 $! 2>/dev/null && break
		cat "$tmp/log"
	done
	for task in /proc/$(pgrep -P $! qemu)/task/*; do
		grep -q '^CPU [01]/' $task/comm && cpus="$cpus $(awk '/Cpus_allowed_list/ { print $2 }' $task/status)"
	done
	kill $!
	wait $!
	[ "$cpus" = " 0 1" ] || [ "$cpus" = " 1 0" ] || fail "vCPUs are on:$cpus"
	no_processes
}

# Memory bound to the node that is far from the CPU is there, page by page; no node 2 is named.
test_vm_numa() {
	command -v qemu-system-x86_64 >/dev/null || exit 77
	debian_kernel x86_64 linux-image-6.12-cloud-amd64 x86_64-new
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=16M\norder=0,9\nplace=list:0\nnode=0,1,2\n' \
		>"$tmp/p.ini"
	sed 's/^memory.*/memory = 1G\naccel = tcg\ntime-limit = 90/' configs/machines/x86-numa.ini >"$tmp/m.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c '"seen":"4096 of 4096 pages on node 1"' "$tmp/j.jsonl")" = 2 ] || fail "not on node 1: $errs"
	[ "$(grep -c '"seen":"4096 of 4096 pages on node 0"' "$tmp/j.jsonl")" = 2 ] || fail "not on node 0"
	[ "$(grep -c 'there is no NUMA node 2 with memory here' "$tmp/j.jsonl")" = 2 ] || fail "node 2?"
}

# Machines and words that contradict each other are refused before anything is started.
test_vm_bad_input() {
	local m=configs/machines other=arm64
	[ "$(uname -m)" = aarch64 ] && other=x86_64
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$@" --out "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	vm small x86_64 time-limit=9
	small() { # small NEED WORDS...: a point that the machine has not enough memory for
		local need=$1
		shift
		printf '[plan]\nruns = 1\n[x]\n' >"$tmp/large.ini"
		printf '%s\n' "$@" >>"$tmp/large.ini"
		bad "large.ini:4: \[x\]: [a-z/-]*: needs $need of memory, and 192M for the kernel: .*small.ini has 768M" \
			"$tmp/large.ini" --machine "$tmp/small.ini" --kernel a=b
	}
	small 1040M bench=fork size=1G
	small 609M bench=fork variant=pinned size=300M
	small 609M bench=cow size=300M
	small 609M bench=cow variant=moved-byte size=300M order=9
	small 609M bench=cow variant=unshare size=300M
	small 609M bench=fault-vma variant=private-file-write size=300M
	small 1190M bench=vma-touch maps=30000 pages=10
	small 849M bench=app-start libraries=10000
	printf '[machine]\nkind=qemu\narch=%s\naccel=kvm\n' $other >"$tmp/foreign.ini"
	bad "accel = kvm cannot run $other here" --machine "$tmp/foreign.ini" --kernel a=b
	printf '[machine]\nkind=qemu\ncolour=red\n' >"$tmp/key.ini"
	bad "key.ini:3: a machine has no key 'colour'" --machine "$tmp/key.ini" --kernel a=b
	printf '[machine]\nkind=qemu\nmemory=lots\n' >"$tmp/mem.ini"
	bad 'mem.ini:3: memory = lots: must be a size' --machine "$tmp/mem.ini" --kernel a=b
	printf '[machine]\nkind=qemu\nnodes=4\nvcpus=2\n' >"$tmp/nodes.ini"
	bad '4 NUMA nodes, but only 2 vCPUs' --machine "$tmp/nodes.ini" --kernel a=b
	bad 'starts kernels, and none is named' --machine $m/x86-vm.ini
	printf '[machine]\nkind=local\narch=arm64\n' >"$tmp/local.ini"
	bad 'local.ini:3: arch = arm64: kind = local is this machine as it is; arch is for kind = qemu' \
		--machine "$tmp/local.ini"
	printf '[machine]\nmemory=1G\n' >"$tmp/local.ini"
	bad 'local.ini:2: memory = 1G: kind = local' --machine "$tmp/local.ini"
	bad '--kernel needs a machine' --kernel a=b
	bad '--kernel a: must be LABEL=KERNEL' --machine $m/x86-vm.ini --kernel a
	bad 'nowhere.ini: cannot be read' --machine nowhere.ini --kernel a=b
	export XDG_CACHE_HOME=$tmp/cache
	printf 'not a kernel' >"$tmp/junk"
	bad 'junk' --machine $m/x86-vm.ini --kernel a="$tmp/junk"
}

# --- kernels from source -----------------------------------------------------------------------------

# tiny_tree: a "kernel" in $tmp/tree, with its compiler and tools in $tmp/bin. Its image is an arm64 header,
# a release, mm/*.o and lib/*.o, which are copies of the sources; a file slow makes it take a minute, and
# symbols named in the file lost get lost.
tiny_tree() {
	local tool
	for tool in git make ar; do
		command -v $tool >/dev/null || exit 77
	done
	mkdir -p "$tmp/bin" "$tmp/tree/mm" "$tmp/tree/lib"
	for tool in flex bison bc gcc aarch64-linux-gnu-gcc; do
		printf '#!/bin/sh\n[ $# = 3 ] && exec cp "$2" "$3"\necho tiny %s 1.0\n' $tool >"$tmp/bin/$tool"
	done
	chmod +x "$tmp"/bin/*
	printf 'int copy_present_ptes(void)\n{\n\tif (unlikely(!*prealloc && folio_test_large(folio) && max_nr != 1)) {\n\t}\n}\n' \
		>"$tmp/tree/mm/memory.c"
	echo mlock >"$tmp/tree/mm/mlock.c"
	echo string >"$tmp/tree/lib/string.c"
	: >"$tmp/tree/Kconfig"
	cat >"$tmp/tree/Makefile" <<-'EOF'
	.RECIPEPREFIX = >
	CC = $(CROSS_COMPILE)gcc
	MM = $(patsubst %.c,%.o,$(wildcard mm/*.c))
	LIB = $(patsubst lib/%.c,%.o,$(wildcard lib/*.c))
	allnoconfig:
	>cp $(KCONFIG_ALLCONFIG) $(O)/.config
	>@$(MAKE) olddefconfig
	olddefconfig:
	>if [ -f lost ]; then grep -vFf lost $(O)/.config >$(O)/new; mv $(O)/new $(O)/.config; fi
	Image:
	>echo built >>$(COUNT)
	>echo "  CC      mm/memory.o"
	>if [ -f slow ]; then sleep 61; fi
	>@if grep -q SYNTAX mm/memory.c; then echo "mm/memory.c:1:1: error: SYNTAX" >&2; exit 1; fi
	>mkdir -p $(O)/arch/arm64/boot $(O)/mm $(O)/lib
	>@for o in $(MM) $(addprefix lib/,$(LIB)); do $(CC) -c $${o%.o}.c $(O)/$$o || exit 1; done
	>rm -f $(O)/vmlinux.a $(O)/lib/lib.a
	>cd $(O) && ar cDPrST vmlinux.a $(MM)
	>cd $(O)/lib && ar cDPrST lib.a $(LIB)
	>echo 'savedcmd_vmlinux.o := ld -o vmlinux.o vmlinux.a --start-group lib/lib.a --end-group' >$(O)/.vmlinux.o.cmd
	>(head -c 56 /dev/zero; printf 'ARM\144Linux version 6.99.0 (tiny)'; cd $(O); cat $(MM) $(addprefix lib/,$(LIB))) >$(O)/arch/arm64/boot/Image
	EOF
	export XDG_CACHE_HOME=$tmp/cache PATH=$tmp/bin:$PATH COUNT=$tmp/count CCACHE_DISABLE=1
	kernels=$tmp/cache/faultbench/kernels
}

tiny_git() {
	git -C "$tmp/tree" -c user.name=n -c user.email=e@example.org "$@" || fail "git $*"
}

# tiny STATUS LABEL WORDS...: kernel build
tiny() {
	local want=$1 label=$2
	shift 2
	expect $want "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label $label "$@"
}

builds() { # builds N: so many were there
	[ "$(wc -l <"$COUNT")" = $1 ] || fail "$(wc -l <"$COUNT") builds, not $1: $errs"
}

# What is the same is built once, under whatever label; an edit is built, its undoing gives the same image.
test_build_cached() {
	local label
	tiny_tree
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	tiny 0 base
	has "$out" '^release  6.99.0$'
	tiny 0 base
	has "$errs" 'base: already built'
	tiny 0 again --rev HEAD
	has "$errs" "again: already built as 'base'"
	builds 1
	tiny 0 variant --variant no-fork-batch
	grep -q 'if (false) {' "$kernels/variant/image" || fail "no variant"
	[ -z "$(tiny_git status --porcelain)" ] && [ ! -d "$tmp/tree/.git/worktrees" ] || fail "the tree was written to"
	echo '/* more */' >>"$tmp/tree/mm/memory.c"
	tiny_git commit -qam two
	tiny 0 base
	builds 3
	cmp -s "$kernels/base/image" "$kernels/again/image" && fail "the edit is not in it"
	tiny_git revert --no-edit HEAD >/dev/null
	tiny 0 undone
	builds 3
	cmp "$kernels/undone/image" "$kernels/again/image" || fail "not what it was"
	# Built again, not copied.
	cp "$kernels/again/kernel.json" "$kernels/again/objects" "$tmp"
	for label in again undone; do
		expect 0 "$fb" kernel remove $label
	done
	tiny 0 undone
	builds 4
	[ "$(grep sha256 "$kernels/undone/kernel.json")" = "$(grep sha256 "$tmp/kernel.json")" ] || fail "another image"
	cmp "$kernels/undone/objects" "$tmp/objects" || fail "other objects"
	tiny 0 older --rev HEAD~1
	builds 4
	git clone -q --bare "$tmp/tree" "$tmp/tree.git" || fail "clone"
	expect 0 "$fb" kernel build --tree "$tmp/tree.git" --arch arm64 --label bare
	has "$errs" 'bare: already built as'
	expect 0 "$fb" kernel list --json
	has "$out" '"source": "build:.*/tree@HEAD\+no-fork-batch"'
	[ "$(printf '%s' "$out" | grep -c '"fork_batching": "no"')" = 1 ] || fail "features: $out"
	tiny 2 undone --variant no-fork-batch
	has "$errs" "there is another kernel 'undone'"
}

# A pair is proved: builds say in which objects they differ, copies have the list, fetched kernels have none.
test_build_objects() {
	tiny_tree
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	tiny 0 base
	[[ $errs != *differs* ]] || fail "from nothing: $errs"
	[ "$(sed 's/.* //' "$kernels/base/objects" | tr '\n' ' ')" = 'lib/string.o mm/memory.o mm/mlock.o ' ] ||
		fail "objects: $(cat "$kernels/base/objects")"
	(cd "$tmp"/cache/faultbench/build/*/arm64-*[0-9a-f]/ && sha256sum --quiet -c "$kernels/base/objects") ||
		fail "not the checksums"
	tiny 0 variant --variant no-fork-batch
	has "$errs" 'note: variant differs from base in 1 of 3 objects: mm/memory.o$'
	expect 0 "$fb" kernel diff base variant
	[ "$out" = "$(printf '%s\n' 'base and variant: the images differ' '1 of 3 objects differs: mm/memory.o')" ] ||
		fail "$out"
	# What is no longer in the tree is still in the build folder, and counts no more.
	tiny_git mv mm/mlock.c lib/mlock.c
	echo more >>"$tmp/tree/lib/string.c"
	tiny_git commit -qam two
	tiny 0 two
	has "$errs" 'note: two differs from variant in 2 of 2 objects: lib/string.o, mm/memory.o; only in two: lib/mlock.o; only in variant: mm/mlock.o$'
	expect 0 "$fb" kernel diff base two
	[ "$out" = "$(printf '%s\n' 'base and two: the images differ' '1 of 2 objects differs: lib/string.o' \
		'only in base: mm/mlock.o' 'only in two: lib/mlock.o')" ] || fail "$out"
	# The same label again, after an edit; the same source is nearer than what was built last, also with
	# another config.
	echo '/* more */' >>"$tmp/tree/mm/memory.c"
	tiny_git commit -qam three
	tiny 0 two
	has "$errs" 'note: two differs from its last build in 1 of 3 objects: mm/memory.o$'
	expect 0 "$fb" kernel remove variant
	tiny 0 variant --rev HEAD~2 --variant no-fork-batch
	has "$errs" 'note: variant differs from base in 1 of 3 objects: mm/memory.o$'
	tiny 0 config --config "$tmp/tree/Kconfig" --variant no-fork-batch
	has "$errs" 'note: config differs from two in 1 of 3 objects: mm/memory.o$'
	tiny 0 again --rev HEAD~2
	has "$errs" "again: already built as 'base'"
	cmp "$kernels/base/objects" "$kernels/again/objects" || fail "the copy's list"
	expect 0 "$fb" kernel diff base again
	[ "$out" = "$(printf '%s\n' 'base and again: the same image, to the byte' 'none of 3 objects differs')" ] ||
		fail "$out"
	expect 0 "$fb" kernel diff base variant --json
	printf '%s' "$out" | tr -d ' \n' >"$tmp/json"
	[ "$(cat "$tmp/json")" = '{"a":"base","b":"variant","same_image":false,"objects":3,"differ":["mm/memory.o"],"only_a":[],"only_b":[]}' ] ||
		fail "$out"
	expect 0 "$fb" kernel fetch "$kernels/base/image" --label fetched
	expect 0 "$fb" kernel diff base fetched
	[ "$out" = 'base and fetched: the same image, to the byte' ] || fail "$out"
	refused() { # refused PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" kernel diff "$@"
		one_line "$(printf '%s\n' "$errs" | head -1)"
		has "$errs" "$pattern"
	}
	refused 'fetched: has no list of its objects: it was fetched, not built' fetched variant
	refused 'fetched: has no list of its objects: it was fetched, not built' variant fetched
	refused "there is no kernel 'nobody'" base nobody
	refused "'../base' is no label" ../base base
	refused 'takes two labels, not 1' base
	refused 'takes two labels, not 3' base two again
	rm "$kernels/two/objects"
	refused 'two: has no list of its objects: .* built before there were lists' base two
}

# ccache is used where it is installed, said once, and makes no other build of it.
test_build_ccache() {
	local tool
	tiny_tree
	export CCACHED=$tmp/ccached
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/ccache"
	chmod +x "$tmp/bin/ccache"
	tiny 0 a
	has "$errs" 'a: building; log'
	printf '#!/bin/sh\n[ "$1" = --version ] && exit\necho "$@" >>"$CCACHED"\nexec "$@"\n' >"$tmp/bin/ccache"
	tiny 0 b
	has "$errs" "already built as 'a'"
	builds 1
	echo more >>"$tmp/tree/mm/mlock.c"
	tiny 0 b
	[ "$(printf '%s' "$errs" | grep -c ccache)" = 1 ] && has "$errs" 'note: b: building with ccache; log' || fail "$errs"
	has "$(cat "$CCACHED")" '^(aarch64-linux-gnu-)?gcc -c mm/mlock.c '
	has "$errs" 'note: b differs from its last build in 1 of 3 objects: mm/mlock.o$'
	for tool in clang ld.lld llvm-ar; do
		sed "s/gcc/$tool/" "$tmp/bin/gcc" >"$tmp/bin/$tool" && chmod +x "$tmp/bin/$tool"
	done
	tiny 0 c --clang
	has "$(cat "$CCACHED")" '^clang -c mm/mlock.c '
}

# A plain folder: copied, followed when it changes, and refused where it was built in.
test_build_folder() {
	tiny_tree
	tiny 0 a
	tiny 0 a
	builds 1
	touch -d '2001-01-01' "$tmp/tree/mm/memory.c"
	tiny 0 a
	builds 2
	sed -i 's/max_nr != 1/max_nr > 1/' "$tmp/tree/mm/memory.c"
	touch -d '2001-01-02' "$tmp/tree/mm/memory.c"
	tiny 0 a
	grep -q 'max_nr > 1' "$kernels/a/image" || fail "an old file was built"
	tiny 2 b --variant no-fork-batch
	one_line "$(printf '%s' "$errs" | grep -v note:)"
	has "$errs" 'variant no-fork-batch does not fit this tree: 0 times, not once, in copy_present_ptes\(\) of mm/memory.c'
	tiny 2 b --rev HEAD
	has "$errs" 'is no git tree'
	# A complete config, and over it what a guest needs.
	printf 'CONFIG_OWN=y\n# CONFIG_VIRTIO_PCI is not set\n' >"$tmp/own"
	tiny 0 own --config "$tmp/own"
	grep -qx CONFIG_OWN=y "$kernels/own/config" && [ "$(grep VIRTIO_PCI "$kernels/own/config" | tail -1)" = CONFIG_VIRTIO_PCI=y ] ||
		fail "not the config"
	grep -q CONFIG_EXPERT "$kernels/own/config" && fail "base.config is in it"
	: >"$tmp/tree/.config"
	tiny 2 a
	has "$errs" 'has been built in'
}

# What is wrong with the tree, the words or the machine: one line that names it, and nothing is built.
test_build_refused() {
	local tool
	tiny_tree
	bad() { # bad STATUS PATTERN WORDS...
		local want=$1 pattern=$2
		shift 2
		tiny $want x "$@"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	tiny_git init -q
	bad 2 "has no commit 'HEAD'"
	tiny_git add .
	tiny_git commit -qm one
	tiny_git commit -qm two --allow-empty
	bad 2 "has no commit 'v9'" --rev v9
	bad 2 "has no commit '--help'" --rev=--help
	echo >>"$tmp/tree/mm/memory.c"
	bad 2 'changes that are not committed \(mm/memory.c ...\)'
	tiny_git checkout -q mm/memory.c
	echo >"$tmp/tree/mm/new.c"
	bad 2 'changes that are not committed \(mm/new.c ...\)'
	mv "$tmp/tree/mm/new.c" "$tmp/tree/mm/notes"
	bad 2 "there is no variant 'no-such'" --variant no-such
	bad 2 'nowhere: cannot be read' --config nowhere
	expect 2 "$fb" kernel build --tree "$tmp/bin" --arch arm64 --label x
	has "$errs" 'no kernel source: there is no Makefile'
	expect 2 "$fb" kernel build --tree "$tmp/tree" --arch x86_64 --label x --variant no-contpte
	has "$errs" 'no-contpte is for arm64 only'
	expect 2 "$fb" kernel build --tree "$tmp/tree" --label x
	has "$errs" 'kernel build needs --arch$'
	tiny 2 x --variant no-contpte --variant no-contpte
	has "$errs" '--variant no-contpte: is named twice'
	expect 2 "$fb" kernel build
	has "$errs" 'kernel build needs --tree, --arch and --label$'
	git clone -q --depth 1 "file://$tmp/tree" "$tmp/shallow" || fail "clone"
	expect 2 "$fb" kernel build --tree "$tmp/shallow" --arch arm64 --label x --rev HEAD~1
	has "$errs" 'shallow clone'
	mkdir "$tmp/few"
	for tool in git env make sha256sum sh; do
		ln -s "$(command -v $tool)" "$tmp/few/"
	done
	expect 77 env PATH="$tmp/few" "$fb" kernel build --tree "$tmp/tree" --rev HEAD --arch arm64 --label x
	one_line "$errs"
	has "$errs" 'gcc is not installed, which building a kernel needs: apt-get install gcc'
	[ ! -e "$COUNT" ] || fail "something was built"
	expect 0 "$fb" kernel build --tree "$tmp/shallow" --arch arm64 --label x
	builds 1
	tiny 0 y --rev HEAD
	has "$errs" "y: already built as 'x'"
}

# A build that fails names the first error, one that loses a symbol the symbol; both keep their log.
test_build_fails() {
	tiny_tree
	echo PROC_PAGE_MONITOR >"$tmp/tree/lost"
	tiny 1 x
	has "$errs" 'x: .* does not keep 1 of the symbols that are wanted: PROC_PAGE_MONITOR=y \(is n\)$'
	[ ! -e "$COUNT" ] || fail "it was built"
	# What is optional may get lost.
	echo ARM64_CONTPTE >"$tmp/tree/lost"
	tiny 0 x
	echo SYNTAX >>"$tmp/tree/mm/memory.c"
	tiny 1 x
	one_line "$(printf '%s' "$errs" | grep -v note:)"
	has "$errs" 'x: the build failed: mm/memory.c:1:1: error: SYNTAX; log: /.*/x.log$'
	[ -f "$(printf '%s' "$errs" | sed -n 's/.*log: //p' | tail -1)" ] || fail "no log"
}

# Two at a time would spoil each other's numbers and switches: the second one says so, and can run as soon
# as the first has ended, however that ends.
test_one_at_a_time() {
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=contend\nfaulters=1\nwriters=0\ntime=60000\n' >"$tmp/p.ini"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=1M\n' >"$tmp/q.ini"
	env --default-signal "$fb" run "$tmp/p.ini" --out "$tmp/a.jsonl" >/dev/null 2>"$tmp/log" &
	for i in $(seq 100); do
		grep -q '"type":"machine"' "$tmp/a.jsonl" 2>/dev/null && break
		sleep 0.1
	done
	expect 77 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	has "$errs" 'another faultbench measures on this machine'
	one_line "$errs"
	kill -KILL $!
	wait $! 2>/dev/null
	expect 0 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	no_processes
}

# ^C and SIGTERM end all that was started, leave nothing half, and the next time it is built.
test_build_interrupted() {
	local sig i
	tiny_tree
	: >"$tmp/tree/slow"
	for sig in INT TERM; do
		rm -f "$COUNT"
		env --default-signal "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x 2>"$tmp/log" &
		for i in $(seq 100); do
			[ -e "$COUNT" ] && break
			sleep 0.1
		done
		sleep 0.2
		kill -$sig $!
		wait $!
		i=$?
		[ $i = $((128 + $(kill -l $sig))) ] || fail "status $i after $sig: $(cat "$tmp/log")"
		pgrep -u "$(id -u)" -fx 'sleep 61' >/dev/null && fail "make's children go on"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -A "$kernels")"
	done
	rm "$tmp/tree/slow"
	tiny 0 x
}

# full_build: builds with more and more room. Each time it fails the reason is said, and there is nothing
# half; the last one, in what all others have left, gives what is built where there was room from the start.
full_build() {
	local room got failed=0
	for room in $(seq 0 20 1000); do
		rm -f "$tmp/full/filler"
		head -c $((room_there - room * 1024 - $(du -sB1 "$tmp/full" | cut -f1))) /dev/zero >"$tmp/full/filler"
		"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x >/dev/null 2>"$tmp/log" && got=0 || got=$?
		[ $got = 0 ] && break
		failed=$((failed + 1))
		[ $got = 1 ] || fail "status $got with $room KiB left: $(cat "$tmp/log")"
		grep -qE 'No space left on device|is left on the disk of' "$tmp/log" ||
			fail "with $room KiB left it says: $(cat "$tmp/log")"
		one_line "$(grep -v note: "$tmp/log")"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -AR "$kernels")"
	done
	[ $got = 0 ] && [ $failed -gt 5 ] || fail "status $got after $failed failures: $(cat "$tmp/log")"
	cmp "$kernels/x/image" "$tmp/image" || fail "not what is built elsewhere"
	rm -rf "$tmp"/full/*
}

test_build_full_disk() {
	local room_there=$((2 << 20))
	tiny_tree
	is_root && mkdir "$tmp/full" && mount -t tmpfs -o size=$room_there none "$tmp/full" 2>/dev/null || exit 77
	trap 'umount "$tmp/full"' EXIT
	head -c 60000 /dev/urandom | base64 >>"$tmp/tree/mm/mlock.c"
	tiny 0 x
	mv "$kernels/x/image" "$tmp/image"
	export XDG_CACHE_HOME=$tmp/full
	kernels=$tmp/full/faultbench/kernels
	full_build
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	full_build
}

# Two builds of one tree at a time: the second waits for the first, and says so; both are whole.
test_build_two() {
	local i
	tiny_tree
	: >"$tmp/tree/slow"
	: >"$tmp/wait"
	sed -i "s#sleep 61#while [ -e $tmp/wait ]; do sleep 0.1; done#" "$tmp/tree/Makefile"
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label first >/dev/null 2>"$tmp/first" &
	for i in $(seq 100); do
		[ -e "$COUNT" ] && break
		sleep 0.1
	done
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label second --variant no-fork-batch \
		>/dev/null 2>"$tmp/second" &
	for i in $(seq 100); do
		grep -q waiting "$tmp/second" && break
		sleep 0.1
	done
	has "$(cat "$tmp/second")" 'note: /.*/tree: waiting for another build of this tree$'
	builds 1
	rm "$tmp/wait"
	wait -n && wait -n || fail "$(cat "$tmp/first" "$tmp/second")"
	builds 2
	has "$(cat "$tmp/second")" 'second differs from first in 1 of 3 objects: mm/memory.o'
	for i in first second; do
		[ "$(ls "$kernels/$i" | tr '\n' ' ')" = 'config image kernel.json objects ' ] || fail "$i: $(ls "$kernels/$i")"
		grep -q "\"sha256\": \"$(sha256sum "$kernels/$i/image" | cut -d' ' -f1)\"" "$kernels/$i/kernel.json" ||
			fail "$i: not its image"
	done
	tiny 0 alone --rev HEAD
	has "$errs" "already built as 'first'"
}

# A base and three patches in the tiny tree, of which the second does not build; a QEMU that starts none.
series_tree() {
	local i
	tiny_tree
	printf '#!/bin/sh\necho no guest today >&2\nexit 1\n' >"$tmp/bin/qemu-system-aarch64"
	chmod +x "$tmp/bin/qemu-system-aarch64"
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm base
	tiny_git tag v1
	for i in 1 2 3; do
		echo "line $i" >>"$tmp/tree/mm/memory.c"
		[ $i != 2 ] || echo SYNTAX >>"$tmp/tree/mm/memory.c"
		[ $i != 3 ] || sed -i /SYNTAX/d "$tmp/tree/mm/memory.c"
		tiny_git commit -qam "mm: patch $i"
	done
}

series() { # series STATUS WORDS...
	local want=$1
	shift
	expect $want "$fb" series --tree "$tmp/tree" --machine configs/machines/arm64-exact.ini --boots 1 \
		--out "$tmp/j.jsonl" "$@"
}

# A range and an mbox of the same patches: the same kernels, built once; what does not build is in the
# journal as such; the base has to.
test_series() {
	series_tree
	series 0 --range v1..HEAD --dry-run
	[ "$(printf '%s\n' "$out" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: patch 1
2/3 mm: patch 2
3/3 mm: patch 3" ] || fail "not the patches: $out"
	series 1 --range v1..HEAD # no guest, no run
	has "$errs" '2/3, arm64: .* mm: patch 2'
	has "$errs" 'the build failed: mm/memory.c:1:1: error: SYNTAX'
	has "$errs" 'boot 0 of 3/3: QEMU ended with status 1'
	has "$(printf '%s\n' "$errs" | tail -1)" 'no guest today|QEMU ended with status 1'
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "not 4 kernels in the journal"
	has "$(grep '"label":"2/3"' "$tmp/j.jsonl")" '"skip":"mm/memory.c:1:1: error: SYNTAX","patch":2'
	has "$(sed -n 2p "$tmp/j.jsonl")" '^{"type":"command","words":\["series",.*"--tree",".../tree"'
	grep -q "$tmp" "$tmp/j.jsonl" && fail "a folder's name"
	builds 4
	# Once more: only what failed is tried.
	series 1 --range v1..HEAD
	builds 5
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "a kernel is in the journal twice"
	tiny_git format-patch -q -o "$tmp/patches" --cover-letter v1..HEAD
	cat "$tmp"/patches/000[123]*.patch >"$tmp/series.mbox"
	tiny_git checkout -q v1
	series 0 --base v1 --series "$tmp/series.mbox" --dry-run
	has "$out" '^3/3 [0-9a-f]{12} mm: patch 3$'
	local first=$out
	series 0 --base v1 --series "$tmp/patches" --dry-run
	[ "$out" = "$first" ] || fail "a folder gives other commits: $out, not $first"
	rm "$tmp/j.jsonl"
	series 1 --base v1 --series "$tmp/patches"
	builds 6
	has "$errs" "3/3, arm64:|already built as"
	# The tree was only read.
	[ -z "$(tiny_git status --porcelain)" ] || fail "the tree was written to"
	[ "$(tiny_git rev-parse HEAD)" = "$(tiny_git rev-parse v1)" ] || fail "HEAD moved"
	# Another image under a label of the journal.
	sed -i 's/"sha256":"[0-9a-f]*"/"sha256":"00"/' "$tmp/j.jsonl"
	series 2 --base v1 --series "$tmp/patches"
	has "$errs" "j.jsonl: holds another kernel 'baseline' .image 00, this one is [0-9a-f]{12}.; give another --out"
}

test_series_bad_input() {
	series_tree
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		series 2 "$@"
		has "$errs" "$pattern"
	}
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine arm64-vm --functions=3
	one_line "$errs"
	has "$errs" '--functions: the machine arm64-vm counts no instructions'
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD
	has "$errs" 'series needs --machine$'
	bad 'either --range' --range v1..HEAD --series x --base v1
	bad 'either --range'
	bad 'they go together' --series x
	bad '--range v1: must be BASE..TOP' --range v1
	bad "tree: has no commit 'v9'" --range v9..HEAD
	bad 'no commit between v1 and' --range v1..v1
	bad '^faultbench: --range HEAD..v1: the wrong way round, .*: --range v1..HEAD$' --range HEAD..v1
	one_line "$errs"
	bad 'layouts 9: must be a whole number from 0 to 6' --range v1.. --layouts 9
	bad 'nowhere: No such file' --base v1 --series "$tmp/nowhere"
	bad 'bin: 0 patches in it' --base v1 --series "$tmp/bin"
	local m=configs/machines/arm64-exact.ini
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine $m --out "$tmp/nowhere/j.jsonl"
	one_line "$errs"
	has "$errs" 'nowhere/j.jsonl: cannot be opened for writing: No such file'
	printf '{"type":"plan","schema":1,"name":"other"}\n' >"$tmp/j.jsonl"
	bad 'j.jsonl: holds another plan' --range v1..HEAD
	rm "$tmp/j.jsonl"
	tiny_git format-patch -q -o "$tmp/patches" v1..HEAD
	rm "$tmp"/patches/0001*
	bad 'patches: patch 1 .*mm: patch 2.* does not apply on v1: .*mm/memory.c' --base v1 --series "$tmp/patches"
	tiny_git checkout -q -b side v1
	tiny_git commit -q --allow-empty -m side
	tiny_git merge -q -m merge --no-ff master
	bad 'has a merge in it' --range v1..side
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine configs/machines/local.ini
	has "$errs" 'does not start kernels'
	rm -rf "$tmp/tree/.git"
	bad 'is no git tree' --range v1..HEAD
	bad 'is no git tree' --base v1 --series "$tmp/patches"
	[ ! -e "$COUNT" ] || fail "something was built"
	[ ! -e "$tmp/j.jsonl" ] || fail "a journal was left"
}

# The statuses that git bisect run knows: what cannot be built is skipped, wrong words stop it.
test_bisect_step() {
	local m=configs/machines/arm64-exact.ini
	series_tree
	step() { # step STATUS WORDS...
		local want=$1
		shift
		expect $want "$fb" bisect-step --tree "$tmp/tree" --boots 1 --out "$tmp/steps" "$@"
	}
	step 255 --machine $m
	has "$errs" 'bisect-step needs --base$'
	step 255
	has "$errs" 'bisect-step needs --base and --machine$'
	step 255 --machine $m --base v9
	has "$errs" "has a commit 'v9'|with a commit 'v9'"
	step 255 --machine configs/machines/arm64-vm.ini --base v1
	has "$errs" 'decided by counts'
	step 255 --machine $m --base v1 --threshold 1
	has "$errs" 'must be a percentage'
	: >"$tmp/steps"
	step 255 --machine $m --base v1
	rm "$tmp/steps"
	[ ! -e "$COUNT" ] || fail "something was built"
	# The base must be measured, and no guest starts here.
	step 255 --machine $m --base v1
	has "$errs" 'the base, v1, must be built and counted'
}

# A base with exact runs of its own, and commits that were counted before: only judged.
test_bisect_judges() {
	local m=configs/machines/arm64-exact.ini base head k
	series_tree
	expect 0 "$fb" kernel build --tree "$tmp/tree" --rev v1 --arch arm64 --label b
	base=$(tiny_git rev-parse v1) head=$(tiny_git rev-parse HEAD)
	judge() { # judge STATUS PATTERN INSNS
		rm -rf "$tmp/steps"
		expect 255 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m --out "$tmp/steps" \
			--set size=64M
		counted $base 1000000
		# The base is there; this commit's boots fail, but for what is put there.
		expect 125 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		counted $head $3
		expect $1 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		has "$out" "$2"
	}
	judge 1 "^${head:0:12} is bad: fork order-0 .pte-map. takes 1.00% more kernel instructions than" 1010000
	judge 0 "^${head:0:12} is good: nothing takes 0.50% more" 1004000
	judge 0 "^${head:0:12} is good" 900000
}

# counted COMMIT INSNS: gives its journal the runs of all its points, 2 boots
counted() {
	local label=${1:0:12} file boot
	file=$tmp/steps/$label.jsonl
	for boot in 0 1; do
		sed -n 1p "$file" | grep -o '"point":{[^}]*}' |
			sed "s/.*/{\"type\":\"run\",\"kernel\":\"$label\",\"boot\":$boot,\"run\":0,&,\"status\":\"ok\",\"unit\":\"insn\",\"samples\":[$2,$2,$2],\"source\":\"exact\",\"per\":\"fork\",\"per_count\":1,\"counts\":{\"user\":[1,1,1]}}/" >>"$file"
	done
}

# Debian's 6.12 from source, with and without what the series were about, and a made-up series.
test_long_kernels() {
	local got
	tests/tools/long-kernels.sh
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
	no_processes
}

# --- exact mode ----------------------------------------------------------------------------------

# exact_kernels ARCH: both kernels in the cache, a machine that counts in $tmp/m.ini, a plan in $tmp/p.ini.
exact_kernels() {
	debian_pair $1
	sed 's/^memory.*/memory = 1G/' configs/machines/${1%_64}-exact.ini >"$tmp/m.ini"
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fork]
	bench = fork
	size = 16M
	order = 0, 9
	[munmap]
	bench = zap
	size = 16M
	[fault]
	bench = fault
	size = 4M
	threads = 1, 2
	EOF
}

exact_run() { # exact_run STATUS JOURNAL WORDS...
	local want=$1 journal=$2
	shift 2
	expect $want "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --out "$tmp/$journal" "$@"
	no_processes
}

# One kernel under two labels counts the same to the last instruction, also after a part was lost; two
# kernels differ as published; functions add up; what several threads do is not counted.
exact_mode() { # exact_mode ARCH CLASSES...
	local arch=$1 n own
	exact_kernels $arch
	[ $arch = arm64 ] && own=120 || own=360
	shift
	exact_run 0 j.jsonl --kernel a=$arch-new --kernel b=$arch-new --boots 2 --functions=3
	[ "$(grep -c '"source":"exact"' "$tmp/j.jsonl")" = 16 ] || fail "not 16 counted runs: $errs"
	[ "$(grep -c '"unit":"insn"' "$tmp/j.jsonl")" = 16 ] || fail "unit"
	has "$(sed -n 2p "$tmp/j.jsonl")" '"qemu":"[0-9]+[.][0-9.]+"'
	[ "$(head -1 "$tmp/j.jsonl" | grep -o '"warmup":[0-9]*' | sort -u)" = '"warmup":2' ] || fail "warm-up"
	[ "$(grep -c '"status":"skipped","reason":"exact mode counts one worker' "$tmp/j.jsonl")" = 4 ] ||
		fail "two threads were not skipped"
	"$build/tests/exact-check" same "$tmp/j.jsonl" || fail "the same kernel counts otherwise"
	"$build/tests/exact-check" sums "$tmp/j.jsonl" "$@" || fail "sums"
	has "$out" '^kernel insns .* 0.00% +no difference'
	[ "$(printf '%s' "$out" | grep -cE '(more|less)$')" = 0 ] || fail "a difference: $out"
	has "$out" '^total '
	# The last boot's end is lost: its guest does everything again, and it comes out the same.
	n=$(grep -n '"type":"machine"' "$tmp/j.jsonl" | tail -1 | cut -d: -f1)
	head -$((n + 1)) "$tmp/j.jsonl" >"$tmp/k.jsonl"
	exact_run 0 k.jsonl --kernel a=$arch-new --kernel b=$arch-new --boots 2
	[ "$(grep -c '"source":"exact"' "$tmp/k.jsonl")" = 16 ] || fail "runs are missing or doubled"
	"$build/tests/exact-check" same "$tmp/j.jsonl" "$tmp/k.jsonl" || fail "not as before"
	exact_run 0 o.jsonl --kernel old=$arch-old --kernel new=$arch-new --boots 2
	"$build/tests/exact-check" sums "$tmp/o.jsonl" || fail "sums"
	# A fork copies 4096 pages and the process's own, which are few: what the harness leaves behind counts.
	n=$(sed -n 's/.*"kernel":"old".*"bench":"fork".*"order":0,.*"vm_normal_page":{[^}]*"calls":\([0-9]*\).*/\1/p' "$tmp/o.jsonl" | head -1)
	[ -n "$n" ] && [ $n -gt $((2 * 4096)) ] && [ $n -lt $((2 * (4096 + own))) ] || fail "two forks copy $n pages"
	expect 0 "$fb" compare "$tmp/o.jsonl"
	has "$(printf '%s' "$out" | sed -n '/^fork.*order-0/,/^TLB/p')" '^kernel insns.* more$'
	has "$(printf '%s' "$out" | sed -n '/^fork.*order-9/,/^TLB/p')" '^kernel insns.* less$'
}

test_exact_arm64() {
	exact_mode arm64 load store atomic dsb dmb isb tlbi-va interrupts -hrtimer_interrupt -gic_handle_irq
}

test_exact_x86() {
	exact_mode x86_64 load store atomic invlpg cr3 serialise interrupts -hrtimer_interrupt -__common_interrupt
}

# The plugin against the emulated CPU's own counter, read in the guest by perf_event.
test_exact_pmu() {
	exact_kernels arm64
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 3
	counters = instructions:k
	[fork]
	bench = fork
	size = 16M, 64M
	[munmap]
	bench = zap
	size = 16M, 64M
	EOF
	exact_run 0 j.jsonl --kernel new=arm64-new --kernel old=arm64-old --boots 1
	"$build/tests/exact-check" pmu "$tmp/j.jsonl" || fail "not as the PMU counts"
}

# A kernel with known instructions added to its image is found to have them: as many as their addresses
# show, and by the verdict.
test_exact_added() {
	local plain
	exact_kernels arm64
	# A bare image, as the patched one is: the same without modules.
	plain=$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	exact_run 0 one.jsonl --kernel plain="$plain" --boots 1
	"$build/tests/exact-check" patch "$tmp/one.jsonl" "$plain" \
		"$tmp/Image" __cond_resched 0.5 || fail "no patch"
	exact_run 0 j.jsonl --kernel plain="$plain" --kernel patched="$tmp/Image" --boots 2
	"$build/tests/exact-check" added "$tmp/j.jsonl" || fail "not what was added"
	has "$out" '^kernel insns .* more$'
}

# An instruction that lies across two pages is one: the emulator translates it twice.
test_exact_across_pages() {
	local liars=$build/tests/faultbench-worker-liars inside across
	[ "$(uname -m)" = x86_64 ] || exit 77
	exact_kernels x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=lie\nsize=1M\nvariant=inside, across\n' >"$tmp/p.ini"
	export FAULTBENCH_WORKER=$liars
	exact_run 0 j.jsonl --kernel a=x86_64-new --boots 1
	inside=$(grep '"variant":"inside".*"counts"' "$tmp/j.jsonl" | grep -o '"user":[^]]*')
	across=$(grep '"variant":"across".*"counts"' "$tmp/j.jsonl" | grep -o '"user":[^]]*')
	[ -n "$inside" ] && [ "$inside" = "$across" ] || fail "inside a page $inside, across two $across"
}

# What cannot be counted is refused before anything starts, and what goes wrong is named.
test_exact_trouble() {
	exact_kernels x86_64
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/bad.jsonl" "$@"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	sed 's/^vcpus.*/vcpus = 2/' "$tmp/m.ini" >"$tmp/two.ini"
	bad 'accel = exact counts one vCPU, and here are 2' --machine "$tmp/two.ini" --kernel a=x86_64-new
	bad 'jobs 0: must be a whole number' --jobs 0
	bad 'jobs 2: this machine runs one kernel' --jobs 2
	expect 2 "$fb" run "$tmp/p.ini" --functions=x
	has "$errs" 'functions=x: must be a whole number'
	# Without the plugin.
	mkdir "$tmp/bin"
	cp "$fb" "$worker" "$tmp/bin/"
	expect 1 "$tmp/bin/faultbench" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/a.jsonl"
	has "$errs" 'faultbench-exact.so: the plugin that counts cannot be read: No such file'
	# A plugin that is none.
	echo junk >"$tmp/bin/faultbench-exact.so"
	expect 1 "$tmp/bin/faultbench" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/b.jsonl"
	has "$errs" 'boot 0 of a: QEMU ended with status 1'
	no_processes
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new \
		--out "$tmp/c.jsonl" >/dev/null 2>"$tmp/log" &
	sleep 3
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "status $? after ^C"
	no_processes
	# A guest whose symbols are hidden: its interrupts cannot be told apart.
	printf 'cmdline = sysctl.kernel.kptr_restrict=2\n' >>"$tmp/m.ini"
	exact_run 1 hidden.jsonl --kernel a=x86_64-new --boots 1 --set iterations=1
	n='"status":"void".*"reason":"interrupts are counted as the operation.s own: the guest shows no symbols'
	[ "$(grep '"source":"exact"' "$tmp/hidden.jsonl" | grep -c "$n")" = 4 ] || fail "not void"
	sed -i '/kptr_restrict/d' "$tmp/m.ini"
	# Counts beside times say nothing together.
	exact_run 0 d.jsonl --kernel a=x86_64-new --boots 1 --set iterations=1
	expect 2 "$fb" compare "$tmp/d.jsonl" tests/golden/fork.jsonl
	one_line "$errs"
}

# We are stopped until the guest has ended: it does not wait, and nothing is mixed up or lost.
test_exact_late() {
	local pid i
	exact_kernels x86_64
	"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 --set iterations=1 \
		--out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	until grep -q '"type":"run"' "$tmp/j.jsonl" 2>/dev/null || ! kill -0 $pid; do sleep 0.1; done
	kill -STOP $pid
	for ((i = 0; i < 1200; i++)); do
		ps -o stat= -o comm= --ppid $pid | grep -q '^Z.*qemu' && break
		sleep 0.1
	done
	kill -CONT $pid
	wait $pid || fail "status $?: $(cat "$tmp/log")"
	[ $i -lt 1200 ] || fail 'the guest has not ended'
	[ "$(grep -c '"type":"run".*"status":"ok"' "$tmp/j.jsonl")" = 4 ] || fail "not 4 runs: $(cat "$tmp/log")"
}

# Boots side by side: all of them, each once, and in no other way than one after the other.
test_jobs() {
	local n
	exact_kernels x86_64
	vm m x86_64
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=fork\nsize=8M\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --kernel b=x86_64-new \
		--boots 2 --jobs 3 --out "$tmp/j.jsonl"
	no_processes
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 8 ] || fail "not 8 runs"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"point".*//' | sort -u | wc -l)" = 8 ] ||
		fail "a run is there twice"
	# Three were under way before the first had ended.
	n=$(grep -E '"type":"(machine|end)"' "$tmp/j.jsonl" | grep -n -m1 '"type":"end"' | cut -d: -f1)
	[ "$n" -gt 2 ] || grep -q '"type":"boot"' "$tmp/j.jsonl" || fail "one after the other"
}

# Five boots the same, on both architectures.
test_long_exact_same() {
	local arch
	for arch in arm64 x86_64; do
		exact_kernels $arch
		cp configs/plans/exact.ini "$tmp/p.ini"
		exact_run 0 $arch.jsonl --boots 1 --kernel a=$arch-new --kernel b=$arch-new --kernel c=$arch-new \
			--kernel d=$arch-new --kernel e=$arch-new
		"$build/tests/exact-check" same "$tmp/$arch.jsonl" || fail "$arch"
		exact_run 0 $arch-old.jsonl --boots 1 --kernel a=$arch-old --kernel b=$arch-old \
			--kernel c=$arch-old --kernel d=$arch-old --kernel e=$arch-old
		"$build/tests/exact-check" same "$tmp/$arch-old.jsonl" || fail "$arch, 6.1"
	done
}

# An added 0.1 % of a fork's instructions is found 20 times of 20, and between a kernel and itself no
# difference is, each time with another memory size and five perturbations.
test_long_exact_found() {
	local i found=0 same=0
	exact_kernels arm64
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	exact_run 0 one.jsonl --kernel plain=arm64-new --boots 1
	"$build/tests/exact-check" patch "$tmp/one.jsonl" "$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image" \
		"$tmp/Image" __cond_resched 0.1 || fail "no patch"
	for i in $(seq 20); do
		sed "s/^memory.*/memory = $((1000 + 52 * i))M/" configs/machines/arm64-exact.ini >"$tmp/m.ini"
		exact_run 0 $i.jsonl --kernel plain=arm64-new --kernel patched="$tmp/Image" --kernel again=arm64-new
		expect 0 "$fb" compare "$tmp/$i.jsonl"
		printf '%s\n' "$out" | grep '^kernel insns  ' >"$tmp/lines"
		cat "$tmp/lines"
		found=$((found + $(head -1 "$tmp/lines" | grep -c 'more$')))
		same=$((same + $(tail -1 "$tmp/lines" | grep -c 'no difference$')))
	done
	echo "found $found of 20, no difference $same of 20"
	[ $found = 20 ] && [ $same = 20 ] || fail "found $found, no difference $same"
}

# --- verdicts ------------------------------------------------------------------------------------

simulated() { # simulated NAME WORDS...: a journal with known truth
	local name=$1
	shift
	"$build/tests/simulate-journal" "$@" >"$tmp/$name" || fail "simulate-journal $*"
}

# Through journals and the program: what is true is found, with the exit status that says so.
test_check_truth() {
	local n
	simulated same.jsonl points=5 boots=8 boot=0.004 seed=1
	expect 0 "$fb" check "$tmp/same.jsonl"
	has "$out" '^5 verdicts: 5 ok$'
	simulated worse.jsonl points=5 affected=1 effect=0.05 boots=8 boot=0.004 seed=2
	expect 1 "$fb" check "$tmp/worse.jsonl"
	has "$out" '^5 verdicts: 4 ok, 1 regression$'
	has "$out" '^ *1M .* regression$'
	# From the other side it is better, and a threshold that is not reached makes it nothing.
	expect 0 "$fb" check --base after "$tmp/worse.jsonl"
	has "$out" '^5 verdicts: 4 ok, 1 improvement$'
	expect 0 "$fb" check --threshold 8% "$tmp/worse.jsonl"
	simulated few.jsonl boots=3 effect=0.3
	expect 3 "$fb" check "$tmp/few.jsonl"
	has "$out" '3 boots a side; a verdict takes 4 at least'
	# One boot each: runs are the units, which is said. Kernels in two journals, one after the other.
	simulated a.jsonl boots=1 runs=8 boot=0 kernel=0
	simulated b.jsonl boots=1 runs=8 boot=0 kernel=1 effect=0.06
	expect 1 "$fb" check "$tmp/a.jsonl" "$tmp/b.jsonl"
	has "$out" 'one boot: what another boot or build'
	simulated a.jsonl boots=6 boot=0.004 kernel=0
	sed 's/"started":17/"started":18/' "$tmp/worse.jsonl" | grep -v '"kernel":"base"' >"$tmp/later.jsonl"
	grep -v '"kernel":"after"' "$tmp/worse.jsonl" >"$tmp/earlier.jsonl"
	expect 1 "$fb" check "$tmp/earlier.jsonl" "$tmp/later.jsonl"
	has "$out" 'boots were not in turn'
	has "$out" "by Welch's t"
	# One boot of the first session's kernel after the second session makes no blocks of them.
	{
		cat "$tmp/earlier.jsonl"
		grep -m1 '"type":"run"' "$tmp/earlier.jsonl" | sed 's/"boot":[0-9]*/"boot":99/; s/"started":17/"started":19/'
	} >"$tmp/stray.jsonl"
	expect 1 "$fb" check "$tmp/stray.jsonl" "$tmp/later.jsonl"
	has "$out" 'boots were not in turn'
	printf '%s' "$out" | grep 'paired t' && fail 'blocks of boots that were a year apart'
	# The threshold of the plan, and the layout band.
	sed '1s/"seed"/"threshold":0.08,"seed"/' "$tmp/worse.jsonl" >"$tmp/plan.jsonl"
	expect 0 "$fb" check "$tmp/plan.jsonl"
	expect 1 "$fb" check --threshold 2% "$tmp/plan.jsonl"
	for n in -1 '"2%"'; do
		sed "1s/\"seed\"/\"threshold\":$n,\"seed\"/" "$tmp/worse.jsonl" >"$tmp/wrong.jsonl"
		expect 2 "$fb" check "$tmp/wrong.jsonl"
		has "$errs" 'wrong.jsonl:1: threshold: must be a fraction'
	done
	# What cannot be written is no regression.
	for n in check power "export --format csv" compare "plot --kind runs" show "check --format json" -h; do
		"$fb" $n "$tmp/same.jsonl" >/dev/full 2>"$tmp/errors"
		[ $? = 2 ] || fail "$n: another status than 2"
		has "$(cat "$tmp/errors")" 'standard output cannot be written: No space left'
		one_line "$(cat "$tmp/errors")"
	done
	cp "$tmp/worse.jsonl" "$tmp/band.jsonl"
	echo '{"type":"band","point":{"bench":"fork","variant":"fork","size":1048576,"order":0,"place":"core"},"low":-0.02,"high":0.1}' \
		>>"$tmp/band.jsonl"
	expect 0 "$fb" check "$tmp/band.jsonl"
	has "$out" '1M .* ok$'
	has "$out" 'it moves by -2 .. .10 % anyway, so it is ok; by'
	sed '$s/0.1}/1e300}/' "$tmp/band.jsonl" >"$tmp/absurd.jsonl"
	expect 2 "$fb" check "$tmp/absurd.jsonl"
	one_line "$errs"
	# Emulated runs among timed ones: no verdict, and said once.
	awk '/"type":"run"/ && ++n % 3 == 0 {sub(/"source":"timed"/, "\"source\":\"emulated\"")} {print}' \
		"$tmp/worse.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" 'timed and emulated runs are mixed in one mean'
	n=$("$fb" compare "$tmp/mixed.jsonl" | grep -c 'are mixed in one mean')
	[ "$n" -le 10 ] || fail "said $n times of 5 points of 2 kernels"
}

# Contended points: rates, where more is better, and latencies, of each role.
test_check_contended() {
	local boot
	# Each run of the golden journal as a boot.
	grep -v '"type":"run"' tests/golden/contend.jsonl >"$tmp/j.jsonl"
	for boot in 0 1 2 3; do
		grep "\"boot\":0,\"run\":$((boot % 3))," tests/golden/contend.jsonl |
			sed "s/\"boot\":0,\"run\":[0-9]/\"boot\":$boot,\"run\":0/" >>"$tmp/j.jsonl"
	done
	expect 1 "$fb" check "$tmp/j.jsonl"
	has "$out" 'faulters 4:1 +rate .* improvement'
	has "$out" 'writers 4:1 +rate .* regression'
	has "$out" 'faulters 4:1 +median .* improvement'
	has "$out" 'writers 4:1 +p99 .* regression'
	has "$out" 'mprotect .* inconclusive'
	# From the other side: what was gained is lost.
	expect 1 "$fb" check --base vma-lock "$tmp/j.jsonl"
	has "$out" 'faulters 4:1 +rate .* regression'
	has "$out" 'writers 4:1 +rate .* improvement'
}

# Far more samples than memory would hold as JSON: runs are summed up one after the other.
test_check_huge() {
	simulated j.jsonl points=20 boots=8 runs=8 iterations=1000
	(
		ulimit -v 200000
		exec "$fb" check --format json "$tmp/j.jsonl"
	) >"$tmp/out" || [ $? = 3 ] || fail "2.6 million samples do not fit into 200 MB"
	[ "$(grep -c '"verdict"' "$tmp/out")" = 20 ] || fail "not 20 verdicts"
	simulated one.jsonl points=1 boots=4 runs=1 iterations=100000
	"$fb" check "$tmp/one.jsonl" >/dev/null
	[ $? != 2 ] || fail "a run of 100,000 iterations"
}

# What a design would find, from one kernel as two or from two kernels.
test_power() {
	simulated j.jsonl points=3 boots=8
	sed "s/\"after\"/\"base'\"/g" "$tmp/j.jsonl" >"$tmp/aa.jsonl"
	expect 0 "$fb" power "$tmp/aa.jsonl"
	has "$out" '^8 boots a side\.$'
	has "$out" '^False alarms: [0-9.]+ % with other labels'
	has "$out" 'differs from itself at [0-3] of 3'
	expect 0 "$fb" power --effect 5% "$tmp/j.jsonl"
	has "$out" 'for 5%'
	has "$out" 'run --aa'
	expect 2 "$fb" power --effect 0% "$tmp/j.jsonl"
	expect 2 "$fb" power tests/golden/exact.jsonl
	one_line "$errs"
	grep -v "\"kernel\":\"base'\"" "$tmp/aa.jsonl" | sed "1s/,\"base'\"//" >"$tmp/alone.jsonl"
	expect 2 "$fb" power "$tmp/alone.jsonl"
	one_line "$errs"
	simulated lone.jsonl boots=1 runs=1
	expect 3 "$fb" power "$tmp/lone.jsonl"
	# Another number of boots a side; fewer than a verdict takes; latencies that nothing makes finer.
	sed '/"boot":7/d; s/"started":17/"started":19/; /"base"/d' "$tmp/j.jsonl" >"$tmp/later.jsonl"
	grep '"base"' "$tmp/j.jsonl" >"$tmp/base.jsonl"
	expect 0 "$fb" power "$tmp/base.jsonl" "$tmp/later.jsonl"
	has "$out" '^7-8 boots a side\.$'
	expect 0 "$fb" power tests/golden/contend.jsonl
	has "$out" 'faulters.median +0.00% +14.34% +14.34% +never$'
	has "$out" 'Below 4 a side check'
	! printf '%s' "$out" | grep nan || fail 'no number'
}

# Earlier releases: what a point moves anyway is no regression; beyond it is.
test_check_against() {
	local i mean
	simulated now.jsonl boots=8 boot=0.004 effect=0.06 seed=5
	expect 1 "$fb" check "$tmp/now.jsonl"
	mkdir "$tmp/quiet" "$tmp/restless"
	for i in 1 2 3 4 5 6; do
		mean=$((10000000 + i % 2 * 400000))
		simulated r.jsonl boots=4 boot=0.002 seed=$i mean=$mean kernel=0
		sed "s/\"base\"/\"r$i\"/; s/\"started\":17/\"started\":1$i/" "$tmp/r.jsonl" >"$tmp/restless/r$i.jsonl"
		simulated r.jsonl boots=4 boot=0.002 seed=$i mean=10000000 kernel=0
		sed "s/\"base\"/\"r$i\"/; s/\"started\":17/\"started\":1$i/" "$tmp/r.jsonl" >"$tmp/quiet/r$i.jsonl"
	done
	expect 0 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'it moves by .* anyway, so it is ok'
	expect 1 "$fb" check --against "$tmp/quiet" "$tmp/now.jsonl"
	# Too few releases, other machines, and what is no history.
	rm "$tmp"/restless/r[456].jsonl
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 of 1 points'
	sed -i '1a {"type":"machine","kernel":"r1","boot":0,"facts":{"cpu.model":"M2"}}' "$tmp/restless/r1.jsonl"
	sed -i '1a {"type":"machine","kernel":"base","boot":0,"facts":{"cpu.model":"Ampere"}}' "$tmp/now.jsonl"
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 release measured on another'
	# What is checked is no history, which CI formats say as well, beside their lines.
	cp "$tmp/now.jsonl" "$tmp/restless/now.jsonl"
	expect 1 "$fb" check --format ktap --against "$tmp/restless" "$tmp/now.jsonl"
	has "$errs" 'history: 2 kernels left out, with the label of one that is checked here'
	rm "$tmp/restless/now.jsonl"
	expect 2 "$fb" check --against "$tmp/nowhere" "$tmp/now.jsonl"
	one_line "$errs"
	mkdir "$tmp/empty"
	expect 2 "$fb" check --against "$tmp/empty" "$tmp/now.jsonl"
	has "$errs" 'no journals'
	echo garbage >"$tmp/empty/x.jsonl"
	expect 2 "$fb" check --against "$tmp/empty" "$tmp/now.jsonl"
	one_line "$errs"
}

# Every format is what its own rules allow, with what is strange in a journal in it.
test_check_formats() {
	local format journal
	sed 's/"kernel":"after"/"kernel":"<a\&b> # \\"c\\"\\n\\u0001"/; 1s/"after"/"<a\&b> # \\"c\\"\\n\\u0001"/' \
		tests/golden/check.jsonl >"$tmp/hostile.jsonl"
	for format in ktap junit lava kcidb; do
		for journal in "$tmp/hostile.jsonl" tests/golden/{check,contend,exact,storms}.jsonl; do
			"$fb" check --format $format "$journal" >"$tmp/report"
			[ $? -le 3 ] && [ $? != 2 ] || fail "$journal as $format"
			"$build/tests/format-check" $format <"$tmp/report" || fail "$journal as $format"
		done
		# A report that is cut is none.
		head -c -9 "$tmp/report" >"$tmp/cut"
		"$build/tests/format-check" $format <"$tmp/cut" >/dev/null && fail "$format: cut, and it passes"
	done
	"$fb" check --format json tests/golden/check.jsonl | grep -qi 'nan\|inf[^o]' && fail "json with NaN"
	[ "$("$fb" check tests/golden/boots-{a,a,b}.jsonl | grep -c '^Warning')" = 1 ] || fail "not one warning"
	expect 2 "$fb" check --format yaml tests/golden/check.jsonl
	expect 2 "$fb" check --threshold 2 tests/golden/check.jsonl
	expect 2 "$fb" check --origin 'A b' tests/golden/check.jsonl
}

# What is exported is what the formats' own rules allow, with what is strange in a journal in it.
test_export_formats() {
	local format journal commas
	sed 's/"kernel":"after"/"kernel":"\\"a\\",\\n-12 x\\u0001"/; s/"variant":"munmap"/"variant":"mun\/map=-12"/
		s/"place":"core"/"place":"cpu 0-3"/' tests/golden/check.jsonl >"$tmp/hostile.jsonl"
	for journal in "$tmp/hostile.jsonl" tests/golden/{check,contend,exact,storms,states}.jsonl; do
		for format in go csv; do
			expect 0 "$fb" export --format $format "$journal"
			printf '%s\n' "$out" | "$build/tests/format-check" $format || fail "$journal as $format"
		done
		expect 0 "$fb" export --format json "$journal"
		has "$out" '^ "cells"'
		printf '%s' "$out" | grep -q 'nan\|inf,' && fail "json with NaN: $journal"
	done
	# Only runs that are ok are numbers, here and everywhere.
	expect 0 "$fb" export --format csv tests/golden/contend.jsonl
	[ "$(printf '%s\n' "$out" | grep -c ',ok,,ns,')" = 15 ] || fail "not 15 ok runs"
	for journal in contend states; do
		[ $journal = contend ] && commas=12 || commas=6
		"$fb" export --format csv tests/golden/$journal.jsonl | grep -E ',(void|skipped|failed),' >"$tmp/bad"
		[ -s "$tmp/bad" ] || fail "$journal: no such run"
		grep -vE ",{$commas}\$" "$tmp/bad" && fail "$journal: a number of no ok run"
	done
	expect 0 "$fb" export --format go tests/golden/contend.jsonl
	[ "$(printf '%s\n' "$out" | grep -c ^Benchmark)" = 15 ] || fail "not 15 units"
	expect 2 "$fb" export --format yaml tests/golden/fork.jsonl
	has "$errs" 'there are csv, go, json'
	expect 2 "$fb" export tests/golden/fork.jsonl
	expect 2 "$fb" export --format csv
	expect 2 "$fb" export --format csv tests/golden/no-run.jsonl
	one_line "$errs"
}

# Pictures are what their names say; a text plot fits a mail; kinds are chosen by what varies.
test_plot() {
	local journal kind label
	command -v gnuplot >/dev/null || exit 77
	for journal in tests/golden/{fork,pft,sizes,contend,check,storms,series,exact,one}.jsonl; do
		expect 0 "$fb" plot "$journal"
		printf '%s' "$out" | LC_ALL=C.UTF-8 grep -nE $'.{79}|\f| $' && fail "$journal: no text for a mail"
		expect 0 "$fb" plot --out "$tmp/x.png" "$journal"
		[ -z "$out" ] || fail "$journal: it prints"
		[ "$(head -c 4 "$tmp/x.png" | tail -c 3)" = PNG ] || fail "$journal: no PNG"
		expect 0 "$fb" plot --out "$tmp/x.svg" "$journal"
		grep -q '</svg>' "$tmp/x.svg" || fail "$journal: no SVG"
	done
	expect 0 "$fb" plot tests/golden/pft.jsonl
	has "$out" '^faults/s, millions$'
	has "$out" '^  B vma-lock-inline$'
	expect 0 "$fb" plot tests/golden/sizes.jsonl
	has "$out" 'folio order'
	expect 0 "$fb" plot tests/golden/contend.jsonl
	has "$out" '^latency of one operation, us .log.$'
	has "$errs" '9 of 24 runs are not ok'
	expect 0 "$fb" plot tests/golden/storms.jsonl
	has "$out" '^zap/pte-dontneed: .*, emulated$'
	expect 0 "$fb" plot --kind runs tests/golden/fork.jsonl
	has "$out" 'order-9'
	sed 's/"kernel":"after-change"/"kernel":"after-a-change-that-has-a-name-longer-than-a-line-of-a-mail-is-wide"/' \
		tests/golden/fork.jsonl >"$tmp/long.jsonl"
	expect 0 "$fb" plot --kind runs "$tmp/long.jsonl"
	has "$out" '^  2 after-a-change-that-has-a-name'
	# gnuplot leaves out a legend with a label that is too long, so labels are cut in their middle.
	while read -r label; do
		sed "s/\"kernel\":\"after-change\"/\"kernel\":\"${label% *}\"/
			s/\"kernel\":\"baseline\"/\"kernel\":\"$(printf '%090d' 0)\"/" tests/golden/fork.jsonl >"$tmp/long.jsonl"
		expect 0 "$fb" plot --kind order --out "$tmp/x.svg" "$tmp/long.jsonl"
		grep -q '>0\{24\}\.\.0\{24\}<' "$tmp/x.svg" && grep -qF ">${label#* }<" "$tmp/x.svg" ||
			fail "not both labels in the legend: $label"
	done <<-EOF
	first-$(printf '%084d first-%018d..%024d' 0 0 0)
	$(printf '%085d-last %024d..%019d-last' 0 0 0)
	$(printf 'ä%.0s' {1..90}) $(printf 'ä%.0s' {1..24})..$(printf 'ä%.0s' {1..24})
	EOF
	# Who stopped where the intervals were narrow gets wider ones.
	sed '1s/"type":"plan"/&,"until":0.01/' tests/golden/pft.jsonl >"$tmp/until.jsonl"
	# Of blocks the intervals are check's, which a drift does not widen.
	simulated drift.jsonl points=1 boots=8 boot=0.004 drift=0.03 effect=0.03 seed=3
	expect 0 "$fb" plot --kind series --out "$tmp/x.gp" "$tmp/drift.jsonl"
	expect 1 "$fb" check "$tmp/drift.jsonl"
	has "$out" "$(awk '/^.i0_0/ {getline; printf "[+]%.2f%%  [+]%.2f .. [+]%.2f ", $2, $3, $4}' "$tmp/x.gp")"
	for kind in threads series; do
		expect 0 "$fb" plot --kind $kind --out "$tmp/x.svg" tests/golden/pft.jsonl
		expect 0 "$fb" plot --kind $kind --out "$tmp/until.svg" "$tmp/until.jsonl"
		! cmp -s "$tmp/x.svg" "$tmp/until.svg" || fail "$kind: the same intervals with --until"
	done
	expect 2 "$fb" plot --kind threads tests/golden/fork.jsonl
	has "$errs" 'nothing in there to draw'
	one_line "$errs"
	expect 2 "$fb" plot --kind pie tests/golden/fork.jsonl
	expect 2 "$fb" plot --out x.jpg tests/golden/fork.jsonl
	expect 2 "$fb" plot
	expect 2 "$fb" plot tests/golden/no-run.jsonl
	sed 's/"samples":\[[0-9,]*\]/"samples":[0,0]/' tests/golden/pft.jsonl >"$tmp/zero.jsonl"
	expect 2 "$fb" plot "$tmp/zero.jsonl"
	has "$errs" 'nothing in there to draw'
	expect 2 "$fb" plot --out "$tmp/nowhere/x.png" tests/golden/fork.jsonl
	one_line "$errs"
}

# Without gnuplot, or if it fails, there is one line and no picture.
test_plot_no_gnuplot() {
	expect 77 env PATH=/nonexistent "$fb" plot --out "$tmp/x.png" tests/golden/fork.jsonl
	has "$errs" 'gnuplot is not installed'
	one_line "$errs"
	mkdir "$tmp/bin"
	printf '#!/bin/sh\necho drawn\necho "no such\nterminal" >&2\nexit 1\n' >"$tmp/bin/gnuplot"
	chmod +x "$tmp/bin/gnuplot"
	expect 1 env PATH="$tmp/bin:$PATH" "$fb" plot --out "$tmp/x.png" tests/golden/fork.jsonl
	has "$errs" 'gnuplot failed: no such terminal'
	one_line "$errs"
	[ ! -e "$tmp/x.png" ] || fail "a picture all the same"
	expect 0 env PATH=/nonexistent "$fb" plot --out "$tmp/x.gp" tests/golden/fork.jsonl
}

# Labels come from journals of others: nothing in them is a command, and all of them is shown.
test_plot_hostile() {
	local label kind out_file shown
	command -v gnuplot >/dev/null || exit 77
	printf 'system "touch %s/config"\n' "$tmp" >"$tmp/.gnuplot"
	cd "$tmp" || exit 1
	for label in "it's" "';system('touch x');'" '`touch x`' '\";system(\"touch x\");\"' '%d %s %n %%' 'a\\' \
		'\nEND\nsystem(\"touch x\")\n' '@x ^{2} _a {/Bold b}' 'äöü' '<b>&amp;' '$p0_0' '\u0001\u001b[31m'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' "$top/tests/golden/fork.jsonl" >h.jsonl
		for kind in order runs series; do
			for out_file in - x.png x.svg; do
				expect 0 env HOME="$tmp" "$fb" plot --kind $kind --out $out_file h.jsonl
				[ -z "$errs" ] || fail "$label: $errs"
				[ "$out_file$kind" != -runs ] || shown=$out
			done
		done
		[ ! -e x ] && [ ! -e config ] || fail "$label: it was a command"
		case $label in
		*\\*) ;;
		*) printf '%s' "$shown" | grep -qF -- "$label" || fail "$label: not shown: $shown" ;;
		esac
	done
}

# A page that needs nothing else: well-formed, no script, nothing from elsewhere; names in it are there
# once, and where a link leads to there is something.
page_is_alone() { # page_is_alone FOLDER
	local page=$1/index.html link
	xmllint --noout --nonet "$page" || fail "$page: not well-formed"
	grep -niE 'https?:|//|src=|url\(|@import|<script|<link|<object|<iframe|<image|javascript:|xlink' "$page" &&
		fail "$page: something from elsewhere"
	values() { xmllint --nonet --xpath "//@$1" "$page" | sed "s/^ $1=.\(.*\).\$/\1/"; } # values ATTRIBUTE
	values id | sort | uniq -d | grep . && fail "$page: a name twice"
	for link in $(values href | sort -u); do
		case $link in
		\#*) values id | grep -qFx "${link#?}" || fail "$page: no $link" ;;
		*) [ -f "$1/$link" ] || fail "$page: no file $link" ;;
		esac
	done
	LC_ALL=C grep -nP '[\x00-\x08\x0b-\x1f\x7f]' "$page" "$1/report.txt" && fail "control characters"
	return 0
}

report_is_whole() { # report_is_whole FOLDER: all of its files, and no others, have the sums it says
	(cd "$1" && sha256sum -c --quiet SHA256SUMS) || fail "$1: not the files of its list"
	[ "$(cd "$1" && find . -type f | sed 's/^..//' | sort)" = \
		"$(sed '/^#/d; s/^[0-9a-f]*  //; $a SHA256SUMS' "$1/SHA256SUMS" | sort)" ] ||
		fail "$1: other files: $(find "$1")"
}

# The tables are those of compare and check, of the journals that are attached.
test_report() {
	local set journals word r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for set in fork 'boots-a boots-b' contend exact series series-times one states check storms pft path; do
		journals=
		for word in $set; do journals="$journals tests/golden/$word.jsonl"; done
		expect 0 "$fb" report --out "$r" $journals
		[ -z "$errs" ] || fail "$set: $errs"
		report_is_whole "$r"
		page_is_alone "$r"
		for word in $set; do cmp "tests/golden/$word.jsonl" "$r/journals/$word.jsonl" || exit 1; done
		grep -qF "$tmp" "$r/report.txt" "$r/index.html" && fail "$set: a folder's name"
		[ "$(grep -c '<figure>' "$r/index.html")" = "$(ls "$r"/plot-*.svg | wc -l)" ] || fail "$set: pictures"
		xmllint --noout --nonet "$r"/plot-*.svg || exit 1
		# What it says makes the same again does; all that compare says is in there.
		sed -n '/^To redo/,$s/^    faultbench //p' "$r/report.txt" >"$tmp/commands"
		grep -q 'report --out NEW' "$tmp/commands" || fail "$set: $(cat "$tmp/commands")"
		(cd "$r" && sed 's/NEW/..\/new/' "$tmp/commands" |
			while read -r word; do eval "$fb $word" </dev/null; done) >"$tmp/again"
		sed '/^\.\.\/new/d' "$tmp/again" | sort -u >"$tmp/lines"
		sort -u "$r/report.txt" | comm -23 "$tmp/lines" - | grep . && fail "$set: not in the report"
		diff -r "$r" "$tmp/new" || fail "$set: not the same again"
		rm -r "$tmp/new"
	done
	expect 0 "$fb" report tests/golden/exact.jsonl --functions=2 --base same --title 'a "title"' --out "$r"
	has "$(cat "$r/report.txt")" "^    faultbench compare --base same --title 'a \"title\"' --functions=2 \\\\\$"
	has "$(cat "$r/report.txt")" '^copy_page_range .* 5,330,176 '
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of counts"
	expect 0 "$fb" report tests/golden/fork.jsonl --threshold 50% --out "$r"
	has "$(cat "$r/report.txt")" 'the whole interval is beyond 50 %'
	has "$(cat "$r/report.txt")" '    faultbench check --threshold 50% journals/fork.jsonl'
	expect 0 "$fb" report tests/golden/one.jsonl --out "$r"
	grep -qE '^(Verdicts|Tables)' "$r/report.txt" && fail "one kernel compared"
	has "$(cat "$r/report.txt")" '^Absolute numbers$'
	# Emulated times get no verdict.
	sed 's/"source":"timed"/"source":"emulated"/' tests/golden/fork.jsonl >"$tmp/emulated.jsonl"
	expect 0 "$fb" report "$tmp/emulated.jsonl" --out "$r"
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of emulated times"
	return 0
}

# Commands and plans stand there as they can be read by a shell; paths as they can be read by others.
test_report_origin() {
	local label="it's a <b> & \"c\"" r=$tmp/r
	command -v xmllint >/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --label "$label" --out "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$r"
	grep -qF "$tmp" "$r/report.txt" "$r/journals/j.jsonl" && fail "a folder's name"
	sed -n '/^How it was/,/^  plan/{s/^    faultbench //p;s/^        //p}' "$r/report.txt" >"$tmp/words"
	eval "set -- $(cat "$tmp/words")"
	[ "$4" = "$label" ] || fail "not the words: $(cat "$tmp/words")"
	has "$(cat "$r/report.txt")" '^  plan p: 1 point x 1 run x 1 boot, seed '
	has "$(cat "$r/report.txt")" '^    null/write.*: 1 iterations, warm-up'
	has "$(cat "$r/report.txt")" '^release +[0-9]'
	has "$(cat "$r/index.html")" 'it.s a &lt;b&gt; &amp; &quot;c&quot;'
	page_is_alone "$r"
	expect 0 "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^  command line: not recorded$'
}

# Labels are data, and so are names of files.
test_report_hostile() {
	local label r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for label in '<script>alert(1)</script>' '</pre></svg>]]>-->' '\"quoted\" id=\"x\" href=\"#y\"' "it's" '&lt;&#0;' \
		'\u0001\u001b[31m\u009b31m\u007f' '\uffff\ufffe' 'äöü' 'a\\b' '$(touch x)`touch x`'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' tests/golden/fork.jsonl >"$tmp/h.jsonl"
		expect 0 "$fb" report "$tmp/h.jsonl" --out "$r"
		[ -z "$errs" ] || fail "$label: $errs"
		page_is_alone "$r"
		report_is_whole "$r"
		LC_ALL=C.UTF-8 grep -nP '[\x{80}-\x{9f}\x{fffe}\x{ffff}]' "$r/report.txt" && fail "$label: as it is"
		case $label in
		*\\*) ;;
		*) grep -qF -- "$label" "$r/report.txt" || fail "$label: not shown" ;;
		esac
	done
	[ "$(xmllint --xpath 'count(//*[name()="script"])' --nonet "$r/index.html")" = 0 ] || fail "a script"
	mkdir "$tmp/d" "$tmp/e"
	cp tests/golden/boots-a.jsonl "$tmp/d/-a b<>\"\$(x).jsonl"
	cp tests/golden/boots-b.jsonl "$tmp/e/-a b<>\"\$(x).jsonl"
	cp tests/golden/fork.jsonl "$tmp/e/..jsonl"
	expect 0 "$fb" report --out "$r" "$tmp"/[de]/-a* "$tmp/e/..jsonl"
	[ "$(echo $(ls "$r/journals"))" = "1-a_b_____x_.jsonl 2-a_b_____x_.jsonl 3-jsonl.jsonl" ] || fail "$(ls "$r/journals")"
	cmp "$tmp/e/-a b<>\"\$(x).jsonl" "$r/journals/2-a_b_____x_.jsonl" || exit 1
	report_is_whole "$r"
}

# Only a report is replaced, as a whole or not at all.
test_report_folder() {
	local before r=$tmp/r fork=tests/golden/fork.jsonl
	command -v gnuplot >/dev/null || exit 77
	mkdir "$tmp/other"
	echo mine >"$tmp/other/report.txt"
	expect 2 "$fb" report $fork --out "$tmp/other"
	has "$errs" 'holds other files than a report; give a new or an empty folder'
	one_line "$errs"
	[ "$(ls -A "$tmp/other")$(cat "$tmp/other/report.txt")" = report.txtmine ] || fail "it was touched"
	expect 2 "$fb" report $fork --out "$tmp/other/report.txt"
	has "$errs" 'is no folder'
	expect 2 "$fb" report $fork --out /proc/nowhere
	one_line "$errs"
	expect 2 "$fb" report "$tmp/none.jsonl" --out "$r"
	[ ! -e "$r" ] || fail "a folder made in vain"
	# What the earlier report had and this one has not goes, and nothing else, whatever a list says.
	expect 0 "$fb" report tests/golden/contend.jsonl tests/golden/boots-a.jsonl --out "$r"
	[ -e "$r/plot-2-latency.png" ] || fail "not two pictures: $(ls "$r")"
	echo mine | tee "$r/notes" >"$tmp/victim"
	printf '%s\n' "0  ../victim" "0  journals/../../victim" "0  notes" >>"$r/SHA256SUMS"
	mkdir "$r/.faultbench-report-killed"
	expect 0 "$fb" report $fork --out "$r"
	[ "$(cat "$r/notes" "$tmp/victim")" = "mine
mine" ] || fail "a file of others is gone"
	rm "$r/notes"
	[ "$(echo $(ls -A "$r" "$r/journals" | grep .))" = \
		"$r: SHA256SUMS index.html journals plot-1-order.png plot-1-order.svg report.txt $r/journals: fork.jsonl" ] ||
		fail "$(ls -A "$r" "$r/journals")"
	report_is_whole "$r"
	# From its own journals, into itself.
	expect 0 "$fb" report "$r"/journals/*.jsonl --out "$r"
	report_is_whole "$r"
	# A journal that is being written is none to be attached.
	cp $fork "$tmp/j.jsonl"
	expect 2 flock "$tmp/j.jsonl" "$fb" report "$tmp/j.jsonl" --out "$r"
	has "$errs" 'a faultbench is writing to it'
	report_is_whole "$r"
	# Where nothing can be written.
	before=$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)
	if is_root; then
		chown -R nobody "$r" && chmod 755 "$tmp" && chmod 555 "$r"
		expect 2 setpriv --reuid=nobody --clear-groups "$fb" report $fork --out "$r"
	else
		chmod 555 "$r"
		expect 2 "$fb" report $fork --out "$r"
	fi
	has "$errs" 'cannot be written to: Permission denied'
	one_line "$errs"
	chmod 755 "$r"
	[ "$before" = "$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)" ] || fail "another report"
}

# A signal while gnuplot draws, or while the sums are made: nothing is left, the report before stays.
test_report_interrupted() {
	local sig slow i number status
	command -v gnuplot >/dev/null || exit 77
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/old"
	cp -r "$tmp/old" "$tmp/before"
	for slow in gnuplot sha256sum; do
		mkdir "$tmp/$slow"
		printf '#!/bin/sh\n: >"%s/begun"\nexec sleep 62\n' "$tmp" >"$tmp/$slow/$slow"
		chmod +x "$tmp/$slow/$slow"
		for sig in INT TERM HUP; do
			for i in old new; do
				rm -f "$tmp/begun"
				PATH=$tmp/$slow:$PATH env --default-signal "$fb" report tests/golden/fork.jsonl \
					--out "$tmp/$i" >"$tmp/said" 2>&1 &
				number=$!
				until [ -e "$tmp/begun" ] || ! kill -0 $number; do sleep 0.1; done
				kill -$sig $number
				wait $number
				status=$?
				[ $status = $((128 + $(kill -l $sig))) ] || fail "$slow, $sig: status $status: $(cat "$tmp/said")"
				[ ! -s "$tmp/said" ] || fail "$slow, $sig: $(cat "$tmp/said")"
			done
			diff -r "$tmp/before" "$tmp/old" || fail "$slow, $sig: the report before"
			[ ! -e "$tmp/new" ] || fail "$slow, $sig: left $(ls -A "$tmp/new")"
			! pgrep -u "$(id -u)" -fx 'sleep 62' >/dev/null || fail "$slow, $sig: it goes on"
		done
	done
}

# No room: what was there stays as it was, and what was not does not come.
test_report_full_disk() {
	local dir=$tmp/full size before fork=tests/golden/fork.jsonl
	is_root && command -v gnuplot >/dev/null || exit 77
	mkdir "$dir"
	trap 'umount "$tmp/full" 2>/dev/null' EXIT
	for size in 16 48 64 80; do
		mount -t tmpfs -o size=${size}k none "$dir" 2>/dev/null || exit 77
		expect 1 "$fb" report $fork --out "$dir/new"
		[ -z "$(ls -A "$dir")" ] || fail "left: $(ls -AR "$dir")"
		umount "$dir"
		one_line "$errs"
		has "$errs" 'No space left'
	done
	mount -t tmpfs -o size=200k none "$dir" || exit 77
	expect 0 "$fb" report $fork --out "$dir/r"
	head -c 60000 /dev/zero >"$dir/filler"
	before=$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)
	expect 1 "$fb" report tests/golden/check.jsonl --out "$dir/r"
	[ "$before" = "$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)" ] || before=
	umount "$dir"
	[ -n "$before" ] || fail "the report that was there is another"
}

# Without gnuplot, or with one that fails, everything but the pictures is there.
test_report_no_gnuplot() {
	local r=$tmp/r
	mkdir "$tmp/bin"
	ln -s "$(command -v sha256sum)" "$tmp/bin/sha256sum"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$errs" 'gnuplot is not installed'
	has "$(cat "$r/report.txt" "$r/index.html" | tr '\n' ' ')" 'Not drawn: gnuplot is not installed.*Not drawn: gnuplot is'
	report_is_whole "$r"
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/gnuplot"
	chmod +x "$tmp/bin/gnuplot"
	ln -s /bin/sh "$tmp/bin/sh"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^Not drawn: gnuplot failed'
	rm "$tmp/bin/sha256sum"
	expect 1 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$tmp/new"
	has "$errs" 'sha256sum does not work on its files: not installed'
	[ ! -e "$tmp/new" ] || fail "a report all the same"
}

# A browser draws the page, without network, and has nothing to complain of.
test_report_browser() {
	local look r=$tmp/r
	command -v chromium >/dev/null && command -v gnuplot >/dev/null && is_root || exit 77
	expect 0 "$fb" report tests/golden/{contend,boots-a,boots-b}.jsonl --out "$r"
	for look in --window-size=1200,2000 '--window-size=500,2000 --force-dark-mode'; do
		timeout 100 unshare -n chromium --headless --no-sandbox --disable-gpu --user-data-dir="$tmp/profile" \
			--enable-logging=stderr --screenshot="$tmp/x.png" $look "file://$r/index.html" >"$tmp/log" 2>&1 ||
			fail "$(tail -3 "$tmp/log")"
		grep -E 'CONSOLE|Content Security Policy' "$tmp/log" && fail "it complains"
		[ "$(head -c 4 "$tmp/x.png" | tail -c 3)" = PNG ] && [ "$(wc -c <"$tmp/x.png")" -gt 50000 ] ||
			fail "nothing was drawn"
	done
}

# Journals that are not what they should be: one line, or a verdict that says so; never a wrong table.
test_check_broken() {
	local good=$tmp/good.jsonl last
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" check "$@"
		one_line "$errs"
		has "$errs" "$pattern"
		[ -z "$out" ] || fail "a table all the same: $out"
	}
	simulated good.jsonl points=2 boots=4 effect=0.1 boot=0.002
	expect 1 "$fb" check "$good"
	: >"$tmp/empty.jsonl"
	bad 'no run in it' "$tmp/empty.jsonl"
	bad 'empty.jsonl: no run in it' "$good" "$tmp/empty.jsonl"
	sed '1s/"schema":1/"schema":7/' "$good" >"$tmp/schema.jsonl"
	bad 'schema.jsonl:1: a journal of schema 7' "$tmp/schema.jsonl"
	bad 'schema.jsonl:1: a journal of schema 7' "$good" "$tmp/schema.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[NaN/' "$good" >"$tmp/nan.jsonl"
	bad 'nan.jsonl:5: not a line of a journal' "$tmp/nan.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[null/' "$good" >"$tmp/null.jsonl"
	bad 'null.jsonl:5: samples are not an array of whole numbers' "$tmp/null.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[1e999/' "$good" >"$tmp/inf.jsonl"
	bad 'inf.jsonl:5: not a line of a journal' "$tmp/inf.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[-5/' "$good" >"$tmp/minus.jsonl"
	bad 'minus.jsonl:5: samples' "$tmp/minus.jsonl"
	head -c 100000 /dev/urandom | tr -d '\n' >"$tmp/junk.jsonl"
	echo >>"$tmp/junk.jsonl"
	bad 'junk.jsonl:1: not a line of a journal' "$tmp/junk.jsonl"
	grep -v '"kernel":"after"' "$good" | sed '1s/,"after"//' >"$tmp/alone.jsonl"
	bad "only one kernel, 'base'" "$tmp/alone.jsonl"
	bad 'there are .base., .after.' --base nobody "$good"
	bad 'counts are not compared with times' "$good" tests/golden/exact.jsonl
	echo '{"type":"band","low":"x"}' | cat "$good" - >"$tmp/band.jsonl"
	bad 'a band needs a point' "$tmp/band.jsonl"
	# Cut in its last line: what is whole counts, and boots without a partner do not.
	head -c -300 "$good" >"$tmp/cut.jsonl"
	expect 1 "$fb" check --format json "$tmp/cut.jsonl"
	has "$out" '4 boots x 4 runs x 20 iterations against 4 boots x [34]-4 runs'
	# All samples 0: no ratio, no verdict.
	sed 's/"samples":\[[0-9,]*\]/"samples":[0,0]/' "$good" >"$tmp/zero.jsonl"
	expect 3 "$fb" check "$tmp/zero.jsonl"
	has "$out" 'no values above 0'
	# Twice the same journal: the first counts, which is said.
	expect 1 "$fb" check "$good" "$good"
	has "$out" "found a second time; the first counts"
	# Other machines, within one kernel and between two.
	{
		printf '{"type":"machine","kernel":"%s","boot":0,"facts":{"cpu.model":"%s"}}\n' base Ampere after M2
		cat "$good"
	} >"$tmp/machines.jsonl"
	expect 3 "$fb" check "$tmp/machines.jsonl"
	has "$out" 'measured on different machines: Ampere, M2'
	sed '2s/after/base/' "$tmp/machines.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" "runs of 'base' come from different machines"
	# Emulated on one side only.
	sed '/"kernel":"base"/s/"timed"/"emulated"/' "$good" >"$tmp/emulated.jsonl"
	expect 3 "$fb" check "$tmp/emulated.jsonl"
	has "$out" 'emulated times are no measure of hardware'
	expect 3 "$fb" check --base after "$tmp/emulated.jsonl"
	# A clock that is too coarse for the latencies.
	sed 's/"clock.resolution_ns":41/"clock.resolution_ns":600/' tests/golden/contend.jsonl >"$tmp/coarse.jsonl"
	expect 3 "$fb" check "$tmp/coarse.jsonl"
	has "$out" "below the clock's resolution"
	# Other plans: points that only one side has, and other numbers of runs.
	simulated other.jsonl points=3 boots=4 runs=2 iterations=5 boot=0.002 kernel=1
	grep -v '"kernel":"after"' "$good" >"$tmp/base.jsonl"
	expect 3 "$fb" check "$tmp/base.jsonl" "$tmp/other.jsonl"
	has "$out" 'size 3M: base: not measured'
	expect 3 "$fb" check --format json "$tmp/base.jsonl" "$tmp/other.jsonl"
	has "$out" '4 boots x 4 runs x 20 iterations against 4 boots x 2 runs x 5 iterations'
}

# One kernel as two on this machine: a boot each, in the plan's order.
test_aa() {
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	has "$(head -1 "$tmp/j.jsonl")" "\"kernels\":\\[\"x\",\"x'\"\\]"
	has "$errs" 'takes 2 boots of this machine'
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 2 ] || fail "not one boot"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	has "$errs" 'nothing is left to measure in this boot'
	# After another boot it is the other's turn, then nobody's.
	sed -i 's/"kernel.boot_id":"[^"]*"/"kernel.boot_id":"another"/' "$tmp/j.jsonl"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -o '"kernel":"[^"]*","boot":0' | sort | uniq -c | tr -s ' ')" = \
		" 2 \"kernel\":\"x\",\"boot\":0
 2 \"kernel\":\"x'\",\"boot\":0" ] || fail "$(grep -o '"kernel":"[^"]*","boot":[0-9]' "$tmp/j.jsonl")"
	expect 2 "$fb" run "$tmp/p.ini" --aa --machine configs/machines/x86-vm.ini --kernel a=b --kernel c=d
	one_line "$errs"
}

# The same in VMs: both boots hold the same image, and times of an emulation get no verdict.
test_vm_aa() {
	debian_pair x86_64
	vm m x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --aa --kernel x=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c "\"type\":\"run\",\"kernel\":\"x'\{0,1\}\"" "$tmp/j.jsonl")" = 2 ] || fail "not a boot each"
	[ "$(grep '"type":"kernel"' "$tmp/j.jsonl" | grep -o '"sha256":"[^"]*"' | sort -u | wc -l)" = 1 ] ||
		fail "two images"
	expect 3 "$fb" check "$tmp/j.jsonl"
	has "$out" 'emulated times are no measure of hardware'
	expect 3 "$fb" power "$tmp/j.jsonl"
}

# --- until intervals are narrow ----------------------------------------------------------------

until_plan() { # until_plan RUNS: two points
	printf '[plan]\nruns=%s\niterations=1\n[n]\nbench=null\nsize=4M\n[f]\nbench=fork\nsize=4M\n' "$1" \
		>"$tmp/p.ini"
}

runs_of() { # runs_of BENCH: how many, in j.jsonl
	grep -c "^{\"type\":\"run\".*\"bench\":\"$1\"" "$tmp/j.jsonl"
}

looks() { # looks FIELD: its values, of the journal's looks
	sed -n '/^{"type":"until"/s/"points":\[[^]]*\]//p' "$tmp/j.jsonl" | grep -o "\"$1\":[^,}]*" |
		cut -d: -f2- | tr '\n' ' '
}

# The numbers of runs at which a plan of 2 is looked at, up to one of them.
looks_to() {
	echo '2 16 18 20 22 24 27 30 33 37 41 46 51 57 64 72 81 91 102 114 128 144 162 182 204 229 256 ' |
		sed "s/ $1 .*/ $1 /"
}

# The plan of until_plan 2 has ended: how many runs that took depends on how quiet this machine is, but of
# each point there are 16 at least, of one as many as there were looks at, and of none more.
until_ended() {
	local n f
	n=$(runs_of null) f=$(runs_of fork)
	most=$((n > f ? n : f))
	[ $n -ge 16 ] && [ $f -ge 16 ] && [ "$(looks units)" = "$(looks_to $most)" ] ||
		fail "$n and $f runs, looks at $(looks units)"
	[ "$(looks end)" = '"narrow" ' ] || fail "end: $(looks end)"
	has "$(grep '"end":"narrow"' "$tmp/j.jsonl")" "\"points\":\\[\\{\"units\":$n,\"half\":[0-9.e-]*,\"state\":\"narrow\"\\},\\{\"units\":$f,"
}

# At least 16 runs of each point; once more, nothing; the journal is like any other, and says what it is.
test_until() {
	local lines most
	until_plan 2
	expect 0 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/j.jsonl"
	until_ended
	has "$errs" 'note: until 99%: 2 runs, and 16 are the least; [0-9]+[smh] more$'
	has "$errs" "note: until 99%: $most runs: all points are narrow enough: (null/write|fork/fork) has \\+-[0-9.]+% of [0-9]+ runs\$"
	has "$(head -1 "$tmp/j.jsonl")" '"until":0.99,"budget_s":3600'
	has "$(looks rule)$(looks kernel)" '^("chow-robbins-97" )+("a" )+$'
	lines=$(wc -l <"$tmp/j.jsonl")
	expect 0 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/j.jsonl"
	has "$errs" "^faultbench: note: until 99%: $most runs: all points are narrow enough"
	one_line "$errs"
	[ "$(wc -l <"$tmp/j.jsonl")" = "$lines" ] || fail "it went on"
	# As words or as keys of the plan, it is the same; another target, or none, is another plan.
	sed 's/^runs/until=99%\nbudget=2h\nruns/' "$tmp/p.ini" >"$tmp/keys"
	mkdir "$tmp/keys.d" && mv "$tmp/keys" "$tmp/keys.d/p.ini"
	expect 0 "$fb" run "$tmp/keys.d/p.ini" --label a --out "$tmp/j.jsonl"
	expect 2 "$fb" run "$tmp/p.ini" --label a --until 98% --out "$tmp/j.jsonl"
	one_line "$errs"
	has "$errs" 'holds another plan \(until is 0.99 there, 0.98 here\); give another --out'
	expect 2 "$fb" run "$tmp/p.ini" --label a --out "$tmp/j.jsonl"
	has "$errs" 'until is 0.99 there, missing here'
	sed 's/chow-robbins-97/other/' "$tmp/j.jsonl" >"$tmp/other.jsonl"
	expect 2 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/other.jsonl"
	one_line "$errs"
	has "$errs" "went by the rule 'other', and this faultbench has 'chow-robbins-97'"
	# What is narrow stays so after a reboot; what is not was of another boot.
	sed 's/"kernel.boot_id":"[^"]*"/"kernel.boot_id":"another"/' "$tmp/j.jsonl" >"$tmp/boot.jsonl"
	expect 0 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/boot.jsonl"
	one_line "$errs"
	grep -v '"end":"narrow"' "$tmp/boot.jsonl" | head -20 >"$tmp/part.jsonl"
	expect 2 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/part.jsonl"
	one_line "$errs"
	has "$errs" 'was begun in another boot of this machine, and until counts runs of one'
	# Another kernel beside it starts anew.
	expect 0 "$fb" run "$tmp/p.ini" --label b --until 99% --out "$tmp/j.jsonl"
	has "$(looks kernel)" '^("a" )+("b" )+$'
	expect 0 "$fb" show "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" '1 boot x [0-9-]+ runs x 1 iteration'
	"$fb" check "$tmp/j.jsonl" >"$tmp/out" 2>&1
	has "$(tr -s ' \n' ' ' <"$tmp/out")" 'null/write: how many boots or runs there are was left to the data \(until 99 %\): the interval is as wide as one of 97 % would be'
	"$fb" check --format json "$tmp/j.jsonl" >"$tmp/out" 2>&1
	[ "$(grep -c '"kind": "until"' "$tmp/out")" = 2 ] || fail "not said in JSON"
}

# made_runs BENCH NR ODD EVEN: of its run 0 in first.jsonl, runs with these samples.
made_runs() {
	local i line
	line=$(grep -m1 "^{\"type\":\"run\".*\"bench\":\"$1\"" "$tmp/first.jsonl")
	for i in $(seq 0 $(($2 - 1))); do
		printf '%s\n' "$line" | sed "s/\"run\":0/\"run\":$i/; s/\"samples\":\[[0-9]*\]/\"samples\":[$((i % 2 ? $3 : $4))]/"
	done
}

# Looks come in their order; a point that is narrow gets no more, the other does until the budget ends,
# which is said; a longer budget goes on; at 256 runs it ends in any case.
test_until_wide() {
	local n
	until_plan 2
	expect 0 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/first.jsonl"
	head -1 "$tmp/first.jsonl" | sed 's/"until":0.99/"until":0.01/' >"$tmp/head"
	grep -m1 '"type":"machine"' "$tmp/first.jsonl" >>"$tmp/head"
	{ cat "$tmp/head"; made_runs null 16 1000 1000; made_runs fork 16 1000 90000; } >"$tmp/j.jsonl"
	expect 3 "$fb" run "$tmp/p.ini" --label a --until 1% --budget 2s --out "$tmp/j.jsonl"
	has "$errs" '16 runs: 1 of 2 points too wide: fork/fork has \+-[0-9.e+]+% of 16 runs and takes more than 256, where it ends'
	has "$errs" 'the budget of 2s ends it with 1 of 2 points too wide \(a longer --budget goes on\):'
	has "$errs" '^    fork/fork has \+-'
	[ "$(printf '%s\n' "$errs" | grep -c '^    ')" = 1 ] || fail "others are named: $errs"
	n=$(runs_of fork)
	[ "$(runs_of null)" = 16 ] && [ "$n" -gt 16 ] || fail "$(runs_of null) and $n runs"
	has "$(looks end)" '^"budget" $'
	has "$(grep '"type":"until"' "$tmp/j.jsonl" | tail -1)" \
		'"points":\[\{"units":16,"half":0.0,"state":"narrow"\},\{"units":[0-9]+,"half":[0-9.e+]+,"state":"wide"\}\]'
	expect 3 "$fb" run "$tmp/p.ini" --label a --until 1% --budget 2s --out "$tmp/j.jsonl"
	[ "$(runs_of fork)" = "$n" ] && [ "$(looks end)" = '"budget" ' ] || fail "it went on"
	sed -i 's/"spent_s":[0-9.]*/"spent_s":0.5/; s/"unit_s":[0-9.]*/"unit_s":0.01/' "$tmp/j.jsonl"
	expect 3 "$fb" run "$tmp/p.ini" --label a --until 1% --budget 3s --out "$tmp/j.jsonl"
	[ "$(runs_of null)" = 16 ] && [ "$(runs_of fork)" -gt "$n" ] || fail "it did not go on"
	{ cat "$tmp/head"; made_runs null 16 1000 1000; made_runs fork 16 1000 1060; } >"$tmp/j.jsonl"
	expect 3 "$fb" run "$tmp/p.ini" --label a --until 1% --budget 1s --out "$tmp/j.jsonl"
	has "$errs" '16 runs: 1 of 2 points too wide: fork/fork has \+-1.8% of 16 runs and takes about 53$'
	# Everything is there: only looks are made.
	{ cat "$tmp/head"; made_runs null 256 1000 90000; made_runs fork 256 1000 1001; } >"$tmp/j.jsonl"
	expect 3 "$fb" run "$tmp/p.ini" --label a --until 1% --out "$tmp/j.jsonl"
	[ "$(runs_of null) $(runs_of fork)" = '256 256' ] || fail "measured"
	has "$errs" '256 runs: no more are made, with 1 of 2 points too wide:'
	[ "$(looks units)" = "$(looks_to 256)" ] || fail "looks at $(looks units)"
	has "$(looks end)" '^"most" $'
}

# A point that no kernel can do does not keep it running; words that make no sense are refused.
test_until_words() {
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" "$@"
		one_line "$errs"
		has "$errs" "$pattern"
		[ ! -e "$tmp/j.jsonl" ] || fail "measured all the same"
	}
	until_plan 1
	bad '^faultbench: --until 0: must be a percentage above 0% up to 100%' --until 0
	bad '^faultbench: --until 0%: must be a percentage' --until 0%
	bad '^faultbench: --until -1%: must be a percentage' --until -1%
	bad '^faultbench: --until 200%: must be a percentage' --until 200%
	bad '^faultbench: --until abc: must be a percentage' --until abc
	bad '^faultbench: --until : must be a percentage' --until ''
	bad '^faultbench: --set until: until = abc: must be a percentage' --until 1% --set until=abc
	bad '^faultbench: --boots x: must be a whole number' --boots x
	bad '^faultbench: --budget 30: must be a time such as 90s' --until 1% --budget 30
	bad '^faultbench: --budget 0s: must be a time' --until 1% --budget 0s
	bad '^faultbench: --budget 30m: there is no .until. that it would end' --budget 30m
	bad 'takes a reboot, so there are as many as planned' --until 1% --aa
	bad 'more runs are added, all of one boot, and the plan has 2 boots' --until 1% --boots 2
	vm m x86_64
	bad 'm.ini emulates, and no number of emulated times says anything' --until 1% --machine "$tmp/m.ini" \
		--kernel a=b
	expect 0 "$fb" run "$tmp/p.ini" --until 0.5% --budget 90m --dry-run
	has "$out" '^and more, until intervals are \+-0.5% or 90m have passed$'
	expect 77 "$fb" run "$tmp/p.ini" --until 1% --set size=4T --out "$tmp/j.jsonl"
	has "$errs" 'until 1%: 1 run: no point has anything to compare'
	[ "$(looks end)" = '"nothing" ' ] || fail "looks: $(looks end)"
}

# kill -9 and ^C at any moment: the same command goes on where it was, each run is there once.
test_until_killed() {
	local before i most
	before=$(machine_state)
	until_plan 2
	for i in 1 2 3 4 5; do
		"$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/j.jsonl" >/dev/null 2>&1 &
		sleep "0.$((RANDOM % 4 + 2))"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
		no_processes
	done
	[ "$(looks end)" = '"narrow" ' ] || {
		env --default-signal "$fb" run "$tmp/p.ini" --label a --until 0.0001% --out "$tmp/int.jsonl" \
			>/dev/null 2>"$tmp/log" &
		sleep 0.7
		kill -INT $!
		wait $!
		[ $? = 130 ] || fail "status $?: $(cat "$tmp/log")"
		has "$(cat "$tmp/log")" 'the same command finishes the rest'
		no_processes
	}
	expect 0 "$fb" run "$tmp/p.ini" --label a --until 99% --out "$tmp/j.jsonl"
	until_ended
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"status".*//' | sort -u | wc -l)" = \
		"$(grep -c '"type":"run"' "$tmp/j.jsonl")" ] || fail "a run is there twice"
	[ "$before" = "$(machine_state)" ] || fail "left: $(machine_state)"
}

# In VMs: whole blocks, in turn, of all points while one of them is too wide.
test_until_exact() {
	exact_kernels x86_64
	printf '[plan]\nruns=1\niterations=2\n[f]\nbench=fork\nsize=4M\n[z]\nbench=zap\nsize=4M\n' >"$tmp/p.ini"
	exact_run 0 j.jsonl --aa --kernel a=x86_64-new --boots 3 --until 5%
	no_processes
	has "$errs" 'note: until 5%: 3 boots, and 4 are the least'
	has "$errs" 'note: until 5%: 4 boots: all points are narrow enough'
	[ "$(looks units)$(looks unit)$(looks kernel)" = '3 4 "boot" "boot" ' ] || fail "looks: $(looks units)"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -o '"kernel":"[^,]*,"boot":[0-9]*' | sort | uniq -c | tr -s ' ' |
		grep -c '^ 2 ')" = 8 ] || fail "not 2 points in 8 boots"
	expect 0 "$fb" check "$tmp/j.jsonl"
	has "$out" 'how many boots there are was left to the data \(until 5 %\)'
	# Killed in its last block, as far as the journal knows: that boot alone is made once more.
	grep -v -e '"units":4' -e "\"kernel\":\"a'\",\"boot\":3" "$tmp/j.jsonl" >"$tmp/cut.jsonl"
	exact_run 0 cut.jsonl --aa --kernel a=x86_64-new --boots 3 --until 5%
	[ "$(grep -c '"type":"run"' "$tmp/cut.jsonl")" = 16 ] || fail "not 16 runs"
	[ "$(grep -c '"type":"machine"' "$tmp/cut.jsonl")" = 8 ] || fail "more than one boot was made"
}

# --- programs of emit-c ------------------------------------------------------------------------

strict='-std=gnu11 -O2 -Wall -Wextra -Werror'

# The catalogue's points, as JSON, a line each.
catalogue_points() {
	"$fb" run catalogue --dry-run | sed -n 's/^[0-9]* iterations* of //p'
}

# words_of POINT: its JSON as words of emit-c.
words_of() {
	echo "$1" | sed 's/[{}"]//g; s/^bench:\([^,]*\),variant:\([^,]*\)/\1\/\2/; s/,place:[^,]*//; s/,/ /g; s/:/=/g'
}

# emit_families DIR: a program of each family, DIR/FAMILY.c
emit_families() {
	local point family last=
	catalogue_points | while read -r point; do
		family=$(echo "$point" | sed 's/{"bench":"\([^"]*\).*/\1/; s/-/_/g')
		[ "$family" = "$last" ] && continue
		last=$family
		"$fb" emit-c $(words_of "$point") --out "$1/$family.c" || exit 1
	done
	[ "$(ls "$1"/*.c | wc -l)" = "$(ls bench/*.c | grep -vc '/list.c')" ] || fail "not all families"
}

# check_point NAME POINT: its program builds, and each op takes the faults that the worker's took; or it
# says why not.
check_point() {
	local name=$tmp/$1 words wanted got
	words=$(words_of "$2")
	"$fb" emit-c $words iterations=3 --out "$name.c" || fail "$words: not emitted"
	gcc $strict -o "$name" "$name.c" -pthread -lm || fail "$words: does not build"
	timeout 60 "$name" >"$name.out" 2>"$name.err" && got=0 || got=$?
	wanted=$(grep '"type":"run"' "$tmp/j.jsonl" | grep -F "\"point\":$2" |
		sed -n 's/.*"faults":{"wanted":"\([0-9]*\).*/\1/p')
	case $got in
	0)
		grep -qE "^ok: each op took the ${wanted:-[0-9]+} faults promised" "$name.out" ||
			fail "$words: not the worker's $wanted faults: $(cat "$name.out")"
		echo "$words" >>"$tmp/ok"
		;;
	77)
		has "$(head -1 "$name.err")" '^cannot run here: .'
		grep -q '\.needs = "[^"]' "$name.c" || echo "$2" | grep -qE '"order":("pmd"|[1-9])' ||
			fail "$words: needs nothing, and $(cat "$name.err")"
		echo "$words: $(head -1 "$name.err")"
		;;
	*) fail "$words: status $got: $(cat "$name.err")" ;;
	esac
	rm -f "$name" "$name".*
}

# Programs of the catalogue's points; of each family one of every folio order but 0, as few machines
# give those without being told.
test_emit_c() {
	local half nr point
	"$fb" run catalogue --set iterations=1 --out "$tmp/j.jsonl" >/dev/null 2>&1
	grep -q '"status":"ok"' "$tmp/j.jsonl" || fail "the catalogue was not measured"
	catalogue_points | awk -F'"' '
		!match($0, /"order":("pmd"|[1-9])/) || $8 == "moved-byte" ||
			!seen[$4, substr($0, RSTART, RLENGTH)]++' >"$tmp/points"
	for half in 0 1; do
		awk -v half=$half 'NR % 2 == half' "$tmp/points" | {
			nr=0
			while read -r point; do
				nr=$((nr + 1))
				check_point $half-$nr "$point"
			done
			echo "$nr" >"$tmp/done-$half"
		} &
	done
	wait
	[ "$(cat "$tmp"/done-0 "$tmp"/done-1 | paste -sd+ | bc)" = "$(wc -l <"$tmp/points")" ] ||
		fail "some points failed"
	echo "$(wc -l <"$tmp/ok") of $(wc -l <"$tmp/points") points ran"
	[ "$(wc -l <"$tmp/ok")" -gt $(($(wc -l <"$tmp/points") / 2)) ] || fail "few points ran"
}

# Every compiler, without a word; static; for arm64.
test_emit_c_builds() {
	local file arm="aarch64-linux-gnu-gcc --sysroot=$build/sysroot-arm64 -isystem=/usr/include/aarch64-linux-gnu
		-isystem=/usr/include -L=/usr/lib/aarch64-linux-gnu -B$build/sysroot-arm64/usr/lib/aarch64-linux-gnu"
	emit_families "$tmp"
	[ -d "$build/sysroot-arm64" ] || arm=
	for file in "$tmp"/*.c; do
		clang $strict -o "$tmp/x" "$file" -pthread -lm || fail "clang: $file"
		case $file in */fork.c | */contend.c)
			gcc $strict -static -o "$tmp/x" "$file" -pthread -lm || fail "static: $file" ;;
		esac
		[ -z "$arm" ] || $arm $strict -o "$tmp/x" "$file" -pthread -lm || fail "arm64: $file"
	done
	file=$(sed -n 's/^ \* *\(gcc .*\) && .*/\1/p' "$tmp/fork.c")
	[ -n "$file" ] && (cd "$tmp" && $file && ./fork) || fail "its own build line: $file"
}

# code OBJECT FUNCTION: its instructions without padding.
code() {
	objdump -dr --no-show-raw-insn --no-addresses "$1" | awk -v name="$2" '
		$1 == "<" name ">:" { inside = 1; next }
		/^$/ { inside = 0 }
		!inside || $0 ~ /[^a-z](nop|nopw|nopl)([^a-z]|$)/ { next }
		{
			# What a linker fills in is named on the line after.
			if ($1 ~ /^R_/) sub(/<.*>/, "", held)
			print held
			$1 = $1
			held = $0
		}
		END { print held }'
}

# What is timed is the worker's own: the same machine code, built with the same flags, but for -fPIC,
# which keeps the services in the same file from being inlined.
test_emit_c_code() {
	local flags file object name n=0
	flags=$(sed -n 's/.*"command": "\(.*\) -MD .* -o faultbench-worker\.p\/bench_fork\.c\.o .*/\1/p' \
		"$build/compile_commands.json" | sed 's/ -I[^ ]*//g; s/\\//g')
	case $flags in *-fsanitize* | '') exit 77 ;; esac
	emit_families "$tmp"
	for file in "$tmp"/*.c; do
		object=$build/faultbench-worker.p/bench_$(basename "$file").o
		eval "$flags -fPIC -c -o '$tmp/x.o' '$file'" || fail "$file"
		for name in $(nm "$object" | sed -n 's/^[^ ]* [tT] //p' | grep -E '^(op|touch_|zap_|write_|take_)'); do
			code "$object" $name >"$tmp/worker"
			code "$tmp/x.o" $name >"$tmp/emitted"
			[ -s "$tmp/worker" ] || fail "no code of $name in $object"
			diff "$tmp/worker" "$tmp/emitted" || fail "$(basename "$file"): $name differs"
			n=$((n + 1))
		done
	done
	echo "$n functions"
	[ $n -gt 40 ] || fail "only $n functions"
}

test_emit_c_words() {
	local words
	"$fb" emit-c fork size=1G order=9 >"$tmp/a.c" && "$fb" emit-c fork/fork order=9 --out "$tmp/b.c" ||
		fail "not emitted"
	cmp "$tmp/a.c" "$tmp/b.c" || fail "the same point, other bytes"
	sed '/^ \*\/$/q' "$tmp/a.c" | diff -u tests/golden/emit-c.txt - || fail "another head"
	[ "$(wc -l <"$tmp/a.c")" -lt 1180 ] || fail "$(wc -l <"$tmp/a.c") lines of a fork"
	while read -r words; do
		expect 2 "$fb" emit-c ${words%%:*}
		[ -z "$out" ] || fail "$words: printed"
		one_line "$(echo "$errs" | grep -v 'shows the options')"
		has "$errs" "${words#*: }"
	done <<-'EOF'
	: no benchmark given
	frok: bench = frok: no such benchmark; there are null
	fork/knife: variant = knife: fork has the variants fork
	fork size: 'size': must be key=value
	fork size=: 'size=': must be key=value
	fork size=1M size=2M: 'size' twice
	fork size=big: size = big: must be a size
	fork sise=1M: fork has no parameter 'sise'
	fork order=0,9: these are 2 points
	fork order=1: order = 1: must be a folio order
	fork iterations=0: iterations = 0: must be a whole number
	fork place=none: 'place=none' is no part of the program: .*taskset
	fork/dontfork size=2M: fork/dontfork: size is not a whole number of holes
	fault order=9: fault/write: a first touch maps
	EOF
	expect 2 "$fb" emit-c fork --fly
	expect 2 "$fb" emit-c fork --out /nonexistent/x.c
	one_line "$errs"
	has "$errs" '/nonexistent/x.c: cannot be written'
}

# Where there is too little memory a program says so, as the worker does, before it takes any: by one
# worker, by several, and executed.
test_emit_c_memory() {
	local words file
	for words in 'fork size=1T' 'fault size=1T processes=2' 'contend size=1T' 'app-start size=1T'; do
		file="$tmp/$(echo $words | tr ' =' '--')"
		"$fb" emit-c $words --out "$file.c" || fail "$words: not emitted"
		gcc $strict -o "$file" "$file.c" -pthread -lm || fail "$words: does not build"
		# If it takes the memory after all it fails early.
		expect 77 bash -c "ulimit -v 4000000; $file"
		has "$errs" '^cannot run here: more than the memory available, [0-9]+ MiB$'
		one_line "$errs"
	done
}

# Programs whose ops do not do what they promise.
test_emit_c_lies() {
	"$fb" emit-c fault size=4M >"$tmp/truth.c"
	lie() { # lie STATUS TEXT SED
		sed "$3" "$tmp/truth.c" >"$tmp/lie.c"
		cmp -s "$tmp/truth.c" "$tmp/lie.c" && fail "nothing changed: $3"
		gcc $strict -o "$tmp/lie" "$tmp/lie.c" -pthread -lm || fail "$3"
		expect $1 "$tmp/lie"
		has "$errs" "$2"
	}
	lie 1 'FAIL: 1024 page faults, where 1023 are promised' 's/\.faults = kind->faults/.faults = -1 + kind->faults/'
	lie 77 'cannot run here: 102. page faults, where 2048 are' 's/\.faults = kind->faults/.faults = 2 * kind->faults/'
	lie 77 'cannot run here: status:VmSize moved by 0; promised are 1 to 1' \
		's/\.before = AREA_EMPTY,/&.moves = {{"status:VmSize", 1, 1}},/'
	"$fb" emit-c app-start/exec faulters=0 >"$tmp/truth.c"
	lie 77 'cannot run here: 100 page faults, where 200 are promised, or a few more' 's/\.faults = /.faults = 2 */'
	lie 1 'FAIL: 100 page faults, where 10 are promised' 's/\.faults = /.faults = -90 + /'
	"$fb" emit-c app-start/load warmup=1 >"$tmp/truth.c"
	lie 77 'cannot run here: -[0-9]* page faults, where 100 are' 's/\.faults_beside = 1/.faults_beside = 2/'
	case $(stat -f -c %T "${TMPDIR:-/var/tmp}") in
	ext* | xfs | btrfs)
		"$fb" emit-c fault-vma/shared-file-write size=4M warmup=1 >"$tmp/truth.c"
		lie 1 'vmstat:nr_dirtied moved by [0-9]+; promised are 774 to' 's/&& fdatasync(run->file)/\&\& 0/' ;;
	esac
	# pgreuse tells as well, but only at order 0, and of the whole system.
	"$fb" emit-c cow/child-reuse-byte size=4M | sed 's/"vmstat:pgreuse"/"vmstat:"/' >"$tmp/truth.c"
	lie 77 'cannot run here: the child died in the op' 's/: &run->areas\[0\])/: (abort(), \&none))/'
	lie 77 'the child took 0 page faults in an op that promises 1024 to 1024' 's/: &run->areas\[0\])/: \&none)/'
	lie 77 'the child took 10[2-9][0-9] page faults in an op' 's/child_rehearse(run, &state->child);$/0;/'
	[ "$(uname -m)" != x86_64 ] || {
		"$fb" emit-c fault size=4M order=4 | sed 's/folio_size((int)run->value\[ORDER\])/folio_size(3)/' >"$tmp/order.c"
		gcc $strict -o "$tmp/order" "$tmp/order.c" -lm || fail "order"
		expect 77 "$tmp/order"
		has "$errs" 'hugepages-64kB/enabled, and never'
	}
}

# --- without root ------------------------------------------------------------------------------

# The tests that run the programs, as nobody, from a copy that nobody can read.
test_unprivileged() {
	is_root || exit 77
	local stage=$tmp/stage
	mkdir -p "$stage/build/tests" "$stage/tmp" && chmod 777 "$stage/tmp"
	cp "$fb" "$worker" "$stage/build/" && cp "$liars" "$build"/tests/test_* "$stage/build/tests/" 2>/dev/null
	cp -r tests configs "$stage/"
	chmod -R a+rX "$tmp" "$stage"
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME=/nonexistent TMPDIR="$stage/tmp" FAULTBENCH_BUILD="$stage/build" \
		"$stage/tests/run-tests.sh" help names plans run_formats small_run catalogue crews lies lies_in_crews needs bad_input \
		hostile_names vm_x86 vm_bad_input kill9 worker_killed signals cut_journal full_disk locked_journal golden \
		doctor crosscheck_faults crosscheck_forks
}

test_doctor() {
	local status
	"$fb" doctor >"$tmp/out" 2>"$tmp/err" && status=0 || status=$?
	[ $status -le 1 ] || fail "status $status: $(cat "$tmp/err")"
	grep -qE '^(SPOILS|DISTURBS|REMARK)|[Nn]othing' "$tmp/out" || fail "$(cat "$tmp/out")"
	"$fb" doctor --json >"$tmp/json"
	[ $? = $status ] || fail "--json: another status"
	is_root || grep -q 'root' "$tmp/out" || fail "not root, and it does not say so"
}

# --- carrying out ------------------------------------------------------------------------------

all=$(sed -n 's/^test_\([a-z0-9_]*\)().*/\1/p' "$top/tests/run-tests.sh")
long=$(sed -n 's/^test_\(long_[a-z0-9_]*\)().*/\1/p' "$top/tests/run-tests.sh")
all=$(echo "$all" | grep -v '^long_')

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
