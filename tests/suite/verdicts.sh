# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Verdicts; sourced by tests/run-tests.sh.

simulated() { # simulated NAME WORDS...: a journal with known truth
	local name=$1
	shift
	"$build/tests/simulate-journal" "$@" >"$tmp/$name" || fail "simulate-journal $*"
}

# Through journals and the program: what is true is found, with the exit status that says so.
test_check_truth() {
	local n
	simulated same.jsonl points=5 boots=8 boot=0.004 seed=1
	expect 0 "$fb" check "$tmp/same.jsonl"
	has "$out" '^5 verdicts: 5 ok$'
	simulated worse.jsonl points=5 affected=1 effect=0.05 boots=8 boot=0.004 seed=2
	expect 1 "$fb" check "$tmp/worse.jsonl"
	has "$out" '^5 verdicts: 4 ok, 1 regression$'
	has "$out" '^ *1M .* regression$'
	# From the other side it is better, and a threshold that is not reached makes it nothing.
	expect 0 "$fb" check --base after "$tmp/worse.jsonl"
	has "$out" '^5 verdicts: 4 ok, 1 improvement$'
	expect 0 "$fb" check --threshold 8% "$tmp/worse.jsonl"
	simulated few.jsonl boots=3 effect=0.3
	expect 3 "$fb" check "$tmp/few.jsonl"
	has "$out" '3 boots a side; a verdict takes 4 at least'
	# One boot each: runs are the units, which is said. Kernels in two journals, one after the other.
	simulated a.jsonl boots=1 runs=8 boot=0 kernel=0
	simulated b.jsonl boots=1 runs=8 boot=0 kernel=1 effect=0.06
	expect 1 "$fb" check "$tmp/a.jsonl" "$tmp/b.jsonl"
	has "$out" 'one boot: what another boot or build'
	simulated a.jsonl boots=6 boot=0.004 kernel=0
	sed 's/"started":17/"started":18/' "$tmp/worse.jsonl" | grep -v '"kernel":"base"' >"$tmp/later.jsonl"
	grep -v '"kernel":"after"' "$tmp/worse.jsonl" >"$tmp/earlier.jsonl"
	expect 1 "$fb" check "$tmp/earlier.jsonl" "$tmp/later.jsonl"
	has "$out" 'boots were not in turn'
	has "$out" "by Welch's t"
	# One boot of the first session's kernel after the second session makes no blocks of them.
	{
		cat "$tmp/earlier.jsonl"
		grep -m1 '"type":"run"' "$tmp/earlier.jsonl" | sed 's/"boot":[0-9]*/"boot":99/; s/"started":17/"started":19/'
	} >"$tmp/stray.jsonl"
	expect 1 "$fb" check "$tmp/stray.jsonl" "$tmp/later.jsonl"
	has "$out" 'boots were not in turn'
	printf '%s' "$out" | grep 'paired t' && fail 'blocks of boots that were a year apart'
	# The threshold of the plan, and the layout band.
	sed '1s/"seed"/"threshold":0.08,"seed"/' "$tmp/worse.jsonl" >"$tmp/plan.jsonl"
	expect 0 "$fb" check "$tmp/plan.jsonl"
	expect 1 "$fb" check --threshold 2% "$tmp/plan.jsonl"
	for n in -1 '"2%"'; do
		sed "1s/\"seed\"/\"threshold\":$n,\"seed\"/" "$tmp/worse.jsonl" >"$tmp/wrong.jsonl"
		expect 2 "$fb" check "$tmp/wrong.jsonl"
		has "$errs" 'wrong.jsonl:1: threshold: must be a fraction'
	done
	# What cannot be written is no regression.
	for n in check power "export --format csv" compare "plot --kind runs" show "check --format json" -h; do
		"$fb" $n "$tmp/same.jsonl" >/dev/full 2>"$tmp/errors"
		[ $? = 2 ] || fail "$n: another status than 2"
		has "$(cat "$tmp/errors")" 'standard output cannot be written: No space left'
		one_line "$(cat "$tmp/errors")"
	done
	cp "$tmp/worse.jsonl" "$tmp/band.jsonl"
	echo '{"type":"band","point":{"bench":"fork","variant":"fork","size":1048576,"order":0,"place":"core"},"low":-0.02,"high":0.1}' \
		>>"$tmp/band.jsonl"
	expect 0 "$fb" check "$tmp/band.jsonl"
	has "$out" '1M .* ok$'
	has "$out" 'it moves by -2 .. .10 % anyway, so it is ok; by'
	sed '$s/0.1}/1e300}/' "$tmp/band.jsonl" >"$tmp/absurd.jsonl"
	expect 2 "$fb" check "$tmp/absurd.jsonl"
	one_line "$errs"
	# Emulated runs among timed ones: no verdict, and said once.
	awk '/"type":"run"/ && ++n % 3 == 0 {sub(/"source":"timed"/, "\"source\":\"emulated\"")} {print}' \
		"$tmp/worse.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" 'timed and emulated runs are mixed in one mean'
	n=$("$fb" compare "$tmp/mixed.jsonl" | grep -c 'are mixed in one mean')
	[ "$n" -le 10 ] || fail "said $n times of 5 points of 2 kernels"
}

# Contended points: rates, where more is better, and latencies, of each role.
test_check_contended() {
	local boot
	# Each run of the golden journal as a boot.
	grep -v '"type":"run"' tests/golden/contend.jsonl >"$tmp/j.jsonl"
	for boot in 0 1 2 3; do
		grep "\"boot\":0,\"run\":$((boot % 3))," tests/golden/contend.jsonl |
			sed "s/\"boot\":0,\"run\":[0-9]/\"boot\":$boot,\"run\":0/" >>"$tmp/j.jsonl"
	done
	expect 1 "$fb" check "$tmp/j.jsonl"
	has "$out" 'faulters 4:1 +rate .* improvement'
	has "$out" 'writers 4:1 +rate .* regression'
	has "$out" 'faulters 4:1 +median .* improvement'
	has "$out" 'writers 4:1 +p99 .* regression'
	has "$out" 'mprotect .* inconclusive'
	# From the other side: what was gained is lost.
	expect 1 "$fb" check --base vma-lock "$tmp/j.jsonl"
	has "$out" 'faulters 4:1 +rate .* regression'
	has "$out" 'writers 4:1 +rate .* improvement'
}

# Far more samples than memory would hold as JSON: runs are summed up one after the other.
test_check_huge() {
	simulated j.jsonl points=20 boots=8 runs=8 iterations=1000
	(
		ulimit -v 200000
		exec "$fb" check --format json "$tmp/j.jsonl"
	) >"$tmp/out" || [ $? = 3 ] || fail "2.6 million samples do not fit into 200 MB"
	[ "$(grep -c '"verdict"' "$tmp/out")" = 20 ] || fail "not 20 verdicts"
	simulated one.jsonl points=1 boots=4 runs=1 iterations=100000
	"$fb" check "$tmp/one.jsonl" >/dev/null
	[ $? != 2 ] || fail "a run of 100,000 iterations"
}

# What a design would find, from one kernel as two or from two kernels.
test_power() {
	simulated j.jsonl points=3 boots=8
	sed "s/\"after\"/\"base'\"/g" "$tmp/j.jsonl" >"$tmp/aa.jsonl"
	expect 0 "$fb" power "$tmp/aa.jsonl"
	has "$out" '^8 boots a side\.$'
	has "$out" '^False alarms: [0-9.]+ % with other labels'
	has "$out" 'differs from itself at [0-3] of 3'
	expect 0 "$fb" power --effect 5% "$tmp/j.jsonl"
	has "$out" 'for 5%'
	has "$out" 'run --aa'
	expect 2 "$fb" power --effect 0% "$tmp/j.jsonl"
	expect 2 "$fb" power tests/golden/exact.jsonl
	one_line "$errs"
	grep -v "\"kernel\":\"base'\"" "$tmp/aa.jsonl" | sed "1s/,\"base'\"//" >"$tmp/alone.jsonl"
	expect 2 "$fb" power "$tmp/alone.jsonl"
	one_line "$errs"
	simulated lone.jsonl boots=1 runs=1
	expect 3 "$fb" power "$tmp/lone.jsonl"
	# Another number of boots a side; fewer than a verdict takes; latencies that nothing makes finer.
	sed '/"boot":7/d; s/"started":17/"started":19/; /"base"/d' "$tmp/j.jsonl" >"$tmp/later.jsonl"
	grep '"base"' "$tmp/j.jsonl" >"$tmp/base.jsonl"
	expect 0 "$fb" power "$tmp/base.jsonl" "$tmp/later.jsonl"
	has "$out" '^7-8 boots a side\.$'
	expect 0 "$fb" power tests/golden/contend.jsonl
	has "$out" 'faulters.median +0.00% +14.34% +14.34% +never$'
	has "$out" 'Below 4 a side check'
	! printf '%s' "$out" | grep nan || fail 'no number'
}

# Earlier releases: what a point moves anyway is no regression; beyond it is.
test_check_against() {
	local i mean
	simulated now.jsonl boots=8 boot=0.004 effect=0.06 seed=5
	expect 1 "$fb" check "$tmp/now.jsonl"
	mkdir "$tmp/quiet" "$tmp/restless"
	for i in 1 2 3 4 5 6; do
		mean=$((10000000 + i % 2 * 400000))
		simulated r.jsonl boots=4 boot=0.002 seed=$i mean=$mean kernel=0
		sed "s/\"base\"/\"r$i\"/; s/\"started\":17/\"started\":1$i/" "$tmp/r.jsonl" >"$tmp/restless/r$i.jsonl"
		simulated r.jsonl boots=4 boot=0.002 seed=$i mean=10000000 kernel=0
		sed "s/\"base\"/\"r$i\"/; s/\"started\":17/\"started\":1$i/" "$tmp/r.jsonl" >"$tmp/quiet/r$i.jsonl"
	done
	expect 0 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'it moves by .* anyway, so it is ok'
	expect 1 "$fb" check --against "$tmp/quiet" "$tmp/now.jsonl"
	# Too few releases, other machines, and what is no history.
	rm "$tmp"/restless/r[456].jsonl
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 of 1 points'
	sed -i '1a {"type":"machine","kernel":"r1","boot":0,"facts":{"cpu.model":"M2"}}' "$tmp/restless/r1.jsonl"
	sed -i '1a {"type":"machine","kernel":"base","boot":0,"facts":{"cpu.model":"Ampere"}}' "$tmp/now.jsonl"
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 release measured on another'
	# What is checked is no history, which CI formats say as well, beside their lines.
	cp "$tmp/now.jsonl" "$tmp/restless/now.jsonl"
	expect 1 "$fb" check --format ktap --against "$tmp/restless" "$tmp/now.jsonl"
	has "$errs" 'history: 2 kernels left out, with the label of one that is checked here'
	rm "$tmp/restless/now.jsonl"
	expect 2 "$fb" check --against "$tmp/nowhere" "$tmp/now.jsonl"
	one_line "$errs"
	mkdir "$tmp/empty"
	expect 2 "$fb" check --against "$tmp/empty" "$tmp/now.jsonl"
	has "$errs" 'no journals'
	echo garbage >"$tmp/empty/x.jsonl"
	expect 2 "$fb" check --against "$tmp/empty" "$tmp/now.jsonl"
	one_line "$errs"
}

# Every format is what its own rules allow, with what is strange in a journal in it.
test_check_formats() {
	local format journal
	sed 's/"kernel":"after"/"kernel":"<a\&b> # \\"c\\"\\n\\u0001"/; 1s/"after"/"<a\&b> # \\"c\\"\\n\\u0001"/' \
		tests/golden/check.jsonl >"$tmp/hostile.jsonl"
	for format in ktap junit lava kcidb; do
		for journal in "$tmp/hostile.jsonl" tests/golden/{check,contend,exact,storms}.jsonl; do
			"$fb" check --format $format "$journal" >"$tmp/report"
			[ $? -le 3 ] && [ $? != 2 ] || fail "$journal as $format"
			"$build/tests/format-check" $format <"$tmp/report" || fail "$journal as $format"
		done
		# A report that is cut is none.
		head -c -9 "$tmp/report" >"$tmp/cut"
		"$build/tests/format-check" $format <"$tmp/cut" >/dev/null && fail "$format: cut, and it passes"
	done
	"$fb" check --format json tests/golden/check.jsonl | grep -qi 'nan\|inf[^o]' && fail "json with NaN"
	[ "$("$fb" check tests/golden/boots-{a,a,b}.jsonl | grep -c '^Warning')" = 1 ] || fail "not one warning"
	expect 2 "$fb" check --format yaml tests/golden/check.jsonl
	expect 2 "$fb" check --threshold 2 tests/golden/check.jsonl
	expect 2 "$fb" check --origin 'A b' tests/golden/check.jsonl
}

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
		'\nEND\nsystem(\"touch x\")\n' '@x ^{2} _a {/Bold b}' 'äöü' '<b>&amp;' '$p0_0' '\u0001\u001b[31m'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' "$top/tests/golden/fork.jsonl" >h.jsonl
		for kind in order runs series; do
			for out_file in - x.png x.svg; do
				expect 0 env HOME="$tmp" "$fb" plot --kind $kind --out $out_file h.jsonl
				[ -z "$errs" ] || fail "$label: $errs"
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

# A page that needs nothing else: well-formed, no script, nothing from elsewhere; names in it are there
# once, and where a link leads to there is something.
page_is_alone() { # page_is_alone FOLDER
	local page=$1/index.html link
	xmllint --noout --nonet "$page" || fail "$page: not well-formed"
	grep -niE 'https?:|//|src=|url\(|@import|<script|<link|<object|<iframe|<image|javascript:|xlink' "$page" &&
		fail "$page: something from elsewhere"
	values() { xmllint --nonet --xpath "//@$1" "$page" | sed "s/^ $1=.\(.*\).\$/\1/"; } # values ATTRIBUTE
	values id | sort | uniq -d | grep . && fail "$page: a name twice"
	for link in $(values href | sort -u); do
		case $link in
		\#*) values id | grep -qFx "${link#?}" || fail "$page: no $link" ;;
		*) [ -f "$1/$link" ] || fail "$page: no file $link" ;;
		esac
	done
	LC_ALL=C grep -nP '[\x00-\x08\x0b-\x1f\x7f]' "$page" "$1/report.txt" && fail "control characters"
	return 0
}

report_is_whole() { # report_is_whole FOLDER: all of its files, and no others, have the sums it says
	(cd "$1" && sha256sum -c --quiet SHA256SUMS) || fail "$1: not the files of its list"
	[ "$(cd "$1" && find . -type f | sed 's/^..//' | sort)" = \
		"$(sed '/^#/d; s/^[0-9a-f]*  //; $a SHA256SUMS' "$1/SHA256SUMS" | sort)" ] ||
		fail "$1: other files: $(find "$1")"
}

# The tables are those of compare and check, of the journals that are attached.
test_report() {
	local set journals word r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for set in fork 'boots-a boots-b' contend exact series series-times one states check storms pft path; do
		journals=
		for word in $set; do journals="$journals tests/golden/$word.jsonl"; done
		expect 0 "$fb" report --out "$r" $journals
		[ -z "$errs" ] || fail "$set: $errs"
		report_is_whole "$r"
		page_is_alone "$r"
		for word in $set; do cmp "tests/golden/$word.jsonl" "$r/journals/$word.jsonl" || exit 1; done
		grep -qF "$tmp" "$r/report.txt" "$r/index.html" && fail "$set: a folder's name"
		[ "$(grep -c '<figure>' "$r/index.html")" = "$(ls "$r"/plot-*.svg | wc -l)" ] || fail "$set: pictures"
		xmllint --noout --nonet "$r"/plot-*.svg || exit 1
		# What it says makes the same again does; all that compare says is in there.
		sed -n '/^To redo/,$s/^    faultbench //p' "$r/report.txt" >"$tmp/commands"
		grep -q 'report --out NEW' "$tmp/commands" || fail "$set: $(cat "$tmp/commands")"
		(cd "$r" && sed 's/NEW/..\/new/' "$tmp/commands" |
			while read -r word; do eval "$fb $word" </dev/null; done) >"$tmp/again"
		sed '/^\.\.\/new/d' "$tmp/again" | sort -u >"$tmp/lines"
		sort -u "$r/report.txt" | comm -23 "$tmp/lines" - | grep . && fail "$set: not in the report"
		diff -r "$r" "$tmp/new" || fail "$set: not the same again"
		rm -r "$tmp/new"
	done
	expect 0 "$fb" report tests/golden/exact.jsonl --functions=2 --base same --title 'a "title"' --out "$r"
	has "$(cat "$r/report.txt")" "^    faultbench compare --base same --title 'a \"title\"' --functions=2 \\\\\$"
	has "$(cat "$r/report.txt")" '^copy_page_range .* 5,330,176 '
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of counts"
	expect 0 "$fb" report tests/golden/fork.jsonl --threshold 50% --out "$r"
	has "$(cat "$r/report.txt")" 'the whole interval is beyond 50 %'
	has "$(cat "$r/report.txt")" '    faultbench check --threshold 50% journals/fork.jsonl'
	expect 0 "$fb" report tests/golden/one.jsonl --out "$r"
	grep -qE '^(Verdicts|Tables)' "$r/report.txt" && fail "one kernel compared"
	has "$(cat "$r/report.txt")" '^Absolute numbers$'
	# Emulated times get no verdict.
	sed 's/"source":"timed"/"source":"emulated"/' tests/golden/fork.jsonl >"$tmp/emulated.jsonl"
	expect 0 "$fb" report "$tmp/emulated.jsonl" --out "$r"
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of emulated times"
	return 0
}

# Commands and plans stand there as they can be read by a shell; paths as they can be read by others.
test_report_origin() {
	local label="it's a <b> & \"c\"" r=$tmp/r
	command -v xmllint >/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --label "$label" --out "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$r"
	grep -qF "$tmp" "$r/report.txt" "$r/journals/j.jsonl" && fail "a folder's name"
	sed -n '/^How it was/,/^  plan/{s/^    faultbench //p;s/^        //p}' "$r/report.txt" >"$tmp/words"
	eval "set -- $(cat "$tmp/words")"
	[ "$4" = "$label" ] || fail "not the words: $(cat "$tmp/words")"
	has "$(cat "$r/report.txt")" '^  plan p: 1 point x 1 run x 1 boot, seed '
	has "$(cat "$r/report.txt")" '^    null/write.*: 1 iterations, warm-up'
	has "$(cat "$r/report.txt")" '^release +[0-9]'
	has "$(cat "$r/index.html")" 'it.s a &lt;b&gt; &amp; &quot;c&quot;'
	page_is_alone "$r"
	expect 0 "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^  command line: not recorded$'
}

# Labels are data, and so are names of files.
test_report_hostile() {
	local label r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for label in '<script>alert(1)</script>' '</pre></svg>]]>-->' '\"quoted\" id=\"x\" href=\"#y\"' "it's" '&lt;&#0;' \
		'\u0001\u001b[31m\u009b31m\u007f' '\uffff\ufffe' 'äöü' 'a\\b' '$(touch x)`touch x`'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' tests/golden/fork.jsonl >"$tmp/h.jsonl"
		expect 0 "$fb" report "$tmp/h.jsonl" --out "$r"
		[ -z "$errs" ] || fail "$label: $errs"
		page_is_alone "$r"
		report_is_whole "$r"
		LC_ALL=C.UTF-8 grep -nP '[\x{80}-\x{9f}\x{fffe}\x{ffff}]' "$r/report.txt" && fail "$label: as it is"
		case $label in
		*\\*) ;;
		*) grep -qF -- "$label" "$r/report.txt" || fail "$label: not shown" ;;
		esac
	done
	[ "$(xmllint --xpath 'count(//*[name()="script"])' --nonet "$r/index.html")" = 0 ] || fail "a script"
	mkdir "$tmp/d" "$tmp/e"
	cp tests/golden/boots-a.jsonl "$tmp/d/-a b<>\"\$(x).jsonl"
	cp tests/golden/boots-b.jsonl "$tmp/e/-a b<>\"\$(x).jsonl"
	cp tests/golden/fork.jsonl "$tmp/e/..jsonl"
	expect 0 "$fb" report --out "$r" "$tmp"/[de]/-a* "$tmp/e/..jsonl"
	[ "$(echo $(ls "$r/journals"))" = "1-a_b_____x_.jsonl 2-a_b_____x_.jsonl 3-jsonl.jsonl" ] || fail "$(ls "$r/journals")"
	cmp "$tmp/e/-a b<>\"\$(x).jsonl" "$r/journals/2-a_b_____x_.jsonl" || exit 1
	report_is_whole "$r"
}

# Only a report is replaced, as a whole or not at all.
test_report_folder() {
	local before r=$tmp/r fork=tests/golden/fork.jsonl
	command -v gnuplot >/dev/null || exit 77
	mkdir "$tmp/other"
	echo mine >"$tmp/other/report.txt"
	expect 2 "$fb" report $fork --out "$tmp/other"
	has "$errs" 'holds other files than a report; give a new or an empty folder'
	one_line "$errs"
	[ "$(ls -A "$tmp/other")$(cat "$tmp/other/report.txt")" = report.txtmine ] || fail "it was touched"
	expect 2 "$fb" report $fork --out "$tmp/other/report.txt"
	has "$errs" 'is no folder'
	expect 2 "$fb" report $fork --out /proc/nowhere
	one_line "$errs"
	expect 2 "$fb" report "$tmp/none.jsonl" --out "$r"
	[ ! -e "$r" ] || fail "a folder made in vain"
	# What the earlier report had and this one has not goes, and nothing else, whatever a list says.
	expect 0 "$fb" report tests/golden/contend.jsonl tests/golden/boots-a.jsonl --out "$r"
	[ -e "$r/plot-2-latency.png" ] || fail "not two pictures: $(ls "$r")"
	echo mine | tee "$r/notes" >"$tmp/victim"
	printf '%s\n' "0  ../victim" "0  journals/../../victim" "0  notes" >>"$r/SHA256SUMS"
	mkdir "$r/.faultbench-report-killed"
	expect 0 "$fb" report $fork --out "$r"
	[ "$(cat "$r/notes" "$tmp/victim")" = "mine
mine" ] || fail "a file of others is gone"
	rm "$r/notes"
	[ "$(echo $(ls -A "$r" "$r/journals" | grep .))" = \
		"$r: SHA256SUMS index.html journals plot-1-order.png plot-1-order.svg report.txt $r/journals: fork.jsonl" ] ||
		fail "$(ls -A "$r" "$r/journals")"
	report_is_whole "$r"
	# From its own journals, into itself.
	expect 0 "$fb" report "$r"/journals/*.jsonl --out "$r"
	report_is_whole "$r"
	# A journal that is being written is none to be attached.
	cp $fork "$tmp/j.jsonl"
	expect 2 flock "$tmp/j.jsonl" "$fb" report "$tmp/j.jsonl" --out "$r"
	has "$errs" 'a faultbench is writing to it'
	report_is_whole "$r"
	# Where nothing can be written.
	before=$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)
	if is_root; then
		chown -R nobody "$r" && chmod 755 "$tmp" && chmod 555 "$r"
		expect 2 setpriv --reuid=nobody --clear-groups "$fb" report $fork --out "$r"
	else
		chmod 555 "$r"
		expect 2 "$fb" report $fork --out "$r"
	fi
	has "$errs" 'cannot be written to: Permission denied'
	one_line "$errs"
	chmod 755 "$r"
	[ "$before" = "$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)" ] || fail "another report"
}

# A signal while gnuplot draws, or while the sums are made: nothing is left, the report before stays.
test_report_interrupted() {
	local sig slow i number status
	command -v gnuplot >/dev/null || exit 77
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/old"
	cp -r "$tmp/old" "$tmp/before"
	for slow in gnuplot sha256sum; do
		mkdir "$tmp/$slow"
		printf '#!/bin/sh\n: >"%s/begun"\nexec sleep 62\n' "$tmp" >"$tmp/$slow/$slow"
		chmod +x "$tmp/$slow/$slow"
		for sig in INT TERM HUP; do
			for i in old new; do
				rm -f "$tmp/begun"
				PATH=$tmp/$slow:$PATH env --default-signal "$fb" report tests/golden/fork.jsonl \
					--out "$tmp/$i" >"$tmp/said" 2>&1 &
				number=$!
				until [ -e "$tmp/begun" ] || ! kill -0 $number; do sleep 0.1; done
				kill -$sig $number
				wait $number
				status=$?
				[ $status = $((128 + $(kill -l $sig))) ] || fail "$slow, $sig: status $status: $(cat "$tmp/said")"
				[ ! -s "$tmp/said" ] || fail "$slow, $sig: $(cat "$tmp/said")"
			done
			diff -r "$tmp/before" "$tmp/old" || fail "$slow, $sig: the report before"
			[ ! -e "$tmp/new" ] || fail "$slow, $sig: left $(ls -A "$tmp/new")"
			! pgrep -u "$(id -u)" -fx 'sleep 62' >/dev/null || fail "$slow, $sig: it goes on"
		done
	done
}

# No room: what was there stays as it was, and what was not does not come.
test_report_full_disk() {
	local dir=$tmp/full size before fork=tests/golden/fork.jsonl
	is_root && command -v gnuplot >/dev/null || exit 77
	mkdir "$dir"
	trap 'umount "$tmp/full" 2>/dev/null' EXIT
	for size in 16 48 64 80; do
		mount -t tmpfs -o size=${size}k none "$dir" 2>/dev/null || exit 77
		expect 1 "$fb" report $fork --out "$dir/new"
		[ -z "$(ls -A "$dir")" ] || fail "left: $(ls -AR "$dir")"
		umount "$dir"
		one_line "$errs"
		has "$errs" 'No space left'
	done
	mount -t tmpfs -o size=200k none "$dir" || exit 77
	expect 0 "$fb" report $fork --out "$dir/r"
	head -c 60000 /dev/zero >"$dir/filler"
	before=$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)
	expect 1 "$fb" report tests/golden/check.jsonl --out "$dir/r"
	[ "$before" = "$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)" ] || before=
	umount "$dir"
	[ -n "$before" ] || fail "the report that was there is another"
}

# Without gnuplot, or with one that fails, everything but the pictures is there.
test_report_no_gnuplot() {
	local r=$tmp/r
	mkdir "$tmp/bin"
	ln -s "$(command -v sha256sum)" "$tmp/bin/sha256sum"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$errs" 'gnuplot is not installed'
	has "$(cat "$r/report.txt" "$r/index.html" | tr '\n' ' ')" 'Not drawn: gnuplot is not installed.*Not drawn: gnuplot is'
	report_is_whole "$r"
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/gnuplot"
	chmod +x "$tmp/bin/gnuplot"
	ln -s /bin/sh "$tmp/bin/sh"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^Not drawn: gnuplot failed'
	rm "$tmp/bin/sha256sum"
	expect 1 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$tmp/new"
	has "$errs" 'sha256sum does not work on its files: not installed'
	[ ! -e "$tmp/new" ] || fail "a report all the same"
}

# A browser draws the page, without network, and has nothing to complain of.
test_report_browser() {
	local look r=$tmp/r
	command -v chromium >/dev/null && command -v gnuplot >/dev/null && is_root || exit 77
	expect 0 "$fb" report tests/golden/{contend,boots-a,boots-b}.jsonl --out "$r"
	for look in --window-size=1200,2000 '--window-size=500,2000 --force-dark-mode'; do
		timeout 100 unshare -n chromium --headless --no-sandbox --disable-gpu --user-data-dir="$tmp/profile" \
			--enable-logging=stderr --screenshot="$tmp/x.png" $look "file://$r/index.html" >"$tmp/log" 2>&1 ||
			fail "$(tail -3 "$tmp/log")"
		grep -E 'CONSOLE|Content Security Policy' "$tmp/log" && fail "it complains"
		[ "$(head -c 4 "$tmp/x.png" | tail -c 3)" = PNG ] && [ "$(wc -c <"$tmp/x.png")" -gt 50000 ] ||
			fail "nothing was drawn"
	done
}

# Journals that are not what they should be: one line, or a verdict that says so; never a wrong table.
test_check_broken() {
	local good=$tmp/good.jsonl last
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		expect 2 "$fb" check "$@"
		one_line "$errs"
		has "$errs" "$pattern"
		[ -z "$out" ] || fail "a table all the same: $out"
	}
	simulated good.jsonl points=2 boots=4 effect=0.1 boot=0.002
	expect 1 "$fb" check "$good"
	: >"$tmp/empty.jsonl"
	bad 'no run in it' "$tmp/empty.jsonl"
	bad 'empty.jsonl: no run in it' "$good" "$tmp/empty.jsonl"
	sed '1s/"schema":1/"schema":7/' "$good" >"$tmp/schema.jsonl"
	bad 'schema.jsonl:1: a journal of schema 7' "$tmp/schema.jsonl"
	bad 'schema.jsonl:1: a journal of schema 7' "$good" "$tmp/schema.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[NaN/' "$good" >"$tmp/nan.jsonl"
	bad 'nan.jsonl:5: not a line of a journal' "$tmp/nan.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[null/' "$good" >"$tmp/null.jsonl"
	bad 'null.jsonl:5: samples are not an array of whole numbers' "$tmp/null.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[1e999/' "$good" >"$tmp/inf.jsonl"
	bad 'inf.jsonl:5: not a line of a journal' "$tmp/inf.jsonl"
	sed '5s/"samples":\[[0-9]*/"samples":[-5/' "$good" >"$tmp/minus.jsonl"
	bad 'minus.jsonl:5: samples' "$tmp/minus.jsonl"
	head -c 100000 /dev/urandom | tr -d '\n' >"$tmp/junk.jsonl"
	echo >>"$tmp/junk.jsonl"
	bad 'junk.jsonl:1: not a line of a journal' "$tmp/junk.jsonl"
	grep -v '"kernel":"after"' "$good" | sed '1s/,"after"//' >"$tmp/alone.jsonl"
	bad "only one kernel, 'base'" "$tmp/alone.jsonl"
	bad 'there are .base., .after.' --base nobody "$good"
	bad 'counts are not compared with times' "$good" tests/golden/exact.jsonl
	echo '{"type":"band","low":"x"}' | cat "$good" - >"$tmp/band.jsonl"
	bad 'a band needs a point' "$tmp/band.jsonl"
	# Cut in its last line: what is whole counts, and boots without a partner do not.
	head -c -300 "$good" >"$tmp/cut.jsonl"
	expect 1 "$fb" check --format json "$tmp/cut.jsonl"
	has "$out" '4 boots x 4 runs x 20 iterations against 4 boots x [34]-4 runs'
	# All samples 0: no ratio, no verdict.
	sed 's/"samples":\[[0-9,]*\]/"samples":[0,0]/' "$good" >"$tmp/zero.jsonl"
	expect 3 "$fb" check "$tmp/zero.jsonl"
	has "$out" 'no values above 0'
	# Twice the same journal: the first counts, which is said.
	expect 1 "$fb" check "$good" "$good"
	has "$out" "found a second time; the first counts"
	# Other machines, within one kernel and between two.
	{
		printf '{"type":"machine","kernel":"%s","boot":0,"facts":{"cpu.model":"%s"}}\n' base Ampere after M2
		cat "$good"
	} >"$tmp/machines.jsonl"
	expect 3 "$fb" check "$tmp/machines.jsonl"
	has "$out" 'measured on different machines: Ampere, M2'
	sed '2s/after/base/' "$tmp/machines.jsonl" >"$tmp/mixed.jsonl"
	expect 3 "$fb" check "$tmp/mixed.jsonl"
	has "$out" "runs of 'base' come from different machines"
	# Emulated on one side only.
	sed '/"kernel":"base"/s/"timed"/"emulated"/' "$good" >"$tmp/emulated.jsonl"
	expect 3 "$fb" check "$tmp/emulated.jsonl"
	has "$out" 'emulated times are no measure of hardware'
	expect 3 "$fb" check --base after "$tmp/emulated.jsonl"
	# A clock that is too coarse for the latencies.
	sed 's/"clock.resolution_ns":41/"clock.resolution_ns":600/' tests/golden/contend.jsonl >"$tmp/coarse.jsonl"
	expect 3 "$fb" check "$tmp/coarse.jsonl"
	has "$out" "below the clock's resolution"
	# Other plans: points that only one side has, and other numbers of runs.
	simulated other.jsonl points=3 boots=4 runs=2 iterations=5 boot=0.002 kernel=1
	grep -v '"kernel":"after"' "$good" >"$tmp/base.jsonl"
	expect 3 "$fb" check "$tmp/base.jsonl" "$tmp/other.jsonl"
	has "$out" 'size 3M: base: not measured'
	expect 3 "$fb" check --format json "$tmp/base.jsonl" "$tmp/other.jsonl"
	has "$out" '4 boots x 4 runs x 20 iterations against 4 boots x 2 runs x 5 iterations'
}

# One kernel as two on this machine: a boot each, in the plan's order.
test_aa() {
	printf '[plan]\nruns=2\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	has "$(head -1 "$tmp/j.jsonl")" "\"kernels\":\\[\"x\",\"x'\"\\]"
	has "$errs" 'takes 2 boots of this machine'
	[ "$(grep -c '"type":"run"' "$tmp/j.jsonl")" = 2 ] || fail "not one boot"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	has "$errs" 'nothing is left to measure in this boot'
	# After another boot it is the other's turn, then nobody's.
	sed -i 's/"kernel.boot_id":"[^"]*"/"kernel.boot_id":"another"/' "$tmp/j.jsonl"
	expect 0 "$fb" run "$tmp/p.ini" --aa --label x --out "$tmp/j.jsonl"
	[ "$(grep '"type":"run"' "$tmp/j.jsonl" | grep -o '"kernel":"[^"]*","boot":0' | sort | uniq -c | tr -s ' ')" = \
		" 2 \"kernel\":\"x\",\"boot\":0
 2 \"kernel\":\"x'\",\"boot\":0" ] || fail "$(grep -o '"kernel":"[^"]*","boot":[0-9]' "$tmp/j.jsonl")"
	expect 2 "$fb" run "$tmp/p.ini" --aa --machine configs/machines/x86-vm.ini --kernel a=b --kernel c=d
	one_line "$errs"
}

# The same in VMs: both boots hold the same image, and times of an emulation get no verdict.
test_vm_aa() {
	debian_pair x86_64
	vm m x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=fork\nsize=8M\n' >"$tmp/p.ini"
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --aa --kernel x=x86_64-new --out "$tmp/j.jsonl"
	[ "$(grep -c "\"type\":\"run\",\"kernel\":\"x'\{0,1\}\"" "$tmp/j.jsonl")" = 2 ] || fail "not a boot each"
	[ "$(grep '"type":"kernel"' "$tmp/j.jsonl" | grep -o '"sha256":"[^"]*"' | sort -u | wc -l)" = 1 ] ||
		fail "two images"
	expect 3 "$fb" check "$tmp/j.jsonl"
	has "$out" 'emulated times are no measure of hardware'
	expect 3 "$fb" power "$tmp/j.jsonl"
}
