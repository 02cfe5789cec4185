# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What is measured on this kernel, for real; sourced by tests/run-tests.sh.

measures exec_stops compaction provided counter_groups tracepoint orders sharers cycle khugepaged
measures small_run told_nothing catalogue crews side_by_side promises long_file_order

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
	expect 0 "$fb" show "$tmp/j.jsonl" --bench fault --run 0
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
		grep -vE '"status":"skipped","reason":"(needs |this kernel has no ([0-9]+ KiB folios|transparent huge pages))')
	[ -z "$bad" ] || fail "$(printf '%s' "$bad" | grep -oE '"bench.*"reason":"[^"]*"' | cut -c1-300)"
}

measure_catalogue() { # measure_catalogue JOURNAL
	local i bad
	for i in 1 2 3; do
		rm -f "$1"
		"$fb" run "$plans/catalogue.ini" --out "$1" && return
		bad=$(grep -E '"status":"(void|failed)"' "$1" | grep -oE '"bench.*"reason":"[^"]*"')
		echo "$bad" # last, so that it is seen
		# Nobody but root has it off.
		echo "$bad" | grep -qv 'DAMON is at work here' && return 1
	done
	return 1
}

# What a worker is asked for does not say which kernel it runs on, or what its numbers are; both are in the
# journal all the same, and so is what it said of neither.
test_told_nothing() {
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=null\nsize=4M\nplace=none\n' >"$tmp/p.ini"
	cat >"$tmp/worker" <<-EOF
	#!/bin/sh
	[ \$# = 0 ] || exec "$worker" "\$@"
	tee "$tmp/asked" | "$worker" | tee "$tmp/said"
	EOF
	chmod +x "$tmp/worker"
	expect 0 env FAULTBENCH_WORKER="$tmp/worker" "$fb" run "$tmp/p.ini" --label some-kernel --title 'Desk 7' --out "$tmp/j.jsonl"
	has "$(head -1 "$tmp/asked")" '"counted": ?false'
	has "$out" '^some-kernel on Desk 7$'
	has "$(cat "$tmp/j.jsonl")" '"machine.title":"Desk 7"'
	grep -qE 'some-kernel|Desk 7|"timed"' "$tmp/asked" "$tmp/said" && fail "told: $(cat "$tmp/asked")"
	has "$(grep '"type":"run"' "$tmp/said")" '"status":"ok"'
	has "$(grep '"type":"run"' "$tmp/j.jsonl")" '"kernel":"some-kernel","boot":0,.*"source":"timed"'
	[ "$(grep -c '"kernel":"some-kernel"' "$tmp/j.jsonl")" = 3 ] || fail "not machine, run and end: $(cut -c1-80 "$tmp/j.jsonl")"
}

# Every variant there is (catalogue_names) is verified on this kernel.
test_catalogue() {
	local before
	consists() { # consists VARIANT KINDS: after the op, in each run of it that was ok
		local other
		other=$(grep "^{\"type\":\"run\".*\"variant\":\"$1\".*\"status\":\"ok\"" "$tmp/j.jsonl" |
			grep -vE "\"after\":\{$2\}")
		[ -z "$other" ] || fail "$1 is not $2: $(printf '%s' "$other" | grep -oE '"state":[^}]*\}[^}]*\}')"
	}
	before=$(machine_state)
	shared catalogue measure_catalogue
	cp "$common/catalogue" "$tmp/j.jsonl"
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
	consists private-file-read '"file P(TE|MD)":4096'
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
		[ "$(grep -c '"variant":"swapped".*"status":"ok"' "$tmp/j.jsonl")" -ge 1 ] || fail "no swap was made"
}

# Base pages also where everybody gets huge ones, of as many workers as there are: what is left over of a size is
# nobody's.
test_cycle() {
	local thp=/sys/kernel/mm/transparent_hugepage/enabled was
	is_root && [ -w $thp ] || exit 77
	was=$(sed 's/.*\[\(.*\)\].*/\1/' $thp)
	trap "echo $was >$thp" EXIT
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=cycle\nsize=16M\nrounds=2\nthreads=3\nplace=none\n' >"$tmp/p.ini"
	echo always >$thp
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"faults":\{"wanted":"8190","seen":"8190"\},"before":\{"wanted":"no VMA.*","seen":"no VMA'
	has "$out" ' faults/s '
}

# Root: what an op has split, khugepaged leaves so, however eager it is.
test_khugepaged() {
	local knobs=/sys/kernel/mm/transparent_hugepage/khugepaged sleep pages
	is_root && [ -w $knobs/scan_sleep_millisecs ] || exit 77
	sleep=$(cat $knobs/scan_sleep_millisecs) pages=$(cat $knobs/pages_to_scan)
	trap "echo $sleep >$knobs/scan_sleep_millisecs; echo $pages >$knobs/pages_to_scan" EXIT
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 20
	[cow]
	bench = cow
	size = 8M
	order = pmd
	[mremap]
	bench = mremap
	variant = move-half
	size = 8M
	order = 9, pmd
	EOF
	echo 0 >$knobs/scan_sleep_millisecs
	echo 100000 >$knobs/pages_to_scan
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 3 ] || fail "not all ok: $out"
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
	runs = 5
	iterations = 30
	[x]
	bench = fault-vma
	variant = shared-file-read, tmpfs-read
	size = 4M
	EOF
	while [ ! -e "$tmp/done" ]; do echo 1 >/proc/sys/vm/compact_memory; done &
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >"$tmp/out" 2>&1
	: >"$tmp/done"
	wait
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 10 ] || fail "not all ok: $(grep void "$tmp/out")"
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

# Storms by threads and by processes: not one fault more or less than promised, in any of 40 runs.
test_crews() {
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 5
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
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 40 ] || fail "not all ok: $errs"
}

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

# Root: a tracepoint by name counts the faults that were promised.
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

# Idle threads that share the mm: they are there, asleep, and change no promise. A kernel that tries faults
# speculatively (here only its vmstat) does so for none of a single thread, which is noted.
test_sharers() {
	local i
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fault]
	bench = fault
	size = 4M
	sharers = 0, 1, 3
	[fork]
	bench = fork
	size = 4M
	sharers = 1
	[zap]
	bench = zap
	size = 4M
	sharers = 1
	[none]
	bench = fault
	size = 4M
	EOF
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 6 ] || fail "not all ok: $errs"
	for i in 1 3; do
		grep '"sharers":'$i'[,}]' "$tmp/j.jsonl" | grep '"type":"run"' | grep -qv '"sharers":{"wanted":'$i',"seen":'$i'}' &&
			fail "not $i sharers: $(grep '"sharers":'$i'[,}]' "$tmp/j.jsonl")"
	done
	[ "$(grep -c '"sharers":{"wanted"' "$tmp/j.jsonl")" = 4 ] || fail "not in verified: $(cat "$tmp/j.jsonl")"
	has "$out" '1 sharer'
	expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/k.jsonl" --set sharers=65
	has "$errs" 'sharers = 65: must be a whole number from 0 to 64'
	expect 2 "$fb" emit-c fault sharers=1
	has "$errs" "'sharers=1' is no part of the program"
	# A vmstat with a key more.
	{ cat /proc/vmstat; echo spf_attempt 0; } >"$tmp/vmstat"
	is_root && unshare -m mount --bind "$tmp/vmstat" /proc/vmstat 2>/dev/null || return 0
	expect 0 unshare -m sh -c 'mount --bind "$1/vmstat" /proc/vmstat && exec "$2" run "$1/p.ini" --out "$1/s.jsonl"' \
		sh "$tmp" "$fb"
	[ "$(grep -c 'no fault was tried speculatively' "$tmp/s.jsonl")" = 2 ] || fail "not noted twice: $out"
	has "$out" 'no fault was tried speculatively: processes with one thread do not; with'
}

# Root: folios of files by order, in file systems made for it: two that make them, and one that does not, which is named.
# Whoever ends a test unmounts what is in its folder.
test_long_file_order() {
	is_root && [ "$(getconf PAGESIZE)" = 4096 ] || exit 77
	[ "$(printf '%s\n' 6.16 "$(uname -r)" | sort -V | head -1)" = 6.16 ] || exit 77 # ext4
	local fs order n before
	local family='[%s]\nbench=%s\nvariant=%s\nsize=8M\nbacking=file\norder=0,2,4,9,pmd\nplace=none\n'
	{
		printf '[plan]\nruns=1\niterations=2\n'
		printf "$family" zap zap munmap,dontneed,pte-dontneed,pageout-file mprotect mprotect toggle,read-only,writable fork fork fork
		printf "$family"'threads=2\nprocesses=2\n' crew zap munmap
		printf "$family"'vmas-in-range=4\n' vmas zap dontneed
		printf "$family" faults fault-vma private-file-read,shared-file-read | grep -v backing
	} >"$tmp/p.ini"
	made() { # made TYPE: of a file
		mkdir "$tmp/$1"
		truncate -s 400M "$tmp/$1.img"
		"mkfs.$1" -q "$tmp/$1.img" >/dev/null && mount -o loop "$tmp/$1.img" "$tmp/$1" || exit 77
		chmod a+rwx "$tmp/$1"
	}
	# seen FS ORDER STATE: how many runs of that order were proved to be of that
	seen() {
		grep "\"order\":$2," "$tmp/$1.jsonl" | grep '"status":"ok"' |
			grep -cE "\"(before|after)\":\{\"wanted\":\"[14] VMAs?, $3[^{}]*\"seen\":\"[0-9]+ pages in $3[\";, ]"
	}
	before=$(machine_state)
	for fs in xfs ext4; do
		made $fs
		expect 0 env TMPDIR="$tmp/$fs" "$fb" run "$tmp/p.ini" --out "$tmp/$fs.jsonl"
		[ "$(grep -c '"status":"ok"' "$tmp/$fs.jsonl")" = 60 ] || fail "$fs: not all ok: $errs"
		for order in 0 2 4 9; do
			n=$(seen $fs $order "order-$order PTE-mapped")
			[ "$n" = 12 ] || fail "$fs: order $order in $n runs"
		done
		n=$(seen $fs '"pmd"' 'order-9 PMD-mapped')
		[ "$n" = 12 ] || fail "$fs: PMDs in $n runs"
		printf '[plan]\nruns=1\niterations=2\n[x]\nbench=idle-zap\nvariant=pageout-file\nsize=4M\norder=4\nplace=none\n' >"$tmp/lie.ini"
		expect 1 env TMPDIR="$tmp/$fs" FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/lie.ini" --out "$tmp/lie-$fs.jsonl"
		has "$(cat "$tmp/lie-$fs.jsonl")" 'promised 1 VMA, no pages, here or in the page cache; seen:'
		# Base pages that are there in their place, as after reclaim, are made anew.
		printf '[plan]\nruns=1\niterations=2\n[x]\nbench=lie\nvariant=file-populate\nplace=none\n' >"$tmp/small.ini"
		expect 0 env TMPDIR="$tmp/$fs" FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/small.ini" --out "$tmp/small-$fs.jsonl"
		has "$(cat "$tmp/small-$fs.jsonl")" '"seen":"1024 pages in order-9 PMD-mapped'
		[ -z "$(ls "$tmp/$fs" | grep faultbench)" ] || fail "left: $(ls "$tmp/$fs")"
	done
	[ "$before" = "$(machine_state)" ] || fail "switches were changed: $(machine_state)"
	# Who is not root sees PMDs alone.
	printf '[plan]\nruns=1\n[x]\nbench=zap\nsize=4M\nbacking=file\norder=0,4,pmd\nplace=none\n' >"$tmp/q.ini"
	chmod a+rx "$tmp"
	expect 0 setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_RUNTIME_DIR= HOME="$tmp/xfs" TMPDIR="$tmp/xfs" \
		"$fb" run "$tmp/q.ini" --out "$tmp/xfs/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/xfs/j.jsonl")" = 2 ] || fail "not root: $errs"
	has "$(cat "$tmp/xfs/j.jsonl")" '"order":4,.*"reason":"needs root, to see of which order'
	has "$(cat "$tmp/xfs/j.jsonl")" '"order":"pmd",.*"seen":"4096 of 4096 KiB there, 0 of them anonymous, 4096 PMD-mapped'
	made btrfs
	expect 0 env TMPDIR="$tmp/btrfs" "$fb" run "$tmp/q.ini" --out "$tmp/btrfs.jsonl"
	[ "$(grep -c "\"reason\":\"needs files with folios of order [49]: $tmp/btrfs (btrfs) gives order 0;" "$tmp/btrfs.jsonl")" = 2 ] ||
		fail "btrfs: $errs"
	expect 1 env TMPDIR="$tmp/btrfs" FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/small.ini" --out "$tmp/small-btrfs.jsonl"
	has "$errs" 'failed: populating gave folios that are not of order 9'
	umount "$tmp/xfs" "$tmp/ext4" "$tmp/btrfs"
}
