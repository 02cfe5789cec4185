# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Benchmarks that lie, and needs that are not met; sourced by tests/run-tests.sh.

measures needs no_thp no_kpageflags states
measures lies lies_idle lies_in_crews

# Benchmarks that lie are caught and named.
test_lies() {
	local bench=lie
	lie() { # lie VARIANT STATUS REASON
		printf '[plan]\nruns=1\niterations=3\n[x]\nplace=none\nbench=%s\nvariant=%s\n' $bench "$1" >"$tmp/lie.ini"
		[ "$1" != hang ] || sed -i 's/^runs/time-limit=2\n&/' "$tmp/lie.ini"
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
	lie most-lazy-free void 'promised 1 VMA, lazily freed; seen:'
	lie read-only void 'promised 1 VMA, order-0 PTE-mapped, read-only; seen:'
	lie writable void 'promised 1 VMA, order-0 PTE-mapped, writable; seen:'
	lie grown void 'promised 1 VMA, order-0 PTE-mapped, grown; seen:'
	lie unmapped void 'an area is 1 VMA, not unmapped'
	lie mark void "no 'um' in VmFlags"
	lie policy void 'policy (default|none), not bind'
	lie two-vmas void 'an area is 1 VMA, not those promised'
	lie hole void 'promised 1 VMA, no pages; seen: 0 KiB there'
	lie huge void 'promised 1 VMA, order-9 PMD-mapped; seen: 4096 of 4096 KiB'
	lie there void 'promised 1 VMA, every page, in any folios; seen:'
	lie cached void 'promised 1 VMA, no pages, here'
	lie leak-memory void 'leak: the address space grew by 1024 KiB'
	lie leak-fd void 'leak: 1 file descriptors more'
	lie leak-child void 'a child'
	lie setup failed 'this setup never works'
	lie hang failed 'no end within the time limit of 2 s'
	lie crash failed 'killed by SIGSEGV'
	lie abort failed 'killed by SIGABRT .*these are my last words'
	lie exit failed 'ended with status 3 and no record'
	if is_root; then
		# Others do not see it, and get no larger order promised than PMDs map.
		lie file-order void 'promised 1 VMA, order-4 PTE-mapped; seen: 1024 pages in'
		lie memfd-populate failed 'populating gave folios that are not of order 4'
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
	bench=refused-cycle
	lie anon failed 'mmap\(\) or munmap\(\) was refused'
	# A child that is refused is quick as well.
	bench=refused-process
	lie fork-exit failed 'fork-exit: the process was refused'
	lie fork-exec failed 'fork-exec: the process was refused'
	lie vfork-exec failed 'vfork-exec: the process was refused'
	lie spawn failed 'spawn: the process was refused'
}

# Families whose op does nothing, or, where that is said, what is not what it says; lazy are those of which only the first
# worker does its share. A line each: BENCH/VARIANT WORDS: REASON
idle_lies() {
	cat <<-'EOF'
	idle-vmalloc/bpf-array size=4M: 4 of 4 BPF arrays were refused
	lazy-vmalloc/bpf-array size=4M threads=2: 2 of 4 BPF arrays were refused
	lazy-vmalloc/bpf-array size=4M processes=2: 2 of 2 BPF arrays were refused
	idle-test-vmalloc/fix-size loops=10: log:Summary: fix_size_alloc_test passed: moved by 0 in an op that promises 1
	idle-thread-stacks/clone: status:Threads moved by 0 in an op that promises 256
	refused-thread-stacks/clone: 256 of 256 threads were refused
	idle-fault-cold/random size=4M: promised 1 VMA, every page, in any folios; seen: 0 of
	idle-fault-cold/normal size=4M: promised 1 VMA, every page, in any folios; seen: 0 of
	idle-fault-cold/sequential size=4M: promised 1 VMA, every page, in any folios; seen: 0 of
	idle-fault-cold/exec size=4M: promised 1 VMA, every page, in any folios; seen: 0 of
	forgotten-fault-cold/refault size=4M: vmstat:workingset_refault_file moved by [0-9]+ in an op that promises at least 774
	idle-fault-page/swapped-shmem size=4M: promised 1 VMA, order-0 PTE-mapped; seen: 0 of
	lazy-fault-cold/random size=4M threads=2: promised 1 VMA, every page, in any folios; seen: 0 of
	lazy-fault-cold/normal size=4M processes=2: promised 1 VMA, every page, in any folios; seen: 0 of
	unzswapped-fault-page/zswapped size=4M: vmstat:zswpin moved by [0-9]+ in an op that promises at least 1024
	idle-fault-page/swapped size=4M order=4: promised 1 VMA, every page, in any folios; seen: 0 of
	unzswapped-zap/pageout-zswap size=4M: vmstat:zswpout moved by [0-9]+ in an op that promises at least 993
	idle-fault-vma/shared-file-read size=4M order=pmd: promised 1 VMA, order-[0-9]+ PMD-mapped; seen: 0 of
	idle-zap/pageout-free size=4M: promised 1 VMA, no pages; seen:
	idle-zap/pageout-file size=4M: promised 1 VMA, no pages, here or in the page cache; seen:
	idle-thp/split size=4M order=pmd: promised 1 VMA, a page of its own everywhere; seen:
	idle-thp/remap size=4M: promised 1 VMA, order-[0-9]+ PTE-mapped; seen:
	lazy-thp/remap size=4M threads=2: promised 1 VMA, order-[0-9]+ PTE-mapped; seen:
	lazy-thp/split size=4M order=pmd processes=2: promised 1 VMA, a page of its own everywhere; seen:
	idle-pin/readv size=4M: process_vm_readv\(\) has not read the memory
	idle-pin/register size=4M: io_uring has not registered the memory
	lazy-pin/readv size=4M threads=2: process_vm_readv\(\) has not read the memory
	lazy-pin/register size=4M processes=2: io_uring has not registered the memory
	lazy-cow/cow-byte size=4M threads=2: [0-9]+ page faults in 1 op that promises 1024
	lazy-cow/unshare size=4M processes=2: -?[0-9]+ page faults in 1 op that promises 512
	idle-ksm/merge size=1M: self:ksm_merging_pages moved by 0 in an op that promises at least 255
	idle-ksm/unmerge size=1M: 0 page faults in 1 op that promises 255
	idle-khugepaged/collapse size=4M: promised 1 VMA, order-[0-9]+ PMD-mapped; seen:
	idle-shootdown/mprotect: 0 of 100 calls of a shooter did what they should
	idle-shootdown/dontneed: promised 1 VMA, no pages; seen:
	idle-shootdown/munmap: promised no VMA; seen: 1 VMA
	idle-shootdown/move: 0 of 100 calls of a shooter did what they should
	idle-guard/install size=4M: 0 of 1024 pages are guarded, where 1024 are promised
	idle-guard/install-populated size=4M: 0 of 1024 pages are guarded, where 1024 are promised
	idle-guard/remove size=4M: 1024 of 1024 pages are guarded, where 0 are promised
	idle-process-madvise/dontneed size=4M: promised 1 VMA, no pages; seen:
	idle-process-madvise/dontneed size=4M iovecs=1: promised 1 VMA, no pages; seen:
	idle-process-madvise/free size=4M: promised 1 VMA, lazily freed; seen:
	idle-pagemap-scan/get size=4M: PAGEMAP_SCAN: 0 of 4194304 bytes were looked at
	idle-pagemap-scan/clean size=4M: PAGEMAP_SCAN: 0 of 4194304 bytes were looked at
	idle-pagemap-scan/write-protect size=4M: PAGEMAP_SCAN: 0 of 4194304 bytes were looked at
	idle-uffd/move size=4M: promised 1 VMA, order-0 PTE-mapped; seen: 0 of
	idle-uffd/copy size=4M: promised 1 VMA, order-0 PTE-mapped; seen: 0 of
	idle-uffd/zeropage size=4M: promised 1 VMA, the zero page
	idle-uffd/write-protect size=4M: userfaultfd did 0 of 4194304 bytes
	idle-mapper/mmap reads=smaps mappers=0 time=1: a reader got 0 bytes of /proc/self/smaps, less than 1000 VMAs have
	idle-mapper/mmap reads=numa_maps mappers=0 time=1: a reader got 0 bytes of /proc/self/numa_maps, less than 1000 VMAs have
	EOF
}

# Each is caught, and named, or needs what is not here.
test_lies_idle() {
	local lie run
	idle_lies | awk -F': ' 'BEGIN { print "[plan]\nruns=1\niterations=2" } {
		n = split($1, w, " "); split(w[1], b, "/")
		print "[" NR "]\nplace=none\nbench=" b[1] "\nvariant=" b[2]
		for (i = 2; i <= n; i++) print w[i] }' >"$tmp/p.ini"
	expect 1 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	grep '"type":"run"' "$tmp/j.jsonl" >"$tmp/runs"
	[ "$(wc -l <"$tmp/runs")" = "$(idle_lies | wc -l)" ] || fail "$(wc -l <"$tmp/runs") runs"
	while IFS= read -r lie && IFS= read -r run <&3; do
		printf '%s' "$run" | grep -qE "\"status\":\"(skipped\",\"reason\":\"(needs |this kernel has no )|(void|failed)\",\"reason\":\"[^\"]*${lie#*: })" ||
			fail "$lie: $(printf '%s' "$run" | grep -oE '"bench.*"reason":"[^"]*"' | cut -c1-400)"
	done < <(idle_lies) 3<"$tmp/runs"
	no_processes
}

# A crash in one of several threads or processes is that run's, and nobody is left.
test_lies_in_crews() {
	local how
	for how in threads=2 processes=2; do
		printf '[plan]\nruns=1\niterations=3\n[x]\nbench=lie\nvariant=abort\n%s\nplace=none\n' "$how" >"$tmp/lie.ini"
		rm -f "$tmp/lie.jsonl"
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
	expect 77 "$fb" run "$tmp/small.ini" --out "$tmp/l.jsonl" --set place=list:999
	has "$errs" 'CPU 999 is not one this process may use'
}

# A kernel without THP: order 0 goes on, order 9 and what else wants it is skipped and says why.
test_no_thp() {
	is_root || exit 77
	unshare -m true 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\norder=0,9\n' >"$tmp/p.ini"
	printf '[y]\nbench=thp\nvariant=collapse,remap\nsize=4M\n[z]\nbench=khugepaged\nsize=4M\n' >>"$tmp/p.ini"
	printf '[f]\nbench=fork\nsize=4M\norder=pmd\nbacking=file\n' >>"$tmp/p.ini"
	expect 0 unshare -m sh -c 'mount -t tmpfs none /sys/kernel/mm && exec "$@"' sh \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"skipped","reason":"this kernel has no transparent huge pages (no /sys' "$tmp/j.jsonl")" = 5 ] ||
		fail "not five: $(grep -oE '"reason":"[^"]*"' "$tmp/j.jsonl")"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\norder=0,9\n' >"$tmp/p.ini"
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
