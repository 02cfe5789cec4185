# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Control groups, as containers and slices have them; sourced by tests/run-tests.sh.

measures cpu_quota memory_limit tasks_limit hugetlb_limit ulimits taskset

# new_group CONTROLLER NAME: makes $group, of version 1 or 2 as there is; it goes when the test ends.
new_group() {
	local top=/sys/fs/cgroup/$1 undo=
	is_root || exit 77
	if [ ! -d "$top" ]; then
		top=$(findmnt -t cgroup2 -n -o TARGET | head -1)
		grep -qw "$1" "$top/cgroup.controllers" || exit 77
		grep -qw "$1" "$top/cgroup.subtree_control" || undo="; echo -$1 >$top/cgroup.subtree_control"
		echo "+$1" >"$top/cgroup.subtree_control" || exit 77
	fi
	group=$top/faultbench-test-$2
	trap "rmdir $group$undo" EXIT
	mkdir -p "$group" 2>/dev/null || exit 77
}

# limit V1-FILE V2-FILE VALUE
limit() {
	[ -e "$group/$1" ] || shift
	echo "${@: -1}" >"$group/$1" || exit 77
}

within() { # within COMMAND...: in the group
	(echo $BASHPID >"$group/cgroup.procs" && exec "$@")
}

reasons() { grep -o '"status":"[a-z]*","reason":"[^"]*"' "$1"; }

# Whoever is held by a quota takes longer than he computes: told before, by the doctor, and of each run.
test_cpu_quota() {
	printf '[plan]\nruns=1\niterations=4\n[x]\nbench=null\nsize=32M\nthreads=2\nplace=none\n' >"$tmp/p.ini"
	new_group cpu quota
	expect 0 within "$worker" --facts
	! grep -q 'cgroup.cpu_max' <<<"$out" || fail "a quota, where there is none"
	limit cpu.cfs_quota_us cpu.max 20000
	expect 0 within "$worker" --facts
	has "$out" '"cgroup.cpu_max":0.2[,0]'
	within "$fb" doctor >"$tmp/out" 2>&1
	has "$(tr -s ' \n' ' ' <"$tmp/out")" 'SPOILS CPU quota: 0.2 CPUs .*mend: measure outside the container'
	expect 1 within "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(reasons "$tmp/j.jsonl")" '"void","reason":"a CPU quota of 0.2 CPUs held it for [0-9.]+ s, in [1-9][0-9]* periods'
	# One that is never reached changes nothing; that of a group above counts.
	limit cpu.cfs_quota_us cpu.max 400000
	expect 0 within "$fb" run "$tmp/p.ini" --out "$tmp/k.jsonl"
	has "$(cat "$tmp/k.jsonl")" '"cgroup.cpu_max":4.0'
	! within "$fb" doctor 2>&1 | grep 'CPU quota' || fail "it spoils all the same"
}

oom_kills() { cat "$group/memory.oom_control" "$group/memory.events" 2>/dev/null | grep 'oom_kill '; }

# A point that has no room below the limit is skipped, and one that has is measured; which kind of group
# it is is a difference between machines.
test_memory_limit() {
	local before
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fault\nsize=64M, 256M\n' >"$tmp/p.ini"
	new_group memory limit
	limit memory.limit_in_bytes memory.max $((160 << 20))
	before=$(oom_kills)
	expect 0 within "$fb" run "$tmp/p.ini" --label nested --out "$tmp/j.jsonl"
	limit memory.memsw.limit_in_bytes memory.swap.max $((164 << 20))
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=zap\nvariant=pageout\nsize=16M\n' >"$tmp/s.ini"
	[ "$((164 << 20))" != "$(cat "$group/memory.memsw.limit_in_bytes")" ] || {
		expect 77 within "$fb" run "$tmp/s.ini" --out "$tmp/s.jsonl"
		has "$(reasons "$tmp/s.jsonl")" "\"skipped\",\"reason\":\"needs (swap|16M of swap: its cgroup's limit leaves 4M)"
	}
	# What files have is given back for it.
	[ "$(stat -f -c %T "$tmp")" = tmpfs ] || {
		within dd if=/dev/zero of="$tmp/file" bs=1M count=80 conv=fsync status=none
		expect 0 within "$fb" run "$tmp/p.ini" --out "$tmp/l.jsonl"
		has "$(cat "$tmp/l.jsonl")" '"size":67108864.*"status":"ok"'
		rm "$tmp/file"
	}
	[ "$(oom_kills)" = "$before" ] || fail "killed: $before, $(oom_kills)"
	has "$(cat "$tmp/j.jsonl")" '"size":67108864.*"status":"ok"'
	has "$(reasons "$tmp/j.jsonl")" "\"skipped\",\"reason\":\"needs 324M of memory, 64M for itself: its cgroup's limit leaves 1[0-9][0-9]M\""
	has "$(cat "$tmp/j.jsonl")" '"cgroup.memory":"nested","cgroup.memory_max_kB":163840,'
	group=${group%/*}
	expect 0 within "$fb" run "$tmp/p.ini" --label root --out "$tmp/k.jsonl"
	has "$(cat "$tmp/k.jsonl")" '"cgroup.memory":"root",'
	expect 0 "$fb" compare "$tmp/j.jsonl" "$tmp/k.jsonl"
	has "$out" 'cgroup.memory: nested -> root'
	has "$out" 'cgroup.memory_max_kB: 163840 -> \(not there\)'
}

# The same of threads and processes.
test_tasks_limit() {
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=null\nsize=4M\nthreads=2, 64\nplace=none\n' >"$tmp/p.ini"
	new_group pids tasks
	limit pids.max 24
	expect 0 within "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"threads":2.*"status":"ok"'
	has "$(reasons "$tmp/j.jsonl")" "\"skipped\",\"reason\":\"needs 64 tasks, and 4 for itself: its cgroup's limit leaves [12]?[0-9]\""
}

# Of hugetlb pages: a touch beyond the limit is a SIGBUS.
test_hugetlb_limit() {
	local size
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fault-vma\nvariant=hugetlb\nsize=4M,16M\n' >"$tmp/p.ini"
	[ "$(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size 2>/dev/null)" = 2097152 ] || exit 77
	new_group hugetlb hugetlb
	limit hugetlb.2MB.limit_in_bytes hugetlb.2MB.max $((8 << 20))
	expect 0 within "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"size":4194304.*"status":"ok"'
	has "$(reasons "$tmp/j.jsonl")" "\"skipped\",\"reason\":\"needs 16M of hugetlb pages: its cgroup's limit leaves 8M"
}

# A process's own limits are like those of a group.
test_ulimits() {
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fault\nsize=64M,512M\n' >"$tmp/p.ini"
	for limit in v d; do
		expect 0 sh -c "ulimit -$limit 400000; "'exec "$@"' sh "$fb" run "$tmp/p.ini" --out "$tmp/$limit.jsonl"
		has "$(cat "$tmp/$limit.jsonl")" '"size":67108864.*"status":"ok"'
		has "$(reasons "$tmp/$limit.jsonl")" "skipped\",\"reason\":\"needs 584M of (address space|data), 64M for itself: ulimit -$limit leaves [123][0-9]*M"
	done
}

# cpio_file FILE NAME [MODE]: the file in a cpio archive of the kind that the kernel unpacks, on stdout.
cpio_file() {
	local size=0 mode=${3:-100755}
	[ ! -f "$1" ] || size=$(stat -Lc %s "$1")
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' $((++inode)) $((8#$mode)) 0 0 1 0 \
		"$size" 0 0 0 0 $((${#2} + 1)) 0 "$2"
	head -c $(((4 - (110 + ${#2} + 1) % 4) % 4)) /dev/zero
	[ ! -f "$1" ] || cat "$1"
	head -c $(((4 - size % 4) % 4)) /dev/zero
}

# shell_initrd SCRIPT PROGRAM...: on stdout, with the shell that it is for and all libraries.
shell_initrd() {
	local script=$1 inode=0 folder file
	shift
	for folder in bin dev lib lib64 lib/x86_64-linux-gnu proc sys tmp run run/faultbench; do
		cpio_file - $folder 40755
	done
	cpio_file "$script" init
	for file in /bin/sh "$@"; do
		cpio_file "$file" "bin/${file##*/}"
	done
	for file in $(ldd /bin/sh "$@" | grep -oE '/lib[^ ]*' | sort -u); do
		cpio_file "$file" "${file#/}"
	done
	cpio_file - 'TRAILER!!!'
}

# Of a kernel that has no version 1: facts, quota and limits of groups and of those above them.
vm_cgroups_script() {
	cat <<-'EOF'
	#!/bin/sh
	facts() { # facts NAME GROUP
	  echo $$ >/sys/fs/cgroup/$2/cgroup.procs
	  echo "$1: $(faultbench-worker --facts | grep -o '"cgroup.[^,]*')"
	}
	run() { # run NAME KEYS...
	  name=$1
	  shift
	  printf '%s\n' '[plan]' runs=1 iterations=2 '[x]' bench=null place=none "$@" >/tmp/p.ini
	  faultbench run /tmp/p.ini --out /tmp/$name.jsonl >/tmp/out 2>&1
	  echo "$name: $(grep -o '"status":"[a-z]*"\(,"reason":"[^"]*\)\?' /tmp/$name.jsonl)"
	}
	mount -t proc none /proc; mount -t sysfs none /sys; mount -t devtmpfs none /dev
	facts 'not mounted' . 2>/dev/null
	mount -t cgroup2 none /sys/fs/cgroup
	cd /sys/fs/cgroup
	echo '+cpu +memory +pids' >cgroup.subtree_control
	mkdir -p a/b
	facts root .
	facts nested a/b
	echo '50000 100000' >a/cpu.max; echo 160M >a/memory.high; echo 300M >a/memory.max
	facts above a/b
	unshare -C sh -c 'echo "inside: $(faultbench-worker --facts | grep -o "\"cgroup.[^,]*")"'
	mkdir /tmp/own; echo +memory >a/cgroup.subtree_control; echo 200M >a/b/memory.max
	unshare -Cm sh -c 'mount -t cgroup2 none /tmp/own
	  echo "container: $(faultbench-worker --facts | grep -o "\"cgroup.[^,]*")"'
	run fifo size=16M
	run held size=16M threads=2
	run memory size=128M
	echo "emitted: $(large 2>&1 >/tmp/out) $(held 2>&1 >/tmp/out)"
	echo 24 >a/pids.max
	run tasks size=16M threads=64
	echo o >/proc/sysrq-trigger
	cat
	EOF
}

test_long_vm_cgroups() {
	local file
	[ "$(uname -m)" = x86_64 ] || exit 77
	debian_new x86_64
	vm_cgroups_script >"$tmp/init"
	"$fb" emit-c fault size=128M --full >"$tmp/large.c"
	"$fb" emit-c null size=16M threads=2 >"$tmp/held.c"
	for file in large held; do
		gcc -O1 -o "$tmp/$file" "$tmp/$file.c" -pthread -lm || fail "does not build"
	done
	shell_initrd "$tmp/init" "$fb" "$worker" "$tmp/"{large,held} /bin/{cat,grep,mount,mkdir,sed} "$(command -v unshare)" >"$tmp/initrd"
	timeout 100 qemu-system-x86_64 -nodefaults -no-user-config -display none -monitor none -no-reboot -serial stdio \
		-machine q35 -accel tcg,thread=multi -cpu max,la57=off -smp 2 -m 768M \
		-kernel "$XDG_CACHE_HOME/faultbench/kernels/x86_64-new/image" -initrd "$tmp/initrd" \
		-append 'console=ttyS0 rdinit=/init panic=-1 quiet' >"$tmp/said" 2>&1
	out=$(tr -d '\r' <"$tmp/said" | tr '\n' ' ')
	has "$out" 'not mounted: "cgroup.memory":"root" root: "cgroup.memory":"root" nested: "cgroup.memory":"nested" above'
	has "$out" 'above: "cgroup.memory":"nested" "cgroup.memory_max_kB":163840 "cgroup.cpu_max":0.5 inside'
	# What is above a container's group is not to be seen in it; where nothing is, nothing is told.
	has "$out" 'inside: *container: "cgroup.memory":"nested" "cgroup.memory_max_kB":204800 fifo'
	has "$out" 'fifo: "status":"ok" held: "status":"void","reason":"a CPU quota of 0.5 CPUs held it for [0-9.e-]+ s, in [1-9]'
	has "$out" "memory: \"status\":\"skipped\",\"reason\":\"needs 194M of memory, 64M for itself: its cgroup's limit leaves 1[0-9]*M"
	has "$out" "emitted: .*the control group's limit leaves, 1[0-9]* MiB cannot run here: a CPU quota held it, in [1-9]"
	has "$out" "tasks: \"status\":\"skipped\",\"reason\":\"needs 64 tasks, and 4 for itself: its cgroup's limit leaves [0-9]+"
}

# CPUs that the scheduler keeps everybody off are given to who asks for them, and to names first.
test_long_vm_isolated() {
	[ "$(uname -m)" = x86_64 ] || exit 77
	debian_new x86_64
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\nplace=list:1, list:0, core\n%s' \
		$'[y]\nbench=null\nsize=4M\nthreads=2\nplace=core, list:1:0, cluster\n' >"$tmp/p.ini"
	vm m x86_64 'cmdline=isolcpus=1 nohz_full=1'
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=x86_64-new --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" '"cpu.isolated":"1","cpu.nohz_full":"1"'
	out=$(grep -o '"placement":{[^}]*}' "$tmp/j.jsonl" | sort)
	[ "$out" = '"placement":{"asked":"core","cpus":[1,0],"obtained":[1,0]}
"placement":{"asked":"core","cpus":[1],"obtained":[1]}
"placement":{"asked":"list:0","cpus":[0],"obtained":[0]}
"placement":{"asked":"list:1","cpus":[1],"obtained":[1]}
"placement":{"asked":"list:1:0","cpus":[1,0],"obtained":[1,0]}' ] || fail "$out"
	has "$(reasons "$tmp/j.jsonl")" 'skipped","reason":"place=cluster: this machine lists no such thing'
}

# taskset narrows what names take; a list may leave it.
test_taskset() {
	local cpus last
	cpus=$(taskset -cp $$ | sed 's/.*: //')
	last=${cpus##*[,-]}
	[ "$last" != 0 ] || exit 77
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\nplace=core,list:0\n[y]\nbench=null\nsize=4M\nthreads=2\nplace=core\n' \
		>"$tmp/p.ini"
	expect 0 taskset -c "$last" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	has "$(cat "$tmp/j.jsonl")" "\"placement\":\{\"asked\":\"core\",\"cpus\":\[$last\],\"obtained\":\[$last\]"
	has "$(cat "$tmp/j.jsonl")" '"placement":\{"asked":"list:0","cpus":\[0\],"obtained":\[0\]'
	has "$(reasons "$tmp/j.jsonl")" 'skipped","reason":"2 workers, but place=core has 1 CPUs here'
}
