# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds; sourced by tests/run-tests.sh.

alone sanitizers

test_unit() {
	meson test -C "$build" --print-errorlogs
}

test_golden() {
	sh tests/golden/golden.sh "$fb"
}

test_clang() {
	CC=clang meson setup "$tmp/clang" . && ninja -C "$tmp/clang" --quiet
}

# Both programs and the unit tests under ASan and UBSan, and every subcommand with them.
test_sanitizers() {
	local options=-Db_sanitize=address,undefined
	meson setup "$tmp/san" . $options -Db_lundef=false && ninja -C "$tmp/san" --quiet || exit 1
	export UBSAN_OPTIONS=halt_on_error=1 ASAN_OPTIONS=detect_leaks=0
	meson test -C "$tmp/san" --print-errorlogs common plan doctor analysis verdict decode \
		kernels build runners describe || exit 1
	sh tests/golden/golden.sh "$tmp/san/faultbench" || exit 1
	small_plan
	fb=$tmp/san/faultbench
	expect 0 "$fb" list
	expect 0 "$fb" run "$tmp/small.ini" --out "$tmp/j.jsonl" --set runs=1 --set place=none
	expect 0 "$fb" show "$tmp/j.jsonl"
	expect 0 "$fb" compare "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$tmp/report"
}

test_valgrind() {
	local journal format
	for journal in tests/golden/*.jsonl; do
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" compare --functions "$journal" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "$journal: $(cat "$tmp/err")"
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" check --format kcidb "$journal" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "check $journal: $(cat "$tmp/err")"
		valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
			"$fb" report "$journal" --out "$tmp/report" >"$tmp/out" 2>"$tmp/err"
		[ $? != 9 ] || fail "report $journal: $(cat "$tmp/err")"
	done
	for format in $("$fb" compare -h | sed '1,/^Formats:/d' | awk '{ print $1 }'); do
		for journal in boots-b contend exact pft; do
			valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite \
				"$fb" compare --format $format tests/golden/$journal.jsonl >"$tmp/out" 2>"$tmp/err"
			[ $? != 9 ] || fail "$format, $journal: $(cat "$tmp/err")"
		done
	done
}

# libFuzzer on what comes from outside: plans, journals and kernel images.
test_fuzz() {
	local seconds=${FUZZ_SECONDS:-20}
	clang -g -O1 -std=gnu11 -D_GNU_SOURCE -fsanitize=fuzzer,address,undefined -I. \
		tests/tools/fuzz_input.c common/*.c kernels/fetch/image.c kernels/fetch/unpack.c \
		-ljansson -linih -lz -llzma -lzstd -lnettle -lm -o "$tmp/fuzz" || exit 1
	mkdir "$tmp/corpus"
	{ printf 0; cat "$plans/quick.ini"; } >"$tmp/corpus/plan"
	{ printf 1; head -c 4000 tests/golden/$(ls tests/golden | grep -m1 jsonl); } >"$tmp/corpus/journal"
	head -c 9999 /dev/zero >"$tmp/zeros"
	{ printf 2; gzip <"$tmp/zeros"; } >"$tmp/corpus/gzip"
	{ printf 2; xz <"$tmp/zeros"; } >"$tmp/corpus/xz"
	{ printf 2; xz --format=lzma <"$tmp/zeros"; } >"$tmp/corpus/lzma"
	zstd -q "$tmp/zeros"
	{ printf 2; cat "$tmp/zeros.zst"; } >"$tmp/corpus/zstd"
	{ printf 2; zboot "$tmp/zeros.zst" zstd22; } >"$tmp/corpus/zboot"
	"$tmp/fuzz" -max_total_time="$seconds" -max_len=8192 -timeout=10 -artifact_prefix="$tmp/" \
		"$tmp/corpus" >"$tmp/log" 2>&1 || fail "$(tail -40 "$tmp/log")"
	tail -1 "$tmp/log"
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
