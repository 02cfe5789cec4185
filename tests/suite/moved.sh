# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Runs that are moved or stopped while they measure; sourced by tests/run-tests.sh.

measures moved long_moved

# run_process PID: waits for the process of a run of forks that measures, which has had children, and prints its pid.
run_process() {
	local pid
	while kill -0 $1 2>/dev/null; do
		for pid in $(pgrep -f '^faultbench-run'); do
			# The page faults of its children.
			grep -qzx "FAULTBENCH_TEST=$tmp" /proc/$pid/environ 2>/dev/null &&
				[ "$(cut -d' ' -f11 /proc/$pid/stat)" -ge 40 ] 2>/dev/null && echo $pid && return
		done
	done
}

# disturbed NAME PATTERN COMMAND: a run whose process COMMAND is done to, as $pid, is void, with the reason; the
# one after it is ok. Where we are so slow that the run ends meanwhile, it is another run's turn.
disturbed() {
	local name=$1 pattern=$2 pid status late=1
	while [ $late = 1 ]; do
		rm -f "$tmp/$name.jsonl"
		"$fb" run "$tmp/p.ini" --out "$tmp/$name.jsonl" >"$tmp/out" 2>&1 &
		pid=$(run_process $!)
		eval "$3"
		late=0
		[ "$(cut -d' ' -f11 /proc/$pid/stat)" -lt 950 ] 2>/dev/null || late=1
		wait $!
		status=$?
	done
	[ $status = 1 ] || fail "$name: status $status: $(cat "$tmp/out")"
	[ "$(grep '"type":"run"' "$tmp/$name.jsonl" | grep -cE '"status":"void","reason":"'"$pattern")" = 1 ] ||
		fail "$name: $(grep -oE '"status":.*"reason":"[^"]*"' "$tmp/$name.jsonl")"
	[ "$(grep -c '"status":"ok"' "$tmp/$name.jsonl")" = 1 ] || fail "$name: the other is not ok"
}

# Taken off its CPU, or stopped for a while, a run is void; the one beside it is ok.
test_moved() {
	local variant pattern pid
	[ "$(nproc)" -ge 2 ] || exit 77
	while read -r variant pattern; do
		printf '[plan]\nruns=1\niterations=3\n[x]\nbench=lie\nvariant=%s\n[y]\nbench=lie\nvariant=honest\n' $variant >"$tmp/p.ini"
		FAULTBENCH_WORKER=$liars "$fb" run "$tmp/p.ini" --out "$tmp/$variant.jsonl" >"$tmp/out" 2>&1 &
		while kill -0 $! 2>/dev/null; do
			for pid in $(mine '^faultbench-run'); do
				grep -qs '^State:.T' /proc/$pid/status && kill -CONT $pid
			done
			sleep 0.1
		done
		wait $!
		[ $? = 1 ] || fail "$variant: $(cat "$tmp/out")"
		grep -q '"variant":"'$variant'".*"status":"void","reason":"'"$pattern" "$tmp/$variant.jsonl" ||
			fail "$variant: $(grep -oE '"status":.*"reason":"[^"]*"' "$tmp/$variant.jsonl")"
		grep -q '"variant":"honest".*"status":"ok"' "$tmp/$variant.jsonl" || fail "$variant: the other is not ok"
	done <<-'END'
	moved a worker ended on CPU [0-9]*, and was put on CPU [0-9]* (taskset
	spread a worker \(that was put on CPU [0-9]* may run elsewhere\|ended on CPU [0-9]*\)
	stopped it was stopped and continued while it measured
	END
}

# The same done by others, from outside.
test_long_moved() {
	local cpus
	[ "$(nproc)" -ge 2 ] || exit 77
	cpus=$(taskset -cp $$ | sed 's/.*: //')
	printf '[plan]\nruns=2\nwarmup=1\niterations=1000\n[x]\nbench=fork\nsize=16M\n' >"$tmp/p.ini"
	disturbed moved 'a worker ended on CPU [0-9]+, and was put on CPU [0-9]+ \(taskset' \
		'was=$(taskset -cp $pid | sed "s/.*: //")
		for cpu in $(seq 0 $(($(nproc --all) - 1))); do
			[ $cpu = $was ] || ! taskset -acp $cpu $pid >/dev/null 2>&1 || break
		done'
	disturbed moved_late 'a worker (that was put on CPU [0-9]+ may run elsewhere|ended on CPU [0-9]+)' 'taskset -acp "$cpus" $pid >/dev/null'
	disturbed stopped 'it was stopped and continued while it measured' 'kill -STOP $pid; sleep 0.3; kill -CONT $pid'
}
