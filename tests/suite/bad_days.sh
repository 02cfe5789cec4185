# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What others do to us, by accident or not; sourced by tests/run-tests.sh.

# unchanged FILE COMMAND...: COMMAND is refused with one line, and FILE is as it was.
unchanged() {
	local file=$1
	shift
	cp "$file" "$tmp/kept"
	expect 2 "$@"
	one_line "$errs"
	cmp "$file" "$tmp/kept" || fail "$file was changed by: $*"
	[ "$(stat -c %s "$file")" = "$(stat -c %s "$tmp/kept")" ] || fail "$file has another size: $*"
}

# A file that is not ours is never changed, whatever it is that is told to write there.
test_not_ours() {
	local file
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	mkdir "$tmp/f"
	printf '{"a file":"of one line","that is":"JSON, and of somebody"}' >"$tmp/f/line.json"
	printf '{"type":"run","kernel":"k"}\n{"type":"plan","cut' >"$tmp/f/no-plan"
	printf 'two lines\nof text' >"$tmp/f/text"
	printf '{' >"$tmp/f/brace"
	printf '[1,2]\n' >"$tmp/f/array"
	head -c 3287 /dev/urandom | tr '\n' ' ' >"$tmp/f/binary"
	head -c 100000 /dev/zero >"$tmp/f/zeros"
	for file in "$tmp"/f/*; do
		unchanged "$file" "$fb" run "$tmp/p.ini" --out "$file"
		has "$errs" 'holds something else than a journal'
	done
	vm m x86_64
	unchanged "$tmp/f/text" "$fb" series --tree . --range A..B --machine "$tmp/m.ini" --plan "$tmp/p.ini" --out "$tmp/f/text"
	# Of another plan, and cut: it is refused, so it stays cut.
	sed 's/"runs":[0-9]*/"runs":77/' tests/golden/one.jsonl | head -c 3000 >"$tmp/f/cut.jsonl"
	unchanged "$tmp/f/cut.jsonl" "$fb" run "$tmp/p.ini" --out "$tmp/f/cut.jsonl"
	has "$errs" 'holds another plan'
	unchanged "$tmp/f/text" "$fb" emit-c null --out "$tmp/f/text"
	cp tests/golden/one.jsonl "$tmp/f/one.jsonl"
	unchanged "$tmp/f/one.jsonl" "$fb" emit-c null --out "$tmp/f/one.jsonl"
	for file in x.png x.svg x.gp; do
		case $file in *.gp) ;; *) command -v gnuplot >/dev/null || continue ;; esac
		cp "$tmp/f/text" "$tmp/$file"
		unchanged "$tmp/$file" "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
		: >"$tmp/$file"
		expect 0 "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
		expect 0 "$fb" plot --out "$tmp/$file" tests/golden/fork.jsonl
	done
	expect 0 "$fb" emit-c null --out "$tmp/x.c"
	expect 0 "$fb" emit-c null size=8M --out "$tmp/x.c"
	# A report that was written on, or beside which something has the name of a new file.
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	echo more >>"$tmp/r/report.txt"
	unchanged "$tmp/r/report.txt" "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	has "$errs" 'report.txt: is not as the report left it'
	sed -i '$d' "$tmp/r/report.txt"
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/r"
	echo mine >"$tmp/r/journals/fork.jsonl"
	cp -r "$tmp/r" "$tmp/before"
	expect 1 "$fb" report tests/golden/fork.jsonl tests/golden/one.jsonl --out "$tmp/r"
	one_line "$(echo "$errs" | grep -v 'note:')"
	diff -r "$tmp/before" "$tmp/r" || fail "the report was changed"
}
