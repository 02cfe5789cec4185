# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Metrics: whatever a run has a number of, selected by one name everywhere; sourced by
# tests/run-tests.sh.

measures metric_run metric_row pmu_events

# with_counters NAME WORDS...: a simulated journal whose runs have counters and vmstat. Of the second kernel,
# cycles are 10 % fewer, counted in 43 % of the time; made-up is 20 % more; there are as many page faults.
with_counters() {
	local name=$1
	shift
	simulated "$name" "$@"
	awk '/"type":"run"/ {
		after = /"kernel":"after"/
		n = NR * 7919 % 13
		cycles = int((after ? 387000 : 1000000) * (1 + n / 2000))
		made = (after ? 1200 : 1000) + n
		sub(/}$/, ",\"counters\":{\"cycles:k\":{\"value\":" cycles ",\"enabled\":1000,\"running\":" \
			(after ? 430 : 1000) "},\"instructions:k\":{\"refused\":\"no PMU here\"}," \
			"\"LLC-load-misses\":{\"refused\":\"no PMU here\"}," \
			"\"page-faults\":{\"value\":40960,\"enabled\":1000,\"running\":1000}," \
			"\"context-switches\":{\"value\":" n % 2 ",\"enabled\":1000,\"running\":1000}," \
			"\"cpu-migrations\":{\"value\":0,\"enabled\":1000,\"running\":1000}," \
			"\"made-up\":{\"value\":" made ",\"enabled\":1000,\"running\":1000}}," \
			"\"vmstat\":{\"pgfault\":40970,\"thp_fault_alloc\":" (after ? 20 : 10) ",\"odd_key\":" n "}}")
	}
	{print}' "$tmp/$name" >"$tmp/counted"
	mv "$tmp/counted" "$tmp/$name"
}

# A verdict on whatever is named, with all of them in one adjustment; what has no direction is no regression.
test_metric_check() {
	local n
	with_counters j.jsonl boots=8 boot=0.004 seed=1
	expect 0 "$fb" check --metric cycles:k "$tmp/j.jsonl"
	has "$out" '^1 verdict: 1 improvement$'
	has "$out" ' (-10\.[0-9]|-9\.[0-9]*)%'
	expect 1 "$fb" check --base after --metric cycles:k/unit --metric cycles:k "$tmp/j.jsonl"
	has "$out" '^2 verdicts: 2 regression$'
	# What was counted in a part of the time is extended to all of it.
	sed 's/"running":430/"running":1000/' "$tmp/j.jsonl" >"$tmp/even.jsonl"
	expect 0 "$fb" check --metric cycles:k "$tmp/even.jsonl"
	has "$out" ' -61\.[0-9]%'
	# Neither better nor worse by itself.
	expect 0 "$fb" check --metric made-up "$tmp/j.jsonl"
	has "$out" '^made-up .* differs$'
	has "$out" 'differs: the whole interval is beyond 2 % either way'
	# A constant and one that is often 0.
	expect 3 "$fb" check --metric page-faults --metric context-switches "$tmp/j.jsonl"
	has "$out" '^page-faults .* ok$'
	has "$out" '^context-switches .* inconclusive$'
	has "$out" 'Where a value is not above 0'
	# Refused is not 0.
	expect 3 "$fb" check --metric instructions:k "$tmp/j.jsonl"
	has "$out" 'base: refused: no PMU here'
	# All that tables show: times, counters, the rows of vmstat that the table names.
	"$fb" check --metrics all --format json "$tmp/j.jsonl" >"$tmp/all"
	for n in time cycles:k page-faults context-switches made-up vmstat:pgfault vmstat:thp_fault_alloc; do
		has "$(cat "$tmp/all")" "\"metric\": \"$n\""
	done
	[ "$(grep -c '"metric"' "$tmp/all")" = 7 ] || fail "all: $(grep '"metric"' "$tmp/all")"
	has "$(cat "$tmp/all")" '"judged": 7'
	for n in ktap junit lava kcidb; do
		"$fb" check --metrics all --format $n "$tmp/j.jsonl" >"$tmp/report"
		"$build/tests/format-check" $n <"$tmp/report" || fail "$n"
	done
	# What is there is named, in one line, and nothing else is taken for it.
	for n in nope cycles cycles:u time/unit/unit 'cycles:k '; do
		expect 2 "$fb" check --metric "$n" "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" 'there are time, time/unit, rate, .*cycles:k, .*made-up, .*vmstat:odd_key'
	done
	expect 2 "$fb" check --metric '' "$tmp/j.jsonl"
	has "$errs" "--metric '': needs a value, M"
	expect 2 "$fb" check --metrics some "$tmp/j.jsonl"
	expect 2 "$fb" check --metrics all --metric time "$tmp/j.jsonl"
	one_line "$errs"
}

# p50 is the median, wherever one is named.
test_metric_alias() {
	local n
	for n in faulters.median faulters.p50; do
		expect 3 "$fb" check --format json --metric $n tests/golden/contend.jsonl
		has "$out" '"metric": "faulters.median"'
		printf '%s\n' "$out" >"$tmp/$n"
	done
	cmp -s "$tmp/faulters.median" "$tmp/faulters.p50" || fail 'two medians'
	expect 3 "$fb" check --metric faulters.p50 --metric faulters.median tests/golden/contend.jsonl
	n=$(printf '%s\n' "$out" | grep -c 'faulters .* median')
	expect 3 "$fb" check --metric faulters.p50 tests/golden/contend.jsonl
	[ "$(printf '%s\n' "$out" | grep -c 'faulters .* median')" = "$n" ] || fail 'named twice, judged twice'
}

# Under the tables of times stands what was counted, once; what was not is said once, with the reason.
test_metric_compare() {
	local n
	with_counters j.jsonl boots=8 points=2 boot=0.004 seed=1
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" '^after against base: counters and vmstat, of one op$'
	[ "$(printf '%s\n' "$out" | grep -c '^  cycles:k .* -[0-9.]*%.* 43% of the time$')" = 2 ] || fail 'cycles:k'
	for n in page-faults context-switches made-up vmstat:pgfault vmstat:thp_fault_alloc; do
		[ "$(printf '%s\n' "$out" | grep -c "^  $n ")" = 2 ] || fail "$n"
	done
	has "$out" '^  vmstat:thp_fault_alloc .* \+100%'
	has "$out" '^0 in every run: cpu-migrations$'
	printf '%s' "$out" | grep 'odd_key' && fail 'a key that the table does not name'
	# On a machine without a PMU that is one line.
	[ "$(printf '%s\n' "$out" | grep -c 'refused')" = 1 ] || fail 'refused'
	has "$out" '^refused: instructions:k, LLC-load-misses: no PMU here$'
	# A table of one metric in place of the times, in any layout.
	expect 0 "$fb" compare --metric made-up "$tmp/j.jsonl"
	has "$out" '^\| made-up +\|    mean \|   stdev \|'
	printf '%s' "$out" | grep 'microbench\|counters and' && fail 'more than was asked for'
	for n in rel ab base-delta mmtests lkp; do
		expect 0 "$fb" compare --format $n --metric made-up "$tmp/j.jsonl"
		has "$out" 'made-up'
	done
	expect 0 "$fb" compare --format lkp "$tmp/j.jsonl"
	has "$out" ' fork\.size-1M\.perf-stat\.page-faults$'
	has "$out" ' fork\.size-2M\.proc-vmstat\.thp_fault_alloc$'
	# A report has it, and of one kernel the absolute numbers.
	expect 0 "$fb" report --out "$tmp/two" "$tmp/j.jsonl"
	has "$(cat "$tmp/two/report.txt")" '^ +cycles:k .* 43% of the time$'
	grep -v '"kernel":"after"' "$tmp/j.jsonl" | sed '1s/,"after"//' >"$tmp/one.jsonl"
	expect 0 "$fb" report --out "$tmp/one" "$tmp/one.jsonl"
	has "$(cat "$tmp/one/report.txt")" '^base: counters and vmstat, of one op$'
	has "$(cat "$tmp/one/report.txt")" '^ +page-faults +2048 +0.00%'
	# Exact runs have it too, if they have counters.
	sed 's/"source":"timed"/"source":"exact"/' "$tmp/j.jsonl" >"$tmp/exact.jsonl"
	expect 0 "$fb" compare "$tmp/exact.jsonl"
	has "$out" '^kernel-insns .* inconclusive$'
	has "$out" '^  page-faults +2048 '
	# Journals without any have no block.
	expect 0 "$fb" compare tests/golden/one.jsonl
	printf '%s' "$out" | grep 'counters' && fail 'a block of nothing'
	return 0
}

# A plan that takes no time, with counters that every kernel has, and one that none has.
counters_plan() {
	cat >"$tmp/small.ini" <<-EOF
	[plan]
	runs = 2
	iterations = 2
	counters = page-faults, task-clock, context-switches, no-such-event
	[fault]
	bench = fault
	variant = write
	size = 4M
	threads = 1
	place = none
	EOF
}

# `run` ends with the counters of what it measured.
test_metric_run() {
	counters_plan
	expect 0 "$fb" run --out "$tmp/j.jsonl" "$tmp/small.ini"
	has "$out" ': counters and vmstat, of one op$'
	has "$out" '^page-faults(:u)? +1024 +1 +0.00%'
	has "$out" '^task-clock +[0-9.]+ [mu]s +[0-9.]+ [un]s '
	has "$out" '^context-switches |^0 in every run: context-switches$'
	[ "$(printf '%s\n' "$out" | grep -c '^refused: no-such-event')" = 1 ] || fail 'an event that is none'
}

# A row of the table, written in one place, is there in everything that shows numbers.
test_metric_row() {
	local compile link n
	awk '/^\t\{0\},$/ && !n++ {
		print "\t{\"invented\", \"things\", METRIC_MORE, OP, .value = rate_of_op, .zero = true, .shown = true},"
	} {print}' analysis/results/metric_rows.c >"$tmp/metric.c"
	cmp -s "$tmp/metric.c" analysis/results/metric_rows.c && fail 'no end of the table'
	compile=$(ninja -C "$build" -t commands faultbench | grep -- '-c .*analysis/results/metric_rows\.c$')
	link=$(ninja -C "$build" -t commands faultbench | tail -1)
	compile=${compile%% -MD *}" -o $tmp/metric.o -c $tmp/metric.c"
	link=${link/ -o faultbench / -o $tmp/faultbench $tmp/metric.o }
	(cd "$build" && eval "$compile -I$PWD" && eval "$link") || fail "$compile; $link"
	ln -s "$build/faultbench-worker" "$tmp"
	fb=$tmp/faultbench
	expect 0 "$fb" compare tests/golden/counters.jsonl
	[ "$(printf '%s\n' "$out" | grep -c '^  invented .*%')" = 2 ] || fail 'compare'
	expect 0 "$fb" check --metric invented tests/golden/counters.jsonl
	has "$out" ' invented .* improvement$'
	expect 3 "$fb" check --metrics all --format json tests/golden/counters.jsonl
	has "$out" '"metric": "invented"'
	for n in csv json; do
		expect 0 "$fb" export --format $n tests/golden/counters.jsonl
		has "$out" '[,"]invented[,"]'
	done
	expect 0 "$fb" export --format go tests/golden/counters.jsonl
	has "$out" '^Unit invented/op better=higher$'
	has "$out" '^Benchmark.* [0-9.e+]+ invented/op'
	expect 0 "$fb" plot --metric invented --out "$tmp/x.gp" tests/golden/counters.jsonl
	has "$(cat "$tmp/x.gp")" 'invented'
	expect 0 "$fb" report --out "$tmp/report" tests/golden/counters.jsonl
	has "$(cat "$tmp/report/report.txt")" '^ +invented .*%'
	expect 0 "$fb" compare --format lkp tests/golden/counters.jsonl
	has "$out" '\.invented$'
	grep -v '"kernel":"after"' tests/golden/counters.jsonl | sed '1s/,"after"//' >"$tmp/one.jsonl"
	expect 0 "$fb" report --out "$tmp/one" "$tmp/one.jsonl"
	has "$(cat "$tmp/one/report.txt")" '^ +invented +[0-9.]+[kM]? '
	counters_plan
	expect 0 "$fb" run --out "$tmp/run.jsonl" "$tmp/small.ini"
	has "$out" '^invented +[0-9.]+[kM]? '
}

# The page lists the rows of the table, in its order, with units and directions.
test_metric_docs() {
	sed -n 's/^\t{"\([^"]*\)", "\([^"]*\)", METRIC_\([A-Z]*\),.*/\1 \2 \L\3/p' analysis/results/metric_rows.c |
		sed 's/^\*\./ROLE./' >"$tmp/table"
	sed -n 's/^| `\([^`]*\)` | \([^ ]*\) | \(less\|more\|neither\) |.*/\1 \2 \3/p' docs/metrics.md >"$tmp/page"
	[ "$(wc -l <"$tmp/table")" -gt 40 ] || fail 'the table was not found'
	[ "$(grep -c '^	{"' analysis/results/metric_rows.c)" = "$(wc -l <"$tmp/table")" ] || fail 'rows of another form'
	diff "$tmp/table" "$tmp/page" || fail 'docs/metrics.md'
}

# Events as perf names them, in a list with commas of their own, by one name in every command.
test_pmu_events() {
	local name=software/config=2,config1=0/
	[ -d /sys/bus/event_source/devices/software ] || exit 77
	printf '[plan]\nruns=2\niterations=3\ncounters=page-faults, %s, software/config=2/q,nopmu/x,y=1/,task-clock\n[x]\nbench=fault\nsize=4M\n' \
		$name >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(head -1 "$tmp/j.jsonl")" "\"counters\":\\[\"page-faults\",\"$name\",\"software/config=2/q\",\"nopmu/x,y=1/\",\"task-clock\"\\]"
	is_root || exit 77
	has "$out" "^page-faults +1024 +1 +0.00%$"
	has "$out" "^$name +1024 +1 +0.00%$"
	has "$out" "^refused: software/config=2/q: modifiers are u, k and h; 'q' is not of them$"
	has "$out" '^refused: nopmu/x,y=1/: this machine has no PMU nopmu$'
	expect 0 "$fb" compare --metric $name "$tmp/j.jsonl"
	has "$out" "^mean: $name, of one op"
	expect 0 "$fb" export --format csv "$tmp/j.jsonl"
	has "$out" ",\"$name\""
	sed -i 's|"software/config=2,config1=0/":{|&"mode":"machine",|' "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" "^$name +1024 +1 +0.00% +whole machine$"
}

# Cores of another kind are a difference, between kernels and between the runs of one.
test_kinds_of_cores() {
	sed 's/"placement":{[^}]*},//; s/^{"type":"run",/&"placement":{"pmu":"cpu_core"},/' \
		tests/golden/fork.jsonl >"$tmp/same.jsonl"
	expect 0 "$fb" compare "$tmp/same.jsonl"
	! grep 'cores of' <<<"$out" || fail "they are the same"
	sed '/"kernel":"after-change"/s/cpu_core/cpu_atom/' "$tmp/same.jsonl" >"$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	has "$out" '^  cores of fork: cpu_core -> cpu_atom$'
	[ "$(grep -c 'cores of' <<<"$out")" = 1 ] || fail "it is said more than once: $out"
	sed '/"run":1,/s/cpu_core/cpu_atom/' "$tmp/same.jsonl" >"$tmp/mixed.jsonl"
	expect 0 "$fb" compare "$tmp/mixed.jsonl"
	has "$(tr -s ' \n' ' ' <<<"$out")" 'runs on other cores than others: of cpu_core, and of cpu_atom'
}

# A PMU of cores, and clusters of them, as an arm64 kernel has them.
test_long_vm_pmu() {
	local number='"enabled":[0-9]*,"running":[0-9]*,"value":'
	debian_new arm64
	printf '[plan]\nruns=1\niterations=1\ncounters=%s\n[x]\nbench=fault\nsize=4M\n[y]\nbench=null\nsize=12M\nthreads=2, 3\nplace=cluster, package\n' \
		'cycles:k, armv8_pmuv3/cpu_cycles/k, armv8_pmuv3/event=0x11/k, armv8_pmuv3/cpu_cycels/' >"$tmp/p.ini"
	vm m arm64 vcpus=4 'options=-smp 4,sockets=1,clusters=2,cores=2,threads=1'
	sed -i /vcpus=2/d "$tmp/m.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-new --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"counters.pmus":"armv8_pmuv3 \(0-3\)"'
	out=$(grep '"bench":"fault".*"type":"run"\|"type":"run".*"bench":"fault"' "$tmp/j.jsonl")
	has "$out" "\"armv8_pmuv3/cpu_cycles/k\":\{$number[1-9]"
	has "$out" "\"armv8_pmuv3/event=0x11/k\":\{$number[1-9]"
	has "$out" '"armv8_pmuv3/cpu_cycels/":\{"refused":"armv8_pmuv3 has no event and no field cpu_cycels"'
	out=$(grep -o '"placement":{[^}]*}\|"reason":"[^"]*"' "$tmp/j.jsonl" | tail -4 | sort)
	[ "$out" = '"placement":{"asked":"cluster","cpus":[0,1],"obtained":[0,1]}
"placement":{"asked":"package","cpus":[0,1,2],"obtained":[0,1,2]}
"placement":{"asked":"package","cpus":[0,1],"obtained":[0,1]}
"reason":"3 workers, but place=cluster has 2 CPUs here (place=none allows more)"' ] || fail "$out"
}
