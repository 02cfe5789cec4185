# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Programs of emit-c; sourced by tests/run-tests.sh.

measures emit_c long_emit_c emit_c_memory emit_c_groups

strict='-std=gnu11 -O2 -Wall -Wextra -Werror'

# The catalogue's points, as JSON, a line each; but those that are told apart by what no program has.
catalogue_points() {
	"$fb" run catalogue --dry-run | sed -n '/"\(memcg\|fault-around\)":/d; s/^[0-9]* iterations* of //p'
}

# words_of POINT: its JSON as words of emit-c.
words_of() {
	echo "$1" | sed 's/[{}"]//g; s/^bench:\([^,]*\),variant:\([^,]*\)/\1\/\2/; s/,place:[^,]*//; s/,/ /g; s/:/=/g'
}

# emit_families DIR: a program of each family, DIR/FAMILY.c
emit_families() {
	local point family last=
	catalogue_points | while read -r point; do
		family=$(echo "$point" | sed 's/{"bench":"\([^"]*\).*/\1/; s/-/_/g')
		[ "$family" = "$last" ] && continue
		last=$family
		"$fb" emit-c $(words_of "$point") --out "$1/$family.c" || exit 1
	done
	[ "$(ls "$1"/*.c | wc -l)" = "$(ls bench/*.c | wc -l)" ] || fail "not all families"
}

# brief WORDS FILE: programs of these families have at most 250 lines; of several workers of what is not anonymous they are full
brief() {
	case $1 in
	*backing=[^a]*threads=2* | *backing=[^a]*processes=2*) return 0 ;;
	fork/* | zap/* | fault/* | cow/* | mremap/* | mprotect/*) ;;
	*) return 0 ;;
	esac
	[ "$(wc -l <"$2")" -le 250 ] || fail "$1: $(wc -l <"$2") lines"
	! expand "$2" | grep -n '.\{101\}' || fail "$1: longer than 100 columns"
}

# check_point NAME POINT: its program builds (-O0 takes half of the time), and each op takes the faults that the worker's took; or it
# says why not.
check_point() {
	local name=$tmp/$1 words wanted got
	words=$(words_of "$2")
	"$fb" emit-c $words iterations=3 --out "$name.c" || fail "$words: not emitted"
	brief "$words" "$name.c"
	gcc ${strict/-O2/-O0} -o "$name" "$name.c" -pthread -lm || fail "$words: does not build"
	timeout 300 "$name" >"$name.out" 2>"$name.err" && got=0 || got=$?
	wanted=$(grep '"type":"run"' "$common/catalogue" | grep -F "\"point\":$2" |
		sed -n 's/.*"faults":{"wanted":"\([0-9]*\).*/\1/p')
	case $got in
	0)
		grep -qE "^ok: each op took the ${wanted:-[0-9]+} faults promised" "$name.out" ||
			fail "$words: not the worker's $wanted faults: $(cat "$name.out")"
		echo "$words" >>"$tmp/ok"
		;;
	77)
		has "$(head -1 "$name.err")" '^([^ ]*: )?cannot run here: .'
		grep -qE '\.needs = "[^"]| It needs: ' "$name.c" || echo "$2" | grep -qE '"order":("pmd"|[1-9])' ||
			fail "$words: needs nothing, and $(cat "$name.err")"
		echo "$words: $(head -1 "$name.err")"
		;;
	*) fail "$words: status $got: $(cat "$name.err")" ;;
	esac
	rm -f "$name" "$name".*
}

# check_points: all of $tmp/points.
check_points() {
	local half nr point
	shared catalogue measure_catalogue
	for half in 0 1; do
		awk -v half=$half 'NR % 2 == half' "$tmp/points" | {
			nr=0
			while read -r point; do
				nr=$((nr + 1))
				check_point $half-$nr "$point"
			done
			echo "$nr" >"$tmp/done-$half"
		} &
	done
	wait
	[ "$(cat "$tmp"/done-0 "$tmp"/done-1 | paste -sd+ | bc)" = "$(wc -l <"$tmp/points")" ] ||
		fail "some points failed"
	echo "$(wc -l <"$tmp/ok") of $(wc -l <"$tmp/points") points ran"
	[ "$(wc -l <"$tmp/ok")" -gt $(($(wc -l <"$tmp/points") / 2)) ] || fail "few points ran"
}

# A program of each family, and one of every folio order but 0 of those that are brief.
test_emit_c() {
	catalogue_points | awk -F'"' '
		!family[$4]++ { print; next }
		$4 ~ /^(fork|zap|fault|cow|mremap|mprotect)$/ && match($0, /"order":("pmd"|[1-9])/) &&
			!seen[$4, substr($0, RSTART, RLENGTH)]++' >"$tmp/points"
	check_points
}

# Programs of the catalogue's points; of each family one of every folio order but 0, as few machines
# give those without being told, and of each variant one of what differs in how many there are; of families that make one call, one.
test_long_emit_c() {
	catalogue_points | awk -F'"' '
		/"(batch|iovecs|vmas-in-range|backing)":|"processes":2/ && of[$4, $8]++ { next }
		$4 ~ /^(process|guard|process-madvise|uffd|pagemap-scan|migrate)$/ && family[$4]++ { next }
		!match($0, /"order":("pmd"|[1-9])/) || $8 == "moved-byte" ||
			!seen[$4, substr($0, RSTART, RLENGTH)]++ { of[$4, $8]++; print }' >"$tmp/points"
	check_points
}

# emit_more DIR: brief programs of variants whose ops are other code than those of emit_families, and of those that are
# longest, DIR/FAMILY+N.c
emit_more() {
	local n=0 words
	for words in cow/moved-byte\ order=9 cow/child-reuse-byte\ order=9 cow/unshare mremap/grow 'mprotect/toggle vmas-in-range=4' \
		zap/pte-dontneed zap/munmap-swapped-forked 'zap/pageout order=pmd' 'fault/write order=pmd' \
		'fault/write sharing=interleaved threads=2' 'mprotect/toggle threads=2 processes=2' 'cow/cow-byte backing=file' \
		cow/zero-byte 'zap/dontneed backing=shmem order=4' 'zap/pageout-file order=4' 'fork backing=file order=pmd'; do
		n=$((n + 1))
		"$fb" emit-c $words size=4M --out "$1/${words%%/*}+$n.c" || exit 1
		brief "$words size=4M" "$1/${words%%/*}+$n.c"
	done
}

# Every point of the catalogue, of which test_emit_c has some.
test_long_emit_c_brief() {
	local point words n=0
	catalogue_points >"$tmp/points"
	while read -r point; do
		words=$(words_of "$point")
		"$fb" emit-c $words iterations=3 >"$tmp/x.c" || fail "$words: not emitted"
		brief "$words" "$tmp/x.c"
		[ "$(wc -l <"$tmp/x.c")" -gt 250 ] || n=$((n + 1))
	done <"$tmp/points"
	echo "$n of $(grep -cE '"bench":"(fork|zap|fault|cow|mremap|mprotect)"' "$tmp/points") points of these families"
	[ $n -ge 145 ] || fail "only $n programs are brief"
}

# Every compiler, without a word; static; for arm64: all are looked at, two are built.
test_emit_c_builds() {
	local file how arm="aarch64-linux-gnu-gcc --sysroot=$build/sysroot-arm64 -isystem=/usr/include/aarch64-linux-gnu
		-isystem=/usr/include -L=/usr/lib/aarch64-linux-gnu -B$build/sysroot-arm64/usr/lib/aarch64-linux-gnu"
	emit_families "$tmp"
	[ -d "$build/sysroot-arm64" ] || arm=
	for file in "$tmp"/*.c; do
		clang $strict -fsyntax-only "$file" || fail "clang: $file"
		how=-fsyntax-only
		case $file in */fork.c | */contend.c)
			how="-o $tmp/x"
			gcc $strict -static -o "$tmp/x" "$file" -pthread -lm || fail "static: $file" ;;
		esac
		[ -z "$arm" ] || $arm $strict $how "$file" -pthread -lm || fail "arm64: $file"
	done
	file=$(sed -n 's/^ \* *\(gcc .*\) && .*/\1/p' "$tmp/fork.c")
	[ -n "$file" ] && (cd "$tmp" && $file && ./fork) || fail "its own build line: $file"
	# What one program's threads had is given back while the next begins.
	"$fb" emit-c thread-stacks >"$tmp/x.c" && gcc $strict -o "$tmp/x" "$tmp/x.c" -lm || fail "thread-stacks"
	"$tmp/x" >/dev/null
	[ $? != 77 ] || return 0
	for how in $(seq 15); do
		"$tmp/x" >"$tmp/said" 2>&1 || fail "$(cat "$tmp/said")"
	done
}

# code OBJECT FUNCTION: its instructions without padding.
code() {
	objdump -dr --no-show-raw-insn --no-addresses "$1" | awk -v name="$2" '
		$1 == "<" name ">:" { inside = 1; next }
		/^$/ { inside = 0 }
		!inside || $0 ~ /[^a-z](nop|nopw|nopl)([^a-z]|$)|xchg +%ax,%ax *$/ { next }
		{
			# What a linker fills in is named on the line after.
			if ($1 ~ /^R_/) sub(/<.*>/, "", held)
			# So is where data of the same file lie among others.
			if ($1 ~ /^R_/ && $2 ~ /^\.data/) sub(/[+-]0x[0-9a-f]+$/, "", $2)
			# How far away a function of the same file is, whose address is taken, is no matter.
			if (/\(%rip\).*# <[a-z_]*>/) sub(/-?0x[0-9a-f]+\(%rip\)/, "(%rip)")
			print held
			$1 = $1
			held = $0
		}
		END { print held }'
}

# What is timed is the worker's own: the same machine code, built with the same flags, but for -fPIC,
# which keeps the services in the same file from being inlined.
test_emit_c_code() {
	local flags file object name n=0
	flags=$(sed -n 's/.*"command": "\(.*\) -MD .* -o bench\/libbenches\.a\.p\/fork\.c\.o .*/\1/p' \
		"$build/compile_commands.json" | sed 's/ -I[^ ]*//g; s/ -g / /; s/\\//g')
	[ -n "$flags" ] || fail "how families are compiled is not known"
	case $flags in *-fsanitize*) exit 77 ;; esac
	emit_families "$tmp"
	emit_more "$tmp"
	for file in "$tmp"/*.c; do
		object=$(basename "$file" .c)
		object=$build/bench/libbenches.a.p/${object%%+*}.c.o
		eval "$flags -fPIC -c -o '$tmp/x.o' '$file'" || fail "$file"
		# A brief program has those that its point needs.
		for name in $(nm "$object" "$tmp/x.o" | sed -n 's/^[^ ]* [tT] //p' | grep -E '^(op|touch_|zap_|write_|take_)' |
			sort | uniq -d); do
			code "$object" $name >"$tmp/worker"
			code "$tmp/x.o" $name >"$tmp/emitted"
			[ -s "$tmp/worker" ] || fail "no code of $name in $object"
			diff "$tmp/worker" "$tmp/emitted" || fail "$(basename "$file"): $name differs"
			n=$((n + 1))
		done
	done
	echo "$n functions"
	[ $n -gt 60 ] || fail "only $n functions"
}

test_emit_c_words() {
	local words
	"$fb" emit-c fork size=1G order=9 >"$tmp/a.c" && "$fb" emit-c fork/fork order=9 --out "$tmp/b.c" ||
		fail "not emitted"
	cmp "$tmp/a.c" "$tmp/b.c" || fail "the same point, other bytes"
	sed '/^ \*\/$/q' "$tmp/a.c" | diff -u tests/golden/emit-c.txt - || fail "another head"
	brief "fork/fork size=1G order=9" "$tmp/a.c"
	"$fb" emit-c fork size=1G order=9 --full >"$tmp/full.c" || fail "not emitted"
	sed '/^ \*\/$/q' "$tmp/full.c" | diff -u tests/golden/emit-c-full.txt - || fail "another head of the full one"
	[ "$(wc -l <"$tmp/full.c")" -lt 2050 ] || fail "$(wc -l <"$tmp/full.c") lines of a fork"
	while read -r words; do
		expect 2 "$fb" emit-c ${words%%:*}
		[ -z "$out" ] || fail "$words: printed"
		one_line "$(echo "$errs" | grep -v 'shows the options')"
		has "$errs" "${words#*: }"
	done <<-'EOF'
	: no benchmark given
	frok: bench = frok: no such benchmark; there are null
	fork/knife: variant = knife: fork has the variants fork
	fork size: 'size': must be key=value
	fork size=: 'size=': must be key=value
	fork size=1M size=2M: 'size' twice
	fork size=big: size = big: must be a size
	fork sise=1M: fork has no parameter 'sise'
	fork order=0,9: these are 2 points
	fork order=1: order = 1: must be a folio order
	fork iterations=0: iterations = 0: must be a whole number
	fork place=none: 'place=none' is no part of the program: .*taskset
	fault-vma fault-around=64K: 'fault-around=64K' is no part of the program: it promises what
	fork/dontfork size=2M: fork/dontfork: size is not a whole number of holes
	fault order=9: fault/write: a first touch maps
	EOF
	expect 2 "$fb" emit-c fork --fly
	expect 2 "$fb" emit-c fork --out /nonexistent/x.c
	one_line "$errs"
	has "$errs" '/nonexistent/x.c: cannot be written'
	# A machine that lacks what the point needs is told what that is.
	has "$("$fb" emit-c zap/pageout size=4M)" '"cannot run here, it needs swap: " : "FAIL: ", moved'
	has "$("$fb" emit-c zap/free size=4M)" '"cannot run here: " : "FAIL: ", moved'
}

# Where there is too little memory a program says so, as the worker does, before it takes any: by one
# worker, by several, and executed.
test_emit_c_memory() {
	local words file
	for words in 'fork size=1T' 'fault size=1T processes=2' 'contend size=1T' 'app-start size=1T'; do
		file="$tmp/$(echo $words | tr ' =' '--')"
		"$fb" emit-c $words --out "$file.c" || fail "$words: not emitted"
		gcc $strict -o "$file" "$file.c" -pthread -lm || fail "$words: does not build"
		# If it takes the memory after all it fails early.
		expect 77 bash -c "ulimit -v 4000000; $file"
		has "$errs" '^([^ ]*: )?cannot run here: more than the memory available, [0-9]+ MiB$'
		one_line "$errs"
	done
}

# Limits of control groups: no room below one, and a quota that was reached.
test_emit_c_groups() {
	"$fb" emit-c fault size=256M --full >"$tmp/large.c"
	"$fb" emit-c null size=64M threads=2 >"$tmp/held.c"
	for name in large held; do
		gcc $strict -o "$tmp/$name" "$tmp/$name.c" -pthread -lm || fail "$name: does not build"
	done
	(
		new_group memory emitted
		limit memory.limit_in_bytes memory.max $((160 << 20))
		expect 77 within "$tmp/large"
		has "$errs" "^cannot run here: more than the control group's limit leaves, 1[0-9][0-9] MiB$"
		one_line "$errs"
	) || exit
	new_group cpu emitted
	limit cpu.cfs_quota_us cpu.max 400000
	expect 0 within "$tmp/held"
	limit cpu.cfs_quota_us cpu.max 2000 # who has 2 % of a CPU is held, however busy others are
	expect 77 within "$tmp/held"
	has "$errs" '^cannot run here: a CPU quota held it, in [1-9][0-9]* periods$'
}
