# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Being killed, cut and out of room; sourced by tests/run-tests.sh.

measures kill9 worker_killed children_end signals cut_journal full_disk command_recorded locked_journal one_at_a_time

# two_seconds: a plan of 9 runs that takes that long on any machine, at least
two_seconds() {
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=contend\nsize=4M\nfaulters=1\nwriters=0\ntime=20\nplace=none\n' \
		>"$tmp/p.ini"
}

# kill -9 again and again; the same command finishes the rest, every run once, machine as found.
test_kill9() {
	local before i order=0
	before=$(machine_state)
	is_root && [ -d /sys/kernel/mm/transparent_hugepage/hugepages-64kB ] && order=0,4
	printf '[plan]\nruns=3\niterations=3\n[x]\nbench=fault\nsize=32M\norder=%s\n[y]\nbench=fork\nsize=64M\norder=%s\n' \
		$order $order >"$tmp/p.ini"
	for i in 1 2 3 4 5 6; do
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
		sleep "0.$((RANDOM % 5 + 2))"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
		no_processes
		[ "$before" = "$(machine_state)" ] || fail "switches were left: $(machine_state)"
	done
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"status".*//' | sort >"$tmp/runs"
	[ "$(wc -l <"$tmp/runs")" = "$(sort -u "$tmp/runs" | wc -l)" ] || fail "a run is there twice"
	[ "$(wc -l <"$tmp/runs")" = $(((order == 0 ? 2 : 4) * 3)) ] || fail "runs are missing"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = "$(wc -l <"$tmp/runs")" ] || fail "not all ok"
}

# The worker killed by kill -9: said, nothing measured lost, switches put back by their keeper.
test_worker_killed() {
	local before pid
	before=$(machine_state)
	two_seconds
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>"$tmp/log" &
	pid=$!
	wait_for $pid has_run "$tmp/j.jsonl"
	pkill -9 -P $pid -f faultbench-worker
	wait $pid
	[ $? = 1 ] || fail "status $?"
	has "$(cat "$tmp/log")" 'the worker was killed by SIGKILL'
	no_processes
	[ "$before" = "$(machine_state)" ] || fail "switches were left"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 9 ] || fail "runs are missing"
}

# stop_with_children WORKER N: $run, the process of a run, is stopped while it has N children that wait.
stop_with_children() {
	while kill -0 $1 2>/dev/null; do
		for run in $(pgrep -P $1 -f '^faultbench-run'); do
			kill -STOP $run 2>/dev/null
			[ "$(ps -o stat= --ppid $run | grep -c '^S')" -lt $2 ] || return 0
			kill -CONT $run 2>/dev/null
		done
	done
	return 1
}

# Children that several threads of a run hold end with it, which nobody could tell to end them.
test_children_end() {
	local bench variant run worker
	while read -r bench variant; do
		# A run that has been stopped, and goes on, is void and ends: each is one chance.
		printf '[plan]\nruns=999\niterations=100000\n[x]\nbench=%s\nvariant=%s\nsize=16M\nthreads=2\nplace=none\n' $bench $variant >"$tmp/p.ini"
		"$fb" run "$tmp/p.ini" --out "$tmp/$variant.jsonl" >/dev/null 2>&1 &
		wait_for $! is_running '^faultbench-run'
		worker=$(pgrep -P $! -f faultbench-worker)
		stop_with_children $worker 2 || fail "$variant: no children"
		kill -KILL $! $worker $run 2>/dev/null # who ends with another is gone by then
		wait $! 2>/dev/null
		no_processes
	done <<-'END'
	exit exit
	exit exec
	fork fork
	END
}

# ^C, SIGTERM and SIGHUP: ended by that signal, nothing left, and it goes on later.
test_signals() {
	local sig number before
	before=$(machine_state)
	two_seconds
	for sig in INT TERM HUP; do
		# Background jobs of a script ignore SIGINT; this makes it the default again.
		env --default-signal "$fb" run "$tmp/p.ini" --out "$tmp/$sig.jsonl" >/dev/null 2>"$tmp/log" &
		number=$!
		wait_for $number has_run "$tmp/$sig.jsonl"
		kill -$sig $number
		wait $number
		[ $? = $((128 + $(kill -l $sig))) ] || fail "$sig: status $?"
		has "$(cat "$tmp/log")" 'the same command finishes the rest'
		no_processes
		[ "$before" = "$(machine_state)" ] || fail "switches were left"
	done
	# Under nohup it goes on.
	(trap '' HUP && exec "$fb" run "$tmp/p.ini" --out "$tmp/nohup.jsonl") >/dev/null 2>&1 &
	wait_for $! has_run "$tmp/nohup.jsonl"
	kill -HUP $!
	wait $! || fail "status $? under nohup"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/INT.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/INT.jsonl")" = 9 ] || fail "runs are missing"
}

# A journal cut in the middle of a line: that run is measured again, the others are not.
test_cut_journal() {
	printf '[plan]\nruns=3\niterations=2\n[x]\nbench=fork\nsize=8M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	grep '"type":"run"' "$tmp/j.jsonl" | head -2 >"$tmp/first"
	truncate -s $(($(wc -c <"$tmp/j.jsonl") - 400)) "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'the last line was cut'
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | head -2)" = "$(cat "$tmp/first")" ] || fail "changed"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 3 ] || fail "not 3 runs"
}

# A full disk: one line, the journal whole, the record kept elsewhere.
test_full_disk() {
	local dir=$tmp/full kept
	mkdir "$dir"
	printf '[plan]\nruns=40\niterations=20\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	if is_root && mount -t tmpfs -o size=96k none "$dir" 2>/dev/null; then
		trap 'umount "$tmp/full" 2>/dev/null' EXIT
		expect 2 "$fb" run "$tmp/p.ini" --out "$dir/j.jsonl"
		cp "$dir/j.jsonl" "$tmp/j.jsonl"
		umount "$dir"
		has "$errs" 'a record cannot be written: No space left'
	else
		expect 2 bash -c 'ulimit -f 60; exec "$@"' sh "$fb" run "$tmp/p.ini" \
			--out "$tmp/j.jsonl"
		has "$errs" 'a record cannot be written: File too large'
	fi
	kept=$(printf '%s' "$errs" | grep -oE '(/dev/shm|/tmp)/faultbench-unsaved-[A-Za-z0-9]*' | head -1)
	[ -s "$kept" ] || fail "the record was not kept: $errs"
	[ "$(tail -c 1 "$tmp/j.jsonl" | od -An -c | tr -d ' ')" = '\n' ] || fail "the journal is cut"
	cat "$kept" >>"$tmp/j.jsonl"
	rm -f "$kept"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"status".*//' | sort | uniq | wc -l)" = 40 ] ||
		fail "runs are missing"
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 40 ] || fail "runs are doubled"
}

# A journal says which command measured it, once for each that did, and of folders only what others may
# know.
test_command_recorded() {
	local words
	words() { sed -n 's/^{"type":"command","words":\(\[.*\]\),"version":"[^"]*"}$/\1/p' "$tmp/j.jsonl"; }
	mkdir -p "$tmp/home/plans"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' | tee "$tmp/p.ini" >"$tmp/home/plans/p.ini"
	export HOME=$tmp/home/
	expect 0 "$fb" run --label '/it is' "$tmp/home/plans/p.ini" --out "$tmp/j.jsonl" --set runs=2
	[ "$(words)" = '["run","--label","/it is","~/plans/p.ini","--out",".../j.jsonl","--set","runs=2"]' ] ||
		fail "$(words)"
	grep -q "$tmp" "$tmp/j.jsonl" && fail "a folder's name"
	[ "$(sed -n 2p "$tmp/j.jsonl" | cut -c1-17)" = '{"type":"command"' ] || fail "not the second line"
	# Nothing to do, so no command did it; then there is.
	expect 0 "$fb" run --label '/it is' "$tmp/p.ini" --out "$tmp/j.jsonl" --set runs=2
	[ "$(words | wc -l)" = 1 ] || fail "$(words)"
	sed -i '$d' "$tmp/j.jsonl" && sed -i '$d' "$tmp/j.jsonl"
	expect 0 "$fb" run "--out=$tmp/j.jsonl" --set x.size=4M "$tmp/p.ini" --label '/it is' --set runs=2
	[ "$(words | sed 1d)" = '["run","--out=.../j.jsonl","--set","x.size=4M",".../p.ini","--label","/it is","--set","runs=2"]' ] ||
		fail "$(words)"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" show "$tmp/j.jsonl"
}

# Two writers of one journal.
test_locked_journal() {
	two_seconds
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
	wait_for $! has_run "$tmp/j.jsonl"
	expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'another faultbench is writing to it'
	wait
}

# Two at a time would spoil each other's numbers and switches: the second one says so, and can run as soon
# as the first has ended, however that ends.
test_one_at_a_time() {
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=contend\nfaulters=1\nwriters=0\ntime=60000\n' >"$tmp/p.ini"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=1M\n' >"$tmp/q.ini"
	env --default-signal "$fb" run "$tmp/p.ini" --out "$tmp/a.jsonl" >/dev/null 2>"$tmp/log" &
	wait_for $! grep -qs '"type":"machine"' "$tmp/a.jsonl"
	expect 77 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	has "$errs" 'another faultbench measures on this machine'
	one_line "$errs"
	kill -KILL $!
	wait $! 2>/dev/null
	expect 0 "$fb" run "$tmp/q.ini" --out "$tmp/b.jsonl"
	no_processes
}
