# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Benchmarks that lie, and needs that are not met; sourced by tests/run-tests.sh.

measures needs no_thp no_kpageflags states
measures lies lies_in_crews

# Benchmarks that lie are caught and named.
test_lies() {
	local bench=lie more=
	lie() { # lie VARIANT STATUS REASON
		printf '[plan]\nruns=1\niterations=3\n[x]\nplace=none\nbench=%s\nvariant=%s\n%s\n' $bench "$1" "$more" >"$tmp/lie.ini"
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
	# What an op does not do, where the kernel could.
	"$fb" list vmalloc | grep -qE 'this machine: no|not here' || {
		bench=idle-vmalloc more=size=4M
		lie bpf-array failed '4 of 4 BPF arrays were refused'
		more=
	}
	"$fb" list test-vmalloc | grep -q 'this machine: no' || {
		bench=idle-test-vmalloc more=loops=10
		lie fix-size void 'log:Summary: fix_size_alloc_test passed: moved by 0 in an op that promises 1'
		more=
	}
	"$fb" list thread-stacks | grep -q 'this machine: no' || {
		bench=idle-thread-stacks
		lie clone void 'status:Threads moved by 0 in an op that promises 256'
		bench=refused-thread-stacks
		lie clone failed '256 of 256 threads were refused'
	}
	"$fb" list fault-cold | grep -qE 'this machine: no|not here' || {
		bench=idle-fault-cold more=size=4M
		lie random void 'after the op: promised 1 VMA, every page, in any folios; seen: 0 of'
		lie normal void 'after the op: promised 1 VMA, every page, in any folios; seen: 0 of'
		more=
	}
	! is_root || [ ! -e /sys/class/zram-control ] || [ ! -w /sys/module/zswap/parameters/enabled ] || {
		bench=unzswapped-fault-page more=size=4M
		lie zswapped void 'vmstat:zswpin moved by [0-9]+ in an op that promises at least 1024'
		bench=unzswapped-zap
		lie pageout-zswap void 'vmstat:zswpout moved by [0-9]+ in an op that promises at least 993'
		more=
	}
	"$fb" list thp | grep -q 'this machine: no' || {
		bench=idle-thp more=$(printf 'size=4M\norder=pmd')
		lie split void 'promised 1 VMA, a page of its own everywhere; seen: '
		more=size=4M
		lie remap void 'promised 1 VMA, order-[0-9]* PTE-mapped; seen: '
		bench=idle-pin
		lie readv failed 'process_vm_readv\(\) has not read the memory'
		more=
	}
	! is_root || [ ! -w /sys/kernel/mm/ksm/run ] || {
		bench=idle-ksm more=size=1M
		lie merge void 'self:ksm_merging_pages moved by 0 in an op that promises at least 255'
		lie unmerge void '0 page faults in 1 op that promises 255'
		more=
	}
	! is_root || [ ! -w /sys/kernel/mm/transparent_hugepage/khugepaged/scan_sleep_millisecs ] || {
		bench=idle-khugepaged more=size=4M
		lie collapse void 'promised 1 VMA, order-[0-9]+ PMD-mapped; seen: '
		more=
	}
	bench=idle-shootdown
	lie mprotect failed '0 of 100 calls of a shooter did what they should'
	lie dontneed void 'promised 1 VMA, no pages; seen: '
	lie move failed '0 of 100 calls of a shooter did what they should'
	"$fb" list guard | grep -q 'this machine: no' || {
		more=size=4M
		bench=idle-guard
		lie install failed '0 of 1024 pages are guarded, where 1024 are promised'
		lie remove failed '1024 of 1024 pages are guarded, where 0 are promised'
		bench=idle-process-madvise
		lie dontneed void 'promised 1 VMA, no pages; seen: '
		lie free void 'promised 1 VMA, lazily freed; seen:'
		bench=idle-pagemap-scan
		lie get failed 'PAGEMAP_SCAN: 0 of 4194304 bytes were looked at'
		lie clean failed 'PAGEMAP_SCAN: 0 of 4194304 bytes were looked at'
		bench=idle-uffd
		lie move void 'promised 1 VMA, order-0 PTE-mapped; seen: 0 of'
		lie write-protect failed 'userfaultfd did 0 of 4194304 bytes'
	}
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
