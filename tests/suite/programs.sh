# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The programs, for real; sourced by tests/run-tests.sh.

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
