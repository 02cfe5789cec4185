# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Cross-checks with other tools; sourced by tests/run-tests.sh.

measures crosscheck_faults crosscheck_forks

fault_plan() { # fault_plan ITERATIONS
	printf '[plan]\nruns=1\niterations=%s\n[x]\nbench=fault\nsize=16M\n' "$1" >"$tmp/p.ini"
	rm -f "$tmp/j.jsonl"
}

# Ten iterations more are 10 x 16384 faults more, by perf and by getrusage (time).
test_crosscheck_faults() {
	local a b per=$((16 * 1024 * 1024 / $(getconf PAGESIZE))) diff
	counted() { # counted TOOL
		case $1 in
		perf)
			perf stat -x, -e page-faults -o "$tmp/stat" "$fb" run "$tmp/p.ini" \
				--out "$tmp/j.jsonl" >/dev/null 2>&1 || exit 1
			awk -F, '/page-faults/ { print $1 }' "$tmp/stat"
			;;
		time)
			command time -f %R -o "$tmp/stat" "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" \
				>/dev/null 2>&1 || exit 1
			cat "$tmp/stat"
			;;
		esac
	}
	for tool in perf time; do
		fault_plan 5
		a=$(counted $tool)
		fault_plan 15
		b=$(counted $tool)
		diff=$((b - a - 10 * per))
		echo "$tool: $a and $b faults: $diff besides 10 x $per"
		# The checks between iterations take a few faults of their own.
		[ "${diff#-}" -lt $((10 * per / 100)) ] || fail "$tool disagrees"
	done
	has "$(cat "$tmp/j.jsonl")" "\"faults\":\\{\"wanted\":\"$per\",\"seen\":\"$per\"\\}"
}

# One child an iteration and warm-up iteration, by strace.
test_crosscheck_forks() {
	local n
	strace -f -o /dev/null true 2>/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=7\nwarmup=2\n[x]\nbench=fork\nsize=4M\n' >"$tmp/p.ini"
	expect 0 strace -f -e trace=clone,clone3,fork,vfork,execve -o "$tmp/trace" \
		"$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl"
	# Those made by the run process: the one that was executed with --run.
	n=$(awk '/execve\(.*"--run"/ { run = $1 } $1 == run && /clone|fork\(/ && !/resumed/ { n++ }
		END { print n + 0 }' "$tmp/trace")
	[ "$n" = 9 ] || fail "$n children, not 7 + 2"
}

# Exact mode's decoders say of each instruction of kernels, and of libraries with vectors, what follows
# from objdump's text; of half a million instructions at least.
decoders_agree() { # decoders_agree ARCH OBJDUMP FILE ARGS...
	local arch=$1 objdump=$2-linux-gnu-objdump file=$3 lib
	shift 3
	command -v "$objdump" >/dev/null || exit 77
	{
		[ ! -s "$file" ] || "$objdump" "$@" "$file"
		[ "$(uname -m)" != "${objdump%%-*}" ] ||
			for lib in $(ldd "$fb" | awk '$3 ~ "^/" { print $3 }'); do
				"$objdump" -d --insn-width=15 "$lib"
			done
	} 2>/dev/null | "$build/tests/decode-check" "$arch" >"$tmp/$arch" || fail "$arch: $(cat "$tmp/$arch")"
	echo "$arch: $(cat "$tmp/$arch")"
	[ "$(sed -n 's/^checked \([0-9]*\) instructions.*/\1/p' "$tmp/$arch")" -ge 500000 ] || fail "$arch: few instructions"
}

decode_kernels() { # decode_kernels MIB: as much of each kernel's text
	local kernels size=$(($1 << 20))
	debian_new arm64
	debian_new x86_64
	kernels=$XDG_CACHE_HOME/faultbench/kernels
	decoders_agree arm64 aarch64 "$kernels/arm64-new/image" -D -b binary -m aarch64 --stop-address=$size
	# Its text begins at 0xffffffff81000000.
	decoders_agree x86_64 x86_64 "$kernels/x86_64-new/image" -d --insn-width=15 \
		--stop-address="$(printf '0x%x' $((0xffffffff81000000 + size)))"
}

test_decode() {
	decode_kernels 2
}

# Their text is some 10 MiB each.
test_long_decode() {
	decode_kernels 10
}
