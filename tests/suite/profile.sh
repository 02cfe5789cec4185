# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What is sampled after it was timed; sourced by tests/run-tests.sh.

measures profile long_profile_silent long_profile_killed

# sampled JOURNAL WORDS...: a run with --profile; skipped where this machine permits no samples, which is said.
sampled() {
	local journal=$1
	shift
	rm -f "$journal"
	expect 0 "$@" --profile --out "$journal"
	[[ $errs == *'timed, and not sampled: '@(not permitted|perf_event_open|a buffer|the kernel)* ]] || return 0
	has "$(cat "$journal")" '"profile":\{"refused":"'
	echo "$errs"
	exit 77
}

# Beside the timed runs: as many of these, and nothing else in them. Functions are where the op is.
test_profile() {
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	sampled "$tmp/j.jsonl" "$fb" run "$tmp/p.ini" --label a
	sed 's/"kernel":"a"/"kernel":"b"/; s/\["a"\]/["b"]/' "$tmp/j.jsonl" >"$tmp/b.jsonl"
	python3 - "$tmp/j.jsonl" <<-'EOF' || fail "journal"
	import json, sys
	run, = [r for r in map(json.loads, open(sys.argv[1])) if r["type"] == "run"]
	p = run["profile"]
	assert len(run["samples"]) == 3 and run["counters"]["page-faults"], run
	assert p["event"] in ("cycles", "cpu-clock") and p["iterations"] > 0, p
	assert p["samples"] == sum(p["stacks"].values()) + p["other"] > 0, p
	assert sum(n for path, n in p["stacks"].items() if "copy_process" in path) > p["samples"] / 2, p
	assert not any("perf_ioctl" in path for path in p["stacks"]), p
	assert not any("0x" in path for path in p["stacks"]), p
	EOF
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" 'profile: [0-9]+ samples in the kernel by c'
	expect 0 "$fb" export --format folded "$tmp/j.jsonl"
	has "$out" '^[^ ]*;copy_process;[^ ]* [0-9]+$'
	expect 0 "$fb" compare --format lkp "$tmp/j.jsonl" "$tmp/b.jsonl"
	has "$out" 'perf-profile: sampled by '
	expect 0 "$fb" run "$tmp/p.ini" --label a --profile --out "$tmp/j.jsonl"
	has "$errs" 'nothing left to do|is complete|all runs'
	expect 2 "$fb" run "$tmp/p.ini" --machine x86-exact --kernel a=x --profile --out "$tmp/x.jsonl"
	has "$errs" 'profile: x86-exact counts, and samples nothing; there is --calls'
}

# Samples of two events are not put together, and what does not add up is none; of the golden journal.
test_profile_events() {
	sed '/"kernel":"after-change"/s/"cpu-clock"/"cycles"/' tests/golden/profile.jsonl >"$tmp/two.jsonl"
	expect 0 "$fb" compare --format lkp "$tmp/two.jsonl"
	has "$out" '\(no perf-profile: samples of cpu-clock and of cycles do not compare\)'
	[[ $out != *perf-profile.self* ]] || fail "they are compared: $out"
	sed '/"kernel":"after-change".*"run":1/s/"cpu-clock"/"cycles"/' tests/golden/profile.jsonl >"$tmp/mixed.jsonl"
	expect 0 "$fb" compare --format lkp "$tmp/mixed.jsonl"
	has "$out" 'perf-profile: none of after-change: samples of several events'
	sed 's/"samples":2310/"samples":2311/' tests/golden/profile.jsonl >"$tmp/bad.jsonl"
	expect 0 "$fb" export --format folded "$tmp/bad.jsonl"
	has "$errs" 'bad.jsonl: 1 line is left out, not a record; the first is line 3 .*do not sum up'
	expect 0 "$fb" plot --kind flame --out "$tmp/f.svg" tests/golden/profile.jsonl
	xmllint --noout "$tmp/f.svg" || fail "no XML"
	grep -q 'baseline: 9.21% of samples, 9.21% in itself' "$tmp/f.svg" || fail "vm_normal_page"
	expect 3 "$fb" check tests/golden/profile.jsonl
	[[ $out != *copy_page_range* && $out != *sample* ]] || fail "check judges samples: $out"
}

# An event that never fires is told.
test_long_profile_silent() {
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=lie\nvariant=silent\n' >"$tmp/p.ini"
	sampled "$tmp/j.jsonl" env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/p.ini"
	has "$errs" 'lie/silent: timed, and not sampled: no samples'
	expect 0 "$fb" show "$tmp/j.jsonl"
	has "$out" 'profile: no samples in the kernel by c'
	expect 2 "$fb" export --format folded "$tmp/j.jsonl"
	has "$errs" 'nothing was sampled: no samples'
}

# is_sampling: a run process has a buffer for samples.
is_sampling() {
	local pid
	for pid in $(mine '^faultbench-run'); do
		! grep -qs perf_event "/proc/$pid/maps" || return 0
	done
	return 1
}

# Killed, or ended by ^C, while it samples: nothing is left, and the same command measures that run again.
test_long_profile_killed() {
	local sig before
	before=$(machine_state | grep -v swaps)
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	sampled "$tmp/there.jsonl" "$fb" run "$tmp/p.ini"
	for sig in KILL INT; do
		env --default-signal "$fb" run "$tmp/p.ini" --profile --out "$tmp/$sig.jsonl" >/dev/null 2>"$tmp/log" &
		wait_for $! is_sampling
		kill -$sig $!
		wait $!
		[ $? = $((128 + $(kill -l $sig))) ] || fail "$sig: status $?"
		no_processes
		[ "$before" = "$(machine_state | grep -v swaps)" ] || fail "switches were left: $before; $(machine_state)"
		! has_run "$tmp/$sig.jsonl" || fail "$sig: a run without its profile is there"
	done
}

# Samples of an emulated guest against counts of the same kernel: where most of fork is in itself, and which of the three
# parts of munmap least is in. A guest without a PMU sees what runs with interrupts off where they are on again, and under
# emulation instructions take as long as they like, and longer on a busy machine; so nothing finer is compared.
test_long_profile() {
	local arch kind
	for arch in x86_64 arm64; do
		debian_new $arch
		sed 's/^memory.*/memory = 1G/' configs/machines/${arch%_64}-exact.ini >"$tmp/m.ini"
		vm m2 $arch time-limit=600
		printf '[plan]\nruns=1\niterations=3\n[fork]\nbench=fork\nsize=16M\n[munmap]\nbench=zap\nsize=16M\n' >"$tmp/p.ini"
		expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=$arch-new --boots 1 --calls --out "$tmp/$arch-counted.jsonl"
		expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m2.ini" --kernel a=$arch-new --boots 1 --profile --out "$tmp/$arch-sampled.jsonl"
		for kind in counted sampled; do
			"$fb" export --format folded "$tmp/$arch-$kind.jsonl" >"$tmp/folded"
			{
				own_of fork | head -1
				for part in unmap_vmas tlb_finish_mmu free_pgtables; do
					echo "$(grep "^a: zap.*;$part[; ]" "$tmp/folded" | awk '{ sum += $NF } END { print sum + 0 }') $part"
				done | sort -n | sed 's/[0-9]* //;q'
			} >"$tmp/$kind"
		done
		paste "$tmp/counted" "$tmp/sampled"
		cmp -s "$tmp/counted" "$tmp/sampled" || fail "$arch: other functions are first"
	done
}

# own_of POINT: functions of $tmp/folded, those with most in themselves first
own_of() {
	grep "^a: $1" "$tmp/folded" | awk '{ n = split($0, path, ";"); split(path[n], last, " "); sum[last[1]] += last[2] }
		END { for (f in sum) printf "%d %s\n", sum[f], f }' | sort -rn | sed 's/[0-9]* //'
}
