# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The model of caches; sourced by tests/run-tests.sh.

slow model_trace

# A program that goes over memory by lines, in sweeps that fit and that do not, and at random: where that is does
# not depend on what is on the stack.
touching() {
	cat <<-'END'
	static char area[1 << 20] __attribute__((aligned(4096)));
	static unsigned int state = 1;
	static void sweep(unsigned long bytes, unsigned long step)
	{
		unsigned long i;

		for (i = 0; i < bytes; i += step)
			area[i]++;
	}
	void _start(void)
	{
		unsigned long i;

		for (i = 0; i < 4; i++) {
			sweep(2048, 8);
			sweep(16384, 64);
			sweep(100000, 64);
			sweep(sizeof(area), 4096);
		}
		for (i = 0; i < 20000; i++) {
			state = state * 1664525 + 1013904223;
			*(volatile long *)(area + (state >> 12) % sizeof(area) / 8 * 8) = (long)i;
		}
		__asm__ volatile("syscall" ::"a"(231), "D"(0));
	}
	END
}

# The same accesses, as valgrind sees them, through the model and through cachegrind: equal misses, whatever the geometry.
test_model_trace() {
	local d1 ll want got
	command -v valgrind >/dev/null && [ "$(uname -m)" = x86_64 ] || exit 77
	touching | cc -O1 -static -nostdlib -fno-stack-protector -x c -o "$tmp/touching" - || fail "cc"
	valgrind --tool=lackey --trace-mem=yes --log-file="$tmp/trace" "$tmp/touching" || fail "lackey"
	for d1 in 4096,1,64 8192,4,64 32768,8,64; do
		for ll in 65536,8,64 262144,16,64; do
			valgrind --tool=cachegrind --cache-sim=yes --I1=4096,2,64 --D1=$d1 --LL=$ll --cachegrind-out-file=/dev/null \
				--log-file="$tmp/log" "$tmp/touching" || fail "cachegrind"
			want=$(sed 's/,//g' "$tmp/log" | awk '/D +refs:/ { r = $4 } /D1 +misses:/ { d = $4 } /LLd misses:/ { l = $4 }
				END { print r, d, l }')
			got=$("$build/tests/model-trace" "x:l1d=${d1//,//}:llc=${ll//,//}:dtlb=1/1" x:l1d=4096/2/64:dtlb=1/1 <"$tmp/trace") ||
				fail "model-trace"
			echo "D1 $d1, LL $ll: $got"
			[ -n "$got" ] && [ "$got" = "$want" ] || fail "cachegrind says $want"
		done
	done
}

# Two models have nothing in common; what is asked for and is not there is named; geometries of one's own are read,
# and wrong ones are refused by their place.
test_model_words() {
	sed '/"kernel":"after-change"/s/"caches":"neoverse-n1/"caches":"zen4/' tests/golden/modelled.jsonl >"$tmp/two.jsonl"
	expect 0 "$fb" compare "$tmp/two.jsonl"
	has "$out" '^modelled:LLC-misses +130 +0.00% +- '
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" 'miss, here zen4:[^ ]*, is left out'
	expect 1 "$fb" check tests/golden/modelled.jsonl
	! printf '%s' "$out" | grep -q modelled || fail "judged unasked: $out"
	expect 2 "$fb" check --metrics modelled tests/golden/exact.jsonl
	has "$errs" 'no run has a model'
	expect 2 "$fb" check --metrics modelled --metric loads tests/golden/modelled.jsonl
	expect 0 "$fb" show --run 0 tests/golden/modelled.jsonl
	has "$out" 'modelled, not measured'
	refused() { # refused PATTERN TEXT: a file of these lines
		printf '%b' "$2" >"$tmp/c.ini"
		expect 2 "$fb" run exact --machine arm64-exact --cache-model "$tmp/c.ini" --dry-run
		one_line "$errs"
		has "$errs" "$1"
	}
	local dtlb='[dtlb]\nentries=4\nways=4\n'
	refused 'c.ini: there is no \[l1d\]' "$dtlb"
	refused 'c.ini: there is no \[dtlb\]' '[l1d]\nsize=4K\nways=4\n'
	refused 'c.ini: \[l1d\]: there is no ways' "[l1d]\nsize=4K\n$dtlb"
	refused 'c.ini: \[l1d\]: ways must divide' "[l1d]\nsize=4K\nways=3\n$dtlb"
	refused 'c.ini:3: line = x: must be a number' "[l1d]\nsize=4K\nline=x\nways=4\n$dtlb"
	refused 'c.ini:2: entries = 4: a cache has size' "[l1d]\nentries=4\nways=4\n$dtlb"
	refused 'c.ini:6: \[l9\]: must be' "$dtlb\n[l9]\nsize=4K\n"
	refused 'a line of l2 or llc is shorter' "[l1d]\nsize=4K\nways=4\nline=128\n[l2]\nsize=8K\nways=4\n$dtlb"
	expect 2 "$fb" run exact --machine arm64-exact --cache-model nothing --dry-run
	has "$errs" "configs/caches has no 'nothing'; there are apple-m2, golden-cove"
	expect 2 "$fb" run quick --cache-model zen4 --dry-run
	has "$errs" 'cache-model: the machine .* shows no accesses'
	for c in configs/caches/*.ini; do
		expect 2 "$fb" run exact --machine arm64-exact --cache-model "$PWD/$c" --dry-run
		has "$errs" 'starts kernels, and none is named'
	done
}

# made_flushes ARCH NAME WORDS...: what a model of TLBs misses in each op of a program whose ops flush by address and touch
# 16 pages then, as QEMU of these words executes it, is what stands in $tmp/wanted: of the DTLB, the L2 TLB and the walk cache.
made_flushes() {
	local each
	made $1 $2
	shift 2
	: >"$tmp/entries"
	: >"$tmp/functions"
	for each in '' FAULTBENCH_EACH_INSN=1; do
		made_counts caches=x:l1d=4096/4/64:dtlb=64/64:l2tlb=256/4:walk=8/8 env $each "$@"
		[ -s "$tmp/counts" ] || fail "$each: nothing is counted: $(cat "$tmp/said")"
		sed 's/.*"misses":\[\[//; s/\]\].*//; s/\],\[/\n/g' "$tmp/counts" | awk -F, '{ print $5, $6, $7 }' >"$tmp/got"
		sed 's/ *#.*//' "$tmp/wanted" | diff - "$tmp/got" || fail "${each:-by blocks}: misses others"
	done
}

# What is flushed by its address is missed when it is touched again, exactly, and nothing else is; also by ranges.
test_model_flushes_arm64() {
	cat >"$tmp/wanted" <<-EOF
	0 0 0 # touch
	16 16 1 # all
	3 3 0 # last_level
	0 0 0 # beside
	1 1 1 # any_space
	2 2 0 # in_turn
	6 6 0 # ranges
	16 16 1 # long_range
	16 16 1 # touch_high
	0 0 0 # touch_high
	2 2 0 # flush_high
	0 0 0 # flush_zero
	0 0 0 # touch
	EOF
	made_flushes aarch64 made_flushes_arm64 qemu-system-aarch64 -M virt -cpu max
}

test_model_flushes_x86() {
	cat >"$tmp/wanted" <<-EOF
	0 0 0 # touch
	16 16 1 # all
	8 8 1 # operands
	0 0 0 # beside
	16 16 1 # touch_high
	0 0 0 # touch_high
	3 3 1 # flush_high
	17 17 2 # elsewhere
	16 16 1 # touch
	EOF
	made_flushes x86_64 made_flushes_x86 qemu-system-x86_64 -M microvm -cpu max
}

# model_guest ARCH MODEL: two kernels that are one miss the same, of the accesses that --lines sees.
model_guest() {
	exact_kernels $1
	printf '[plan]\nruns=1\niterations=2\n[fork]\nbench=fork\nsize=16M\n[munmap]\nbench=zap\nsize=16M\norder=0,9\n' >"$tmp/p.ini"
	exact_run 0 j.jsonl --kernel a=$1-new --kernel b=$1-new --boots 2 --cache-model $2 --lines
	"$build/tests/exact-check" same "$tmp/j.jsonl" || fail "the same kernel misses other lines"
	sed 's/"bench":"fork"/"bench":"small"/' "$tmp/j.jsonl" >"$tmp/small.jsonl"
	"$build/tests/exact-check" lines "$tmp/small.jsonl" || fail "not what --lines sees"
	has "$out" "^modelled, by $2$"
	has "$out" '^modelled:L1D-misses .* no difference'
	has "$out" '^modelled:DTLB-misses .* no difference'
	expect 0 "$fb" check --metrics modelled "$tmp/j.jsonl"
	has "$out" '^Modelled, not measured$'
}

test_long_model_guest() {
	model_guest arm64 neoverse-n1
}

# Five boots the same, both architectures, old and new.
test_long_model() {
	local arch kernel of
	model_guest x86_64 zen4
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		[ $arch = arm64 ] && of=neoverse-n1 || of=zen4
		printf '[plan]\nruns=1\niterations=2\n[fork]\nbench=fork\nsize=16M\norder=0,9\n[munmap]\nbench=zap\nsize=16M\norder=0,9\n' \
			>"$tmp/p.ini"
		for kernel in new old; do
			exact_run 0 $arch-$kernel.jsonl --boots 1 --cache-model $of --kernel a=$arch-$kernel --kernel b=$arch-$kernel \
				--kernel c=$arch-$kernel --kernel d=$arch-$kernel --kernel e=$arch-$kernel
			"$build/tests/exact-check" same "$tmp/$arch-$kernel.jsonl" || fail "$arch, $kernel: not the same"
		done
	done
}
