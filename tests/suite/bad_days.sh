# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What others do to us, by accident or not; sourced by tests/run-tests.sh.

alone bad_records stale_worker closed_descriptors

# unchanged FILE COMMAND...: COMMAND is refused with one line, and FILE is as it was.
unchanged() {
	local file=$1
	shift
	cp "$file" "$tmp/kept"
	expect 2 "$@"
	one_line "$errs"
	cmp "$file" "$tmp/kept" || fail "$file was changed by: $*"
	[ "$(stat -c %s "$file")" = "$(stat -c %s "$tmp/kept")" ] || fail "$file has another size: $*"
}

# A file that is not ours is never changed, whatever it is that is told to write there.
test_not_ours() {
	local file
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	mkdir "$tmp/f"
	printf '{"a file":"of one line","that is":"JSON, and of somebody"}' >"$tmp/f/line.json"
	printf '{"type":"run","kernel":"k"}\n{"type":"plan","cut' >"$tmp/f/no-plan"
	printf 'two lines\nof text' >"$tmp/f/text"
	printf '{' >"$tmp/f/brace"
	printf '[1,2]\n' >"$tmp/f/array"
	head -c 3287 /dev/urandom | tr '\n' ' ' >"$tmp/f/binary"
	head -c 100000 /dev/zero >"$tmp/f/zeros"
	for file in "$tmp"/f/*; do
		unchanged "$file" "$fb" run "$tmp/p.ini" --out "$file"
		has "$errs" 'holds something else than a journal'
	done
	vm m x86_64
	unchanged "$tmp/f/text" "$fb" series --tree . --range A..B --machine "$tmp/m.ini" --plan "$tmp/p.ini" --out "$tmp/f/text"
	# Of another plan, and cut: it is refused, so it stays cut.
	sed 's/"runs":[0-9]*/"runs":77/' tests/golden/one.jsonl | head -c 3000 >"$tmp/f/cut.jsonl"
	unchanged "$tmp/f/cut.jsonl" "$fb" run "$tmp/p.ini" --out "$tmp/f/cut.jsonl"
	has "$errs" 'holds another plan'
	unchanged "$tmp/f/text" "$fb" emit-c null --out "$tmp/f/text"
	cp tests/golden/one.jsonl "$tmp/f/one.jsonl"
	unchanged "$tmp/f/one.jsonl" "$fb" emit-c null --out "$tmp/f/one.jsonl"
	for file in x.png x.svg x.gp; do
		case $file in *.gp) ;; *) command -v gnuplot >/dev/null || continue ;; esac
		cp "$tmp/f/text" "$tmp/$file"
		unchanged "$tmp/$file" "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
		: >"$tmp/$file"
		expect 0 "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
		expect 0 "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
	done
	expect 0 "$fb" emit-c null --out "$tmp/x.c"
	expect 0 "$fb" emit-c null size=8M --out "$tmp/x.c"
	# A report that was written on, or beside which something has the name of a new file.
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	echo more >>"$tmp/r/report.txt"
	unchanged "$tmp/r/report.txt" "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	has "$errs" 'report.txt: is not as the report left it'
	sed -i '$d' "$tmp/r/report.txt"
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	echo mine >"$tmp/r/journals/fork.jsonl"
	cp -r "$tmp/r" "$tmp/before"
	expect 1 "$fb" report tests/golden/fork.jsonl tests/golden/one.jsonl --out "$tmp/r"
	one_line "$(echo "$errs" | grep -v 'note:')"
	diff -r "$tmp/before" "$tmp/r" || fail "the report was changed"
}

# Lines that are no records are left out, counted and named, by every reader; a rerun goes on and makes them
# anew.
test_bad_records() {
	local command
	printf '[plan]\nruns=4\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	# The second and the third run: without a field, and of a wrong type; then what is no JSON, and a NUL.
	sed -i '5s/"status":"ok",//; 6s/"boot":0/"boot":4294967296/; 7i not JSON\n{"type":7}' "$tmp/j.jsonl"
	printf '{"type":"machine","kernel":"k","boot":0}\0\n' >>"$tmp/j.jsonl"
	sed -i '$!b' "$tmp/j.jsonl"
	for command in compare show 'export --format csv' 'plot --out -' "report --out $tmp/r"; do
		expect 0 "$fb" $command "$tmp/j.jsonl"
		has "$errs" 'j.jsonl: 5 lines are left out, not a record; the first is line 5 \(a field of a run is missing'
	done
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'going on with boot 0 of .*, 2 runs are there, 2 to go'
	[ "$(grep -c '"type":"run".*"status":"ok"' "$tmp/j.jsonl")" = 5 ] || fail "not 5 runs"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" 'nothing is left to measure'
	# A long line is not taken into memory.
	{ head -4 "$tmp/j.jsonl" && head -c 300M /dev/zero && printf '\n' && sed 1,6d "$tmp/j.jsonl"; } >"$tmp/long.jsonl"
	(ulimit -v 400000 && expect 0 "$fb" compare "$tmp/long.jsonl" && has "$errs" 'the first is line 5') || exit 1
}

# A worker of another version: what it sends is looked at before it is written.
test_stale_worker() {
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	printf '#!/bin/sh\nexec 3>&1\n{ "%s" "$@" 3>&-; } | if [ $# = 0 ]; then sed -u "s/\\"warmup\\":1,\\"samples/\\"was/"; else cat; fi\n' \
		"$worker" >"$tmp/worker"
	chmod +x "$tmp/worker"
	expect 1 env FAULTBENCH_WORKER="$tmp/worker" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	one_line "$(echo "$errs" | grep -v '^faultbench-worker')"
	has "$errs" 'the worker sent a run that is none \(a field of a run is missing'
	! grep '"type":"run"' "$tmp/j.jsonl" || fail "it was written"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 2 ] || fail "not 2 runs"
}

# With a standard descriptor closed, what is said goes nowhere, not into a journal.
test_closed_descriptors() {
	local how
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	for how in '2>&-' '>&- 2>&-' '<&- 2>&-' '<&- >&- 2>&-' '<&-'; do
		rm -f "$tmp/j.jsonl"
		eval "\"\$fb\" run \"\$tmp/p.ini\" --out \"\$tmp/j.jsonl\" $how" >"$tmp/out"
		[ -z "$(grep -v '^{"type":' "$tmp/j.jsonl")" ] || fail "$how: $(grep -v '^{"type":' "$tmp/j.jsonl")"
		[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 2 ] || fail "$how: not 2 runs"
	done
	expect 2 sh -c '"$1" list >&-' sh "$fb"
	has "$errs" 'standard output cannot be written'
}

# A point that is there twice would never be complete.
test_point_twice() {
	printf '[plan]\nruns=1\n[x]\nbench=null\nsize=4M, 8M\n[y]\nbench=null\nsize=16M, 8M\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --dry-run
	one_line "$errs"
	has "$errs" 'p.ini:7: \[y\]: this point is in the plan already, by .*p.ini:4: '
	expect 0 "$fb" run "$tmp/p.ini" --dry-run --set y.size=32M
	expect 2 "$fb" run "$tmp/p.ini" --dry-run --set x.size=4M,4M
}

# A report's folder in which something leads elsewhere: nothing is changed there.
test_report_links() {
	local r=$tmp/r
	expect 0 "$fb" report tests/golden/one.jsonl --out "$r"
	mv "$r/journals" "$tmp/elsewhere"
	ln -s ../elsewhere "$r/journals"
	echo mine >"$tmp/elsewhere/fork.jsonl"
	cp -r "$tmp/elsewhere" "$tmp/before"
	expect 2 "$fb" report tests/golden/fork.jsonl --out "$r"
	one_line "$errs"
	has "$errs" 'r/journals is no folder, or a link to one'
	diff -r "$tmp/before" "$tmp/elsewhere" || fail "files elsewhere were changed"
	# A link in a file's place goes, and what it leads to stays.
	rm "$r/journals" && mv "$tmp/elsewhere" "$r/journals" && rm "$r/journals/fork.jsonl"
	mv "$r/report.txt" "$tmp/theirs" && ln -s ../theirs "$r/report.txt"
	cp "$tmp/theirs" "$tmp/before-it"
	expect 0 "$fb" report tests/golden/fork.jsonl --out "$r"
	cmp "$tmp/theirs" "$tmp/before-it" || fail "what a link leads to was changed"
	[ ! -h "$r/report.txt" ] || fail "the link is there"
	# Two at a time.
	expect 2 flock "$r" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$errs" 'another report is made there'
	# What a report that was killed has left stays where no report may be.
	mkdir -p "$tmp/other/.faultbench-report-x" && echo mine >"$tmp/other/x"
	expect 2 "$fb" report tests/golden/fork.jsonl --out "$tmp/other"
	[ -d "$tmp/other/.faultbench-report-x" ] || fail "it was changed"
}
