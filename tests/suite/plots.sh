# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exports and plots; sourced by tests/run-tests.sh.

# What is exported is what the formats' own rules allow, with what is strange in a journal in it.
test_export_formats() {
	local format journal commas
	sed 's/"kernel":"after"/"kernel":"\\"a\\",\\n-12 x\\u0001"/; s/"variant":"munmap"/"variant":"mun\/map=-12"/
		s/"place":"core"/"place":"cpu 0-3"/' tests/golden/check.jsonl >"$tmp/hostile.jsonl"
	for journal in "$tmp/hostile.jsonl" tests/golden/{check,contend,exact,storms,states}.jsonl; do
		for format in go csv; do
			expect 0 "$fb" export --format $format "$journal"
			printf '%s\n' "$out" | "$build/tests/format-check" $format || fail "$journal as $format"
		done
		expect 0 "$fb" export --format json "$journal"
		has "$out" '^ "cells"'
		printf '%s' "$out" | grep -q 'nan\|inf,' && fail "json with NaN: $journal"
	done
	# Times and counts: rows of one table, units of their own, objects of their own.
	for format in go csv; do
		expect 0 "$fb" export --format $format tests/golden/{fork,exact}.jsonl
		printf '%s\n' "$out" | "$build/tests/format-check" $format || fail "sources as $format"
	done
	[ "$(printf '%s\n' "$out" | grep -c ',timed,')" = 32 ] && [ "$(printf '%s\n' "$out" | grep -c ',exact,')" = 29 ] ||
		fail "rows of sources"
	expect 0 "$fb" export --format json tests/golden/{fork,exact}.jsonl
	[ "$(printf '%s\n' "$out" | grep -c '^   "source": "\(timed\|exact\)"')" = 2 ] || fail "sections of json"
	# Only runs that are ok are numbers, here and everywhere.
	expect 0 "$fb" export --format csv tests/golden/contend.jsonl
	[ "$(printf '%s\n' "$out" | grep -c ',ok,,ns,')" = 15 ] || fail "not 15 ok runs"
	for journal in contend states; do
		[ $journal = contend ] && commas=18 || commas=9
		"$fb" export --format csv tests/golden/$journal.jsonl | grep -E ',(void|skipped|failed),' >"$tmp/bad"
		[ -s "$tmp/bad" ] || fail "$journal: no such run"
		grep -vE ",{$commas}\$" "$tmp/bad" && fail "$journal: a number of no ok run"
	done
	expect 0 "$fb" export --format go tests/golden/contend.jsonl
	[ "$(printf '%s\n' "$out" | grep -c ^Benchmark)" = 15 ] || fail "not 15 units"
	expect 2 "$fb" export --format yaml tests/golden/fork.jsonl
	has "$errs" 'there are csv, go, json'
	expect 2 "$fb" export tests/golden/fork.jsonl
	expect 2 "$fb" export --format csv
	expect 2 "$fb" export --format csv tests/golden/no-run.jsonl
	one_line "$errs"
}

# Calls for other programs: sums are the point's, also where functions call themselves; a file each where several are
# asked for; and what is malformed in a journal is no run.
test_export_calls() {
	local n bad
	expect 0 "$fb" export --format callgrind tests/golden/calls-one.jsonl
	if command -v callgrind_annotate >/dev/null; then
		printf '%s\n' "$out" >"$tmp/callgrind.out.x"
		expect 0 callgrind_annotate --inclusive=yes --threshold=100 "$tmp/callgrind.out.x"
		has "$out" '^163,410 \(100.0%\)  PROGRAM TOTALS'
		has "$out" '^ +700 \( 0.43%\)  .*:walk '
		has "$out" '^ +68 \( 0.04%\)  .*:ping '
		expect 0 callgrind_annotate --threshold=100 "$tmp/callgrind.out.x"
		has "$out" '^163,410 \(100.0%\)  PROGRAM TOTALS'
		has "$out" '^120,000 \(73.43%\)  .*:copy_page_range '
	fi
	# By instruction it comes to the same.
	expect 0 "$fb" export --format callgrind tests/golden/calls-code.jsonl
	has "$out" '^positions: instr line$'
	[ "$(printf '%s\n' "$out" | awk '/^calls=/ { getline; next } /^0x/ { n += $3 } END { print n }')" = 163410 ] || fail "$out"
	if command -v callgrind_annotate >/dev/null; then
		printf '%s\n' "$out" >"$tmp/callgrind.out.y"
		expect 0 callgrind_annotate --threshold=100 --inclusive=yes "$tmp/callgrind.out.y"
		has "$out" '^163,410 \(100.0%\)  PROGRAM TOTALS'
		has "$out" '^ +700 \( 0.43%\)  .*:walk '
	fi
	expect 2 "$fb" export --format callgrind tests/golden/calls.jsonl
	has "$errs" 'a file is of one kernel and point, and there are 2; --out DIR makes one of each'
	for n in 1 2; do # the second time they are replaced
		expect 0 "$fb" export --format callgrind --out "$tmp/p" tests/golden/calls.jsonl
		[ "$(ls "$tmp/p")" = "$(printf 'callgrind.out.%s\n' after-change-fork baseline-fork)" ] || fail "$(ls "$tmp/p")"
	done
	echo mine >"$tmp/p/callgrind.out.baseline-fork"
	expect 2 "$fb" export --format callgrind --out "$tmp/p" tests/golden/calls.jsonl
	[ "$(cat "$tmp/p/callgrind.out.baseline-fork")" = mine ] || fail "another's file is lost"
	expect 2 "$fb" export --format folded --out "$tmp/p" tests/golden/calls.jsonl
	for n in 'export --format folded' 'export --format callgrind' 'plot --kind flame'; do
		expect 2 "$fb" $n tests/golden/exact-alone.jsonl
		one_line "$errs"
		has "$errs" '`run --calls`, on a machine that counts'
	done
	expect 0 "$fb" export --format folded tests/golden/calls.jsonl
	[ "$(printf '%s\n' "$out" | awk '/^baseline/ { n += $NF } END { print n }')" = 163410 ] || fail "folded: $out"
	expect 0 "$fb" export --format speedscope tests/golden/calls.jsonl
	printf '%s' "$out" | python3 -c '
import json, sys
for p in json.load(sys.stdin)["profiles"]:
    assert sum(p["weights"]) == p["endValue"] and len(p["samples"]) == len(p["weights"]), p["name"]' || fail speedscope
	expect 0 "$fb" plot --kind flame --out "$tmp/f.svg" tests/golden/calls.jsonl
	xmllint --noout "$tmp/f.svg" || fail "no XML"
	grep -q '<script'  "$tmp/f.svg" && fail "a script"
	[ "$(grep -c '<g><rect' "$tmp/f.svg")" = 10 ] || fail "$(grep -c '<g><rect' "$tmp/f.svg") frames"
	grep -q 'after-change: 15,000 instructions, 15,000 in itself, 2000 calls' "$tmp/f.svg" || fail "vm_normal_page"
	expect 2 "$fb" plot --kind flame --out "$tmp/f.png" tests/golden/calls.jsonl
	one_line "$errs"
	expect 0 "$fb" report --out "$tmp/r" tests/golden/calls.jsonl
	grep -q 'fill="url(#p[0-9]*-f7)"' "$tmp/r/index.html" || fail "no flame graph in the report"
	xmllint --noout "$tmp/r/index.html" || fail "the report is no XML"
	# The second run, of line 3.
	for bad in 's/\[1,2,300,2\]/[7,2,300,2]/:parent' 's/\[1,2,300,2\]/[1,2,301,2]/:do not sum up' \
		's/\[1,2,300,2\]/[1,99,300,2]/:has no name' 's/\[1,2,300,2\]/[1,2,-300,2]/:four numbers' \
		's/"interrupts":\[\[-1,0,10,1\],\[0,8,30,1\]\]/"interrupts":7/:tree is missing'; do
		sed "3${bad%:*}" tests/golden/calls.jsonl >"$tmp/bad.jsonl"
		expect 0 "$fb" export --format folded "$tmp/bad.jsonl"
		has "$errs" "bad.jsonl: 1 line is left out, not a record; the first is line 3 \(.*${bad##*:}"
	done
	for bad in 's/\[0,0,5,"44"\]/[0,0,5,"4"]/:code does not sum up' 's/\[0,0,5,"44"\]/[0,0,5,"4g"]/:three numbers and lengths' \
		's/\[0,0,5,"44"\]/[99,0,5,"44"]/:of no function' 's/\[0,0,5,"44"\]/[0,-1,5,"44"]/:none can have' \
		's/"base":"[^"]*"/"base":"x"/:no base'; do
		sed "3${bad%:*}" tests/golden/calls-code.jsonl >"$tmp/bad.jsonl"
		expect 0 "$fb" export --format folded "$tmp/bad.jsonl"
		has "$errs" "bad.jsonl: 1 line is left out, not a record; the first is line 3 \(.*${bad##*:}"
	done
}

# Pictures are what their names say; a text plot fits a mail; kinds are chosen by what varies.
test_plot() {
	local journal kind label
	command -v gnuplot >/dev/null || exit 77
	for journal in tests/golden/{fork,pft,sizes,contend,check,storms,series,exact,one}.jsonl; do
		expect 0 "$fb" plot "$journal"
		printf '%s' "$out" | LC_ALL=C.UTF-8 grep -nE $'.{79}|\f| $' && fail "$journal: no text for a mail"
		expect 0 "$fb" plot --out "$tmp/x.png" "$journal"
		[ -z "$out" ] || fail "$journal: it prints"
		[ "$(head -c 4 "$tmp/x.png" | tail -c 3)" = PNG ] || fail "$journal: no PNG"
		expect 0 "$fb" plot --out "$tmp/x.svg" "$journal"
		grep -q '</svg>' "$tmp/x.svg" || fail "$journal: no SVG"
	done
	expect 0 "$fb" plot tests/golden/pft.jsonl
	has "$out" '^faults/s, millions$'
	has "$out" '^  B vma-lock-inline$'
	expect 0 "$fb" plot tests/golden/sizes.jsonl
	has "$out" 'folio order'
	expect 0 "$fb" plot tests/golden/contend.jsonl
	has "$out" '^latency of one operation, us .log.$'
	has "$errs" '9 of 24 runs are not ok'
	expect 0 "$fb" plot tests/golden/storms.jsonl
	has "$out" '^zap/pte-dontneed: .*, emulated$'
	expect 0 "$fb" plot --kind runs tests/golden/fork.jsonl
	has "$out" 'order-9'
	sed 's/"kernel":"after-change"/"kernel":"after-a-change-that-has-a-name-longer-than-a-line-of-a-mail-is-wide"/' \
		tests/golden/fork.jsonl >"$tmp/long.jsonl"
	expect 0 "$fb" plot --kind runs "$tmp/long.jsonl"
	has "$out" '^  2 after-a-change-that-has-a-name'
	# gnuplot leaves out a legend with a label that is too long, so labels are cut in their middle.
	while read -r label; do
		sed "s/\"kernel\":\"after-change\"/\"kernel\":\"${label% *}\"/
			s/\"kernel\":\"baseline\"/\"kernel\":\"$(printf '%090d' 0)\"/" tests/golden/fork.jsonl >"$tmp/long.jsonl"
		expect 0 "$fb" plot --kind order --out "$tmp/x.svg" "$tmp/long.jsonl"
		grep -q '>0\{24\}\.\.0\{24\}<' "$tmp/x.svg" && grep -qF ">${label#* }<" "$tmp/x.svg" ||
			fail "not both labels in the legend: $label"
	done <<-EOF
	first-$(printf '%084d first-%018d..%024d' 0 0 0)
	$(printf '%085d-last %024d..%019d-last' 0 0 0)
	$(printf 'ä%.0s' {1..90}) $(printf 'ä%.0s' {1..24})..$(printf 'ä%.0s' {1..24})
	EOF
	# Who stopped where the intervals were narrow gets wider ones.
	sed '1s/"type":"plan"/&,"until":0.01/' tests/golden/pft.jsonl >"$tmp/until.jsonl"
	# Of blocks the intervals are check's, which a drift does not widen.
	simulated drift.jsonl points=1 boots=8 boot=0.004 drift=0.03 effect=0.03 seed=3
	expect 0 "$fb" plot --kind series --out "$tmp/x.gp" "$tmp/drift.jsonl"
	expect 1 "$fb" check "$tmp/drift.jsonl"
	has "$out" "$(awk '/^.i0_0/ {getline; printf "[+]%.2f%%  [+]%.2f .. [+]%.2f ", $2, $3, $4}' "$tmp/x.gp")"
	for kind in threads series; do
		expect 0 "$fb" plot --kind $kind --out "$tmp/x.svg" tests/golden/pft.jsonl
		expect 0 "$fb" plot --kind $kind --out "$tmp/until.svg" "$tmp/until.jsonl"
		! cmp -s "$tmp/x.svg" "$tmp/until.svg" || fail "$kind: the same intervals with --until"
	done
	expect 2 "$fb" plot --kind threads tests/golden/fork.jsonl
	has "$errs" 'nothing in there to draw'
	one_line "$errs"
	expect 2 "$fb" plot --kind pie tests/golden/fork.jsonl
	expect 2 "$fb" plot --out x.jpg tests/golden/fork.jsonl
	expect 2 "$fb" plot
	expect 2 "$fb" plot tests/golden/no-run.jsonl
	sed 's/"samples":\[[0-9,]*\]/"samples":[0,0]/' tests/golden/pft.jsonl >"$tmp/zero.jsonl"
	expect 2 "$fb" plot "$tmp/zero.jsonl"
	has "$errs" 'nothing in there to draw'
	expect 2 "$fb" plot --out "$tmp/nowhere/x.png" tests/golden/fork.jsonl
	one_line "$errs"
}

# Without gnuplot, or if it fails, there is one line and no picture.
test_plot_no_gnuplot() {
	expect 77 env PATH=/nonexistent "$fb" plot --out "$tmp/x.png" tests/golden/fork.jsonl
	has "$errs" 'gnuplot is not installed'
	one_line "$errs"
	mkdir "$tmp/bin"
	printf '#!/bin/sh\necho drawn\necho "no such\nterminal" >&2\nexit 1\n' >"$tmp/bin/gnuplot"
	chmod +x "$tmp/bin/gnuplot"
	expect 1 env PATH="$tmp/bin:$PATH" "$fb" plot --out "$tmp/x.png" tests/golden/fork.jsonl
	has "$errs" 'gnuplot failed: no such terminal'
	one_line "$errs"
	[ ! -e "$tmp/x.png" ] || fail "a picture all the same"
	expect 0 env PATH=/nonexistent "$fb" plot --out "$tmp/x.gp" tests/golden/fork.jsonl
}

# Labels come from journals of others: nothing in them is a command, and all of them is shown.
test_plot_hostile() {
	local label kind out_file shown
	command -v gnuplot >/dev/null || exit 77
	printf 'system "touch %s/config"\n' "$tmp" >"$tmp/.gnuplot"
	cd "$tmp" || exit 1
	for label in "it's" "';system('touch x');'" '`touch x`' '\";system(\"touch x\");\"' '%d %s %n %%' 'a\\' \
		'\nEND\nsystem(\"touch x\")\n' '@x ^{2} _a {/Bold b}' 'äöü' '<b>&amp;' '$p0_0' ']]>' 'a#1&2#3;' \
		'\u0001\u001b[31m'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' "$top/tests/golden/fork.jsonl" >h.jsonl
		for kind in order runs series; do
			for out_file in - x.png x.svg; do
				expect 0 env HOME="$tmp" "$fb" plot --kind $kind --out $out_file h.jsonl
				[ -z "$errs" ] || fail "$label: $errs"
				[ $out_file != x.svg ] || ! command -v xmllint >/dev/null || xmllint --noout x.svg || exit 1
				[ "$out_file$kind" != -runs ] || shown=$out
			done
		done
		[ ! -e x ] && [ ! -e config ] || fail "$label: it was a command"
		case $label in
		*\\*) ;;
		*) printf '%s' "$shown" | grep -qF -- "$label" || fail "$label: not shown: $shown" ;;
		esac
	done
}
