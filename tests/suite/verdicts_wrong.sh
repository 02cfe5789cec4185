# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Verdicts on what went wrong, and on what others judge wrongly; sourced by tests/run-tests.sh.

# Journals whose truth is known (tests/cases/verdicts/README.md): what is said of each.
test_cases_verdicts() {
	local cases=tests/cases/verdicts format
	expect 1 "$fb" check $cases/half-failed-ok.jsonl
	has "$out" '^10.0 ms .* fails$'
	has "$out" 'after failed in 8 of 8 boots, base in 0 of 8'
	# Three boots of a count with two modes, which met but one on each side.
	expect 0 "$fb" compare $cases/exact-3boots-false-more.jsonl
	has "$out" '^kernel-insns .* inconclusive$'
	has "$out" '^TLB-invalidations .* no difference$'
	expect 3 "$fb" check --threshold 0.5% $cases/exact-3boots-false-more.jsonl
	has "$out" '3 boots, from one to the next of which the count varies'
	expect 3 "$fb" check $cases/exact-3boots-false-more.jsonl
	has "$out" '^1 verdict: 1 inconclusive$'
	expect 3 "$fb" check --threshold 0.5% $cases/bisect-good-though-plus2.jsonl
	for format in text ktap junit lava kcidb json; do
		expect 3 "$fb" check --format $format $cases/one-boot-10points.jsonl
		! printf '%s' "$out" | grep -E '(verdict"?[=:] ?"?|[0-9] )(ok|regression|improvement)|<failure|RESULT=(pass|fail)' || fail "$format"
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" '1 boot a side; a verdict takes 4 at least'
		expect 1 "$fb" check --unit runs --format $format $cases/one-boot-10points.jsonl
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" 'of these boots only'
	done
}

# A drift is in the difference of kernels that were measured one after the other, and in none of those in turn.
test_check_drift() {
	local format case=tests/cases/verdicts/sequential-drift.jsonl drift='drift of .5.6 % over the session, .2.8 % from one kernel'
	for format in text ktap junit lava kcidb json; do
		expect 3 "$fb" check --format $format $case
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" "$drift"
	done
	expect 3 "$fb" check $case
	has "$out" '5.8[0-9]% +-0.[0-9]+ .. .7.[0-9]+ '
	simulated j.jsonl drift=0.16 sequential=1 boot=0.002
	expect 3 "$fb" check "$tmp/j.jsonl"
	has "$out" 'drift of .1[0-9].[0-9] % over the session, .[0-9.]+ % from one kernel'
	has "$out" 'drift of .1[0-9].[0-9] % from the first to the last boot'
	expect 3 "$fb" check --base after "$tmp/j.jsonl"
	simulated j.jsonl drift=0.16 boot=0.002
	expect 0 "$fb" check "$tmp/j.jsonl"
	has "$out" 'drift of .1[0-9].[0-9] % from the first to the last boot'
	# Without one, there is a verdict, from an interval with a trend in it.
	simulated j.jsonl sequential=1 boot=0.002 effect=0.05
	expect 1 "$fb" check "$tmp/j.jsonl"
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" "by Welch's t, also with the session's trend taken out, of boot means"
	# Sessions with a long pause between them have a time of their own each: what drifts in both falls out.
	simulated j.jsonl sequential=1 boot=0.002 drift=0.02 effect=0.05
	sed '/"kernel":"after"/s/"started":17/"started":18/' "$tmp/j.jsonl" >"$tmp/apart.jsonl"
	expect 1 "$fb" check "$tmp/apart.jsonl"
	! printf '%s' "$out" | grep 'over the session' || fail 'a drift through a pause of years'
}

# Points of a check show each other what the noise of boots is, if they are of one metric and in turn.
test_check_pools() {
	local df
	simulated j.jsonl points=20 boots=8 boot=0.01 run=0 seed=3
	expect 0 "$fb" check "$tmp/j.jsonl"
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" 'of boot means, whose noise is estimated from all points together'
	simulated few.jsonl points=4 boots=8 boot=0.01 run=0 seed=3
	! "$fb" check "$tmp/few.jsonl" | tr -s '\n ' ' ' | grep 'all points together' || fail '4 points have that in common'
	df=$("$fb" check --format json "$tmp/few.jsonl" | sed -n 's/^ *"df": \([0-9.]*\),/\1/p' | sort -u)
	[ "$df" = 7.0 ] || fail "df of 8 boots: $df"
	df=$("$fb" check --format json "$tmp/j.jsonl" | sed -n 's/^ *"df": \([0-9]*\).*/\1/p' | sort -n | tail -1)
	[ "$df" -gt 20 ] || fail "df of 20 points: $df"
	# Boots that move all points together are 8 boots all the same.
	simulated j.jsonl points=20 boots=8 boot=0.0001 run=0 iteration=0 shared=0.01 seed=3
	df=$("$fb" check --format json "$tmp/j.jsonl" | sed -n 's/^ *"df": \([0-9]*\).*/\1/p' | sort -n | tail -1)
	[ "$df" = 7 ] || fail "df of what boots share: $df"
	# Nor are points any more where kernels were not measured in turn.
	simulated j.jsonl points=20 boots=8 boot=0.01 run=0 sequential=1 seed=3
	df=$("$fb" check --format json "$tmp/j.jsonl" | sed -n 's/^ *"df_of_other_points": \([0-9]*\).*/\1/p' | sort -u)
	[ "$df" = 0 ] || fail "not in turn: $df"
}

# Counts: less than 0.02 % is no difference whatever the threshold, kernel instructions decide.
test_check_counts() {
	local n
	for n in 1000000 1000100 1000300; do
		simulated j.jsonl exact=1 boots=5 runs=1 iterations=1
		sed -E "s/\"samples\":\[[0-9]*\]/\"samples\":[1000000]/; /\"after\".*\"run\":/s/\[1000000\]/[$n]/" "$tmp/j.jsonl" >"$tmp/$n.jsonl"
	done
	expect 0 "$fb" check --threshold 0% "$tmp/1000000.jsonl"
	has "$out" '^1 verdict: 1 ok$'
	expect 0 "$fb" check --threshold 0% "$tmp/1000100.jsonl"
	expect 1 "$fb" check --threshold 0% "$tmp/1000300.jsonl"
	has "$out" 'Kernel instructions decide, and what --metric names'
	"$fb" check --metric TLB-invalidations tests/golden/exact.jsonl >"$tmp/out"
	has "$(cat "$tmp/out")" 'TLB-invalidations'
	! "$fb" check tests/golden/exact.jsonl | grep -E 'TLB-inv|barriers|atomics' || fail 'others decide'
}

# Runs that failed, were void or never came on one side more than on the other are never ok.
test_check_failures() {
	local n
	simulated j.jsonl points=2 boots=8 boot=0.002
	expect 0 "$fb" check "$tmp/j.jsonl"
	failing() { # failing PATTERN REASON STATUS: of all lines with the pattern
		sed -E "/$1/s/\"status\":\"ok\"/\"status\":\"$3\",\"reason\":\"$2\"/" "$tmp/j.jsonl" >"$tmp/f.jsonl"
		cmp -s "$tmp/j.jsonl" "$tmp/f.jsonl" && fail "nothing failed: $1"
	}
	# The kernel's complaints are its failures; what the harness could not do is none, but never ok.
	for n in 'kernel log: BUG: Bad page state' "the kernel's taint went from 0 to 32"; do
		failing '"after".*"run":2.*1048576' "$n" void
		expect 1 "$fb" check "$tmp/f.jsonl"
		has "$out" '^2 verdicts: 1 ok, 1 fails$'
	done
	failing '"after".*"run":2.*1048576' 'order 9 promised, 511 of 512' void
	expect 3 "$fb" check "$tmp/f.jsonl"
	has "$out" '8 runs of after and 0 of base failed, were void or never came'
	# As many on both sides: nothing is known of the kernel, but of times that had no end nothing is ok.
	failing '"run":2.*1048576' 'order 9 promised, 511 of 512' void
	expect 0 "$fb" check "$tmp/f.jsonl"
	failing '"run":2.*1048576' 'no end within the time limit of 120 s' failed
	expect 3 "$fb" check "$tmp/f.jsonl"
	has "$out" '16 runs had no end within the time limit'
	# Those that failed may be the slow ones of one and any of the other.
	failing '"run":2.*1048576' 'killed by SIGSEGV' failed
	expect 3 "$fb" check "$tmp/f.jsonl"
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" '8 runs of after and 8 of base failed: what is left is no sample'
	# One boot in which all fails, and one boot that never came.
	failing '"after","boot":3' 'killed by SIGSEGV' failed
	expect 3 "$fb" check "$tmp/f.jsonl"
	has "$out" '^2 verdicts: 2 inconclusive$'
	grep -v '"after","boot":7' "$tmp/j.jsonl" >"$tmp/f.jsonl"
	expect 3 "$fb" check "$tmp/f.jsonl"
	has "$out" '4 runs of after and 0 of base'
	# A kernel that never gets there at all; the base that does not is no fault of the kernel.
	failing '"after"' 'killed by SIGSEGV' failed
	expect 1 "$fb" check "$tmp/f.jsonl"
	has "$out" '^2 verdicts: 2 fails$'
	expect 3 "$fb" check --base after "$tmp/f.jsonl"
	has "$out" 'after: failed: killed by SIGSEGV'
	# A regression is one whatever else went wrong.
	simulated j.jsonl points=2 boots=8 boot=0.002 effect=0.1
	failing '"after".*"run":2.*1048576' 'kernel log: BUG: Bad page state' void
	expect 1 "$fb" check "$tmp/f.jsonl"
	has "$out" '^2 verdicts: 2 regression$'
	for n in junit ktap lava kcidb json; do
		expect 1 "$fb" check --format $n tests/cases/verdicts/half-failed-ok.jsonl
		has "$out" 'after failed in 8 of 8 boots, base in 0 of 8'
		printf '%s\n' "$out" >"$tmp/report"
		[ $n = json ] || "$build/tests/format-check" $n <"$tmp/report" || fail "$n"
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
	# A line that is no record is left out and named; the rest counts.
	for what in '[NaN' '[null' '[1e999' '[-5'; do
		sed "5s/\"samples\":\\[[0-9]*/\"samples\":$what/" "$good" >"$tmp/less.jsonl"
		cmp -s "$good" "$tmp/less.jsonl" && fail "nothing is wrong with it"
		expect 1 "$fb" check "$tmp/less.jsonl"
		has "$errs" 'less.jsonl: 1 line is left out, not a record; the first is line 5 \('
	done
	head -c 100000 /dev/urandom | tr -d '\n' >"$tmp/junk.jsonl"
	echo >>"$tmp/junk.jsonl"
	bad 'junk.jsonl:1: not a line of a journal' "$tmp/junk.jsonl"
	grep -v '"kernel":"after"' "$good" | sed '1s/,"after"//' >"$tmp/alone.jsonl"
	bad "only one kernel, 'base'" "$tmp/alone.jsonl"
	bad 'there are .base., .after.' --base nobody "$good"
	echo '{"type":"band","low":"x"}' | cat "$good" - >"$tmp/band.jsonl"
	bad 'a band needs a point' "$tmp/band.jsonl"
	# Cut in its last line: what is whole counts, and boots without a partner do not.
	head -c -300 "$good" >"$tmp/cut.jsonl"
	expect 1 "$fb" check --format json "$tmp/cut.jsonl"
	has "$out" '4 boots x 4 runs x 20 iterations against 4 boots x [34]-4 runs'
	# A count of which the base has none: what it was and is stands in every format.
	sed -E '/"kernel":"baseline"/s/"tlbi-(va|asid)":\[[0-9,]*/"tlbi-\1":[0,0/g' \
		tests/golden/exact.jsonl >"$tmp/none.jsonl"
	expect 1 "$fb" check --metric TLB-invalidations --format junit "$tmp/none.jsonl"
	has "$out" '<failure type="regression" message="from 0 to [67] invalidations, [45] and [45] boots"/>'
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
	# A VM on one side.
	sed 's/"cpu.model":"Ampere"/"cpu.model":"M2","hypervisor":"none"/; s/"cpu.model":"M2"}/"cpu.model":"M2","hypervisor":"KVM"}/' \
		"$tmp/machines.jsonl" >"$tmp/below.jsonl"
	expect 3 "$fb" check "$tmp/below.jsonl"
	has "$out" 'measured on different machines, by what is below them: none, KVM'
	sed '2s/after/base/' "$tmp/below.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" "runs of 'base' come from different hypervisors"
	# What is counted depends on the emulator, and on how many CPUs there are.
	counted() { # counted FACT BASE OTHER
		sed "/\"type\":\"machine\"/{
			/\"kernel\":\"baseline\"/s/\"facts\":{/\"perturbation\":{},&\"$1\":\"$2\",/
			/\"kernel\":\"after-change\"/s/\"facts\":{/\"perturbation\":{},&\"$1\":\"$3\",/
		}" tests/golden/exact.jsonl >"$tmp/counted.jsonl"
	}
	counted emulator.version 7.2.22 7.2.22
	expect 1 "$fb" check "$tmp/counted.jsonl"
	sed -i '/"kernel":"baseline","boot":3/s/"7.2.22"/"10.0.13"/' "$tmp/counted.jsonl"
	expect 3 "$fb" check "$tmp/counted.jsonl"
	has "$out" "runs of 'baseline' come from different versions of QEMU"
	counted emulator.version 7.2.22 10.0.13
	expect 3 "$fb" check "$tmp/counted.jsonl"
	has "$out" 'counted by different versions of QEMU: 7.2.22, 10.0.13'
	counted cpu.online_count 1 2
	expect 3 "$fb" check "$tmp/counted.jsonl"
	has "$out" 'counted on machines of different numbers of CPUs: 1, 2'
	# Plans that would have verdicts go by different rules.
	sed 's/"type":"plan"/&,"threshold":0.01/' "$good" >"$tmp/strict.jsonl"
	sed 's/"type":"plan"/&,"threshold":0.5/' "$good" >"$tmp/lax.jsonl"
	expect 1 "$fb" check "$tmp/strict.jsonl" "$tmp/lax.jsonl"
	has "$out" "Warning: plans have different values of threshold, 1.00% and 50.0%"
	# Booted in other ways, likewise.
	{
		printf '{"type":"machine","kernel":"%s","boot":0,"facts":{"boot.kind":"%s"}}\n' base firmware after kexec
		cat "$good"
	} >"$tmp/kinds.jsonl"
	expect 3 "$fb" check "$tmp/kinds.jsonl"
	has "$out" 'booted in different ways: firmware, kexec'
	sed '2s/after/base/' "$tmp/kinds.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" "runs of 'base' come from different kinds of boot"
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
