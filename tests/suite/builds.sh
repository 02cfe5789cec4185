# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds; sourced by tests/run-tests.sh.

measures sanitizers
slow sanitizers_unit fuzz

test_unit() {
	meson test -C "$build" --print-errorlogs
}

test_golden() {
	sh tests/golden/golden.sh "$fb"
}

# sanitized_tests FOLDER: the unit tests that are run there. Large images and many sessions are looked at without
# sanitizers alone; programs by themselves have none.
sanitized_tests() {
	meson test -C "$1" --no-rebuild --list 2>/dev/null | grep -vxE 'image|until|lost|verdict|tail|moderated|crosscheck|standalone-[a-z]*'
}

sanitized_targets() {
	echo faultbench faultbench-worker $(sanitized_tests "$1" | tr - _ | sed 's#^#tests/test_#')
}

# What is run there and no more, as this is a tenth of the suite.
build_sanitized() { # build_sanitized FOLDER
	CC=clang meson setup "$1" . -Db_sanitize=address,undefined -Db_lundef=false \
		-Dbuildtype=debug -Doptimization=0 -Dc_args='-gline-tables-only -fsanitize=fuzzer-no-link' &&
		ninja -C "$1" --quiet $(sanitized_targets "$1")
}

# sanitized: the tree built by clang with ASan, UBSan and LeakSanitizer, in $san. What they find ends a
# program with status 99 and is in $tmp/found.PID.
sanitized() {
	shared sanitized build_sanitized
	san=$common/sanitized
	export ASAN_OPTIONS=exitcode=99:log_path=$tmp/found LSAN_OPTIONS=exitcode=99
	export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99:log_path=$tmp/found
}

found_nothing() {
	! grep -hE '^==|runtime error|^ +#[0-4]' "$tmp"/found.* 2>/dev/null | grep . || fail "sanitizers have found that"
}

# clang has nothing to say of it, and the sanitizers would: a leak, an overflow and a shift too far are found.
test_clang() {
	sanitized
	# shellcheck disable=SC2046
	python3 tests/tools/clang_rest.py "$san" $(sanitized_targets "$san") || fail "see above"
	cat >"$tmp/bad.c" <<-EOF
	#include <stdlib.h>
	int main(int argc, char **argv)
	{
		char *volatile p = malloc(10);
		if (argv[1][0] == 'l')
			p = NULL;
		if (argv[1][0] == 'o')
			p[10 + argc - 2] = 1;
		if (argv[1][0] == 's')
			return (int)((unsigned int)argc << (argc + 30)) & 1;
		free(p);
		return 0;
	}
	EOF
	clang -fsanitize=address,undefined -o "$tmp/bad" "$tmp/bad.c" || fail "bad.c"
	expect 0 "$tmp/bad" nothing
	for bad in leak overflow shift; do
		expect 99 "$tmp/bad" $bad
		(found_nothing >/dev/null) && fail "$bad: not found"
		rm "$tmp"/found.*
	done
	return 0
}

test_sanitizers_unit() {
	local names
	sanitized
	names=$(sanitized_tests "$san")
	[ "$(echo "$names" | wc -l)" -ge 27 ] || fail "tests: $names"
	# shellcheck disable=SC2086
	meson test -C "$san" --no-rebuild --print-errorlogs $names || fail "see above"
	found_nothing
}

# What the programs print, with every subcommand and format.
test_sanitizers_golden() {
	sanitized
	sh tests/golden/golden.sh "$san/faultbench" || fail "see above"
	found_nothing
}

# Both programs at work. The process of a run ends with what it has: leaks are none there. Stacks that are kept after a
# return, as clang does from 15 on, are page faults in what is measured.
test_sanitizers() {
	sanitized
	small_plan
	printf '#!/bin/sh\nASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0:detect_stack_use_after_return=0 exec "%s" "$@"\n' "$san/faultbench-worker" >"$tmp/worker"
	chmod +x "$tmp/worker"
	export FAULTBENCH_WORKER=$tmp/worker
	fb=$san/faultbench
	expect 0 "$fb" list
	# Around a fork, newer sanitizers write to pages of their own.
	"$fb" run "$tmp/small.ini" --out "$tmp/j.jsonl" --set runs=1 --set place=none >"$tmp/out" 2>&1
	[ $? -le 1 ] && [ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -v '"status":"ok"' |
		grep -vcE '"bench":"fork".*"status":"void","reason":"[0-9]+ page faults in 1 op')" = 0 ] || fail "$(cat "$tmp/out")"
	expect 0 "$fb" show "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$tmp/report"
	found_nothing
}

# for_each_journal COMMAND...: it, faultbench and words that make it read a golden journal, for each and in
# each way of reading it; an exit status of 99 is a failure.
for_each_journal() {
	local journal format
	with() {
		"$@" >"$tmp/out" 2>"$tmp/err"
		[ $? != 99 ] || fail "$*: $(cat "$tmp/err" "$tmp"/found.* 2>/dev/null | head -40)"
	}
	for journal in tests/golden/*.jsonl; do
		with "$@" compare --functions "$journal"
		with "$@" check --format kcidb "$journal"
		with "$@" report "$journal" --out "$tmp/report"
	done
	for format in $("$fb" compare -h | sed '1,/^Formats:/d' | awk '{ print $1 }'); do
		for journal in boots-b calls contend exact lkp pft; do
			with "$@" compare --format "$format" tests/golden/$journal.jsonl
		done
	done
}

test_leaks() {
	sanitized
	for_each_journal "$san/faultbench"
	found_nothing
}

test_long_valgrind() {
	for_each_journal valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite "$fb"
}

# fuzzer: $tmp/fuzz, libFuzzer on what the sanitized build is made of.
fuzzer() {
	sanitized
	clang -g -O1 -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsanitize=fuzzer,address,undefined -I. tests/fuzz/*.c \
		-Wl,--start-group "$san"/{common,kernels,runners,analysis,campaign}/lib*.a -Wl,--end-group \
		-ljansson -linih -lz -llzma -lzstd -llz4 -larchive -lnettle -ldw -lelf -lgsl -lgslcblas -lm -o "$tmp/fuzz" || exit 1
	unset ASAN_OPTIONS UBSAN_OPTIONS LSAN_OPTIONS
}

# fuzz_all RUNS [OF-JOURNALS]: each target, or those of $FUZZ_OF, so many times, from its corpus on; what is found is
# printed. A journal is judged and printed as well, which takes some 2 ms.
fuzz_all() {
	local n=0 room runs
	export FUZZ_TARGET
	# Some targets write files, for each input anew.
	room=$(mktemp -d -p /dev/shm 2>/dev/null) && export TMPDIR=$room
	# shellcheck disable=SC2064 # when it is run there is no $room any more
	trap "rm -rf '$room'" EXIT
	for FUZZ_TARGET in ${FUZZ_OF:-$("$tmp/fuzz")}; do
		n=$((n + 1))
		[ -n "$(ls tests/fuzz/corpus/$FUZZ_TARGET)" ] || fail "$FUZZ_TARGET has no corpus"
		mkdir "$tmp/$FUZZ_TARGET"
		runs=$1
		[ $FUZZ_TARGET != journal ] || runs=${2-$1}
		"$tmp/fuzz" -runs="$runs" -max_len=8192 -entropic=0 -timeout=60 -rss_limit_mb=4096 -close_fd_mask=3 \
			-artifact_prefix="$tmp/found-" -print_final_stats=1 \
			"$tmp/$FUZZ_TARGET" tests/fuzz/corpus/$FUZZ_TARGET >"$tmp/log" 2>&1 ||
			fail "$FUZZ_TARGET: $(tail -40 "$tmp/log"; cd "$tmp" && for f in found-*; do echo "$f"; base64 "$f"; done)"
		echo "$FUZZ_TARGET: $(sed -n 's/.*DONE *//p' "$tmp/log")"
	done
	[ $n -ge 16 ] || [ -n "${FUZZ_OF-}" ] || fail "$n targets"
	[ -z "$(ls "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"
}

# libFuzzer on every reader of what comes from outside.
test_fuzz() {
	fuzzer
	fuzz_all "${FUZZ_RUNS:-3000}" "${FUZZ_RUNS:-600}"
}

test_long_fuzz() {
	fuzzer
	fuzz_all 1000000
}

# The loop that touches pages: at most 5 instructions between two accesses of it.
test_disassembly() {
	local name
	[ "$(uname -m)" = x86_64 ] || [ "$(uname -m)" = aarch64 ] || exit 77
	for name in touch_write touch_write_down touch_read touch_read_write; do
		objdump -d --no-show-raw-insn "$worker" | awk -v name="<$name>:" '
			$2 == name { inside = 1; found = 1; n = 0; next }
			/^$/ { inside = 0 }
			inside {
				n++
				sub(":", "", $1); at[$1] = n
				# A jump back closes the loop.
				if ($2 ~ /^(j|b|cb|tb)/ && ($NF ~ /^</ ? $(NF-1) : $NF) in at) {
					target = $NF ~ /^</ ? $(NF-1) : $NF
					len = n - at[target] + 1
					print name, len, "instructions a turn"
					if (len > 5) bad = 1
					loops++
				}
			}
			END { exit !(found && loops && !bad) }' || fail "$name"
	done
}

# Where there is no apt-get, bootstrap names what is missing as that distribution calls it, and stops.
test_bootstrap_elsewhere() {
	local tool manager words
	while read -r manager words; do
		rm -rf "$tmp/bin"
		mkdir "$tmp/bin"
		for tool in sh awk dirname uname id cat; do ln -s "$(command -v $tool)" "$tmp/bin/"; done
		# jansson is there, and nothing else.
		printf '#!/bin/sh\ncase "$*" in *jansson*) exit 0 ;; esac\nexit 1\n' >"$tmp/bin/rpm"
		chmod +x "$tmp/bin/rpm"
		cp "$tmp/bin/rpm" "$tmp/bin/$manager"
		PATH=$tmp/bin expect 77 sh ./bootstrap.sh
		one_line "$errs"
		has "$errs" "^bootstrap: first, as root: $manager $words"
		[[ $errs != *jansson* && $errs != *' -'[^-S]* ]] || fail "$errs"
	done <<-END
	dnf install gcc glibc-devel meson ninja-build .*libpfm-devel inih-devel gsl-devel .*libcmocka-devel$
	zypper install gcc glibc-devel meson ninja .*libnuma-devel .*libcmocka-devel$
	pacman -S --needed gcc meson ninja pkgconf hwloc numactl libpfm libinih gsl zlib xz zstd lz4 nettle libarchive libelf gnuplot cmocka$
	END
}
