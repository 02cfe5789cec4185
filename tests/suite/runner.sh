# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The runner of these tests itself; sourced by tests/run-tests.sh.

# made_tests: a runner with a suite of its own in $tmp/made, whose tests append what happens to $tmp/trace.
made_tests() {
	mkdir -p "$tmp/made/tests/suite"
	cp tests/run-tests.sh "$tmp/made/tests/"
	cat >"$tmp/made/tests/suite/made.sh" <<-EOF
	measures first_of second_of measured_and_says
	slow late
	trace=$tmp/trace
	EOF
	cat >>"$tmp/made/tests/suite/made.sh" <<-'EOF'
	test_good() { :; }
	test_bad() { echo my last words; return 1; }
	test_skipped() { exit 77; }
	test_killed() { kill -KILL $PPID; }
	test_long_one() { :; }
	note() { echo "$1" >>"$trace"; }
	both() { # both NAME: it and another are under way at a time
		note "$1 begins"
		until [ "$(grep -c 'y begins\|te begins' "$trace")" -ge 2 ]; do sleep 0.05; done
		note "$1 ends"
	}
	test_early() { both early; }
	test_late() { both late; }
	alike() { # alike NAME: it alone of its kind
		note "$1 begins"
		sleep 0.3
		note "$1 ends"
	}
	test_first_of() { alike first_of; }
	test_second_of() { alike second_of; }
	measure() { echo "{\"kernel.boot_id\":\"$(cat /proc/sys/kernel/random/boot_id)\"}" >"$tmp/j.jsonl"; }
	test_measured() { measure; }
	test_measured_and_says() { measure; }
	test_hangs() {
		trap 'note undone' EXIT
		setsid sleep 63 &
		note "hangs begins"
		sleep 64
	}
	EOF
}

# What passes, fails, is skipped or hangs is told apart and counted; tests are found by name.
test_runner_results() {
	made_tests
	expect 0 "$tmp/made/tests/run-tests.sh" -l
	[ "$(echo $out)" = 'good bad skipped killed early late first_of second_of measured measured_and_says hangs long_one' ] || fail "$out"
	expect 0 "$tmp/made/tests/run-tests.sh" good skipped long_one
	has "$out" '^ok good \([0-9]+ s, CPU [0-9]+ s\)$'
	has "$out" '^skip skipped \('
	[ "$(printf '%s\n' "$out" | tail -1)" = '2 passed, 0 failed, 1 skipped' ] || fail "$out"
	expect 1 "$tmp/made/tests/run-tests.sh" -j3 killed killed killed bad killed
	[ "$(printf '%s\n' "$out" | tail -1)" = '0 passed, 5 failed, 0 skipped' ] || fail "$out"
	expect 1 "$tmp/made/tests/run-tests.sh" -j2 good bad good good
	[ "$(printf '%s\n' "$out" | grep -c '^ok good')" = 3 ] || fail "$out"
	[ "$(printf '%s\n' "$out" | tail -1)" = '3 passed, 1 failed, 0 skipped' ] || fail "$out"
	expect 1 env TEST_LIMIT=1 "$tmp/made/tests/run-tests.sh" hangs bad good
	has "$out" '^FAIL bad \('
	has "$out" '^    my last words$'
	has "$out" '^FAIL hangs \('
	[ "$(printf '%s\n' "$out" | tail -1)" = '1 passed, 2 failed, 0 skipped' ] || fail "$out"
	expect 2 "$tmp/made/tests/run-tests.sh" good no_such
	has "$errs" "^there is no test 'no_such'"
	expect 2 "$tmp/made/tests/run-tests.sh" -j 0 good
	[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"
}

# Two at a time, but not two that measure, which have to say so.
test_runner_beside() {
	made_tests
	expect 0 "$tmp/made/tests/run-tests.sh" -j 2 early late
	has "$out" '^2 passed'
	: >"$tmp/trace"
	expect 1 env TEST_LIMIT=1 "$tmp/made/tests/run-tests.sh" -j1 early late good
	[ "$(head -1 "$tmp/trace")" = 'late begins' ] || fail "not the slow one first: $(cat "$tmp/trace")"
	: >"$tmp/trace"
	expect 0 "$tmp/made/tests/run-tests.sh" -j 3 good second_of good first_of good
	[ "$(sed 's/.*of //' "$tmp/trace" | tr '\n' ' ')" = 'begins ends begins ends ' ] || fail "$(cat "$tmp/trace")"
	expect 1 "$tmp/made/tests/run-tests.sh" measured measured_and_says
	has "$out" "^FAIL measured \("
	has "$out" "^    it measures on this machine: add measured to a 'measures' line"
	has "$out" '^1 passed, 1 failed'
}

# ^C, SIGTERM and kill -9 end the tests that run, and what they have started; what a test undoes is undone,
# and the folders are gone (after kill -9 by the next run's hand).
test_runner_ends() {
	local sig pid i sleeping=0
	sleepers() { # how many processes of test hangs there are
		grep -lzs "^FAULTBENCH_TEST=$TMPDIR/.*/hangs" /proc/[0-9]*/environ | wc -l
	}
	made_tests
	for sig in INT TERM KILL; do
		: >"$tmp/trace"
		env --default-signal "$tmp/made/tests/run-tests.sh" hangs good >"$tmp/log" 2>&1 &
		pid=$!
		until grep -q 'hangs begins' "$tmp/trace"; do sleep 0.05; done
		kill -$sig $pid
		wait $pid
		i=$?
		[ $i = $((128 + $(kill -l $sig))) ] || fail "$sig: status $i: $(cat "$tmp/log")"
		grep -q passed "$tmp/log" && fail "$sig: it went on"
		[ $sig != KILL ] || sleeping=1 # what is no longer a child of the test is not found
		for i in $(seq 100); do
			[ "$(sleepers)" -gt $sleeping ] || break
			sleep 0.05
		done
		[ "$(sleepers)" -le $sleeping ] || fail "$sig: it goes on"
		[ $sig = KILL ] || [ -z "$(ls "$TMPDIR")" ] || fail "$sig: left: $(ls "$TMPDIR")"
		grep -q undone "$tmp/trace" || fail "$sig: not undone"
	done
	[ -n "$(ls "$TMPDIR")" ] || fail "kill -9 leaves a folder"
	expect 0 "$tmp/made/tests/run-tests.sh" good
	[ -z "$(ls "$TMPDIR")" ] || fail "left: $(ls "$TMPDIR")"
	[ "$(sleepers)" = 0 ] || fail "it goes on"
}
