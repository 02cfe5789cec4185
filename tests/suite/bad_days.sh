# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What others do to us, by accident or not; sourced by tests/run-tests.sh.

measures put_back put_back_later turns lock_of_others
measures bad_records stale_worker closed_descriptors

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
	has "$errs" 'the worker sent what is no record \(a field of a run is missing'
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

# die_at CONDITION COMMAND...: COMMAND with all its processes killed at once, as by a kill of their cgroup,
# as soon as CONDITION holds: a PID namespace ends with its first process.
die_at() {
	local condition=$1 pid
	shift
	unshare -pf --kill-child=KILL --mount-proc sh -c '"$@"; :' sh "$@" >/dev/null 2>&1 &
	pid=$!
	until eval "$condition" || ! kill -0 $pid 2>/dev/null; do :; done
	kill -9 $pid
	wait $pid 2>/dev/null
	no_processes
}

# own_runtime NAME: the test begins again where /run/faultbench is its own: what was changed is put back by whichever
# command comes next, also one of a test beside it.
own_runtime() {
	[ -z "${OWN_RUNTIME-}" ] || return 0
	export OWN_RUNTIME=1
	# shellcheck disable=SC2016
	exec unshare -m --propagation private sh -c 'mkdir -p "$0" /run/faultbench && mount --bind "$0" /run/faultbench &&
		exec "$@"' "$tmp/runtime" "$top/tests/run-tests.sh" --one "$1" "$tmp"
}

# Everything killed at once, keeper and all: the next command, whichever, puts the machine back and says so.
test_put_back() {
	local before left command
	is_root && unshare -m true 2>/dev/null || exit 77
	own_runtime put_back
	unshare -pf --mount-proc true 2>/dev/null || exit 77
	before=$(machine_state)
	[ "$(cat /proc/sys/kernel/sched_rt_runtime_us)" != -1 ] || exit 77
	printf '[plan]\nruns=4\niterations=40\n[x]\nbench=fork\nsize=64M\n' >"$tmp/fork.ini"
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fault-vma\nvariant=hugetlb\nsize=64M\n' >"$tmp/hugetlb.ini"
	printf '[plan]\nruns=9\niterations=9\n[x]\nbench=fault-page\nvariant=swapped\nsize=32M\n' >"$tmp/swapped.ini"
	set -- fork sched_rt_runtime_us hugetlb nr_hugepages
	[ ! -e /sys/class/zram-control ] || set -- "$@" swapped zram
	for command in 'list null' 'compare tests/golden/fork.jsonl' doctor; do
		while [ $# -gt 0 ]; do
			die_at '[ "$before" != "$(machine_state)" ] && grep -q $2 /run/faultbench/changed' \
				"$fb" run "$tmp/$1.ini" --out "$tmp/$1.jsonl"
			left=$(machine_state)
			[ "$before" != "$left" ] || fail "$1: nothing was left, so nothing is tested"
			"$fb" $command >"$tmp/out" 2>"$tmp/errs"
			has "$(cat "$tmp/errs")" "pid [0-9]+ \(\`faultbench run .*was killed, and what it had changed is put back: .*"
			[ "$before" = "$(machine_state)" ] || fail "$1: $command left $(machine_state)"
			shift 2
		done
		"$fb" $command >"$tmp/out" 2>"$tmp/errs"
		! grep 'put back' "$tmp/errs" || fail "again"
		set -- fork sched_rt_runtime_us
	done
	expect 0 "$fb" run "$tmp/fork.ini" --out "$tmp/fork.jsonl"
	[ "$(grep '"type":"run"' "$tmp/fork.jsonl" | sed 's/"status".*//' | sort -u | wc -l)" = 4 ] || fail "runs are missing"
	[ "$(grep -c '"type":"run"' "$tmp/fork.jsonl")" = 4 ] || fail "runs are doubled"
}

# What was left is put back where it is still as it was left, in the boot that it was changed in, by root.
test_put_back_later() {
	local rt=/proc/sys/kernel/sched_rt_runtime_us was changed=/run/faultbench/changed
	is_root && unshare -m true 2>/dev/null && unshare -pf --mount-proc true 2>/dev/null || exit 77
	own_runtime put_back_later
	was=$(cat $rt)
	[ "$was" != -1 ] || exit 77
	trap 'echo '"$was"' >'$rt EXIT
	printf '[plan]\nruns=4\niterations=40\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	die_at '[ "$(cat $rt)" = -1 ]' "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	cp $changed "$tmp/changed"
	# A user is told by the doctor, with the command that mends it.
	"$fb" --help >/dev/null
	setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent XDG_RUNTIME_DIR= \
		"$fb" doctor >"$tmp/out" 2>&1
	has "$(tr -s ' \n' ' ' <"$tmp/out")" "switches of a run that was killed: $rt is -1, and was $was"
	has "$(cat "$tmp/out")" "mend: echo $was >$rt"
	# Whoever has set another value since meant it so.
	echo $((was + 10000)) >$rt
	expect 0 "$fb" list null
	[ "$(cat $rt)" = $((was + 10000)) ] && [ -z "$errs" ] || fail "$(cat $rt): $errs"
	[ ! -s $changed ] || fail "it is still there: $(cat $changed)"
	# Of another boot it is as it was anyway.
	sed 's/"boot":".*"/"boot":"another"/' "$tmp/changed" >$changed
	echo -1 >$rt
	expect 0 "$fb" list null
	[ "$(cat $rt)" = -1 ] && [ ! -s $changed ] || fail "$(cat $rt), $(cat $changed)"
	# While somebody measures it is no business of others.
	echo "$was" >$rt
	"$fb" run "$tmp/p.ini" --out "$tmp/k.jsonl" >/dev/null 2>"$tmp/log" &
	until [ "$(cat $rt)" = -1 ]; do :; done
	expect 0 "$fb" list null
	[ -z "$errs" ] || fail "$errs"
	wait $! || fail "$(cat "$tmp/log")"
}

# Who measures is named to whoever wants to as well; with --wait each has its turn.
test_turns() {
	local i pids=
	printf '[plan]\nruns=2\niterations=3\n[x]\nbench=fork\nsize=4M\n' >"$tmp/p.ini"
	printf '[plan]\nruns=20\niterations=40\n[x]\nbench=fork\nsize=128M\n' >"$tmp/long.ini"
	"$fb" run "$tmp/long.ini" --out "$tmp/long.jsonl" >/dev/null 2>&1 &
	i=$!
	until grep -q '"type":"run"' "$tmp/long.jsonl" 2>/dev/null; do sleep 0.1; done
	expect 77 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$errs" "another faultbench measures on this machine: pid $i \(\`faultbench run [^\`]*long.ini.*\`, since 2.*with --wait"
	for pids in 1 2 3 4 5 6; do
		"$fb" run "$tmp/p.ini" --wait --out "$tmp/$pids.jsonl" >/dev/null 2>"$tmp/$pids.log" &
	done
	until grep -q waiting "$tmp"/[1-6].log; do sleep 0.1; done
	has "$(cat "$tmp"/[1-6].log)" "note: waiting for another faultbench that measures here: pid $i \("
	# One of them has had enough.
	env --default-signal "$fb" run "$tmp/p.ini" --wait --out "$tmp/7.jsonl" >/dev/null 2>"$tmp/7.log" &
	until grep -q waiting "$tmp/7.log"; do sleep 0.1; done
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "status $? after ^C while it waited"
	kill -INT $i # in the background of a script it is ignored
	kill -TERM $i
	wait
	for i in 1 2 3 4 5 6; do
		[ "$(grep -c '"status":"ok"' "$tmp/$i.jsonl")" = 2 ] || fail "$i: $(cat "$tmp/$i.log")"
	done
	no_processes
}

# A lock is where nobody else can have it: neither an abstract socket nor a folder of others is asked.
test_lock_of_others() {
	local dir
	is_root && command -v perl >/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	chmod a+rx "$tmp"
	setpriv --reuid=65534 --regid=65534 --clear-groups perl -MSocket -MFcntl=:flock -e '
		$| = 1;
		socket($s, AF_UNIX, SOCK_STREAM, 0);
		bind($s, pack_sockaddr_un("\0faultbench-worker")) and listen($s, 16);
		for (qw(/run/faultbench /run/faultbench/lock /run/faultbench/changed)) {
			open($f{$_}, "<", $_) and flock($f{$_}, LOCK_EX | LOCK_NB);
		}
		print "held\n";
		sleep 600' >"$tmp/held" &
	trap 'kill '$!' 2>/dev/null' EXIT
	until [ -s "$tmp/held" ] || ! kill -0 $!; do sleep 0.1; done
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	# A user whose folder is another's measures all the same.
	mkdir "$tmp/dir"
	chmod 777 "$tmp" "$tmp/dir"
	expect 0 setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_RUNTIME_DIR="$tmp/dir" \
		"$fb" run "$tmp/p.ini" --out "$tmp/dir/k.jsonl"
	rm -rf /tmp/faultbench-65534
	# And waits for root.
	mkdir "$tmp/theirs" && chown 65534 "$tmp/theirs" && chmod 700 "$tmp/theirs"
	printf '[plan]\nruns=20\niterations=40\n[x]\nbench=fork\nsize=128M\n' >"$tmp/long.ini"
	"$fb" run "$tmp/long.ini" --out "$tmp/long.jsonl" >/dev/null 2>&1 &
	until grep -q '"type":"run"' "$tmp/long.jsonl" 2>/dev/null; do sleep 0.1; done
	expect 77 setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_RUNTIME_DIR="$tmp/theirs" \
		"$fb" run "$tmp/p.ini" --out "$tmp/dir/l.jsonl"
	has "$errs" "pid $! \("
	kill -TERM $!
	wait $!
	no_processes
}

# bzimage RELEASE: the head of an image on stdout, with nothing to run behind it.
bzimage() {
	local file=$tmp/bzimage-$1
	head -c 2048 /dev/zero >"$file"
	at() { printf "$2" | dd of="$file" bs=1 seek=$(($1)) conv=notrunc status=none; }
	at 0x1fe '\x55\xaa'
	at 0x202 'HdrS\x0f\x02'
	at 0x20e '\x00\x01'
	at 0x236 '\x01'
	at 0x300 "$1 (somebody)"
	cat "$file"
}

# Guests that lie: what they were not asked for is not taken, the lie is named, others are none the worse, and
# neither memory nor journal grow with what they send.
test_lying_guests() {
	local lie says limit n=0 tools=$top/tests/tools
	mkdir "$tmp/bin" && ln -s "$tools/lying-qemu.sh" "$tmp/bin/qemu-system-x86_64"
	[ "$(uname -m)" = x86_64 ] || [ -x "$build/x86_64/faultbench-worker" ] || exit 77
	export XDG_CACHE_HOME=$tmp/cache
	printf '[plan]\nruns=4\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	for lie in good bad; do
		bzimage 6.1.0-$lie >"$tmp/image"
		expect 0 "$fb" kernel fetch "$tmp/image" --label $lie
	done
	while read -r lie says; do
		n=$((n + 1))
		# Only what ends by its limit has one that is soon there.
		case $lie in mute | deaf | endless-console) limit=3 ;; *) limit=60 ;; esac
		vm m x86_64 time-limit=$limit
		rm -f "$tmp/j.jsonl"
		PATH=$tmp/bin:$PATH LIE=$lie TIME='%M' command time -o "$tmp/rss" timeout 60 \
			"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel bad=bad --kernel good=good \
			--jobs 2 --out "$tmp/j.jsonl" >"$tmp/out" 2>"$tmp/errs" </dev/null
		[ $? = 1 ] || fail "$lie: status $?: $(cat "$tmp/errs")"
		[ "$(grep '"kernel":"good"' "$tmp/j.jsonl" | grep -c '"status":"ok"')" = 4 ] || fail "$lie: good suffered: $(cat "$tmp/errs")"
		grep -qE "^faultbench: boot 0 of bad: $says" "$tmp/errs" && one_line "$(grep '^faultbench: boot' "$tmp/errs")" ||
			fail "$lie is not named: $(cat "$tmp/errs")"
		[ "$(grep -c '"type":"boot","kernel":"bad".*"status":"failed"' "$tmp/j.jsonl")" = 1 ] ||
			fail "$lie: $(grep '"type":"boot"' "$tmp/j.jsonl")"
		! LC_ALL=C grep -qP '[^\x20-\x7e\n]' "$tmp/errs" || fail "$lie: $(cat -v "$tmp/errs")"
		[ "$(tail -1 "$tmp/rss")" -lt 100000 ] || fail "$lie: $(cat "$tmp/rss") KiB of memory"
		[ "$(wc -c <"$tmp/j.jsonl")" -lt 20000 ] || fail "$lie: $(wc -c <"$tmp/j.jsonl") bytes of journal"
		expect 0 "$fb" compare "$tmp/j.jsonl"
	done < <("$tools/lying-qemu.sh" --lies)
	[ $n -ge 40 ] || fail "$n lies only"
	no_processes
	# The truth, and what another kernel's label is worth.
	rm -f "$tmp/j.jsonl"
	PATH=$tmp/bin:$PATH LIE= expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel bad=bad \
		--kernel good=good --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 8 ] || fail "$errs"
}
