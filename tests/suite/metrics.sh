# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Metrics: whatever a run has a number of, selected by one name everywhere; sourced by
# tests/run-tests.sh.

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
	for n in nope cycles cycles:u time/unit/unit '' 'cycles:k '; do
		expect 2 "$fb" check --metric "$n" "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" 'there are time, time/unit, rate, .*cycles:k, .*made-up, .*vmstat:odd_key'
	done
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
