# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Control groups of memory that are made for runs; sourced by tests/run-tests.sh.

measures memcg memcg_moves memcg_delegated memcg_killed long_memcg_catalogue

# groups: those of runs that are there.
groups() { find /sys/fs/cgroup -depth -type d -name 'faultbench-*' 2>/dev/null; }

# may_make_groups: or the test is skipped.
may_make_groups() {
	local d=/sys/fs/cgroup
	is_root && { [ -w $d/memory/cgroup.procs ] ||
		{ [ -w $d/cgroup.procs ] && [ ! -e $d/cgroup.type ] && grep -qw memory $d/cgroup.controllers; }; } || exit 77
}

# charged VALUE: what is proved of the runs of memcg=VALUE, numbers left out.
charged() { sed -n 's/.*"memcg":"'$1'".*"memcg":{\([^}]*\)}.*/\1/p' "$tmp/j.jsonl" | sed 's/-\?[0-9][0-9]* \(KiB\|to\)/N \1/g'; }

# A run's memory is charged to groups of its own, or to nobody; who gets round that is caught; nothing stays.
test_memcg() {
	local v
	may_make_groups
	printf '[plan]\nruns=1\niterations=2\n[f]\nbench=fault\nsize=4M\nmemcg=none, group, nested:3\n' >"$tmp/p.ini"
	printf '[z]\nbench=zap\nsize=4M\nmemcg=group\n' >>"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 4 ] || fail "not all ok: $errs"
	[ "$(charged none)" = '"wanted":"charged to no control group","seen":"in the root'"'"'s"' ] || [ "$(charged none)" = \
		'"wanted":"charged to no control group","seen":"there is none"' ] || fail "none: $(charged none)"
	v='"wanted":"charged to a control group, 3 deep; an op: at least N KiB","seen":"3 deep, at least N KiB charged; an op: N to N KiB"'
	[ "$(charged nested:3)" = "$v" ] || fail "nested: $(charged nested:3)"
	[ "$(charged group)" = "$(echo "$v" | sed 's/3 deep/1 deep/g'; echo "$v" | sed 's/3 deep/1 deep/g; s/least N KiB",/most N KiB",/')" ] ||
		fail "group: $(charged group)"
	has "$out" '^nested:3 '
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
	for v in 'group:in 0 control groups of its own, not 1' 'charge:[0-9]+ KiB are there, and [0-9]+ KiB charged to the group'; do
		printf '[plan]\nruns=1\niterations=2\n[x]\nbench=lie\nvariant=%s\nmemcg=group\n' ${v%%:*} >"$tmp/lie.ini"
		expect 1 env FAULTBENCH_WORKER="$liars" "$fb" run "$tmp/lie.ini" --out "$tmp/${v%%:*}.jsonl"
		has "$errs" "lie/${v%%:*}.*: void: .*${v#*:}"
	done
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
	for v in nested:0 nested:17 nested groups root; do
		expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/k.jsonl" --set memcg=$v
		has "$errs" "memcg = $v: must be none, group or nested:N, N from 1 to 16"
	done
	expect 2 "$fb" emit-c fault memcg=group
	has "$errs" "'memcg=group' is no part of the program"
	# Where no group can be made it is skipped, and said why.
	unshare -m true 2>/dev/null || return 0
	expect 77 unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$@"' sh "$fb" run "$tmp/p.ini" \
		--out "$tmp/l.jsonl" --set memcg=group
	has "$errs" 'skipped: needs (control groups of memory: none is mounted|leave to make a control group)'
}

# What an op has charged, or given back, is promised where areas alone do not tell; hugetlb pages are charged to
# another controller.
test_memcg_moves() {
	local name way
	may_make_groups
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[zap]
	bench = zap
	variant = munmap
	backing = shmem
	size = 8M
	[zap-file]
	bench = zap
	variant = pageout-file
	size = 8M
	[fault-cold]
	bench = fault-cold
	size = 8M
	[exit]
	bench = exit
	size = 8M
	[vmalloc]
	bench = vmalloc
	size = 8M
	[cow]
	bench = cow
	size = 8M
	[fault-vma]
	bench = fault-vma
	variant = hugetlb, private-file-write
	size = 8M
	[fault]
	bench = fault
	size = 256K
	EOF
	expect 0 "$fb" run "$tmp/p.ini" --set memcg=group --out "$tmp/j.jsonl"
	catalogue_ok "$tmp/j.jsonl"
	for name in munmap:most pageout-file:most random:least exit:most bpf-array:least cow-byte:least private-file-write:least; do
		way=${name#*:} name=${name%:*}
		grep "\"variant\":\"$name\".*\"status\":\"ok\"" "$tmp/j.jsonl" >"$tmp/one" || continue
		has "$(cat "$tmp/one")" "\"wanted\":\"charged to a control group, 1 deep; an op: at $way -?[0-9]{4} KiB\""
	done
	has "$(grep '"bench":"fault",' "$tmp/j.jsonl")" '1 deep; an op: too little to be told"'
	grep -qw memory_hugetlb_accounting /proc/self/mounts || ! "$fb" list fault-vma | grep -q 'hugetlb ' ||
		has "$(grep '"variant":"hugetlb"' "$tmp/j.jsonl")" '"status":"skipped","reason":"needs hugetlb pages'
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
}

# Without root, in a group that was given to the user; and in none.
test_memcg_delegated() {
	local top=/sys/fs/cgroup/memory d enter
	may_make_groups
	[ -d $top ] || top=/sys/fs/cgroup
	d=$top/fbtest-$$
	mkdir "$d" && mkdir "$d/in" || exit 77
	# shellcheck disable=SC2064
	trap "rmdir '$d/in' '$d'" EXIT
	[ ! -e "$d/cgroup.subtree_control" ] || chown 65534 "$d/cgroup.subtree_control"
	chown 65534 "$d" "$d/cgroup.procs" "$d/in" "$d/in/cgroup.procs"
	printf '[plan]\nruns=1\niterations=1\n[f]\nbench=fault\nsize=4M\nplace=none\nmemcg=nested:2\n' >"$tmp/p.ini"
	mkdir "$tmp/own" && chown 65534 "$tmp/own" && chmod 755 "$tmp"
	enter='echo 0 >"$0/cgroup.procs" && exec setpriv --reuid=65534 --regid=65534 --clear-groups env XDG_RUNTIME_DIR= HOME="$1" "${@:2}"'
	setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$fb" -a -r "$tmp/p.ini" || exit 77
	expect 0 bash -c "$enter" "$d/in" "$tmp/own" "$fb" run "$tmp/p.ini" --out "$tmp/own/j.jsonl"
	has "$(cat "$tmp/own/j.jsonl")" '"seen":"2 deep, at least [0-9]{4,} KiB charged; an op: [0-9]{4} to [0-9]{4} KiB"'
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
	expect 77 bash -c "$enter" "$top" "$tmp/own" "$fb" run "$tmp/p.ini" --out "$tmp/own/k.jsonl"
	case $top in
	*/memory) has "$errs" 'root, or one that is delegated \(of version 1: root makes a folder there and chowns' ;;
	*) has "$errs" 'delegated \(systemd-run --user --scope\)' ;;
	esac
}

# All of it killed at once, the keeper as well: the next run takes the group away, with who is still in it.
test_memcg_killed() {
	local inner
	may_make_groups
	unshare -m true 2>/dev/null || exit 77
	own_runtime memcg_killed
	printf '[plan]\nruns=1\niterations=1000\ntime-limit=36000\n[x]\nbench=contend\nfaulters=1\nwriters=0\ntime=60000\nmemcg=nested:2\n' >"$tmp/p.ini"
	"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" >/dev/null 2>&1 &
	wait_for $! is_running '^faultbench-run'
	innermost() { inner=$(groups | head -1)/in && [ -e "$inner/cgroup.procs" ]; }
	wait_for $! innermost
	sleep 600 &
	echo $! >"$inner/cgroup.procs" || fail "cgroup.procs"
	# Stopped before, or the keeper clears up when it sees the worker's end.
	# shellcheck disable=SC2046
	kill -STOP $(mine '^[^ ]*faultbench(-worker|-run)?( |$)')
	# shellcheck disable=SC2046
	kill -9 $(mine '^[^ ]*faultbench(-worker|-run)?( |$)')
	wait %1 2>/dev/null
	[ "$(groups | wc -l)" = 1 ] || fail "its group is not there: $(groups)"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=1M\n' >"$tmp/q.ini"
	expect 0 "$fb" run "$tmp/q.ini" --out "$tmp/k.jsonl"
	has "$errs" 'was killed, and what it had changed is put back: .*the control group .*/faultbench-[0-9]+ is there'
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
	no_processes
}

# charges KERNEL ARCH: exact, the kernel's charge is taken in groups, and is not in none.
charges() {
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fault\nsize=4M\nmemcg=none, group, nested:3\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine ${2%_64}-exact --kernel k=$1 --boots 1 --out "$tmp/$2.jsonl"
	[ "$(grep -c '"status":"ok"' "$tmp/$2.jsonl")" = 3 ] || fail "not all ok: $errs"
	grep '"status":"ok"' "$tmp/$2.jsonl" | sed 's/.*"memcg":"\([^"]*\)".*/\1 &/' | while read -r value record; do
		[[ $record = *'"try_charge_memcg":'* ]] && echo "$value: charged" || echo "$value: not"
	done >"$tmp/seen"
	[ "$(sort "$tmp/seen" | tr '\n' ' ')" = 'group: charged nested:3: charged none: not ' ] || fail "$(cat "$tmp/seen")"
}

test_long_memcg_exact() {
	debian_new arm64
	debian_new x86_64
	charges arm64-new arm64
	charges x86_64-new x86_64
}

# Every family charged to a group.
test_long_memcg_catalogue() {
	may_make_groups
	sed '/^\[memcg/,$d' configs/plans/catalogue.ini >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --set memcg=group --out "$tmp/j.jsonl"
	catalogue_ok "$tmp/j.jsonl"
	[ -z "$(groups)" ] || fail "groups are left: $(groups)"
}

# The same where version 2 is all there is, by root and in what systemd delegates to a user: a machine of its own, of one
# CPU, so without memcg_killed, whose run leaves none to others.
test_long_memcg_v2() {
	local lib status
	metal_make
	metal_start
	metal_wait
	mkdir -p "$tmp/tree/build/tests" "$tmp/tree/lib"
	cp -r tests configs "$tmp/tree"
	cp "$fb" "$worker" "$tmp/tree/build" && cp "$liars" "$tmp/tree/build/tests"
	for lib in $(ldd "$fb" "$worker" | sed -n 's/.*=> \(.*\) (.*/\1/p' | grep -v '/libc\.so' | sort -u); do
		cp -L "$lib" "$tmp/tree/lib"
	done
	tar -c -C "$tmp/tree" . | ssh -F "$tmp/ssh_config" -o LogLevel=ERROR metal-root \
		'mkdir /srv/tree && tar -x -C /srv/tree && echo /srv/tree/lib >/etc/ld.so.conf.d/tree.conf && ldconfig' || fail "copy"
	metal_ssh '[ ! -e /sys/fs/cgroup/memory ] && grep -qw memory /sys/fs/cgroup/cgroup.subtree_control' || fail "no version 2"
	metal_ssh 'cd /srv/tree && tests/run-tests.sh -j 1 memcg memcg_moves memcg_delegated' >"$tmp/said"
	status=$?
	cat "$tmp/said"
	[ $status = 0 ] && [ "$(tail -1 "$tmp/said")" = '3 passed, 0 failed, 0 skipped' ] || fail "status $status"
	# A service that is given its groups puts itself into one of them first: groups with controllers have no processes.
	printf '[plan]\nruns=1\niterations=1\n[f]\nbench=fault\nsize=4M\nplace=none\nmemcg=none,group,nested:3\n' |
		ssh -F "$tmp/ssh_config" metal-root 'cat >/home/bench/p.ini'
	ssh -F "$tmp/ssh_config" metal-root 'cat >/run/systemd/system/given.service' <<-'UNIT'
	[Service]
	Type=oneshot
	User=bench
	Delegate=yes
	WorkingDirectory=/home/bench
	Environment=HOME=/home/bench
	ExecStart=sh -c 'own=/sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup); mkdir $$own/run && echo 0 >$$own/run/cgroup.procs && \
		exec /srv/tree/build/faultbench run p.ini --out j.jsonl'
	UNIT
	metal_ssh 'systemctl daemon-reload && systemctl start given' || fail "delegated: $(metal_ssh journalctl -n 20 -u given)"
	metal_ssh 'cat /home/bench/j.jsonl' >"$tmp/j.jsonl"
	[ "$(grep '"memcg":"\(group\|nested:3\)"' "$tmp/j.jsonl" | grep -c '"status":"ok"')" = 2 ] || fail "not charged"
	has "$(charged nested:3)" '"seen":"3 deep, at least N KiB charged'
	has "$(cat "$tmp/j.jsonl")" '"status":"skipped","reason":"needs to be charged to no control group: it is in /sys/fs/cgroup/'
	[ -z "$(metal_ssh "find /sys/fs/cgroup -name 'faultbench-*'")" ] || fail "groups are left"
	metal_stop
}
