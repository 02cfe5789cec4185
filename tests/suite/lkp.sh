# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the kernel test robot's reports name; sourced by tests/run-tests.sh. tests/unit/campaign/test_lkp.c has the
# forms of their words.

# lkp_rows: the tables as rows of docs/catalogue.md, from list --lkp --json as jansson indents it.
lkp_rows() {
	expect 0 "$fb" list --lkp --json
	printf "%s\n" "$out" | awk 'function text_of(s) { sub(/^[^:]*: "/, "", s); sub(/",?$/, "", s); return s }
		/^    "testcase"/ { name = text_of($0); point = lacks = text = "" }
		/^    "test":/ { name = name "/" text_of($0) }
		/^    "point": "/ { point = text_of($0) }
		/^    "of_threads": "/ { point = point "`, of threads `" text_of($0) }
		/^    "lacks": "/ { lacks = text_of($0) }
		/^      "/ { s = $0; sub(/^ *"/, "", s); sub(/",?$/, "", s); text = text (text ? "; " : "") s }
		/^  }/ { print "| `" name "` | " (lacks ? point ? "no, nearest `" point "`" : "no" : "`" point "`") \
			" | " (lacks ? lacks : text) " |" }'
}

# docs/catalogue.md has what `run` knows.
test_lkp_documented() {
	lkp_rows >"$tmp/rows"
	[ "$(wc -l <"$tmp/rows")" -gt 150 ] || fail "the tables were not found: $(head -3 "$tmp/rows")"
	sed -n '/^## Names in reports/,$p' docs/catalogue.md | grep '^| `' | diff "$tmp/rows" - >"$tmp/diff" ||
		fail "list --lkp (<) and docs/catalogue.md (>): $(cat "$tmp/diff")"
}

# Each point, and the nearest of names that have none, is one that the worker takes.
test_lkp_points() {
	lkp_rows >"$tmp/rows"
	taken() { # taken NUMBER GREP...: more points than that, in rows that grep finds, as one plan
		grep "${@:2}" "$tmp/rows" | sed -nE 's/^[^`]*`[^`]*` \| [^`]*`(.*)` \|.*/\1/p' |
			sed 's/`, of threads `/\n/' | sort -u |
			awk 'BEGIN { print "[plan]" } { split($1, b, "/"); print "[" NR "]\nbench=" b[1] "\nvariant=" b[2]
				for (i = 2; i <= NF; i++) print $i }' >"$tmp/all.ini"
		[ "$(grep -c bench "$tmp/all.ini")" -gt "$1" ] || fail "no points: $(head "$tmp/all.ini")"
		expect 0 "$fb" run "$tmp/all.ini" --dry-run
	}
	taken 30 -v '| no'
	taken 10 '| no, nearest'
}

test_lkp_words() {
	local words
	cd "$tmp" || exit 1
	expect 0 "$fb" run lkp:will-it-scale/page_fault1/thread/2/... --dry-run
	has "$out" '^lkp-will-it-scale-page_fault1-thread-2: 1 point x '
	has "$out" '"bench":"cycle","variant":"anon","size":268435456,.*"threads":2,"processes":1,'
	[ "$(printf '%s\n' "$errs" | grep -c '^faultbench: note: ')" -ge 3 ] || fail "$errs"
	words=$out
	expect 0 "$fb" run --plan $'testcase: will-it-scale\nnr_task: 2\nmode: thread\ntest: page_fault1' --dry-run
	[ "$out" = "$words" ] || fail "another plan: $out"
	# What a command line changes wins; what is wrong with it is said of the words.
	expect 0 "$fb" run lkp:will-it-scale/page_fault1/thread/2 --set size=4M --set runs=1 --dry-run
	has "$out" ' x 1 run x .*"size":4194304,|"size":4194304,'
	# The work of a task is the same, whether their number is one or a share: of one CPU, half is one.
	expect 0 taskset -c 0 "$fb" run testcase=stress-ng\ test=fork\ nr_task=100% --dry-run
	has "$out" '"fork-exit","size":1048576,.*"processes":1,'
	expect 0 "$fb" run lkp:stress-ng/fork/2 --scale 1/4 --dry-run
	has "$out" '"fork-exit","size":524288,.*"processes":2,'
	expect 2 "$fb" run lkp:will-it-scale/page_fault1/thread/2 --set colour=red --dry-run
	one_line "$errs"
	has "$errs" "no section of the plan knows 'colour'"
	# Names without a point, and what is no name.
	refuse() { # refuse PATTERN WORDS
		expect 2 "$fb" run "$2" --dry-run
		[ -z "$out" ] || fail "printed: $out"
		one_line "$errs"
		has "$errs" "$1"
	}
	refuse '^faultbench: lkp:will-it-scale/fallocate1: .*the nearest is fault-vma/tmpfs-write$' lkp:will-it-scale/fallocate1
	refuse 'pipe1: .*none is near it$' lkp:will-it-scale/pipe1/process/16
	refuse "has no test 'pagefault1' .*'page_fault1'" lkp:will-it-scale/pagefault1/thread/50%
	refuse 'no testcase that is known here; there are will-it-scale, ' lkp:hackbench/pipe
	refuse 'nr_task=0: must be a whole number' lkp:will-it-scale/page_fault1/thread/0
	refuse 'nr_task=-1: must be a whole number' lkp:will-it-scale/page_fault1/thread/-1
	refuse 'mode=fiber: must be process, thread or both$' 'lkp:will-it-scale/page_fault1 mode=fiber'
	refuse 'shell8: .*the nearest is process/fork-exec$' lkp:unixbench/shell8/100%
	refuse "'a.x1b.31mb' that" $'testcase=will-it-scale test=a\e[31mb\nc"d'
	refuse 'at most 8192' "lkp:$(head -c 9000 /dev/zero | tr '\0' a)"
	refuse 'has no test .a{60}. that' "lkp:will-it-scale/$(head -c 8000 /dev/zero | tr '\0' a)"
	[ -z "$(ls -- *.jsonl 2>/dev/null)" ] || fail "left: $(ls)"
	expect 0 "$fb" list --lkp
	has "$out" '^will-it-scale/page_fault1: cycle/anon size=128M/worker$'
	has "$out" '^will-it-scale/pipe1: no$'
	[ -z "$(printf '%s' "$out" | grep -E '.{79}')" ] || fail "wider than a terminal: $out"
}

# The audit's own count of what is mapped.
test_audit_counts() {
	local body yes near no
	body=$(sed -n '/^## Audit/,/^## Names/p' docs/catalogue.md)
	count() { printf '%s\n' "$body" | grep -cE "^\|[^|]*\|[^|]*\| $1 \|"; }
	yes=$(count yes) near=$(count near) no=$(count no)
	has "$(echo $body)" "$((yes + near + no)) benchmarks .*: $yes are a point here .*, of $near the nearest .*, $no are not"
	[ "$yes" -ge 36 ] || fail "only $yes are mapped"
}
