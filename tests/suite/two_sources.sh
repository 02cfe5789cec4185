# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What is counted beside what is timed, and boots that several hosts share; sourced by tests/run-tests.sh. How both are
# carried out: tests/unit/test_campaign.c.

# both_in_one TIMED COUNTED FILE: a journal as `run --exact-too` writes it, whose records stand among each other.
both_in_one() {
	{
		head -1 "$1"
		sed 's/^{"type":"plan"/&,"counted":true/; 1q' "$2"
		paste -d'\n' <(tail -n +2 "$1") <(tail -n +2 "$2" | grep -v '^{"type":"\(kernel\|command\)"' |
			sed 's/^{"type":"[a-z]*"/&,"counted":true/') | grep .
	} >"$3"
}

# Whoever reads it sees both, each by itself, as if they were in two journals.
test_two_sources() {
	local how
	both_in_one tests/golden/fork.jsonl tests/golden/exact.jsonl "$tmp/both.jsonl"
	for how in compare check 'check --json' 'compare --base after-change'; do
		"$fb" $how tests/golden/fork.jsonl tests/golden/exact.jsonl >"$tmp/two" 2>&1
		"$fb" $how "$tmp/both.jsonl" >"$tmp/one" 2>&1
		[ -s "$tmp/two" ] || fail "nothing was printed: $how"
		diff <(grep -v jsonl "$tmp/two") <(grep -v jsonl "$tmp/one") >"$tmp/diff" || fail "$how: $(cat "$tmp/diff")"
	done
	expect 0 "$fb" show --boots "$tmp/both.jsonl"
	[ "$(printf '%s\n' "$out" | grep -A99 '^Times' | grep -B99 '^Exact counts' | grep -c 'both.jsonl$')" = 2 ] ||
		fail "not 2 timed boots: $out"
	[ "$(printf '%s\n' "$out" | grep -A99 '^Exact counts' | grep -c 'both.jsonl$')" = 15 ] || fail "not 15 counted ones: $out"
	expect 0 "$fb" show "$tmp/both.jsonl"
	[ "$(printf '%s\n' "$out" | grep -c '^  kernel .*, boot')" = 62 ] || fail "not all runs: $out"
	expect 0 "$fb" report "$tmp/both.jsonl" --out "$tmp/report"
	out=$(cat "$tmp/report/report.txt")
	has "$out" '^Times: tables'
	has "$out" '^Exact counts: tables'
	has "$out" '^  plan fork: 2 points x 8 runs x 1 boot,'
	has "$out" '^  plan exact, counted: 2 points x 1 run x 5 boots,'
	# Of the timed boots nothing is ok: what is counted is not taken for them.
	sed '/"type":"run"/{/counted/!s/"status":"ok"/"status":"failed","reason":"made up"/}' "$tmp/both.jsonl" >"$tmp/failed.jsonl"
	expect 0 "$fb" show --boots "$tmp/failed.jsonl"
	has "$out" '^baseline  *0  .* 16   0  '
	has "$out" '^baseline  *4  .*  2   2  '
}

# Words that do not go together, each in one line, before anything is started.
test_exact_too_words() {
	refused() { # refused PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" run quick "$@" --out "$tmp/none.jsonl"
		one_line "$errs"
		has "$errs" "$pattern"
		[ ! -e "$tmp/none.jsonl" ] || fail "something was begun"
	}
	refused '^faultbench: --exact-too: counts the kernels that --kernel names' --exact-too
	refused '^faultbench: --shard: is of one kind of boots' --machine x86-vm --kernel a=b --shard 1/2 --exact-too
	expect 2 "$fb" run fork-1g --machine x86-vm --kernel a=b --exact-too=arm64-exact --dry-run
	has "$errs" '^faultbench: --exact-too: .*arm64-exact.ini is arm64, and .*x86-vm.ini is x86_64$'
	expect 2 "$fb" run fork-1g --machine x86-vm --kernel a=b --exact-too=x86-vm --dry-run
	has "$errs" '^faultbench: --exact-too=x86-vm: does not count'
	expect 2 "$fb" run exact --machine x86-exact --kernel a=b --exact-too --dry-run
	has "$errs" 'x86-exact.ini counts already$'
	# What is too large to be counted is left out, with a line; the rest has as many boots as it takes.
	printf '%s\n' '[plan]' 'boots = 3' '[a]' 'bench = zap' 'size = 8M, 2G' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --machine x86-numa --kernel a=b --exact-too --dry-run
	has "$errs" '^faultbench: note: x86-exact: zap/munmap size=2G is not counted: needs 2[^ ]* of memory'
	has "$out" '^p: 2 points x 3 runs x 3 boots'
	has "$out" '^and, counted by x86-exact, p: 1 point x 1 run x 5 boots'
}

# host NAME KEY=VALUE...: $tmp/NAME.ini, a host that is not asked for anything.
lab_host() {
	local name=$1
	shift
	printf '%s\n' '[machine]' 'kind = ssh' "host = $name" 'switch = command' 'command = false' 'arch = x86_64' 'cpus = 4' \
		'memory = 8G' "$@" >"$tmp/$name.ini"
}

# Hosts that share boots are declared equal, and nothing that is known says otherwise.
test_hosts_words() {
	refused() { # refused PATTERN HOST
		expect 2 "$fb" run quick --machine "$tmp/a.ini" --machine "$tmp/$2.ini" --kernel x=y --dry-run
		one_line "$errs"
		has "$errs" "^faultbench: --machine [^ ]*/$2.ini: $1\$"
	}
	lab_host a 'group = lab'
	lab_host b 'group = lab'
	lab_host c
	lab_host d 'group = other'
	lab_host few 'group = lab' && sed -i 's/^cpus = .*/cpus = 2/' "$tmp/few.ini"
	lab_host small 'group = lab' && sed -i 's/^memory = .*/memory = 7G/' "$tmp/small.ini"
	lab_host arm 'group = lab' && sed -i 's/^arch = .*/arch = arm64/' "$tmp/arm.ini"
	expect 0 "$fb" run quick --machine "$tmp/a.ini" --machine "$tmp/b.ini" --kernel x=y --dry-run
	refused 'is not declared equal to others: group = NAME in the file of each' c
	refused 'is not declared equal to others: .*' d
	# That is known before anybody is asked, who may not answer.
	printf '%s\n' '[machine]' 'kind = ssh' 'host = f' 'switch = restart' 'command = true' >"$tmp/f.ini"
	refused 'is not declared equal to others: .*' f
	refused 'has another number of CPUs' few
	refused 'has more or less memory' small
	refused 'is of another architecture' arm
	refused 'is the same host' a
	expect 2 "$fb" run quick --machine "$tmp/a.ini" --machine "$tmp/b.ini" --kernel x=y --shard 1/2 --out "$tmp/j.jsonl"
	has "$errs" '^faultbench: --shard: the hosts share the boots already'
	printf '%s\n' '[machine]' 'kind = ssh' 'host = e' 'group = lab' >"$tmp/e.ini"
	expect 2 "$fb" run quick --machine "$tmp/e.ini" --dry-run
	has "$errs" 'e.ini:4: group = lab: is for a machine with a switch'
}
