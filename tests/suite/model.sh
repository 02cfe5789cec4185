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
