# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels with DWARF, and lines of source; sourced by tests/run-tests.sh.

# With DWARF it is the same kernel, and that is looked at: what has moved, or is another byte, is named, and nothing is
# kept. The image is the one without; what was built without it has it later, copies have it as well, if it is asked for.
test_build_debug() {
	local entry
	command -v readelf >/dev/null || exit 77
	tiny_tree
	printf 'int data = 7;\nint f(void)\n{\n\treturn data;\n}\n' >"$tmp/tree/vmlinux.c"
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	tiny 0 plain
	[ ! -e "$kernels/plain/vmlinux" ] || fail "a vmlinux that nobody asked for"
	tiny 0 both --debug
	has "$errs" 'note: both: with DWARF and without the same, to the byte: [1-9][0-9]* sections, [0-9]+ bytes, but for 1 build id$'
	has "$out" "^vmlinux  $kernels/both/vmlinux$"
	cmp "$kernels/plain/image" "$kernels/both/image" || fail "another image"
	readelf -S "$kernels/both/vmlinux" | grep -q '[.]debug_line' || fail "no DWARF"
	expect 0 "$fb" kernel list --json
	[ "$(printf '%s' "$out" | grep -c "\"vmlinux\": \"$kernels/both/vmlinux\"")" = 1 ] || fail "$out"
	tiny 0 both --debug
	has "$errs" 'both: already built'
	tiny 0 plain --debug
	has "$errs" "plain: already built as 'both'"
	cmp "$kernels/plain/vmlinux" "$kernels/both/vmlinux" || fail "no copy"
	tiny 0 third
	[ ! -e "$kernels/third/vmlinux" ] || fail "a copy that nobody asked for"
	differs() { # differs PATTERN: a kernel that is another one with -g
		tiny_git commit -qam more
		tiny 1 other --debug
		one_line "$(printf '%s\n' "$errs" | grep -v note:)"
		has "$errs" "other: with DWARF it would be another kernel: $1"
		[ ! -e "$kernels/other" ] || fail "it is kept"
	}
	# By -g the one has another byte in data, a function more, a section more.
	sed -i 's/ -nostdlib/ $(if $(KCFLAGS),-D_DEBUG) &/' "$tmp/tree/Makefile"
	printf '#ifdef _DEBUG\nint data = 8;\n#else\nint data = 7;\n#endif\nint f(void)\n{\n\treturn data;\n}\n' >"$tmp/tree/vmlinux.c"
	differs '.data differs at 0x[0-9a-f]+ in '
	printf 'int data = 7;\nint f(void)\n{\n#ifdef _DEBUG\n\tdata++;\n#endif\n\treturn data;\n}\n' >"$tmp/tree/vmlinux.c"
	differs '.*/vmlinux has .text at '
	printf 'int data = 7;\n#ifdef _DEBUG\nint zeroes[9] __attribute__((section(".zzz")));\n#endif\nint f(void)\n{\n\treturn data;\n}\n' \
		>"$tmp/tree/vmlinux.c"
	differs '.*/vmlinux has .* and .*/vmlinux has not$'
	# A tree that does not take it.
	sed -i 's/ [$](KCFLAGS)/ /' "$tmp/tree/Makefile"
	tiny_git commit -qam deaf
	tiny 1 other --debug
	has "$errs" 'other: .*-debug/vmlinux has no lines of source: this tree.s build does not pass on -g1$'
	# A config that asks for it.
	sed -i 's/ -nostdlib/ -g&/' "$tmp/tree/Makefile"
	tiny_git commit -qam config
	tiny 0 config --debug
	has "$errs" 'note: config: has DWARF by its config$'
	readelf -S "$kernels/config/vmlinux" | grep -q '[.]debug_line' || fail "no DWARF"
}

# Lines of source: of each instruction of a program, with what is inlined from another file, what addr2line says; and
# callgrind_annotate shows them. A program that is another one, or has no DWARF, is refused.
test_export_lines() {
	local total
	[ "$(command -v gcc objdump nm addr2line python3 | wc -l)" = 5 ] || exit 77
	mkdir -p "$tmp/tree/init" "$tmp/tree/include" "$tmp/out"
	printf 'static inline long step(long n)\n{\n\treturn n *\n\t       (n + 3);\n}\n' >"$tmp/tree/include/step.h"
	cat >"$tmp/tree/init/main.c" <<-EOF
	#include "../include/step.h"
	volatile long sum;
	__attribute__((noinline)) long walk(long n)
	{
		long all = 0;
		for (; n; n--)
			all += step(sum + n);
		return all;
	}
	__attribute__((noinline)) long work(long n)
	{
		sum += walk(n);
		return step(sum);
	}
	int main(int argc, char **argv)
	{
		return (int)work(argc + !argv);
	}
	EOF
	made() { # made NAME WORDS...: the program, compiled so
		(cd "$tmp/out" && gcc -O2 -ffreestanding -nostdlib -static -no-pie -Wl,-e,main -Wl,--build-id=sha1 \
			-o "$tmp/$1" "${@:2}" ../tree/init/main.c) || exit 1
	}
	made prog -g
	tests/tools/made_lines.py journal "$tmp/prog" >"$tmp/j.jsonl" || exit 1
	expect 0 "$fb" export --format callgrind --vmlinux made="$tmp/prog" "$tmp/j.jsonl"
	[ -z "$errs" ] || fail "$errs"
	printf '%s\n' "$out" >"$tmp/callgrind.out.x"
	tests/tools/made_lines.py check "$tmp/prog" "$tmp/tree" "$tmp/callgrind.out.x" || exit 1
	if command -v callgrind_annotate >/dev/null; then
		total=$(sed -n 's/^totals: //p' "$tmp/callgrind.out.x")
		expect 0 callgrind_annotate --threshold=100 --include="$tmp/tree" "$tmp/callgrind.out.x"
		has "$out" "^ *$total \(100.0%\)  PROGRAM TOTALS"
		has "$out" '^ *[0-9,]+ \( *[0-9.]+%\) .*\(n \+ 3\);'
		has "$out" '^ *[0-9,]+ \( *[0-9.]+%\) .*all \+= step\(sum \+ n\);'
	fi
	# The same code, and another build.
	made again -g -DAGAIN -g3
	expect 0 "$fb" export --format callgrind --vmlinux made="$tmp/again" "$tmp/j.jsonl"
	has "$errs" 'note: .*/again: has another build id than the kernel made that was run; its functions are where those were$'
	made other -g -O0
	made bare
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" export "$@" "$tmp/j.jsonl"
		one_line "$errs"
		has "$errs" "$pattern"
	}
	bad 'other: is not the vmlinux of made: there (walk|work|main) is not at [0-9a-f]+$' --format callgrind --vmlinux made="$tmp/other"
	bad 'bare: has no lines of source: ' --format callgrind --vmlinux made="$tmp/bare"
	bad 'nowhere: cannot be read' --format callgrind --vmlinux made=nowhere
	bad 'j.jsonl: has no lines of source: .*; .kernel build --debug. keeps' --format callgrind --vmlinux made="$tmp/j.jsonl"
	bad '--vmlinux nobody=x: must be LABEL=FILE' --format callgrind --vmlinux nobody=x
	bad '--vmlinux: --format folded has no lines' --format folded --vmlinux made=x
	expect 2 "$fb" export --format callgrind --vmlinux baseline="$tmp/prog" tests/golden/profile-one.jsonl
	has "$errs" '--vmlinux baseline=.*: must be LABEL=FILE, the label that of a kernel whose calls are in there$'
}

# lines_of JOURNAL VMLINUX TREE [WORDS...]: the profiles of a journal, exported with these words: each instruction has the
# line that llvm-addr2line says, nearly all have one, and callgrind_annotate's total is the point's. (addr2line of binutils
# 2.40 has another file for one instruction of a thousand.)
lines_of() {
	local profile total
	rm -rf "$tmp/profiles"
	expect 0 "$fb" export --format callgrind --out "$tmp/profiles" "${@:4}" "$1"
	[ -z "$errs" ] || fail "$errs"
	for profile in "$tmp"/profiles/*; do
		tests/tools/made_lines.py lines "$2" "$3" "$profile" llvm-addr2line || fail "$profile"
		expect 0 callgrind_annotate "$profile"
		has "$out" 'mm/memory.c:copy_page_range'
		# Of two ops.
		total=$(printf '%s' "$out" | sed -n 's/^ *\([0-9,]*\) (100.0%)  PROGRAM TOTALS/\1/p' | tr -d ,)
		grep -o '"samples":\[[0-9,]*' "$1" | sed 's/.*\[//' | awk -F, -v n="$total" '$1 + $2 == n { found = 1 } END { exit !found }' ||
			fail "$total are not the samples of a point"
	done
	[ "$(ls "$tmp/profiles" | wc -l)" = 2 ] || fail "$(ls "$tmp/profiles")"
}

# forks ARCH KERNEL JOURNAL: two points counted by calls.
forks() {
	sed 's/^memory.*/memory = 1G/' configs/machines/${1%_64}-exact.ini >"$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=2\n[fork]\nbench=fork\nsize=16M\norder=0,9\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=$2 --boots 1 --calls --out "$3"
	"$build/tests/calls-check" "$3" || fail calls
}

# Debian's kernels and their packages of debug symbols; $DEBUG_OF is one architecture.
test_long_lines() {
	local arch debian
	[ "$(command -v apt-get callgrind_annotate python3 llvm-addr2line | wc -l)" = 4 ] || exit 77
	for arch in ${DEBUG_OF-arm64 x86_64}; do
		debian=${arch/x86_64/amd64}
		debian_new $arch
		(cd "$tmp" && APT_CONFIG=$XDG_CACHE_HOME/faultbench/apt/$debian/apt.conf apt-get download -q \
			"linux-image-$(sed -n 's/.*"release": "\(.*\)".*/\1/p' "$XDG_CACHE_HOME/faultbench/kernels/$arch-new/kernel.json")-dbg" &&
			dpkg-deb --fsys-tarfile linux-image-*-dbg_*.deb | tar -xO --wildcards './usr/lib/debug/boot/vmlinux-*' >vmlinux &&
			rm linux-image-*-dbg_*.deb) >"$tmp/log" 2>&1 || { tail -3 "$tmp/log"; exit 77; }
		forks $arch $arch-new "$tmp/$arch.jsonl"
		lines_of "$tmp/$arch.jsonl" "$tmp/vmlinux" debian/build/build_${debian}_none_cloud-$debian --vmlinux k="$tmp/vmlinux"
	done
}

# Debian's source of 6.12, built small: with DWARF the same kernel, as objcopy and cmp see it too, and its lines are found
# by the image. Minutes to an hour; $DEBUG_OF likewise.
test_long_build_debug() {
	local arch out file
	[ "$(command -v apt-get callgrind_annotate python3 llvm-addr2line | wc -l)" = 4 ] || exit 77
	(cd "$tmp" && apt-get download -q linux-source-6.12 && dpkg-deb -x linux-source-6.12_*.deb deb &&
		tar xf deb/usr/src/linux-source-6.12.tar.xz && rm -r deb linux-source-6.12_*.deb) >"$tmp/log" 2>&1 || exit 77
	export XDG_CACHE_HOME=$tmp/cache
	for arch in ${DEBUG_OF-arm64 x86_64}; do
		expect 0 "$fb" kernel build --tree "$tmp/linux-source-6.12" --arch $arch --label $arch-debug --debug
		has "$errs" 'with DWARF and without the same, to the byte'
		printf '%s\n' "$errs" | grep 'to the byte'
		out=$(ls -d "$tmp"/cache/faultbench/build/*/$arch-*-debug)
		for file in "$out" "${out%-debug}"; do
			${arch/arm64/aarch64}-linux-gnu-objcopy -O binary -j .text -j .init.text "$file/vmlinux" "$tmp/$(basename "$file").text" ||
				fail objcopy
		done
		cmp "$tmp"/*.text || fail "other code"
		rm "$tmp"/*.text
		forks $arch $arch-debug "$tmp/$arch.jsonl"
		lines_of "$tmp/$arch.jsonl" "$out/vmlinux" "$(ls -d "$tmp"/cache/faultbench/build/*/src)"
	done
}
