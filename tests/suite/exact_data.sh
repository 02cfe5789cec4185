# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exact mode: lines of memory and calls, beside counts; sourced by tests/run-tests.sh.

# What is touched: an op that writes each line of so many bytes does, and touches them but once if it does so
# twice; kinds and functions add up; and rows and options are there.
exact_lines() { # exact_lines ARCH
	local n
	exact_kernels $1
	# The area, two ops a run: lines and accesses of 8 bytes; a tick's way back may touch one or two more.
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=counted\nsize=1M\nvariant=zero, twice\n' >"$tmp/p.ini"
	FAULTBENCH_WORKER=$liars expect 0 "$liar_fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=$1-new --boots 1 \
		--lines --out "$tmp/z.jsonl"
	for n in zero:131 twice:262; do
		grep "\"variant\":\"${n%:*}\".*\"samples\"" "$tmp/z.jsonl" | grep -qE "\"user\":\{\"lines\":\[1638[4-6],1638[4-6]\],\"read\":\[[0-2],[0-2]\],\"written\":\[1638[4-6],1638[4-6]\],\"accesses\":\[${n#*:}[0-9]{3},${n#*:}[0-9]{3}\]\}" ||
			fail "${n%:*}: $(grep -o '"user":{"lines[^}]*' "$tmp/z.jsonl")"
	done
	printf '[plan]\nruns=1\niterations=2\n[fork]\nbench=fork\nsize=16M\n[munmap]\nbench=zap\nsize=16M\norder=0,9\n' >"$tmp/p.ini"
	exact_run 0 j.jsonl --kernel a=$1-new --kernel b=$1-new --boots 2 --lines --functions=3
	for n in lines lines-memmap lines-page-tables lines-slab lines-read lines-written accesses; do
		has "$out" "^$n .* 0.00% +no difference"
	done
	"$build/tests/exact-check" same "$tmp/j.jsonl" || fail "the same kernel touches other lines"
	sed -i 's/"bench":"fork"/"bench":"small"/' "$tmp/j.jsonl"
	"$build/tests/exact-check" lines "$tmp/j.jsonl" || fail "lines"
	expect 0 "$fb" compare --lines=3 "$tmp/j.jsonl"
	has "$out" '^Kernel functions by lines'
	has "$out" '^total +[0-9,]+ +[0-9,]+ +0$'
	expect 0 "$fb" compare --metric lines-memmap "$tmp/j.jsonl"
	expect 0 "$fb" show --run 0 "$tmp/j.jsonl"
	has "$out" '^    memmap +\{"lines": \[[0-9]'
	expect 2 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel a=$1-new --out "$tmp/j.jsonl"
	has "$errs" 'holds another plan'
	expect 2 "$fb" run quick --lines --out "$tmp/q.jsonl"
	has "$errs" 'lines: the machine .* counts none; one with accel = exact does'
}

test_long_exact_lines_arm64() {
	arm64_liars
	unset FAULTBENCH_WORKER
	cp "$build"/faultbench-exact-*.so "$tmp/build/" 2>/dev/null
	exact_lines arm64
}

# The points of the plan, and faults and a process, both architectures: five boots the same, a line of struct page a
# page in a fork, all lines of pages that are cleared and copied, and hardly any of which is not known what they are.
test_long_exact_lines() {
	local arch kernel
	liar_fb=$fb exact_lines x86_64
	rm -f "$tmp"/*.jsonl
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		cp configs/plans/exact.ini "$tmp/p.ini"
		printf '[fault]\nbench=fault\nsize=1M\n[cow]\nbench=cow\nvariant=cow-byte\nsize=1M\n[process]\nbench=process\n' >>"$tmp/p.ini"
		sed -i 's/^memory.*/memory = 2G/' "$tmp/m.ini"
		for kernel in new old; do
			exact_run 0 $arch-$kernel.jsonl --boots 1 --lines --kernel a=$arch-$kernel --kernel b=$arch-$kernel \
				--kernel c=$arch-$kernel --kernel d=$arch-$kernel --kernel e=$arch-$kernel
			"$build/tests/exact-check" same "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel: not the same"
			"$build/tests/exact-check" lines "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel"
		done
	done
}

# What only the plugin does leaves counts as they are, to the instruction; where the guest does more as well, between ops
# or before them, it finds other free lists and ticks, and what an op does hardly differs.
test_long_exact_options() {
	local arch with
	for arch in arm64 x86_64; do
		exact_kernels $arch
		printf '[plan]\nruns=1\niterations=3\n[fork]\nbench=fork\nsize=16M\n[munmap]\nbench=zap\nsize=16M\norder=0,9\n' \
			>"$tmp/p.ini"
		printf '[fault]\nbench=fault\nsize=1M\n[cow]\nbench=cow\nsize=1M\n' >>"$tmp/p.ini"
		exact_run 0 $arch.jsonl --boots 1 --kernel a=$arch-new
		exact_run 0 $arch-calls.jsonl --boots 1 --kernel a=$arch-new --calls
		"$build/tests/exact-check" same "$tmp/$arch-calls.jsonl" "$tmp/$arch.jsonl" || fail "$arch: --calls changes counts"
		for with in --lines '--cache-model simple'; do
			exact_run 0 "$arch${with%% *}.jsonl" --boots 1 --kernel a=$arch-new $with
			"$build/tests/exact-check" near "$tmp/$arch${with%% *}.jsonl" "$tmp/$arch.jsonl" || fail "$arch: $with changes counts"
		done
	done
}

# made NAME: a program of tests/tools/ for a bare arm64 machine, $tmp/made
made() {
	aarch64-linux-gnu-gcc -nostdlib -static -no-pie -Wl,-Ttext=0x40200000 -Wl,--build-id=none -o "$tmp/made" \
		-DMARKER="$(sed -n 's/^#define MARKER_HINT \([0-9]*\).*/\1/p' common/marker.h)" "tests/tools/$1.S" || exit 1
}

# A program that runs on no kernel, whose calls are known: recursion, tail calls, an interrupt and an exception in the
# middle; followed by the plugin as QEMU executes it, by blocks and by instructions. Two ops.
test_exact_calls() {
	local each
	[ "$(command -v aarch64-linux-gnu-gcc qemu-system-aarch64 python3 | wc -l)" = 3 ] || exit 77
	made made_calls
	aarch64-linux-gnu-nm -n "$tmp/made" | python3 -c '
import struct, sys
at = {l.split()[2]: int(l.split()[0], 16) | 0xffffff8000000000 for l in sys.stdin}
names = "interrupts exceptions main recursive jumps target leaf".split()
with open(sys.argv[1] + "/functions", "wb") as f:
    f.write(b"".join(struct.pack("<QQ", at[name], at[name]) for name in names))
with open(sys.argv[1] + "/entries", "w") as f:
    f.write("interrupt %x\nexception %x\n" % (at["interrupts"] + 0x200, at["exceptions"] + 0x200))
with open(sys.argv[1] + "/names", "w") as f:
    for name in names:
        f.write("s/%d/%s/g\n" % (at[name] - 2**64, name))' "$tmp"
	cat >"$tmp/wanted" <<-EOF
	"op":[[-1,main,36,2],[0,recursive,12,2],[1,recursive,12,2],[2,recursive,12,2],[3,recursive,8,2],
	[0,jumps,4,2],[5,target,8,2],[6,leaf,2,2],[0,leaf,2,2],[0,exceptions,12,2]],
	"interrupts":[[-1,interrupts,10,2],[0,leaf,2,2]],"cut":0,"odd":0}}
	EOF
	# By instruction, in the order of addresses.
	cat >"$tmp/insns" <<-EOF
	exceptions 2 2 2 2 2 2
	main 2 2 2 2 2 4 4 2 2 2 2 2 2 2 2 2
	recursive 8 8 6 6 8 8
	jumps 2 2
	target 2 2 2 2
	leaf 4
	EOF
	for each in '' FAULTBENCH_EACH_INSN=1; do
		for api in 1 3 7; do
			# QEMU loads one of them.
			env $each qemu-system-aarch64 -M virt -cpu max -m 64M -nographic -nodefaults -no-reboot \
				-icount shift=0,sleep=off -kernel "$tmp/made" \
				-plugin "$build/faultbench-exact-$api.so,counts=7,entries=8,functions=9,calls=1" \
				7>"$tmp/counts" 8<"$tmp/entries" 9<"$tmp/functions" >"$tmp/said" 2>&1
			[ ! -s "$tmp/counts" ] || break
		done
		grep -q '"iterations":\[\[54,' "$tmp/counts" || fail "not 54 instructions: $(cat "$tmp/said" "$tmp/counts")"
		sed 's/.*"calls":{//' "$tmp/counts" | sed -f "$tmp/names" >"$tmp/is"
		[ "$(cat "$tmp/is")" = "$(tr -d '\n' <"$tmp/wanted")" ] || fail "$each: $(cat "$tmp/is")"
		python3 -c '
import bisect, json, struct, sys
at = sorted(struct.iter_unpack("<QQ", open(sys.argv[1] + "/functions", "rb").read()))
names = dict(line.split("/")[1:3] for line in open(sys.argv[1] + "/names"))
executed = {}
for addr, insns, times, lengths, *_ in json.load(open(sys.argv[1] + "/counts"))["blocks"]:
    assert insns == len(lengths)
    for length in lengths:
        executed[addr] = executed.get(addr, 0) + times
        addr += int(length, 16)
by = {}
for addr in sorted(executed):
    begin = at[bisect.bisect_right(at, (addr + 2**64, 2**64)) - 1][0]
    by.setdefault(names[str(begin - 2**64)], []).append(str(executed[addr]))
for name in by:
    print(name, *by[name])' "$tmp" | diff - "$tmp/insns" || fail "$each: by instruction"
	done
}

# A program of two CPUs that counts how often its stores failed, and says so: as often as the plugin does; and those
# of which that cannot be told are unknown. Four schedules.
test_exact_exclusives() {
	local names schedule api failed classes
	[ "$(command -v aarch64-linux-gnu-gcc qemu-system-aarch64 | wc -l)" = 2 ] || exit 77
	made made_exclusives
	names=$(sed -n 's/.*X([A-Z_0-9]*, "\([^"]*\)".*/\1/p' common/exact/insn_class.h)
	: >"$tmp/entries"
	for schedule in 0 1 2 3; do
		for api in 1 3 7; do
			# QEMU loads one of them.
			qemu-system-aarch64 -M virt -cpu cortex-a57 -smp 2 -m 64M -display none -nodefaults -no-reboot \
				-serial "file:$tmp/serial" -icount shift=0,sleep=off -kernel "$tmp/made" \
				-plugin "$build/faultbench-exact-$api.so,counts=7,entries=8,schedule=$schedule" \
				7>"$tmp/counts" 8<"$tmp/entries" >"$tmp/said" 2>&1
			[ ! -s "$tmp/counts" ] || break
		done
		failed=$((16#$(cat "$tmp/serial")))
		# The first four are no classes.
		classes=$(sed -n 's/.*"iterations":\[\[\([0-9,]*\)\]\].*/\1/p' "$tmp/counts" | tr , '\n' | tail -n +5 |
			paste -d ' ' <(printf '%s\n' "$names") - | grep '^exclusive')
		[ $failed -gt 0 ] || fail "schedule $schedule: none failed, of which nothing can be learned"
		[ "$(echo $classes)" = "exclusive $((8005 + failed)) exclusive-failed $failed exclusive-unknown 5" ] ||
			fail "schedule $schedule: $failed failed, and counted are $(echo $classes): $(cat "$tmp/said")"
		echo "schedule $schedule: $failed failed"
	done
}

# Kernels: what is executed by path is, by function, what blocks say; two boots are the same, and instructions are what
# blocks are; what is exported comes to the runs.
test_long_exact_calls() {
	local arch kernel name
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		for kernel in new old; do
			exact_run 0 $arch-$kernel.jsonl --boots 1 --calls --kernel a=$arch-$kernel --kernel b=$arch-$kernel
			FAULTBENCH_EACH_INSN=1 exact_run 0 each.jsonl --boots 1 --calls --kernel a=$arch-$kernel
			for name in $arch-$kernel each; do
				"$build/tests/calls-check" "$tmp/$name.jsonl" || fail "$arch, $kernel, $name"
			done
			"$build/tests/exact-check" same "$tmp/$arch-$kernel.jsonl" "$tmp/each.jsonl" || fail "$arch, $kernel: not the same"
			rm "$tmp/each.jsonl"
			expect 0 "$fb" export --format callgrind --out "$tmp/$arch-$kernel" "$tmp/$arch-$kernel.jsonl"
			[ "$(printf '%s\n' "$out" | wc -l)" = 8 ] || fail "not 8 profiles: $out"
			expect 0 "$fb" plot --kind flame "$tmp/$arch-$kernel.jsonl"
			has "$out" 'copy_page_range .* 0.00%'
		done
	done
}
