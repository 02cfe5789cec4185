# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The programs: their words, their plans and what they refuse; sourced by tests/run-tests.sh.

measures run_formats bad_input hostile_names

# A plan or a machine is found by its bare name, and a file here of that name is not it.
test_names() {
	printf '[plan]\nruns=1\n[x]\nbench=null\n' >"$tmp/storm.ini"
	printf '[machine]\nkind=local\n' >"$tmp/local.ini"
	cp "$tmp/storm.ini" "$tmp/storm"
	cd "$tmp" || exit 1
	expect 0 "$fb" run storm --machine local --dry-run
	has "$out" '^storm: [0-9]+ points'
	expect 0 "$fb" run --plan storm --dry-run
	has "$out" '^storm: [0-9]+ points'
	for name in storm.ini ./storm; do
		expect 0 "$fb" run $name --machine local.ini --dry-run
		has "$out" '^storm: 1 point x 1 run x 1 boot$'
	done
	expect 2 "$fb" run strom
	one_line "$errs"
	has "$errs" "configs/plans has no 'strom'; there are .*spf-pft, spf-vma-touch, storm, "
	expect 2 "$fb" run --machine arm
	one_line "$errs"
	has "$errs" "configs/machines has no 'arm'; there are .*arm64-exact, "
	expect 2 "$fb" run --plan storm quick
	one_line "$errs"
	has "$errs" "one plan at a time: 'quick' and --plan storm"
}

# Every format that the help names prints a table of what was just measured, and of nothing else.
test_run_formats() {
	local format
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=fork\nsize=8M\nplace=none\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --format pretty --out "$tmp/j.jsonl"
	has "$errs" '--format pretty: no such format; there are cover, rel, '
	[ ! -e "$tmp/j.jsonl" ] || fail "measured all the same"
	expect 0 "$fb" run "$tmp/p.ini" --label a --out "$tmp/j.jsonl" --format rel
	has "$out" '^\| a +\| +0\.0% \|'
	[ -z "$(printf '%s\n' "$out" | grep 'time/op')" ] || fail "two tables: $out"
	expect 0 "$fb" run "$tmp/p.ini" --label b --out "$tmp/j.jsonl" --format ab
	has "$out" '^A a +2 '
	has "$out" '^B b +2 '
	[ -z "$(printf '%s\n' "$out" | grep microbench)" ] || fail "two tables: $out"
	expect 0 "$fb" run -h
	for format in $(printf '%s' "$out" | sed '1,/^Formats:/d' | awk '{ print $1 }'); do
		expect 0 "$fb" compare --format $format "$tmp/j.jsonl"
		has "$out" '^Behind each number: 1 boot x 2 runs x 2 iterations'
	done
	expect 2 "$fb" run --machine x86-exact --kernel a=b --format fastpath
	has "$errs" '--format fastpath judges by noise'
}

# Every shipped plan can be read, says in one line what it is for, and stands in configs/README.md.
test_plans() {
	local file name
	expect 0 "$fb" list --plans
	[ "$(printf '%s\n' "$out" | sed '1,2d; /^$/,$d' | wc -l)" = "$(ls "$plans"/*.ini | wc -l)" ] ||
		fail "not a line for each: $out"
	has "$out" '^exact +4 +260M  fork and munmap'
	has "$out" '^fork-1g +2 +1.1G  '
	has "$out" '^cow-reuse +41 +1.1G  '
	[ -z "$(printf '%s\n' "$out" | grep -E '.{79}')" ] || fail "wider than a mail: $out"
	for file in "$plans"/*.ini; do
		name=$(basename "$file" .ini)
		has "$(sed -n '/^\[plan\]$/{n;p}' "$file")" '^summary = .'
		has "$(cat configs/README.md)" "^\| .$name. \|"
		expect 0 "$fb" run "$name" --dry-run
	done
	expect 0 "$fb" list --plans --json
	has "$out" '"summary": "fork and munmap by folio order'
	has "$out" '"memory": 272629760'
	expect 2 "$fb" list --plans fork
}

# Every shipped plan can be had small: sizes are divided, and are whole folios; what is one then is one.
test_plans_scaled() {
	local name
	for name in $(basename -s .ini "$plans"/*.ini); do
		expect 0 "$fb" run $name --scale 1/64 --dry-run
	done
	expect 0 "$fb" run cow-reuse --scale 1/16 --dry-run
	has "$out" '"variant":"cow-byte","size":33554432,"order":9'
	has "$out" '"size":1048576,"order":4'
	has "$out" '"size":2097152,"order":9' # of 16M a sixteenth is no folio
	printf '[plan]\nruns=1\n[x]\nbench=null\nsize=4K, 16K, 64K+, 1M\n[y]\nbench=null\nvariant=write\nsize=8M\norder=9\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --scale 1/16 --dry-run
	[ "$(printf '%s\n' "$out" | grep -o '"size":[0-9]*,"order":[0-9]*' | tr '\n' ' ')" = \
		'"size":4096,"order":0 "size":65536,"order":0 "size":2097152,"order":9 ' ] || fail "$out"
	expect 0 "$fb" run "$tmp/p.ini" --scale 1/1 --dry-run
	[ "$(printf '%s\n' "$out" | wc -l)" = 6 ] || fail "$out"
	for name in 16 1/0 1/x 2/16 1/ -1; do
		expect 2 "$fb" run "$tmp/p.ini" --scale "$name" --dry-run
		has "$errs" "scale $name: must be 1/N, such as 1/16"
	done
}

# As many workers as the machine has CPUs for, or as the guest will have; what is more is left out.
test_all_cpus() {
	local cpus
	[ "$(nproc)" -ge 2 ] || exit 77
	counts() { # counts NUMBERS WORDS...: of threads, place after place
		expect 0 "${@:2}" "$fb" run "$tmp/p.ini" --dry-run "${more[@]}"
		[ "$(printf '%s\n' "$out" | sed -n 's/.*"threads":\([0-9]*\),.*/\1/p' | tr '\n' ' ')" = "$1 " ] ||
			fail "not $1: $out"
	}
	local more=()
	cpus=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
	printf '[plan]\n[x]\nbench=fault\nsize=2M+\nplace=none\nthreads=1,999,all\n' >"$tmp/p.ini"
	counts "1 $(nproc)" env
	counts 1 taskset -c "$cpus"
	more=(--set place=core)
	counts 1 taskset -c "$cpus"
	vm m x86_64 vcpus=6
	sed -i /^vcpus=2/d "$tmp/m.ini"
	more=(--machine "$tmp/m.ini" --kernel a=b)
	counts '1 6' env
	more+=(--set threads=4,all --set processes=2)
	counts 3 env
	more=(--machine "$tmp/m.ini" --kernel a=b --set threads=half,50%,100%,25%,1%)
	counts "3 6 1" env
}

# Wrong input: status 2, one line that names the thing.
test_bad_input() {
	local q=$plans/quick.ini
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		(cd "$tmp" && expect 2 "$fb" "$@" && one_line "$errs" && has "$errs" "$pattern") || exit 1
	}
	small_plan
	bad 'nowhere.ini: cannot be read: No such file' run nowhere.ini
	bad '/: not a regular file' run /
	bad '/: not a regular file' run "$q" --out /
	bad '/dev/full: not a regular file' run "$q" --out /dev/full
	bad 'nowhere/j: cannot be opened' run "$q" --out nowhere/j
	bad "no section of the plan knows 'colour'" run "$q" --set colour=red
	bad 'must be key=value' run "$q" --set order
	bad '--set runs: runs = 0: must be a whole number from 1' run "$q" --set runs=0
	bad '--set order: order = 1: must be a folio order' run "$q" --set order=1
	bad "order = 9x: must be a folio order" run "$q" --set order=9x
	bad 'quick.ini:[0-9]+: \[fault\]: .*use order=pmd' run "$q" --set fault.order=9
	bad '--functions: the machine local counts no instructions' run "$q" --functions
	bad '^faultbench: /([^./][^/]*/)*configs/plans/quick.ini:[0-9]+: ' run quick --set fault.order=9
	bad 'one plan at a time' run "$q" "$q"
	bad "--label '': needs a value, L" run "$q" --label ''
	bad '--title: a machine.s name has at most 63 bytes' run "$q" --title "$(printf '%064d' 0)"
	bad '--label: not UTF-8' run "$q" --label "$(printf '\377')"
	bad '--label: a name has no control characters' run "$q" --label "$(printf 'a\nb')"
	bad '--label: a name has no control characters' run "$q" --label "$(printf 'a\302\233b')"
	bad '--kernel: a name has no control characters' run "$q" --machine x86-vm --kernel "$(printf '\033[1m')=a"
	bad "there is no benchmark 'frok'" list frok
	bad 'cannot be read: No such file' compare nowhere.jsonl
	bad 'cannot be read: No such file' show nowhere.jsonl
	bad 'not a regular file' compare /
	printf '[x]\nbench = frok\nsize = 1G\n' >"$tmp/frok.ini"
	bad 'frok.ini:2: bench = frok: no such benchmark; there are null, fault' run frok.ini
	printf '[plan]\nruns = 0\n[x]\nbench = fork\n' >"$tmp/zero.ini"
	bad 'zero.ini:2: runs = 0: must be' run zero.ini
	printf '[plan]\nthreshold = 2\n[x]\nbench = fork\n' >"$tmp/threshold.ini"
	bad 'threshold.ini:2: threshold = 2: must be a percentage' run threshold.ini
	printf '[x]\nbench = fork\nsise = 1G\n' >"$tmp/key.ini"
	bad "key.ini:3: fork has no parameter 'sise'" run key.ini
	printf '[x]\nbench = contend\nfaulters = 0\nwriters = 0\n' >"$tmp/nobody.ini"
	bad 'nobody.ini:2: \[x\]: contend/mmap: faulters=0 and writers=0' run nobody.ini
	printf 'garbage\n' >"$tmp/garbage.ini"
	bad 'garbage.ini:1: neither' run garbage.ini
	printf 'garbage\n{"type":"note"}\n' >"$tmp/garbage.jsonl"
	bad 'garbage.jsonl:1: not a line of a journal' show garbage.jsonl
	: >"$tmp/empty.jsonl"
	bad 'empty.jsonl' compare empty.jsonl
	printf '[plan]\nruns=1\n[x]\nbench=fork\nsize=4M\n' >"$tmp/a.ini"
	(cd "$tmp" && expect 0 "$fb" run a.ini --out a.jsonl)
	bad 'a.jsonl: holds another plan \(runs is 1 there, 2 here\)' run a.ini --out a.jsonl --set runs=2
	bad "base" compare --base nobody a.jsonl
}

# File names and labels that scripts fear.
test_hostile_names() {
	local name label command
	mkdir "$tmp/-d"
	for name in 'a b' '%s%n' "quo'te\"" '-x' 'new
line' 'ä'; do
		printf '[plan]\nruns=1\niterations=1\n[%%s "x"]\nbench=null\nsize=4M\n' \
			>"$tmp/-d/$name.ini"
		label=${name/$'\n'/ }
		(cd "$tmp/-d" && expect 0 "$fb" run --label "$label" --out "./$name.jsonl" -- "$name.ini" &&
			expect 0 "$fb" compare -- "$name.jsonl" &&
			expect 0 "$fb" show "./$name.jsonl") || exit 1
	done
	# A journal of others, with a label that is not harmless.
	label='"after\\u001b[31m\\u009b1m\\n\\tx\\u007f"'
	sed "s/\"kernel\":\"after-change\"/\"kernel\":$label/g; 1s/\"type\":\"plan\"/&,\"kernels\":[\"baseline\",$label]/" \
		tests/golden/fork.jsonl >"$tmp/h.jsonl"
	for command in compare 'compare --format rel' check 'check --format json' show plot \
		'plot --kind runs' 'export --format csv' 'export --format go' 'export --format json'; do
		"$fb" $command "$tmp/h.jsonl" >"$tmp/out" 2>&1
		sed 's/\\\\/\\/g' "$tmp/out" | grep -qF 'after\x1b[31m\u009b1m\n\tx\x7f' || fail "$command: no label"
		! LC_ALL=C.UTF-8 grep -nP '[^\P{Cc}\r]' "$tmp/out" || fail "$command: as it is"
	done
}

# What is wrong with a plan is told before any worker is started, where it stands; what only another worker
# can know is asked of that one.
test_plan_without_worker() {
	# What a test beside has changed is put back by a worker.
	! is_root || ! unshare -m true 2>/dev/null || own_runtime plan_without_worker
	export FAULTBENCH_WORKER=$tmp/worker
	printf '#!/bin/sh\ntouch "%s"\nexit 1\n' "$tmp/started" >"$FAULTBENCH_WORKER"
	chmod +x "$FAULTBENCH_WORKER"
	wrong() { # wrong PATTERN PLAN WORDS...
		printf "$2" >"$tmp/p.ini"
		expect 2 "$fb" run "$tmp/p.ini" "${@:3}"
		one_line "$errs"
		has "$errs" "$1"
		[ ! -e "$tmp/started" ] || fail "a worker was started for: $errs"
	}
	local fork='[plan]\n[x]\nbench=fork\n'
	wrong 'p.ini:2: .plan. has no key .runz' '[plan]\nrunz=1\n[x]\nbench=fork\n'
	wrong 'p.ini:2: runs = x: must be a whole number' '[plan]\nruns=x\n[x]\nbench=fork\n'
	wrong 'p.ini:4: fork has no parameter .sise' "${fork}sise=1G\n"
	wrong 'p.ini:4: size = 1X: must be a size' "${fork}size=1X\n"
	wrong 'p.ini:4: variant = knife: fork has the variants' "${fork}variant=knife\n"
	wrong 'p.ini:4: warmup = 0: must be a whole number' "${fork}warmup=0\n"
	wrong 'p.ini:4: place = moon: must be' "${fork}place=moon\n"
	wrong "set sise=1G: no section of the plan knows 'sise'" "$fork" --set sise=1G
	wrong 'until x: must be a percentage' "$fork" --until x
	# Another worker may have another benchmark; not another key of the plan.
	wrong 'p.ini:2: runs = x: must be' '[plan]\nruns=x\n[x]\nbench=spoon\n'
	printf '[plan]\n[x]\nbench=spoon\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini"
	has "$errs" 'worker --catalogue: no answer'
	[ -e "$tmp/started" ] || fail "no worker was asked about a benchmark that it may have"
	unset FAULTBENCH_WORKER
	expect 2 "$fb" run "$tmp/p.ini"
	has "$errs" 'p.ini:3: bench = spoon: no such benchmark; there are '
}
