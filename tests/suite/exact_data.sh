# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exact mode: lines of memory and calls, beside counts; sourced by tests/run-tests.sh.

# What is touched: an op that writes each line of so many bytes does, and touches them but once if it does so
# twice; kinds and functions add up; counts are what they are without, and rows and options are there.
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

# The points of the plan, both architectures: five boots the same, and a line of struct page a page in a fork.
test_long_exact_lines() {
	local arch kernel
	liar_fb=$fb exact_lines x86_64
	rm -f "$tmp"/*.jsonl
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		cp configs/plans/exact.ini "$tmp/p.ini"
		sed -i 's/^memory.*/memory = 2G/' "$tmp/m.ini"
		for kernel in new old; do
			exact_run 0 $arch-$kernel.jsonl --boots 1 --lines --kernel a=$arch-$kernel --kernel b=$arch-$kernel \
				--kernel c=$arch-$kernel --kernel d=$arch-$kernel --kernel e=$arch-$kernel
			"$build/tests/exact-check" same "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel: not the same"
			"$build/tests/exact-check" lines "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel"
		done
	done
}

# made ARCH NAME: a program of tests/tools/ for a bare machine, $tmp/made
made() {
	local text=0x40200000 marker=MARKER_HINT
	[ $1 = aarch64 ] || text=0x100000 marker=MARKER_DISP
	[ "$(command -v $1-linux-gnu-gcc $1-linux-gnu-nm qemu-system-$1 python3 | wc -l)" = 4 ] || exit 77
	$1-linux-gnu-gcc -nostdlib -static -no-pie -Wl,-Ttext=$text -Wl,--build-id=none -o "$tmp/made" -DTEXT=$text \
		-DMARKER="$(sed -n "s/^#define $marker \([0-9a-fx]*\).*/\1/p" common/marker.h)" "tests/tools/$2.S" || exit 1
}

# made_counts ARGUMENTS QEMU WORDS...: $tmp/counts is what the plugin counts of it, by these arguments and what
# $tmp/entries and $tmp/functions say.
made_counts() {
	local arguments=$1 api
	shift
	for api in 1 3 7; do
		# QEMU loads one of them.
		"$@" -m 64M -display none -nodefaults -no-reboot -icount shift=0,sleep=off -kernel "$tmp/made" \
			-plugin "$build/faultbench-exact-$api.so,counts=7,entries=8,functions=9,$arguments" \
			7>"$tmp/counts" 8<"$tmp/entries" 9<"$tmp/functions" >"$tmp/said" 2>&1
		[ ! -s "$tmp/counts" ] || break
	done
}

# made_calls WORDS...: what of $tmp/made's calls is said is $tmp/wanted, by blocks and by instructions, as QEMU of these
# words executes it.
made_calls() {
	local each
	for each in '' FAULTBENCH_EACH_INSN=1; do
		made_counts calls=1 env $each "$@"
		[ -s "$tmp/counts" ] || fail "$each: nothing is counted: $(cat "$tmp/said")"
		tests/tools/made_calls.py show "$tmp" | diff "$tmp/wanted" - || fail "${each:-by blocks}: not as written"
	done
}

# Programs that run on no kernel, whose calls are known, followed by the plugin as QEMU executes them: recursion, tail
# calls, an interrupt and an exception in the middle. Two ops.
test_exact_calls_arm64() {
	made aarch64 made_calls_arm64
	aarch64-linux-gnu-nm -n "$tmp/made" | tests/tools/made_calls.py tell "$tmp" ffffff8000000000 \
		'interrupt interrupts+200' 'exception exceptions+200'
	cat >"$tmp/wanted" <<-EOF
	op 54 54
	  main 36 108 2
	    recursive 12 44 2
	      recursive 12 32 2
	        recursive 12 20 2
	          recursive 8 8 2
	    jumps 4 14 2
	      target 8 10 2
	        leaf 2 2 2
	    leaf 2 2 2
	    exceptions 12 12 2
	interrupts 6 6
	  interrupts 10 12 2
	    leaf 2 2 2
	there were 1 1, cut 0, odd 0
	exceptions 2 2 2 2 2 2
	main 2 2 2 2 2 4 4 2 2 2 2 2 2 2 2 2
	recursive 8 8 6 6 8 8
	jumps 2 2
	target 2 2 2 2
	leaf 4
	EOF
	made_calls qemu-system-aarch64 -M virt -cpu max
}

# Thunks, code that is changed, instructions in two pages, and interrupts in between as well.
test_exact_calls_x86() {
	made x86_64 made_calls_x86
	x86_64-linux-gnu-nm -n "$tmp/made" | tests/tools/made_calls.py tell "$tmp" ffffffff80000000 \
		'stubs stubs common' 'interrupt sysvec' 'exception exceptions' 'exception faulted'
	cat >"$tmp/wanted" <<-EOF
	op 197 197
	  main 70 364 2
	    recursive 10 36 2
	      recursive 10 26 2
	        recursive 10 16 2
	          recursive 6 6 2
	    jumps 4 10 2
	      target 4 6 2
	        leaf 2 2 2
	    leaf 6 6 6
	    old_thunk 6 12 2
	      target 4 6 2
	        leaf 2 2 2
	    jumps_by_thunk 4 22 2
	      thunk 6 18 2
	        safe_thunk 2 6 2
	          safe_return 4 4 2
	        jumps_by_register 4 6 2
	          leaf 2 2 2
	    jumps_back 4 18 2
	      returns_safely 6 12 2
	        safe_thunk 2 6 2
	          safe_return 4 4 2
	      leaf 2 2 2
	    fills 12 12 2
	    patched 8 28 4
	      first 2 2 2
	      trampoline 4 12 4
	        first 2 2 2
	        second 4 6 2
	          return_thunk 2 2 2
	      second 4 6 2
	        return_thunk 2 2 2
	    pokes 12 12 4
	    falls 2 8 2
	      crosses 4 6 2
	        leaf 2 2 2
	    late 4 4 2
	    exceptions 10 30 2
	      serialises 20 20 2
	    arrives 26 58 2
	      leaf 2 2 2
	      exceptions 10 30 2
	        serialises 20 20 2
	    touches 6 22 2
	      faulted 16 16 2
	    faulted 16 16 2
	  exceptions 10 30 2
	    serialises 20 20 2
	interrupts 109 109
	  stubs 4 34 2
	    common 10 30 2
	      serialises 20 20 2
	  sysvec 32 184 8
	    works 24 152 8
	      exceptions 40 120 8
	        serialises 80 80 8
	      leaf 8 8 8
	there were 5 5, cut 0, odd 0
	main 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 2 4 4 2 2 2 2 2 2 2 4 2 2
	recursive 8 8 6 6 8
	jumps 2 2
	target 4 4
	jumps_by_register 2 2
	jumps_by_thunk 2 2
	old_thunk 2 2 2
	thunk 2 2 2
	return_thunk 4
	jumps_back 2 2
	returns_safely 2 2 2
	safe_thunk 4
	safe_return 4 4
	fills 2 2 2 2 2 2
	patched 4 4
	trampoline 4
	first 4
	second 4 4
	pokes 4 4 4
	arrives 2 2 2 2 2 2 2 2 2 2 2 2 2
	touches 4 2
	leaf 18
	serialises 6 6 6 6 6 6 6 6 6 6
	exceptions 6 6 6 6 6
	falls 2
	crosses 2 2
	late 2 2
	faulted 4 4 4 4 4 4 4 4
	EOF
	made_calls qemu-system-x86_64 -M microvm -cpu max
}

# A program of two CPUs that counts how often its stores failed, and says so: as often as the plugin does; and those
# of which that cannot be told are unknown. Four schedules.
test_exact_exclusives() {
	local names schedule failed classes
	made aarch64 made_exclusives
	names=$(sed -n 's/.*X([A-Z_0-9]*, "\([^"]*\)".*/\1/p' common/exact/insn_class.h)
	: >"$tmp/entries"
	: >"$tmp/functions"
	for schedule in 0 1 2 3; do
		made_counts schedule=$schedule qemu-system-aarch64 -M virt -cpu cortex-a57 -smp 2 -serial "file:$tmp/serial"
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

# totals JOURNAL PROFILES: callgrind_annotate's total of each, and what it says of all functions, are the journal's of
# the point.
totals() {
	local wanted is profile
	command -v callgrind_annotate >/dev/null || { echo "totals: there is no callgrind_annotate"; return; }
	wanted=$(sed -n 's/.*"type":"run","kernel":"\([^"]*\)".*"samples":\[\([0-9][0-9,]*\)\].*/\1 \2/p' "$1" | sort -s -k 1,1 |
		awk '{ total = 0; for (n = split($2, sample, ","); n; n--) total += sample[n]; print total }')
	is=$(for profile in $2; do
		callgrind_annotate --threshold=100 --auto=no "$profile" | tr -d , |
			awk '/PROGRAM TOTALS/ { total = $1; next } total && $1 ~ /^[0-9]+$/ { sum += $1 } END { print total == sum ? sum : total " and " sum }'
	done)
	[ "$is" = "$wanted" ] || fail "totals of profiles: $is, and of points: $wanted"
}

# Kernels: what is executed by path is, by function, what blocks say; two boots are the same, and instructions are what
# blocks are; what is exported comes to the runs, point by point.
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
			totals "$tmp/$arch-$kernel.jsonl" "$out"
			expect 0 "$fb" plot --kind flame "$tmp/$arch-$kernel.jsonl"
			has "$out" 'copy_page_range .* 0.00%'
		done
	done
}
