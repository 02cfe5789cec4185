# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Verdicts; sourced by tests/run-tests.sh.

measures aa

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
	expect 3 "$fb" check "$tmp/a.jsonl" "$tmp/b.jsonl"
	has "$out" 'one boot: what another boot or build'
	has "$out" '1 boot a side; a verdict takes 4 at least, or --unit runs'
	expect 1 "$fb" check --unit runs "$tmp/a.jsonl" "$tmp/b.jsonl"
	has "$out" 'of these boots only: what another'
	# Eight boots against one are one; runs of three are many, if somebody asks for them.
	simulated b.jsonl boots=8 runs=8 boot=0 kernel=1 effect=0.06
	expect 3 "$fb" check "$tmp/a.jsonl" "$tmp/b.jsonl"
	has "$out" '1 boot a side; a verdict takes 4'
	expect 1 "$fb" check --unit runs "$tmp/few.jsonl"
	expect 2 "$fb" check --unit iterations "$tmp/few.jsonl"
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
	# Of boots that do not say when they started it is not known that they were in turn.
	sed -E 's/,"started":[0-9.]*//' "$tmp/worse.jsonl" >"$tmp/stray.jsonl"
	expect 1 "$fb" check "$tmp/stray.jsonl"
	has "$out" 'runs do not say when they started'
	! printf '%s' "$out" | grep 'paired t' || fail 'blocks of boots of unknown times'
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
	expect 3 "$fb" check "$tmp/band.jsonl"
	has "$out" '1M .* within-band$'
	has "$out" 'it moves by -2 .. .10 % anyway$'
	has "$out" 'a change for the worse of 2 % is shown; only what the point moves'
	expect 0 "$fb" check --accept-band "$tmp/band.jsonl"
	expect 3 "$fb" check --base after "$tmp/few.jsonl"
	sed '$s/0.1}/1e300}/' "$tmp/band.jsonl" >"$tmp/absurd.jsonl"
	expect 2 "$fb" check "$tmp/absurd.jsonl"
	one_line "$errs"
}

# Times and counts of one kernel are two sets of verdicts; the exit status is the worst of both.
test_check_sources() {
	local n names
	simulated same.jsonl points=2 boots=8 boot=0.004 seed=1
	simulated worse.jsonl points=2 affected=1 effect=0.05 boots=8 boot=0.004 seed=2
	simulated few.jsonl points=2 boots=3 effect=0.01
	simulated counted.jsonl points=2 boots=5 exact=1 boot=0.0001 run=0 iteration=0 mean=7e6
	simulated more.jsonl points=2 affected=1 boots=5 exact=1 effect=0.2 boot=0.0001 run=0 iteration=0 mean=7e6
	sources() { # sources STATUS JOURNAL...: the same, in whatever order
		local want=$1 was
		shift
		expect $want "$fb" check $(printf "$tmp/%s.jsonl " "$@")
		was=$out
		expect $want "$fb" check $(printf "$tmp/%s.jsonl " "$@" | tr ' ' '\n' | tac)
		[ "$(printf '%s' "$was" | grep -c verdict)" = "$(printf '%s' "$out" | grep -c verdict)" ] || fail 'order'
	}
	sources 0 same counted
	has "$out" '^Times$'
	has "$out" '^Exact counts$'
	[ "$(printf '%s' "$out" | grep -c '^2 verdicts: 2 ok$')" = 2 ] || fail "two sets: $out"
	! printf '%s' "$out" | grep -q 'a second time' || fail 'runs of two sources are one'
	sources 1 same more
	sources 1 worse counted
	sources 3 few counted
	sources 1 few more
	# What one set says does not depend on the other being there.
	"$fb" check "$tmp/worse.jsonl" >"$tmp/alone"
	expect 1 "$fb" check "$tmp/worse.jsonl" "$tmp/more.jsonl"
	printf '%s\n' "$out" | awk '/^Exact counts$/ { exit } NR > 3' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' |
		diff "$tmp/alone" - || fail 'times are judged otherwise beside counts'
	# Formats for CI systems: all rows, each by a name of its own.
	"$fb" check --format ktap "$tmp/worse.jsonl" "$tmp/more.jsonl" >"$tmp/ktap"
	has "$(cat "$tmp/ktap")" '^1\.\.4$'
	names=$(sed -n 's/^\(not \)\?ok [0-9]* \([^ ]*\).*/\2/p' "$tmp/ktap")
	[ "$(printf '%s\n' "$names" | sort -u | wc -l)" = 4 ] || fail "names: $names"
	[ "$(printf '%s\n' "$names" | grep -c 'kernel-insns.exact$')" = 2 ] || fail "names: $names"
	for n in junit lava kcidb; do
		"$fb" check --format $n "$tmp/worse.jsonl" "$tmp/more.jsonl" >"$tmp/$n"
		[ "$(grep -cE '<testcase|TESTCASE|"status"' "$tmp/$n")" = 4 ] || fail "$n: not 4 rows"
	done
	"$build/tests/format-check" junit <"$tmp/junit" || fail "junit"
	expect 1 "$fb" check --format json "$tmp/worse.jsonl" "$tmp/more.jsonl"
	[ "$(printf '%s' "$out" | grep -cE '"source": "(timed|exact)"')" = 2 ] || fail 'sections of json'
	# A metric is judged where it is.
	expect 1 "$fb" check --metric kernel-insns "$tmp/same.jsonl" "$tmp/more.jsonl"
	has "$out" '^2 verdicts: 1 ok, 1 regression$'
	expect 0 "$fb" check --metric time "$tmp/same.jsonl" "$tmp/more.jsonl"
	expect 2 "$fb" check --metric none "$tmp/same.jsonl" "$tmp/more.jsonl"
	one_line "$errs"
	# One kernel alone is none of a check, whatever else there is; two of two sources make no pair.
	simulated base.jsonl points=2 boots=8 kernel=0
	sed -i '1s/,"after"//' "$tmp/base.jsonl"
	expect 1 "$fb" check "$tmp/base.jsonl" "$tmp/more.jsonl"
	has "$errs" "Times are left out: they are of 'base' alone"
	grep -v '"kernel":"base"' "$tmp/more.jsonl" | sed '1s/"base",//' >"$tmp/after.jsonl"
	expect 2 "$fb" check "$tmp/base.jsonl" "$tmp/after.jsonl"
	one_line "$errs"
	has "$errs" "'base' \(timed\) and 'after' \(exact\)"
	# A base that one of them has.
	sed 's/"base"/"v6.12"/g' "$tmp/more.jsonl" >"$tmp/other.jsonl"
	expect 1 "$fb" check --base v6.12 "$tmp/same.jsonl" "$tmp/other.jsonl"
	has "$errs" "Times are left out: 'v6.12' has none"
	expect 2 "$fb" check --base nobody "$tmp/same.jsonl" "$tmp/other.jsonl"
	has "$errs" "there are 'base', 'after', 'v6.12'"
}

# Emulated times and others of one kernel and point are never in one mean.
test_check_emulated() {
	simulated worse.jsonl points=5 affected=1 effect=0.05 boots=12 boot=0.004 seed=2
	awk '/"type":"run"/ && /"boot":[0-9]*[369],/ {sub(/"source":"timed"/, "\"source\":\"emulated\"")} {print}' \
		"$tmp/worse.jsonl" >"$tmp/mixed.jsonl"
	expect 1 "$fb" check "$tmp/mixed.jsonl"
	[ "$(printf '%s' "$out" | grep -c 'emulated times are no measure of hardware')" = 1 ] || fail "not said once: $out"
	has "$out" '^5 verdicts: 4 ok, 1 regression$'
	has "$out" '^5 verdicts: 5 inconclusive$'
	expect 0 "$fb" compare "$tmp/mixed.jsonl"
	has "$out" '^Emulated times$'
	has "$out" '^Behind each number: 9 boots'
	has "$out" '^Behind each number: 3 boots'
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

# instructions WORDS...: how many faultbench executes for them.
instructions() {
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$fb" "$@" 2>&1 >/dev/null |
		sed -n 's/.*I *refs: *//p' | tr -d ,
}

# What a reader of journals does grows as the runs do: at most 4.2 times for four times as many, whether
# these are boots or runs, timed or counted, all in one folio state or each in another, in order or not.
linear() { # linear WORDS...: of each of these
	local kind words n small large
	type -P valgrind >/dev/null || exit 77
	for kind in 'boots=1 runs=N states=N' 'boots=N runs=1 states=1 reversed=1' 'boots=N runs=1 states=N exact=1'; do
		for n in 50 200; do
			simulated $n.jsonl iterations=2 effect=0.03 ${kind//N/$n}
		done
		for words; do
			small=$(cd "$tmp" && instructions $words 50.jsonl)
			large=$(cd "$tmp" && instructions $words 200.jsonl)
			[ "$small" -gt 1000000 ] || fail "$words, $kind: $small instructions"
			[ "$large" -lt $((small * 42 / 10)) ] ||
				fail "$words, $kind: $small instructions for 50, $large for 200"
		done
	done
}

test_linear() { linear compare check; }

test_long_linear() { linear 'plot --kind runs --out x.gp' 'export --format go'; }

# What a design would find, from one kernel as two or from two kernels.
test_power() {
	local found
	boots_for() { # boots_for EFFECT: until it is called a regression, at the first point
		"$fb" power --effect "$1" "$tmp/j.jsonl" | awk 'NR == 3 { print $5 }'
	}
	simulated j.jsonl points=3 boots=8
	sed "s/\"after\"/\"base'\"/g" "$tmp/j.jsonl" >"$tmp/aa.jsonl"
	expect 0 "$fb" power "$tmp/aa.jsonl"
	has "$out" '^8 boots a side\.$'
	has "$out" '^False alarms: [0-9.]+ % with other labels'
	has "$out" 'differs from itself at [0-3] of 3'
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" 'for noise that was met here: what happens in less than 31 % of boots, or 8.9 % of runs,'
	expect 0 "$fb" power --effect 5% "$tmp/j.jsonl"
	has "$out" 'for 5%  for ok'
	# It is what check will say: nothing within the threshold is a regression, and more takes more.
	has "$("$fb" power "$tmp/j.jsonl")" 'for 3%  for ok'
	has "$("$fb" power --threshold 4% "$tmp/j.jsonl")" 'for 6%  for ok'
	has "$("$fb" power --effect 2% "$tmp/j.jsonl")" ' never +[0-9]+$'
	has "$("$fb" power --effect 2% "$tmp/j.jsonl" | tr -s '\n ' ' ')" 'never: what is within the threshold is none'
	[ "$(boots_for 2.5%)" -gt "$(boots_for 3%)" ] && [ "$(boots_for 3%)" -gt "$(boots_for 6%)" ] ||
		fail "boots for 2.5, 3, 6 %: $(boots_for 2.5%) $(boots_for 3%) $(boots_for 6%)"
	found=$("$fb" check --format json "$tmp/j.jsonl" | grep -m1 -o '"detectable": [0-9.]*' | cut -d' ' -f2)
	[ "$(boots_for "$(awk "BEGIN { print $found * 100.5 }")%")" = 8 ] || fail "8 boots find $found"
	has "$out" 'run --aa'
	expect 2 "$fb" power --effect 0% "$tmp/j.jsonl"
	expect 2 "$fb" power tests/golden/exact.jsonl
	one_line "$errs"
	grep -v "\"kernel\":\"base'\"" "$tmp/aa.jsonl" | sed "1s/,\"base'\"//" >"$tmp/alone.jsonl"
	expect 2 "$fb" power "$tmp/alone.jsonl"
	one_line "$errs"
	simulated lone.jsonl boots=1 runs=1
	expect 3 "$fb" power "$tmp/lone.jsonl"
	# Of one boot nothing is known of boots, whatever labels its runs are given.
	sed '/"boot":[1-7]/d' "$tmp/aa.jsonl" >"$tmp/one.jsonl"
	expect 0 "$fb" power "$tmp/one.jsonl"
	has "$out" 'All of this is of one boot'
	! printf '%s' "$out" | grep 'False alarms' || fail 'a rate of false alarms from one boot'
	# Another number of boots a side; fewer than a verdict takes; latencies that nothing makes finer.
	sed '/"boot":7/d; s/"started":17/"started":19/; /"base"/d' "$tmp/j.jsonl" >"$tmp/later.jsonl"
	grep '"base"' "$tmp/j.jsonl" >"$tmp/base.jsonl"
	expect 0 "$fb" power "$tmp/base.jsonl" "$tmp/later.jsonl"
	has "$out" '^7-8 boots a side\.$'
	expect 0 "$fb" power tests/golden/contend.jsonl
	has "$out" 'faulters.p99 .* never +[0-9]+$'
	has "$out" 'Below 4 a side check'
	! printf '%s' "$out" | grep nan || fail 'no number'
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
	played
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --aa --kernel x=k --boots 1 --set runs=1 --out "$tmp/j.jsonl"
	[ "$(grep -c "\"type\":\"run\",\"kernel\":\"x'\{0,1\}\"" "$tmp/j.jsonl")" = 2 ] || fail "not a boot each"
	[ "$(grep '"type":"kernel"' "$tmp/j.jsonl" | grep -o '"sha256":"[^"]*"' | sort -u | wc -l)" = 1 ] ||
		fail "two images"
	expect 3 "$fb" check "$tmp/j.jsonl"
	has "$out" 'emulated times are no measure of hardware'
	expect 3 "$fb" power "$tmp/j.jsonl"
}

# Hosts that are equal share boots, and each pair is of one: what differs between hosts is in no change, however large
# it is. What was measured on one host says nothing against what was on another.
test_check_hosts() {
	simulated two.jsonl hosts=2 boots=8 boot=0.004 effect=0.05
	expect 1 "$fb" check "$tmp/two.jsonl"
	has "$out" ' \+[45]\.[0-9]*% .* regression$'
	has "$out" 'by paired t of'
	expect 0 "$fb" compare "$tmp/two.jsonl"
	has "$out" '^Warning: boots are of 2 hosts \(lab0, lab1\): means and stdevs'
	# A host that is twice as slow is no second kind of runs, nor a rare one.
	simulated two.jsonl hosts=2 boots=8 boot=0.004
	expect 0 "$fb" check "$tmp/two.jsonl"
	! printf '%s' "$out" | grep -E 'two kinds|slower than|but .* p is' || fail "what hosts differ by is a finding"
	simulated apart.jsonl hosts=2 boots=8 boot=0.004 apart=1
	expect 3 "$fb" check "$tmp/apart.jsonl"
	has "$out" 'fork: measured on different hosts \(lab0, lab1\), and not in blocks'
	# A base on one host, and what comes after on the other.
	simulated base.jsonl hosts=1 kernel=0
	simulated after.jsonl hosts=1 kernel=1
	sed -i 's/"lab0"/"lab1"/' "$tmp/after.jsonl"
	expect 3 "$fb" check "$tmp/base.jsonl" "$tmp/after.jsonl"
	has "$out" 'fork: measured on different hosts \(lab0, lab1\)'
	expect 0 "$fb" compare "$tmp/base.jsonl" "$tmp/after.jsonl"
	has "$out" '^  machine.host: lab0 -> lab1'
	expect 3 "$fb" check --unit runs "$tmp/apart.jsonl"
}
