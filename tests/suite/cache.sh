# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A cache of results, and parts of a plan that others carry out; sourced by tests/run-tests.sh.

# boots_of N COMMAND...: so many guests are started by it.
boots_of() {
	local want=$1
	shift
	: >"$PLAYED"
	expect 0 "$@"
	[ "$(wc -l <"$PLAYED")" = "$want" ] || fail "$(wc -l <"$PLAYED") boots, not $want: $*"
}

# What is known is not measured again, whatever it is called; what anything about it has changed of, is.
test_cache() {
	local unit n
	played
	cached() { # cached BOOTS JOURNAL WORDS...
		local nr=$1 journal=$2
		shift 2
		boots_of $nr "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/results" --out "$tmp/$journal" "$@"
		[ "$(grep -c '"type":"run"' "$tmp/$journal")" = $((3 * $(grep -c '"type":"end"' "$tmp/$journal"))) ] || fail "$journal: runs"
	}
	cached 10 a.jsonl --kernel a=k --kernel b=l
	[ "$(find "$tmp/results" -name '*.jsonl' | wc -l)" = 10 ] || fail "$(find "$tmp/results")"
	cached 0 b.jsonl --kernel a=k --kernel b=l
	diff <(grep -v '"type":"command"' "$tmp/a.jsonl") <(grep -v '"type":"\(command\|unit\)"' "$tmp/b.jsonl") >/dev/null ||
		fail "what was known is not what was measured"
	expect 0 "$fb" compare "$tmp/b.jsonl"
	has "$(printf '%s' "$out" | tr -s ' \n' ' ')" 'Warning: 10 of 10 boots were not measured with the others but are from a cache of results, of 20[0-9-]*'
	expect 0 "$fb" show --boots "$tmp/b.jsonl"
	[ "$(printf '%s\n' "$out" | grep -c ' cache  ')" = 10 ] || fail "$out"
	expect 0 "$fb" compare "$tmp/a.jsonl"
	! printf '%s' "$out" | grep -q Warning || fail "$out"
	# By other names, and in parts.
	cached 0 c.jsonl --kernel "new name=l" --title 'Desk 7'
	has "$(cat "$tmp/c.jsonl")" '"machine.title":"Desk 7"'
	[ "$(grep -c '"type":"run","kernel":"new name"' "$tmp/c.jsonl")" = 15 ] || fail "not by its new name"
	expect 0 "$fb" compare "$tmp/a.jsonl" "$tmp/c.jsonl" --base b
	has "$(printf '%s' "$out" | tr -s ' \n' ' ')" "boot 0 of 'new name' is boot 0 of 'b': the same runs under two names"
	cached 0 d.jsonl --kernel a=k --kernel b=l --shard 2/3
	cached 0 e.jsonl --kernel a=k --boots 3
	! grep -q 'Desk 7' "$tmp"/[de].jsonl || fail "a title of others"
	# More boots, other runs, another machine, another kernel.
	cached 1 f.jsonl --kernel a=k --boots 6
	boots_of 5 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/results" --kernel a=k --set runs=4 --out "$tmp/g.jsonl"
	sed 's/^memory=.*/memory=512M/' "$tmp/m.ini" >"$tmp/n.ini"
	boots_of 5 "$fb" run "$tmp/p.ini" --machine "$tmp/n.ini" --cache "$tmp/results" --kernel a=k --out "$tmp/h.jsonl"
	bzimage 6.3.0 >"$tmp/image"
	cached 5 i.jsonl --kernel a="$tmp/image"
	cp "$worker" "$tmp/worker" && echo >>"$tmp/worker"
	FAULTBENCH_WORKER=$tmp/worker cached 5 j.jsonl --kernel a=k
	# One kernel as two is measured twice: what does not repeat is no comparison with itself.
	cached 15 two.jsonl --kernel a=l --kernel b=l --boots 10
	cached 0 two-again.jsonl --aa --kernel a=l --boots 10
	# A byte that is another, a file that was cut and one of another name are noticed, and mended.
	n=0
	for unit in $(find "$tmp/results" -name '*.jsonl' | xargs grep -l '"iterations\|samples":\[5,'); do
		n=$((n + 1))
		case $n in
		1) sed -i 's/"samples":\[5,6/"samples":[4,6/' "$unit" ;;
		2) truncate -s -30 "$unit" ;;
		3) truncate -s 0 "$unit" ;;
		4) sed -i '$d' "$unit" ;;
		*) sed -i '1s/"key":"./"key":"x/' "$unit" ;;
		esac
	done
	[ $n -ge 5 ] || fail "only $n units were damaged"
	cached 2 k.jsonl --kernel a=k --kernel b=l
	[ "$(printf '%s\n' "$errs" | grep -c 'is damaged; it is measured again')" = 2 ] || fail "$errs"
	cached 0 l.jsonl --kernel a=k --kernel b=l
	# What failed is no result, and is tried again.
	boots_of 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/other" --kernel a=k --boots 5 --dry-run
	PLAY_BADLY=1 expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/other" --kernel a=k --out "$tmp/m.jsonl"
	[ -z "$(find "$tmp/other" -name '*.jsonl' 2>/dev/null)" ] || fail "failed runs are kept"
	# A journal that was begun without is gone on with; where nothing can be written, what is measured is there all the same.
	head -4 "$tmp/a.jsonl" >"$tmp/n.jsonl"
	cached 0 n.jsonl --kernel a=k --kernel b=l
	echo >"$tmp/file"
	boots_of 5 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/file" --kernel a=k --out "$tmp/o.jsonl"
	has "$errs" 'what was measured is in the journal alone'
	expect 2 "$fb" run "$tmp/p.ini" --cache "$tmp/results" --out "$tmp/p.jsonl"
	has "$errs" 'cache: what this machine measures is never the same again'
}

# How far a plan is, by the folder of results alone: who is at it, what failed and how; what was killed is missing.
test_cache_status() {
	local pid
	played
	sed -i 's/boots=5/boots=3/' "$tmp/p.ini"
	at() { # at STATUS WORDS...: of two kernels
		expect $1 "$fb" cache status "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --kernel "b c=l" --cache "$tmp/results" "${@:2}"
	}
	row() { # row KERNEL DONE RUNNING FAILED MISSING
		has "$(printf '%s\n' "$out" | tr -s ' ')" "^$1 $2 $3 $4 $5\$"
	}
	at 1
	row a 0 0 0 3
	has "$out" 'results: 0 of 6 boots are done$'
	one() { # one WORDS...: a boot, the first one in the order
		"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --kernel "b c=l" --cache "$tmp/results" --out "$tmp/j.jsonl" "$@"
	}
	PLAY_UNTIL=$tmp/never setsid "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --cache "$tmp/results" --out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	wait_for $pid has_run "$tmp/j.jsonl"
	at 1
	row a 0 1 0 2
	has "$out" "running: boot 0 of a, on $(hostname) \(pid $pid\) since 20"
	kill -9 $pid
	wait
	no_processes
	at 1
	row a 0 0 0 3
	! printf '%s' "$out" | grep -q '^running' || fail "who is gone is at it: $out"
	rm "$tmp/j.jsonl"
	PLAY_BADLY=1 expect 1 one --shard 1/6
	at 1
	has "$out" "failed: boot 0 of (a|b c), on $(hostname) 20.*: as asked$"
	has "$(printf '%s\n' "$out" | tr -s ' ')" '^(a|b c) 0 0 1 2$'
	rm "$tmp/j.jsonl"
	expect 0 one --shard 1/6
	at 1
	! printf '%s' "$out" | grep -q failed: || fail "it failed, and then did not: $out"
	has "$out" 'results: 1 of 6 boots are done$'
	has "$out" '^the others take about [0-9]+ s, as those that are done did$'
	rm "$tmp/j.jsonl"
	expect 0 one
	has "$errs" 'boot 0 is known: measured 20.* on '"$(hostname)"'$'
	has "$errs" 'note: 1 boot was not carried out: .*/results has its results$'
	[ "$(grep -c '"type":"unit"' "$tmp/j.jsonl")" = 1 ] || fail "the journal does not say what was known"
	at 0
	row 'b c' 3 0 0 0
	at 0 --json
	[ "$(printf '%s' "$out" | python3 -c 'import json,sys; s = json.load(sys.stdin); print(s["done"], s["rest_s"], len(s["boots"]), {b["state"] for b in s["boots"]})')" = "6 0.0 6 {'done'}" ] || fail "$out"
	[ -z "$(find "$tmp/results" -name '*.running' -o -name '*.failed')" ] || fail "marks are left"
	# What others have written into a mark is shown, not obeyed.
	find "$tmp/results" -name '*.jsonl' -delete
	at 1 --json
	printf '%s' "$out" | grep -o '"key": "[^"]*"' | cut -d'"' -f4 | head -1 >"$tmp/key"
	printf '{"host":"elsewhere","pid":1,"when":1795956024.0,"reason":"\\u001b[31mred"}' \
		>"$tmp/results/$(head -c2 "$tmp/key")/$(cat "$tmp/key").failed"
	at 1
	has "$out" 'on elsewhere 2026-.*: \\x1b\[31mred$'
	expect 2 "$fb" cache status "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k
	has "$errs" 'cache status needs --cache'
	expect 2 "$fb" cache status "$tmp/p.ini" --cache "$tmp/results"
	has "$errs" 'boots of a VM are kept'
	expect 2 "$fb" cache verify "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --cache "$tmp/results"
	has "$errs" 'times are never the same again'
}

# Counted results are the same when they are measured again; one that is not, under a good checksum, is an alarm.
results_verified() { # results_verified KERNEL
	local unit
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=zap\nsize=4M\n' >"$tmp/p.ini"
	set -- "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=$1 --boots 1 --cache "$tmp/results"
	expect 77 "$fb" cache verify "$@"
	has "$errs" 'has no results of this plan'
	expect_vm 0 run "$@" --out "$tmp/j.jsonl"
	expect 0 "$fb" cache verify "$@" --sample 1
	has "$out" '1 of 1 results that were measured again are the same'
	for unit in "$tmp"/results/*/*.jsonl; do
		sed -i 's/"samples":\[[0-9]*/"samples":[7/' "$unit"
		sed -i "1s/\"sha256\":\"[0-9a-f]*/\"sha256\":\"$(tail -n +2 "$unit" | sha256sum | cut -d' ' -f1)/" "$unit"
	done
	expect 1 "$fb" cache verify "$@" --sample 1
	has "$errs" 'boot 0 of a, run 0 of zap/munmap: "samples" is another when it is measured again'
	has "$out" '0 of 1 results that were measured again are the same'
	[ "$(cat "$tmp"/results/*/*.jsonl | grep -c '"samples":\[7')" = 1 ] || fail "the folder was written to"
	no_processes
}

# In guests that are played, which count what their image's checksum says.
test_cache_verify() {
	has_arm64_worker || exit 77
	mkdir "$tmp/bin" && ln -s "$top/tests/tools/counting-qemu.sh" "$tmp/bin/qemu-system-aarch64"
	export XDG_CACHE_HOME=$tmp/cache PLAYED=$tmp/played PATH=$tmp/bin:$PATH
	tiny_image 6.2.0 >"$tmp/image"
	expect 0 "$fb" kernel fetch "$tmp/image" --label k
	cp configs/machines/arm64-exact.ini "$tmp/m.ini"
	results_verified k
	[ "$(wc -l <"$PLAYED")" = 3 ] || fail "$(wc -l <"$PLAYED") boots"
}

test_long_cache_verify() {
	exact_kernels arm64
	results_verified arm64-new
}

# A part that lacks what another host may have says so by its status.
test_shard_elsewhere() {
	played
	part() { # part STATUS MACHINE
		expect $1 $fb run "$tmp/p.ini" --machine "$tmp/$2.ini" --kernel a=k --shard 1/5 --out "$tmp/$2.jsonl"
	}
	part 0 m
	sed 's/^memory=.*/memory=64T/' "$tmp/m.ini" >"$tmp/large.ini"
	part 75 large
	has "$errs" '1 boot at a time of large need 64T of memory, and [0-9]+M are free here'
	mkdir "$tmp/empty"
	fb="env PATH=$tmp/empty $fb" part 75 m
	has "$errs" 'no qemu-system-x86_64'
	rm "$tmp/m.jsonl"
	PLAY_BADLY=1 part 1 m
	if [ "$(uname -m)" = x86_64 ]; then
		# It plays no KVM.
		{ cat "$tmp/m.ini" && echo accel=kvm; } | sed '/^accel=tcg/d' >"$tmp/kvm.ini"
		part 75 kvm
		has "$errs" 'kvm: KVM does not work here: '
	fi
	is_root && mkdir "$tmp/full" && mount -t tmpfs -o size=64k none "$tmp/full" 2>/dev/null || return 0
	trap 'umount "$tmp/full"' EXIT
	cat /dev/zero >"$tmp/full/filler" 2>/dev/null
	expect 75 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --shard 1/5 --out "$tmp/full/j.jsonl"
	has "$errs" 'No space left on device'
	# Nothing was measured, so nothing is kept elsewhere.
	! printf '%s' "$errs" | grep 'is kept in' || fail "a plan is kept"
}

# Many who write at a time, and are killed: no unit is broken, and the last one finds all.
test_cache_writers() {
	local i k
	played
	sed -i 's/boots=5/boots=12/' "$tmp/p.ini"
	for k in $(seq "${CACHE_KILLS:-3}"); do
		for i in $(seq "${CACHE_WRITERS:-4}"); do
			rm -f "$tmp/$i.jsonl"
			setsid "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/results" --kernel a=k --kernel b=l \
				--out "$tmp/$i.jsonl" >/dev/null 2>>"$tmp/log" &
		done
		sleep 0.$((RANDOM % 5 + 1))
		kill -9 $(jobs -p) 2>/dev/null
		wait
		no_processes
		[ "${CACHE_KILLS:-3}" -gt 3 ] && rm -f "$(find "$tmp/results" -name '*.jsonl' | shuf -n1)"
	done
	! grep -q damaged "$tmp/log" || fail "$(grep damaged "$tmp/log")"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/results" --kernel a=k --kernel b=l --out "$tmp/all.jsonl"
	! printf '%s' "$errs" | grep damaged || fail "a unit is broken"
	[ "$(grep -c '"type":"run"' "$tmp/all.jsonl")" = 72 ] || fail "not 24 boots"
	boots_of 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --cache "$tmp/results" --kernel a=k --kernel b=l --out "$tmp/again.jsonl"
	[ "$(find "$tmp/results" -name '*.jsonl' | wc -l)" = 24 ] || fail "$(find "$tmp/results" -name '*.jsonl' | wc -l) units"
}

test_long_cache_writers() {
	CACHE_KILLS=50 CACHE_WRITERS=8 test_cache_writers
}

# A series whose fourth patch is another one boots what that is in, and no kernel twice.
test_series_cache() {
	local i
	[ "$(uname -m)" = aarch64 ] || [ -x "$build/aarch64/faultbench-worker" ] || exit 77
	series_tree
	export PLAYED=$tmp/played
	ln -sf "$top/tests/tools/playing-qemu.sh" "$tmp/bin/qemu-system-aarch64"
	printf '[plan]\nruns=3\niterations=2\nboots=4\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	vm m arm64
	tiny_git tag -f v1 -m base HEAD 2>/dev/null
	patches() { # patches FOURTH: six on v1, of which the fifth changes no object
		tiny_git checkout -q -B topic v1
		for i in 1 2 3 "$1" 5 6; do
			[ "$i" = 5 ] && echo "what $1 is" >"$tmp/tree/README" && tiny_git add README
			[ "$i" = 5 ] || echo "line $i" >>"$tmp/tree/mm/memory.c"
			tiny_git commit -qam "mm: patch $i"
		done
	}
	of_series() { # of_series BOOTS JOURNAL
		boots_of $1 "$fb" series --tree "$tmp/tree" --range v1..topic --machine "$tmp/m.ini" --plan "$tmp/p.ini" \
			--cache "$tmp/results" --out "$tmp/$2.jsonl"
		[ "$(grep -c '"type":"run"' "$tmp/$2.jsonl")" = $((7 * 4 * 3)) ] || fail "$2: not all runs"
	}
	patches 4
	of_series 28 one
	of_series 0 two
	patches 4b
	of_series 12 three
	[ "$(grep -c '"type":"unit"' "$tmp/three.jsonl")" = 16 ] || fail "not 16 boots that were known"
	# Taken out again: what was there at first is known.
	patches 4
	of_series 0 four
}
