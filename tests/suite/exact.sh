# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exact mode; sourced by tests/run-tests.sh.

slow exact_arm64 exact_x86

# exact_kernels ARCH: ARCH-new in the cache, a machine that counts in $tmp/m.ini, a plan in $tmp/p.ini.
exact_kernels() {
	debian_new $1
	sed 's/^memory.*/memory = 1G/' configs/machines/${1%_64}-exact.ini >"$tmp/m.ini"
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[fork]
	bench = fork
	size = 16M
	order = 0, 9
	[munmap]
	bench = zap
	size = 16M
	[fault]
	bench = fault
	size = 4M
	threads = 1, 2
	EOF
}

exact_run() { # exact_run STATUS JOURNAL WORDS...
	local want=$1 journal=$2
	shift 2
	expect $want "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --out "$tmp/$journal" "$@"
	no_processes
}

# of_kernels NAMES JOURNAL: the path of a journal of some of its kernels, as NAME|NAME
of_kernels() {
	sed -E "/^\{\"type\":\"[a-z]*\",\"kernel\":/{/\"kernel\":\"($1)\"/!d}
		1s/\"kernels\":\[[^]]*/\"kernels\":[\"${1//|/\",\"}\"/" "$tmp/$2" >"$tmp/$1-$2"
	echo "$tmp/$1-$2"
}

# One kernel under two labels counts the same to the last instruction; two kernels differ as published;
# functions add up; what several threads do is not counted.
exact_mode() { # exact_mode ARCH CLASSES...
	local arch=$1 n own=120 kernels nr=1 old= words=()
	exact_kernels $arch
	printf '[cow]\nbench = cow\nsize = 512K\n' >>"$tmp/p.ini"
	kernels="--kernel a=$arch-new"
	# As published is one architecture's.
	[ $arch != arm64 ] || ! debian_old $arch || { kernels+=" --kernel old=$arch-old" nr=2 old=old; }
	shift
	exact_run 0 j.jsonl $kernels --boots 1 --functions=3
	has "$out" '^total '
	[ "$(grep -c '"source":"exact"' "$tmp/j.jsonl")" = $((5 * nr)) ] || fail "not $((5 * nr)) counted runs: $errs"
	[ "$(grep -c '"unit":"insn"' "$tmp/j.jsonl")" = $((5 * nr)) ] || fail "unit"
	has "$(sed -n 2p "$tmp/j.jsonl")" '"qemu":"[0-9]+[.][0-9.]+"'
	[ "$(grep -c '"type":"machine".*"emulator.version":"[0-9]*[.]' "$tmp/j.jsonl")" = $nr ] || fail "which QEMU"
	[ "$(head -1 "$tmp/j.jsonl" | grep -o '"warmup":[0-9]*' | sort -u)" = '"warmup":2' ] || fail "warm-up"
	[ "$(grep -c '"status":"skipped","reason":"exact mode counts one worker' "$tmp/j.jsonl")" = $nr ] ||
		fail "two threads were not skipped"
	"$build/tests/exact-check" sums "$(of_kernels a j.jsonl)" "$@" || fail "sums"
	pages_done "$tmp/j.jsonl" $((2 * nr)) 1024 128
	# Another boot counts the same, and counting blocks is counting instructions.
	FAULTBENCH_EACH_INSN=1 exact_run 0 each.jsonl --kernel b=$arch-new --boots 1
	words=("$(of_kernels a j.jsonl)" "$tmp/each.jsonl")
	"$build/tests/exact-check" same "${words[@]}" || fail "blocks are not what their instructions are"
	expect 0 "$fb" compare "${words[@]}"
	has "$out" '^kernel-insns .* 0.00% +(no difference|-  one boot)'
	[ "$(printf '%s' "$out" | grep -cE '(more|less)$')" = 0 ] || fail "a difference: $out"
	[ -n "$old" ] || return 0
	"$build/tests/exact-check" sums "$(of_kernels old j.jsonl)" || fail "sums"
	# A fork copies 4096 pages and the process's own, which are few: what the harness leaves behind counts.
	n=$(sed -n 's/.*"kernel":"old".*"bench":"fork".*"order":0,.*"vm_normal_page":{[^}]*"calls":\([0-9]*\).*/\1/p' "$tmp/j.jsonl" | head -1)
	[ -n "$n" ] && [ $n -gt $((2 * 4096)) ] && [ $n -lt $((2 * (4096 + own))) ] || fail "two forks copy $n pages"
	expect 0 "$fb" compare --base old "$(of_kernels 'old|a' j.jsonl)"
	has "$(printf '%s' "$out" | sed -n '/^fork.*order-0/,/^TLB/p')" '^kernel-insns.* \+[0-9.]+% +-  one boot$'
	has "$(printf '%s' "$out" | sed -n '/^fork.*order-9/,/^TLB/p')" '^kernel-insns.* -[0-9.]+% +-  one boot$'
}

test_exact_arm64() {
	exact_mode arm64 load store atomic dsb dmb isb tlbi-va interrupts -hrtimer_interrupt -gic_handle_irq
}

test_exact_x86() {
	exact_mode x86_64 load store atomic invlpg cr3 serialise interrupts -hrtimer_interrupt -__common_interrupt
}

# The plugin against the emulated CPU's own counter, read in the guest by perf_event.
test_long_exact_pmu() {
	local old=
	exact_kernels arm64
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 3
	counters = instructions:k
	[fork]
	bench = fork
	size = 16M, 32M
	[munmap]
	bench = zap
	size = 16M, 32M
	EOF
	debian_old arm64 && old='--kernel old=arm64-old'
	exact_run 0 j.jsonl --kernel new=arm64-new $old --boots 1
	"$build/tests/exact-check" pmu "$tmp/j.jsonl" || fail "not as the PMU counts"
}

# What forks call often enough, and that returns in one place: kernels of lazy preemption call the first one never.
patched=__cond_resched,mod_node_state

# A kernel with known instructions added to its image is found to have them: as many as their addresses
# show, and by the verdict, which of two boots is too wide an interval where a fork fills a batch of random numbers.
test_long_exact_added() {
	local plain
	exact_kernels arm64
	# A bare image, as the patched one is: the same without modules.
	plain=$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	exact_run 0 plain.jsonl --kernel plain="$plain" --boots 3
	"$build/tests/exact-check" patch "$tmp/plain.jsonl" "$plain" \
		"$tmp/Image" $patched 0.5 || fail "no patch"
	exact_run 0 patched.jsonl --kernel patched="$tmp/Image" --boots 3
	cat "$tmp/plain.jsonl" "$tmp/patched.jsonl" >"$tmp/j.jsonl"
	"$build/tests/exact-check" added "$tmp/j.jsonl" || fail "not what was added"
	expect 0 "$fb" compare "$tmp/plain.jsonl" "$tmp/patched.jsonl"
	has "$out" '^kernel-insns .* \+0\.[45][0-9]%.* (more|inconclusive)$'
}

# What cannot be counted is refused before anything starts, and what goes wrong is named.
test_exact_trouble() {
	exact_kernels x86_64
	bad() { # bad PATTERN ARGS...
		local pattern=$1
		shift
		expect 2 "$fb" run "$tmp/p.ini" --out "$tmp/bad.jsonl" "$@"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	sed 's/^vcpus.*/vcpus = 2/' "$tmp/m.ini" >"$tmp/two.ini"
	bad 'lines: takes a machine of one vCPU, and two has 2' --machine "$tmp/two.ini" --kernel a=x86_64-new --lines
	sed -i 's/^vcpus.*/vcpus = 5/' "$tmp/two.ini"
	bad 'accel = exact counts at most 4 vCPUs, and here are 5' --machine "$tmp/two.ini" --kernel a=x86_64-new
	bad 'jobs 0: must be a whole number' --jobs 0
	bad 'jobs 2: this machine runs one kernel' --jobs 2
	expect 2 "$fb" run "$tmp/p.ini" --functions=x
	has "$errs" 'functions=x: must be a whole number'
	# Without the plugin.
	mkdir "$tmp/bin"
	cp "$fb" "$worker" "$tmp/bin/"
	expect 1 "$tmp/bin/faultbench" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/a.jsonl"
	has "$errs" 'faultbench-exact-[137].so: the plugin that counts cannot be read: No such file'
	# A plugin that is none.
	for i in 1 3 7; do echo junk >"$tmp/bin/faultbench-exact-$i.so"; done
	expect 1 "$tmp/bin/faultbench" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/b.jsonl"
	has "$errs" 'boot 0 of a: QEMU ended with status 1'
	no_processes
	env --default-signal "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new \
		--out "$tmp/c.jsonl" >/dev/null 2>"$tmp/log" &
	wait_for $! is_running '^qemu-system-'
	kill -INT $!
	wait $!
	[ $? = 130 ] || fail "status $? after ^C"
	no_processes
	# A guest whose symbols are hidden: its interrupts cannot be told apart.
	printf 'cmdline = sysctl.kernel.kptr_restrict=2\n' >>"$tmp/m.ini"
	printf '[plan]\nruns = 1\n[munmap]\nbench = zap\nsize = 4M\n' >"$tmp/p.ini"
	exact_run 1 hidden.jsonl --kernel a=x86_64-new --boots 1 --set iterations=1
	n='"status":"void".*"reason":"interrupts are counted as the operation.s own: the guest shows no symbols'
	[ "$(grep '"source":"exact"' "$tmp/hidden.jsonl" | grep -c "$n")" = 1 ] || fail "not void"
	# Counts beside times say nothing together: each have a section of their own.
	expect 0 "$fb" compare tests/golden/exact.jsonl tests/golden/fork.jsonl
	[ "$(printf '%s' "$out" | grep -cxE 'Times|Exact counts')" = 2 ] || fail "no section a source"
}

# A QEMU that loads none of the plugins is named, with those that do; one that is newer than we know gets
# the newest.
test_exact_emulators() {
	local api
	exact_kernels x86_64
	mkdir "$tmp/bin"
	# emulator STATUS VERSION OPTION...: what QEMU is then said to be, and how the run ends.
	emulator() {
		local status=$1 version=$2
		shift 2
		{
			printf '#!/bin/sh\n[ "$1" = -help ] || { echo "$@" | tr " " "\\n" | grep counts=; exit 1; }\n'
			printf 'cat <<END\nQEMU emulator version %s (Debian)\n' "$version"
			printf '%s file\n' "$@"
			printf 'END\n'
		} >"$tmp/bin/qemu-system-x86_64"
		chmod +x "$tmp/bin/qemu-system-x86_64"
		rm -f "$tmp/e.jsonl"
		PATH=$tmp/bin:$PATH expect $status "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new \
			--boots 2 --out "$tmp/e.jsonl"
	}
	emulator 1 9.0.2 -machine -plugin
	has "$errs" 'qemu-system-x86_64 9.0.2: exact mode cannot count in this QEMU, but in 6.2 to 8.2, and 9.1 and later$'
	[ "$(printf '%s\n' "$errs" | grep -c 'cannot count')" = 1 ] || fail "not said once: $errs"
	emulator 1 5.2.0 -machine -plugin
	has "$errs" 'qemu-system-x86_64 5.2.0: exact mode cannot count in this QEMU'
	emulator 1 10.0.2 -machine
	has "$errs" 'qemu-system-x86_64 10.0.2: was built without plugins'
	for api in 8.2.1:1 9.1.0:3 11.0.50:3 11.1.3:7 14.0.0:7; do
		emulator 1 ${api%:*} -machine -plugin
		has "$errs" "faultbench-exact-${api#*:}.so,counts="
	done
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/qemu-system-x86_64"
	rm "$tmp/e.jsonl"
	PATH=$tmp/bin:$PATH expect 1 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/e.jsonl"
	has "$errs" 'qemu-system-x86_64: cannot be run, so nothing can be counted; install QEMU 6.2 to 8.2'
}

# An instruction that lies across two pages is one: the emulator translates it twice. Where ops do less from one to the
# next, the warm-up lasts until they do not, or so long. And we are stopped until the guest has ended: it does not
# wait, and nothing is mixed up or lost.
test_exact_late() {
	local pid inside across n
	[ "$(uname -m)" = x86_64 ] || exit 77
	exact_kernels x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=counted\nsize=1M\nvariant=inside, across, settles, sways\n' >"$tmp/p.ini"
	FAULTBENCH_WORKER=$liars "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=x86_64-new --boots 1 \
		--out "$tmp/j.jsonl" >"$tmp/log" 2>&1 &
	pid=$!
	wait_for $pid has_run "$tmp/j.jsonl"
	kill -STOP $pid
	has_ended() { ps -o stat= -o comm= --ppid $pid | grep -q '^Z.*qemu'; }
	wait_for $pid has_ended
	kill -CONT $pid
	wait $pid || fail "status $?: $(cat "$tmp/log")"
	[ "$(grep -c '"type":"run".*"status":"ok"' "$tmp/j.jsonl")" = 4 ] || fail "not 4 runs: $(cat "$tmp/log")"
	inside=$(grep '"variant":"inside".*"counts"' "$tmp/j.jsonl" | grep -o '"user":[^]]*')
	across=$(grep '"variant":"across".*"counts"' "$tmp/j.jsonl" | grep -o '"user":[^]]*')
	[ -n "$inside" ] && [ "$inside" = "$across" ] || fail "inside a page $inside, across two $across"
	for n in settles:7 sways:12; do
		grep "\"variant\":\"${n%:*}\".*\"samples\"" "$tmp/j.jsonl" | grep -q "\"warmup\":${n#*:}," ||
			fail "$n: $(grep -o '"warmup":[0-9]*' "$tmp/j.jsonl" | tail -2)"
	done
	expect 0 "$fb" compare "$tmp/j.jsonl"
}

# Boots side by side: all of them, each once, and in no other way than one after the other.
test_jobs() {
	played
	two_under_way() { [ "$(wc -l <"$PLAYED")" -ge 2 ]; }
	set -- run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=k --boots 3 --jobs 2 --out "$tmp/j.jsonl"
	# Two are under way at a time, whichever ends first.
	: >"$PLAYED"
	PLAY_UNTIL=$tmp/go "$fb" "$@" >"$tmp/said" 2>&1 &
	wait_for $! two_under_way
	[ "$(wc -l <"$PLAYED")" = 2 ] || fail "more than two at a time"
	touch "$tmp/go"
	wait $! || fail "status $?: $(cat "$tmp/said")"
	no_processes
	[ "$(sort -n "$PLAYED" | tr '\n' ' ')" = '0 1 2 ' ] || fail "boots: $(cat "$PLAYED")"
	[ "$(grep -c '"status":"ok"' "$tmp/j.jsonl")" = 9 ] || fail "not 9 runs"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | sed 's/"point".*//' | sort -u | wc -l)" = 9 ] ||
		fail "a run is there twice"
}

# Five boots the same, on both architectures; the last one's end is lost: its guest does everything again, and it comes
# out the same.
test_long_exact_same() {
	local arch n
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		cp configs/plans/exact.ini "$tmp/p.ini"
		exact_run 0 $arch.jsonl --boots 1 --kernel a=$arch-new --kernel b=$arch-new --kernel c=$arch-new \
			--kernel d=$arch-new --kernel e=$arch-new
		"$build/tests/exact-check" same "$tmp/$arch.jsonl" || fail "$arch"
		n=$(grep -n '"type":"machine"' "$tmp/$arch.jsonl" | tail -1 | cut -d: -f1)
		head -$((n + 1)) "$tmp/$arch.jsonl" >"$tmp/$arch-cut.jsonl"
		exact_run 0 $arch-cut.jsonl --boots 1 --kernel a=$arch-new --kernel b=$arch-new --kernel c=$arch-new \
			--kernel d=$arch-new --kernel e=$arch-new
		[ "$(grep -c '"source":"exact"' "$tmp/$arch.jsonl")" = "$(grep -c '"source":"exact"' "$tmp/$arch-cut.jsonl")" ] ||
			fail "runs are missing or doubled"
		"$build/tests/exact-check" same "$tmp/$arch.jsonl" "$tmp/$arch-cut.jsonl" || fail "$arch: not as before"
		exact_run 0 $arch-old.jsonl --boots 1 --kernel a=$arch-old --kernel b=$arch-old \
			--kernel c=$arch-old --kernel d=$arch-old --kernel e=$arch-old
		"$build/tests/exact-check" same "$tmp/$arch-old.jsonl" || fail "$arch, 6.1"
	done
}

# An added 0.1 % of a fork's instructions is found 20 times of 20, and between a kernel and itself no
# difference is, each time with another memory size and five perturbations.
test_long_exact_found() {
	local i found=0 same=0
	exact_kernels arm64
	printf '[plan]\nruns=1\niterations=3\n[x]\nbench=fork\nsize=64M\n' >"$tmp/p.ini"
	exact_run 0 one.jsonl --kernel plain=arm64-new --boots 1
	"$build/tests/exact-check" patch "$tmp/one.jsonl" "$XDG_CACHE_HOME/faultbench/kernels/arm64-new/image" \
		"$tmp/Image" $patched 0.1 || fail "no patch"
	for i in $(seq 20); do
		sed "s/^memory.*/memory = $((1000 + 52 * i))M/" configs/machines/arm64-exact.ini >"$tmp/m.ini"
		exact_run 0 $i.jsonl --kernel plain=arm64-new --kernel patched="$tmp/Image" --kernel again=arm64-new
		expect 0 "$fb" compare "$tmp/$i.jsonl"
		printf '%s\n' "$out" | grep '^kernel-insns  ' >"$tmp/lines"
		cat "$tmp/lines"
		found=$((found + $(head -1 "$tmp/lines" | grep -c 'more$')))
		same=$((same + $(tail -1 "$tmp/lines" | grep -c 'no difference$')))
	done
	echo "found $found of 20, no difference $same of 20"
	[ $found = 20 ] && [ $same = 20 ] || fail "found $found, no difference $same"
}

# Several vCPUs: five boots of one schedule are the same, and faults meet the writer in the middle of what it holds
# mmap_lock for: where all of them take it they wait, where none does none waits, and without a writer nobody.
test_long_exact_schedules() {
	local arch kernel waits sent called
	for arch in x86_64 arm64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		sed -i 's/^vcpus.*/vcpus = 2/' "$tmp/m.ini"
		printf '[plan]\nruns=1\niterations=3\n[contend]\nbench=contend\nsize=1M\nwriters=0,1\ntime=64\n[fault]\nbench=fault\nsize=1M\nthreads=2\n' \
			>"$tmp/p.ini"
		for kernel in new old; do
			exact_run 0 $arch-$kernel.jsonl --boots 1 --kernel a=$arch-$kernel --kernel b=$arch-$kernel \
				--kernel c=$arch-$kernel --kernel d=$arch-$kernel --kernel e=$arch-$kernel
			"$build/tests/exact-check" same "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel: not the same"
			[ "$(grep -c '"status":"ok"' "$tmp/$arch-$kernel.jsonl")" = 15 ] || fail "$arch, $kernel: not 15 runs"
		done
		# 3 x 64 faults: by old kernels all with mmap_lock, by new ones none.
		[ "$(grep -c '"bench":"contend".*"lock_mm_and_find_vma":{[^}]*"calls":192[,}]' "$tmp/$arch-old.jsonl")" = 10 ] ||
			fail "$arch, old: other faults with mmap_lock than there are"
		! grep -q '"lock_mm_and_find_vma"' "$tmp/$arch-new.jsonl" || fail "$arch, new: faults with mmap_lock"
		! grep -q rwsem_down_read_slowpath "$tmp/$arch-new.jsonl" || fail "$arch, new: a fault waits"
		waits=$(grep '"bench":"contend"' "$tmp/$arch-old.jsonl" | grep rwsem_down_read_slowpath)
		[ "$(printf '%s\n' "$waits" | grep -c '"writers":1')" = 5 ] || fail "$arch, old: nobody waits for a writer"
		! printf '%s' "$waits" | grep -q '"writers":0' || fail "$arch, old: somebody waits for nobody"
		# Counted one by one, instructions come to the same, and turns end where they did.
		FAULTBENCH_EACH_INSN=1 exact_run 0 each.jsonl --boots 1 --kernel each=$arch-new
		"$build/tests/exact-check" same "$tmp/$arch-new.jsonl" "$tmp/each.jsonl" || fail "$arch: blocks are not what their instructions are"
		rm "$tmp/each.jsonl"
		# As many as there may be, each with something to do.
		sed -i 's/^vcpus.*/vcpus = 4/' "$tmp/m.ini"
		printf '[plan]\nruns=1\niterations=2\n[contend]\nbench=contend\nsize=1M\nfaulters=2\nwriters=2\ntime=32\n[fault]\nbench=fault\nsize=1M\nthreads=3,4\n' \
			>"$tmp/p.ini"
		exact_run 0 four.jsonl --boots 1 --kernel a=$arch-new --kernel b=$arch-new --kernel c=$arch-new
		"$build/tests/exact-check" same "$tmp/four.jsonl" || fail "$arch, 4 vCPUs: not the same"
		[ "$(grep -c '"status":"ok"' "$tmp/four.jsonl")" = 9 ] || fail "$arch, 4 vCPUs: not 9 runs: $errs"
		rm "$tmp/four.jsonl"
	done
	# What is stored to the xAPIC is what is called to do so; faults send nothing, writers shoot down TLB entries.
	exact_kernels x86_64
	sed -i 's/^vcpus.*/vcpus = 2/' "$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=contend\nvariant=mmap-touch\nsize=1M\nfaulters=0\nwriters=2\ntime=32\n' >"$tmp/p.ini"
	exact_run 0 ipis.jsonl --boots 1 --kernel a=x86_64-new
	sent=$(sed -n 's/.*"ipi":\[\([0-9]*\),\([0-9]*\)\].*/\1+\2/p' "$tmp/ipis.jsonl")
	called=$(sed -n 's/.*"default_send_IPI_single_phys":{[^}]*"calls":\([0-9]*\).*/\1/p' "$tmp/ipis.jsonl")
	[ -n "$called" ] && [ $((sent)) = $called ] || fail "$sent interrupts were sent by $called calls"
}
