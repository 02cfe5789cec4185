# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# All processes of a command killed at once, as systemd, docker and CI do; sourced by tests/run-tests.sh.

measures long_kills

# killing_group: makes $group, a control group of any version; it goes when the test ends.
killing_group() {
	local top
	top=$(findmnt -t cgroup2 -n -o TARGET | head -1)
	group=${top:-/sys/fs/cgroup/freezer}/faultbench-test-kills-$BASHPID
	mkdir "$group" 2>/dev/null || exit 77
	trap "group=$group; kill_group; rmdir $group" EXIT
	(echo $BASHPID >"$group/cgroup.procs") 2>/dev/null || exit 77
}

in_group() { (echo $BASHPID >"$group/cgroup.procs" && exec "$@"); } # in_group COMMAND...

# kill_group: until nobody is left in it. Before Linux 5.14, and in version 1, one after the other.
kill_group() {
	local pids
	while pids=$(cat "$group/cgroup.procs") && [ -n "$pids" ]; do
		echo 1 2>/dev/null >"$group/cgroup.kill" || kill -KILL $pids 2>/dev/null
		sleep 0.01
	done
}

# of_machine: what commands that were killed must not leave there for the next one
of_machine() {
	machine_state
	{
		cat /proc/self/mounts
		grep -o '[^ ]*faultbench[^ ]*' /proc/net/unix
	} | sed "\\#$tmp#b; \\#/faultbench-tests-#d" # but other tests' own
	find /dev/shm "$TMPDIR" /tmp -maxdepth 1 -name '*faultbench-[ru]*' -o -path "$TMPDIR/*"
	cat /run/faultbench/changed
} 2>/dev/null

# runs_measured JOURNAL: one a line, what it is of
runs_measured() {
	grep '"type":"run"' "$1" | sed 's/"status".*//' | sort
}

# --- a kind of command each: KIND_fresh removes what it made before, and says it as $words; KIND_whole fails
# where what it made is not whole.

# Of local runs all that is changed on a machine: scheduling, huge pages, swap.
local_fresh() {
	rm -f "$tmp/j.jsonl"
	cat >"$tmp/p.ini" <<-'END'
	[plan]
	runs=2
	iterations=3
	[fork]
	bench=fork
	size=64M
	order=0,4
	[hugetlb]
	bench=fault-vma
	variant=hugetlb
	size=16M
	[swapped]
	bench=fault-page
	variant=swapped
	size=8M
	END
	words=("$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl")
	run_count=8
}

local_whole() {
	[ "$(runs_measured "$tmp/j.jsonl" | wc -l)" = $run_count ] || fail "not $run_count runs: $(runs_measured "$tmp/j.jsonl")"
	[ -z "$(runs_measured "$tmp/j.jsonl" | uniq -d)" ] || fail "a run is there twice: $(runs_measured "$tmp/j.jsonl" | uniq -d)"
	! grep -q '"status":"\(failed\|void\)"' "$tmp/j.jsonl" || fail "$(grep -E '"status":"(failed|void)"' "$tmp/j.jsonl" | cut -c1-300)"
}

vm_fresh() {
	debian_new x86_64
	rm -f "$tmp/j.jsonl"
	vm m x86_64
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=fork\nsize=4M\norder=0,9\n' >"$tmp/p.ini"
	words=("$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 --out "$tmp/j.jsonl")
	run_count=4
}

vm_whole() { local_whole; }

exact_fresh() {
	exact_kernels x86_64
	rm -f "$tmp/j.jsonl"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=4M\norder=0,9\n' >"$tmp/p.ini"
	words=("$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 --out "$tmp/j.jsonl")
	run_count=2
}

exact_whole() { local_whole; }

# Of builds and fetches the whole cache: what is there is what is there where nothing was killed.
in_cache() { (cd "$tmp/cache" && find . -type f ! -name '*.json' ! -path '*/.git/index' ! -path '*/.git/logs/*' | sort); }

cache_whole() {
	local entry
	for entry in "$kernels"/*; do
		(cd "$entry" && sha256sum --quiet -c SHA256SUMS) || fail "$entry is not whole"
	done
	[ -e "$tmp/in_cache" ] || in_cache >"$tmp/in_cache"
	in_cache | diff "$tmp/in_cache" - || fail "other files in the cache"
	[ -z "$(find "$tmp/cache" -name '.work-*' -o -name '*.lock' ! -name faultbench.lock)" ] ||
		fail "left behind: $(find "$tmp/cache" -name '.work-*' -o -name '*.lock')"
}

# kill_tree: the tiny tree with two commits, made once
kill_tree() {
	[ ! -e "$tmp/tree" ] || return 0
	tiny_tree
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm base
	tiny_git tag v1
	echo more >>"$tmp/tree/mm/memory.c"
	tiny_git commit -qam 'mm: more'
}

build_fresh() {
	kill_tree
	rm -rf "$tmp/cache"
	words=("$fb" kernel build --tree "$tmp/tree" --arch arm64 --label k --variant no-fork-batch)
}

build_whole() {
	cache_whole
	grep -q 'if (false) {' "$kernels/k/image" && grep -q more "$kernels/k/image" || fail "another image"
}

fetch_fresh() {
	[ -e "$tmp/archive" ] || {
		archive
		split_kernel 7.2.13-cloud-arm64 7.2.13-1 cloud-arm64
	}
	rm -rf "$tmp/cache"
	words=("$fb" kernel fetch debian:linux-image-cloud-arm64 --label k)
}

fetch_whole() {
	cache_whole
	tiny_image 7.2.13-cloud-arm64 | cmp - "$kernels/k/image" || fail "another image"
}

# Two kernels built, and each run in what stands for a guest.
series_fresh() {
	kill_tree
	ln -sf "$top/tests/tools/lying-qemu.sh" "$tmp/bin/qemu-system-aarch64"
	rm -rf "$tmp/cache" "$tmp/j.jsonl"
	vm m arm64
	printf '[plan]\nruns=4\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	words=("$fb" series --tree "$tmp/tree" --range v1..HEAD --machine "$tmp/m.ini" --plan "$tmp/p.ini" --boots 1
		--out "$tmp/j.jsonl")
	run_count=8
}

series_whole() {
	cache_whole
	local_whole
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 2 ] || fail "not 2 kernels"
}

# What git and make leave when they are killed: locks, and a file that is cut and newer than what it is made of.
test_build_killed() {
	local git_dir
	killing_group
	tiny_tree
	echo 'all of it' >"$tmp/tree/source"
	cat >>"$tmp/tree/Makefile" <<-'END'
	Image: $(O)/made
	$(O)/made: source
	>echo cut >$@
	>if [ -f stall ]; then touch $(COUNT).stalls; sleep 60; fi
	>cp source $@
	END
	sed -i 's#cat $(MM)#cat made $(MM)#' "$tmp/tree/Makefile"
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm one
	touch "$tmp/tree/stall"
	tiny_git add -A
	tiny_git commit -qm 'that stalls'
	in_group "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label k >"$tmp/log" 2>&1 &
	wait_for $! test -e "$COUNT.stalls"
	kill_group
	wait $! 2>/dev/null
	[ "$(cat "$tmp"/cache/faultbench/build/*/arm64-*/made)" = cut ] || fail "nothing is cut, so nothing is tested"
	git_dir=$(echo "$tmp"/cache/faultbench/build/*/src/.git)
	touch "$git_dir"/{HEAD,config,index}.lock "$git_dir/objects/tmp_obj_abcdef"
	tiny 0 k --rev HEAD~1
	grep -q "all of it" "$kernels/k/image" || fail "a cut file is in it: $(cat -v "$kernels/k/image")"
	[ -z "$(find "$git_dir" -name '*.lock' -o -name 'tmp_*')" ] || fail "left: $(find "$git_dir" -name '*.lock')"
	[ -z "$(find "$tmp/cache" -name '*.building')" ] || fail "the mark is left"
}

# The same, of a posting that is applied first.
mails_fresh() {
	series_fresh
	[ -e "$tmp/patches" ] || tiny_git format-patch -q -o "$tmp/patches" v1..HEAD
	words=("$fb" series --tree "$tmp/tree" --series "$tmp/patches" --base v1 --machine "$tmp/m.ini" --plan "$tmp/p.ini"
		--boots 1 --out "$tmp/j.jsonl")
}

mails_whole() { series_whole; }

# --- all of them -------------------------------------------------------------------------------------------

# once_more: the command to its end. An emulated guest may hang (expect_vm), and is given up to three times.
once_more() {
	local i left
	for i in 1 2 3; do
		in_group timeout 300 "${words[@]}" >"$tmp/log" 2>&1 && break
		[[ $1 == vm || $1 == exact ]] || fail "$1: status $?: $(cat "$tmp/log")"
	done
	for i in $(seq 50); do
		left=$(cat "$group/cgroup.procs")
		[ -n "$left" ] || return 0
		sleep 0.1
	done
	fail "$1: left behind: $(ps -o pid=,args= -p ${left//$'\n'/,})"
}

# as_before KIND STATE: of the machine, on which others may be busy for a while, too.
as_before() {
	local i now
	for i in $(seq 600); do
		now=$(of_machine)
		[ "$2" != "$now" ] || return 0
		[ $i != 1 ] || echo "differs: $(diff <(echo "$2") <(echo "$now"))"
		[ "$1" != local ] || [ $i -lt 10 ] || break
		sleep 0.5
	done
	fail "$1: left: $(diff <(echo "$2") <(echo "$now"))"
}

# kill_one KIND MICROSECONDS: after so long. False if the command had ended by then.
kill_one() {
	local alive=1
	${1}_fresh
	in_group "${words[@]}" >"$tmp/log" 2>&1 &
	sleep "$(($2 / 1000000)).$(printf %06d $(($2 % 1000000)))"
	kill -0 $! 2>/dev/null || alive=
	kill_group
	wait $! 2>/dev/null
	[ -n "$alive" ]
}

# kills KIND TIMES: at moments over as long as the command takes. All that was measured by then is there later.
kills() {
	local kind=$1 times=$2 i=0 took at before began
	before=$(of_machine)
	rm -rf "$tmp/in_cache" "$tmp/cache"
	${kind}_fresh
	began=${EPOCHREALTIME/./}
	once_more $kind
	took=$((${EPOCHREALTIME/./} - began))
	${kind}_whole
	while [ $i -lt "$times" ]; do
		at=$((took * RANDOM / 32767))
		# The machine may have become faster, or slower.
		kill_one $kind $at || { took=$((took * 3 / 4)) && continue; }
		took=$((took * 21 / 20))
		i=$((i + 1))
		echo "$kind $i: after $at of $took us"
		sed -n '/"type":"run".*}$/p' "$tmp/j.jsonl" >"$tmp/by-then" 2>/dev/null
		once_more $kind
		${kind}_whole
		[ ! -s "$tmp/by-then" ] || ! grep -vqxFf "$tmp/j.jsonl" "$tmp/by-then" || fail "$kind: a run was lost"
		as_before $kind "$before"
	done
}

# KILLS: times of each kind (50). KILLS_OF: which kinds. KILLS_SEED: of the moments, as it is printed.
test_long_kills() {
	local kind words run_count group
	killing_group
	: "${KILLS_SEED:=$((EPOCHSECONDS % 32768))}"
	RANDOM=$KILLS_SEED
	echo "KILLS_SEED=$KILLS_SEED"
	for kind in ${KILLS_OF:-local vm exact build fetch series mails}; do
		kills $kind "${KILLS:-50}"
	done
}
