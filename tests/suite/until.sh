# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Until intervals are narrow; sourced by tests/run-tests.sh.

measures until_killed
measures until until_wide until_words

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
	bad "^faultbench: --until '': needs a value, P" --until ''
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
	! printf '%s' "$out" | grep 'calls a change' || fail 'one kernel has no change'
	expect 0 "$fb" run "$tmp/p.ini" --until 2% --dry-run --machine configs/machines/x86-vm.ini --kernel a=b --kernel c=d
	has "$out" '^check, beyond 2%, then calls a change of 4.8% a regression in 4 of 5 cases, and no change ok in 7[0-9]%$'
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
		wait_for $! has_run "$tmp/int.jsonl"
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
test_long_until_exact() {
	local one i kernel
	exact_kernels x86_64
	printf '[plan]\nruns=1\niterations=2\n[f]\nbench=fork\nsize=4M\n[z]\nbench=zap\nsize=4M\n' >"$tmp/p.ini"
	# Two boots, of which three of each kernel are made.
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --aa --kernel a=x86_64-new --boots 3 --until 5% \
		--out "$tmp/one.jsonl" >/dev/null 2>&1 &
	wait_for $! grep -qs '"type":"end"' "$tmp/one.jsonl"
	kill -INT $!
	wait $!
	one=$(sed -n 's/^{"type":"end",\("kernel":"[^,]*,"boot":[0-9]*\).*/\1/p' "$tmp/one.jsonl" | head -1)
	{
		grep -v '"boot":[0-9]' "$tmp/one.jsonl"
		for i in 0 1 2; do
			for kernel in a "a'"; do
				grep "$one" "$tmp/one.jsonl" | sed "s/$one/\"kernel\":\"$kernel\",\"boot\":$i/"
			done
		done
	} >"$tmp/j.jsonl"
	exact_run 0 j.jsonl --aa --kernel a=x86_64-new --boots 3 --until 5%
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
