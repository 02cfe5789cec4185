# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What verdicts are of: the ratio of means and what few runs do to it, bands, latencies, and that all formats
# say the same; sourced by tests/run-tests.sh.

# What `check` calls the change is what the table shows: the ratio of arithmetic means, of rates harmonic ones.
test_check_effect() {
	local cases=tests/cases/verdicts format
	for format in text ktap junit lava kcidb json; do
		expect 3 "$fb" check --threshold 9% --unit runs --format $format $cases/tail-false-ok.jsonl
		[ $format = lava ] || has "$out" '(\+13.6|0\.13648)'
		# Far above what the mean has moved by: the tail has.
		expect 3 "$fb" check --threshold 40% --unit runs --format $format $cases/tail-false-ok.jsonl
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" \
			'5 of 256 runs of after are far slower than most, 0 of 256 of base \(p = 0.031\)'
	done
	expect 0 "$fb" check --base after --threshold 40% --unit runs $cases/tail-false-ok.jsonl
	# The change is that of the means beside it, of times and of rates.
	simulated j.jsonl boots=8 mode_runs=0.1 mode=3 effect=0.1
	for format in "$tmp/j.jsonl" tests/golden/contend.jsonl; do
		"$fb" check --format json "$format" | awk '/"mean": \[/ { getline a; getline b; sub(/,/, "", a); there = a + 0; m = there ? b / a - 1 : 0 }
			/"change":/ && there { gsub(/[^-0-9.e]/, "", $2); n++; if (m - $2 > 1e-6 || $2 - m > 1e-6) exit 1 }
			END { if (!n) exit 1 }' || fail "$format: the change is not that of the means"
	done
}

# What so few boots and runs may have missed is said wherever something is ok, and can be forbidden.
test_check_unseen() {
	local format
	simulated j.jsonl points=2 boots=8 runs=4 boot=0.002
	for format in text ktap junit lava kcidb json; do
		expect 0 "$fb" check --format $format "$tmp/j.jsonl"
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" \
			'what happens in less than 31 % of boots, or 8.9 % of runs, may be in none of these 8 and 32'
		expect 3 "$fb" check --tail 2% --format $format "$tmp/j.jsonl"
		has "$(printf '%s' "$out" | tr -s '\n ' ' ')" \
			'32 runs may have missed what happens in 2 % of them; 228 are enough'
	done
	has "$("$fb" check "$tmp/j.jsonl" | tr -s '\n ' ' ')" ' 2 ok: what happens in less'
	expect 0 "$fb" check --tail 14% "$tmp/j.jsonl"
	simulated many.jsonl boots=57 runs=4 iterations=1 boot=0.002
	expect 0 "$fb" check --tail 2% "$tmp/many.jsonl"
	expect 3 "$fb" check --tail 1.9% "$tmp/many.jsonl"
	simulated j.jsonl boots=8 runs=4 boot=0.002 effect=0.1
	expect 1 "$fb" check --tail 2% "$tmp/j.jsonl"
	for format in 0% 100% x; do
		expect 2 "$fb" check --tail $format "$tmp/j.jsonl"
		one_line "$errs"
	done
	# Slow iterations weigh as slow runs do: one that takes 100 times as long may be one of many.
	simulated j.jsonl boots=16 runs=4 boot=0.002
	awk '/"after","boot":3,"run":1/ { sub(/"samples":\[[0-9]*/, "\"samples\":[1000000000") } { print }' "$tmp/j.jsonl" >"$tmp/slow.jsonl"
	expect 3 "$fb" check --threshold 20% "$tmp/slow.jsonl"
	has "$(printf '%s' "$out" | tr -s '\n ' ' ')" '1 of 16 boots of after have runs slower than most: as many as there may be make it'
}

# No mean lies outside its own bar.
test_plot_bars() {
	local seed
	type -P gnuplot >/dev/null || exit 77
	for seed in 1 2 3 4; do
		simulated j.jsonl points=2 boots=5 mode_runs=0.1 mode=8 seed=$seed
		sed -i 's/"size":2097152,"order":0/"size":1048576,"order":4/g' "$tmp/j.jsonl"
		expect 0 "$fb" plot --kind order --out "$tmp/x.gp" "$tmp/j.jsonl"
		awk '/^\$i/ { on = 1; next } /^END/ { on = 0 } on { n++; if ($2 < $3 || $2 > $4) exit 1 }
			END { if (n != 4) exit 1 }' "$tmp/x.gp" || fail "seed $seed: $(cat "$tmp/x.gp")"
	done
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
	expect 3 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'it moves by .* anyway \(6 releases\)'
	has "$out" '^1 verdict: 1 within-band$'
	expect 0 "$fb" check --accept-band --against "$tmp/restless" "$tmp/now.jsonl"
	expect 1 "$fb" check --against "$tmp/quiet" "$tmp/now.jsonl"
	# What is of another hypervisor or source is left out; one release that went wrong, and boots that
	# vary while releases do not, are no movement.
	cp -r "$tmp/restless" "$tmp/other"
	sed -i '1a {"type":"machine","kernel":"r1","boot":0,"facts":{"hypervisor":"kvm"}}' "$tmp/other/r1.jsonl"
	sed '1a {"type":"machine","kernel":"base","boot":0,"facts":{"hypervisor":"none"}}' "$tmp/now.jsonl" >"$tmp/metal.jsonl"
	expect 1 "$fb" check --against "$tmp/other" "$tmp/metal.jsonl"
	has "$out" 'history: 1 release left out, measured on another hypervisor'
	has "$out" 'history: 1 of 1 points were measured by fewer than 6 releases'
	sed -i 's/"source":"timed"/"source":"exact"/; s/"unit":"ns"/"unit":"insn"/' "$tmp/other/r2.jsonl"
	expect 1 "$fb" check --against "$tmp/other" "$tmp/metal.jsonl"
	has "$out" 'history: 1 release left out, of another source'
	rm -r "$tmp/other"
	mkdir "$tmp/noisy"
	for i in 1 2 3 4 5 6 7 8; do
		simulated r.jsonl boots=4 boot=0.04 seed=$i kernel=0 mean=$((10000000 + (i == 4) * 5000000))
		sed "s/\"base\"/\"r$i\"/; s/\"started\":17/\"started\":1$i/" "$tmp/r.jsonl" >"$tmp/noisy/r$i.jsonl"
	done
	expect 1 "$fb" check --against "$tmp/noisy" "$tmp/now.jsonl"
	# Of one boot each nobody knows what measuring adds.
	for i in "$tmp"/restless/*; do
		cp "$i" "$tmp/noisy"
		sed -i '/"boot":[1-9]/d' "$tmp/noisy/${i##*/}"
	done
	rm "$tmp"/noisy/r[78].jsonl
	expect 1 "$fb" check --against "$tmp/noisy" "$tmp/now.jsonl"
	has "$out" 'no release of them has two'
	# Too few releases, other machines, and what is no history.
	rm "$tmp"/restless/r[6].jsonl
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 of 1 points'
	sed -i '1a {"type":"machine","kernel":"r1","boot":0,"facts":{"cpu.model":"M2"}}' "$tmp/restless/r1.jsonl"
	sed -i '1a {"type":"machine","kernel":"base","boot":0,"facts":{"cpu.model":"Ampere"}}' "$tmp/now.jsonl"
	expect 1 "$fb" check --against "$tmp/restless" "$tmp/now.jsonl"
	has "$out" 'history: 1 release left out, measured on another CPU'
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

# Bands hide nothing: journals whose truth is +10 %.
test_cases_bands() {
	local cases=tests/cases/verdicts
	expect 1 "$fb" check $cases/layout-hiccup.jsonl
	expect 1 "$fb" check --against $cases/hist-vm-mixed $cases/now-plus10.jsonl
	has "$out" 'history: 4 releases left out, measured on another hypervisor'
	has "$out" 'history: 1 of 1 points were measured by fewer than 6 releases'
	# Layouts that all boots show to differ are a band; how many they are is said.
	awk '/"kernel":"layout 3"/ && match($0, /"samples":\[[0-9,]*/) {
		n = split(substr($0, RSTART + 11, RLENGTH - 11), v, ",")
		for (i = 1; i <= n; i++) s = s (i > 1 ? "," : "") int(v[i] * 1.2)
		$0 = substr($0, 1, RSTART - 1) "\"samples\":[" s substr($0, RSTART + RLENGTH); s = ""
	} 1' $cases/layout-hiccup.jsonl >"$tmp/moved.jsonl"
	expect 3 "$fb" check "$tmp/moved.jsonl"
	has "$out" 'it moves by .* anyway \(3 layouts\)'
	has "$out" '^1 verdict: 1 within-band$'
	# One boot of a layout shows nothing.
	sed -E '/"kernel":"layout [123]","boot":[1-9]/d' "$tmp/moved.jsonl" >"$tmp/one.jsonl"
	expect 1 "$fb" check "$tmp/one.jsonl"
}

# Contended points can be ok: neither buckets nor their ends make a difference, or two kinds of runs.
test_cases_contended() {
	expect 0 "$fb" check tests/cases/verdicts/contend-aa.jsonl
	has "$out" '^6 verdicts: 6 ok$'
	! printf '%s' "$out" | grep 'two kinds of runs' || fail 'kinds of runs that buckets make'
	# A journal of finer buckets and one of coarser ones are compared all the same.
	sed -E '/"kernel":"after"/s/"sub_bits":5/"sub_bits":6/g' tests/cases/verdicts/contend-aa.jsonl >"$tmp/mixed.jsonl"
	expect 0 "$fb" check "$tmp/mixed.jsonl"
	has "$out" 'faulters 4:1 +median .* -88.6%'
	sed 's/"sub_bits":5/"sub_bits":8/g' tests/cases/verdicts/contend-aa.jsonl >"$tmp/finer.jsonl"
	"$fb" check "$tmp/finer.jsonl" >"$tmp/out"
	has "$(cat "$tmp/out")" 'latency of faulters in one run cannot be'
}

# said FORMAT: of each row of a report on standard input, "VERDICT<tab>RESULT<tab>WHY", where
# RESULT is pass, fail, open or skip, and WHY has the reason at its end.
said() {
	case $1 in
	json) sed -n 's/^ *"verdict": "\(.*\)",$/\1/p; s/^ *"why": null,$/\t/p; s/^ *"why": "\(.*\)",$/\t\1/p' |
		sed 's/\\"/"/g' | paste - - | awk -F'\t' '{ print $1 "\t" ($1 == "skipped" ? "skip" : \
			$1 ~ /regression|fails/ ? "fail" : $1 ~ /within|inconc/ ? "open" : "pass") "\t" $3 }' ;;
	ktap) awk '/^# verdict=/ { split($2, v, "="); why = "" }
		index($0, "# " v[2] ": ") == 1 { why = $0 }
		/^(not )?ok / { skip = match($0, / # SKIP /); print v[2] "\t" (/^not/ ? "fail" : !skip ? "pass" : \
			v[2] == "skipped" ? "skip" : "open") "\t" (skip ? $0 : why) }' ;;
	junit) awk '/<testcase/ { r = "pass" } /<failure/ { r = "fail" } /<skipped/ { r = "open" }
		/<system-out>/ { gsub(/ *<\/?system-out>/, ""); v = $1; sub(/:$/, "", v); print v "\t" \
			(r == "open" && v == "skipped" ? "skip" : r) "\t" $0 }' |
		sed 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' ;;
	lava) awk '!/^</ { v = $2; sub(/:$/, "", v); why = $0 }
		/^</ { match($0, /RESULT=[a-z]*/); r = substr($0, RSTART + 7, RLENGTH - 7)
			print v "\t" (r == "unknown" ? "open" : r) "\t" why }' ;;
	kcidb) sed -n 's/^ *"status": "\(.*\)",$/\1/p; s/^ *"comment": "\(.*\)",\{0,1\}$/\1/p' | sed 's/\\"/"/g' | paste - - |
		awk -F'\t' '{ v = $2; sub(/:.*/, "", v); print v "\t" ($1 ~ /DONE|MISS/ ? "open" : tolower($1)) "\t" $2 }' ;;
	text) awk -v words="$verdicts" '/^---/ { on = 1; next }
		!($NF in word) { on = 0 } on { print $NF "\t\t" } BEGIN { split(words, w, " "); for (i in w) word[w[i]] }' ;;
	esac
}

# Every verdict, with its reason, is the same in every format, and so is the exit status.
test_check_all_formats() {
	local verdicts='ok regression fails improvement differs within-band inconclusive skipped' seen='' v
	# 4 points that are 10 % slower and 5 that are not, each with a fate of its own.
	simulated j.jsonl points=9 affected=4 effect=0.1 boots=8 runs=2 iterations=2 boot=0.002 run=0.002
	awk 'function of(mega) { return $0 ~ "\"size\":" mega * 1048576 "," } !/"type":"run"/ { print; next }
		of(3) { sub(/"kernel":"base"/, "\"kernel\":\"x\""); sub(/"kernel":"after"/, "\"kernel\":\"base\""); sub(/"x"/, "\"after\"") }
		of(4) && /"after"/ { sub(/"status":"ok"/, "\"status\":\"failed\",\"reason\":\"killed by SIGSEGV\"") }
		of(6) { sub(/"status":"ok"/, "\"status\":\"skipped\",\"reason\":\"needs <root> \\& \\\"mTHP\\\" # here\"") }
		of(7) && /"after","boot":[12]/ { sub(/"status":"ok"/, "\"status\":\"void\",\"reason\":\"order 9 promised\"") }
		of(8) && /"after"/ { next }
		of(9) && /"after"/ { sub(/"after"/, "\"base\"") } { print }' "$tmp/j.jsonl" >"$tmp/k.jsonl"
	echo '{"type":"band","point":{"bench":"fork","variant":"fork","size":2097152,"order":0,"place":"core"},"low":-0.02,"high":0.15}' >>"$tmp/k.jsonl"
	walk() { # walk WORDS...: what check says in each format
		local format status
		"$fb" check --format json "$@" >"$tmp/json" 2>/dev/null
		status=$?
		said json <"$tmp/json" >"$tmp/want"
		[ "$accepted" = 0 ] || sed -i 's/^\(within-band\t\)open/\1pass/' "$tmp/want"
		[ -s "$tmp/want" ] || fail "no rows: $*"
		seen="$seen $(cut -f1 "$tmp/want" | sort -u | tr '\n' ' ')"
		for format in text ktap junit lava kcidb; do
			"$fb" check --format $format "$@" >"$tmp/$format" 2>/dev/null
			[ $? = $status ] || fail "$format: another status than $status: $*"
			said $format <"$tmp/$format" >"$tmp/said"
			if [ $format = text ]; then
				cut -f1 "$tmp/want" | diff - <(cut -f1 "$tmp/said") >&2 || fail "text: $*"
				tr -s '\n ' ' ' <"$tmp/text" >"$tmp/flat"
				cut -f3 "$tmp/want" | sort -u | while IFS= read -r v; do
					grep -qF -- "$v" "$tmp/flat" || fail "text has not '$v': $*"
				done || exit 1
				continue
			fi
			cut -f1,2 "$tmp/want" | diff - <(cut -f1,2 "$tmp/said") >&2 || fail "$format: $*"
			[ $format != ktap ] || sed -i 's/#/ /g' "$tmp/want" "$tmp/said"
			[ $format != lava ] || sed -i 's/</ /g' "$tmp/want" "$tmp/said"
			paste "$tmp/want" "$tmp/said" | awk -F'\t' '{ at = length($6) - length($3) + 1
				if (at < 1 || substr($6, at) != $3) { print; exit 1 } }' >&2 || fail "$format, why: $*"
			"$fb" check --format json "$@" 2>/dev/null | said json >"$tmp/want"
			[ "$accepted" = 0 ] || sed -i 's/^\(within-band\t\)open/\1pass/' "$tmp/want"
		done
	}
	accepted=0
	walk "$tmp/k.jsonl"
	walk --unit runs "$tmp/k.jsonl"
	walk --threshold 12% "$tmp/k.jsonl"
	walk --base after "$tmp/k.jsonl"
	walk --metrics all tests/golden/counters.jsonl
	walk --threshold 0.05% tests/golden/series.jsonl
	walk tests/golden/boots-a.jsonl tests/golden/boots-b.jsonl
	walk tests/golden/contend.jsonl
	walk tests/golden/fork.jsonl tests/golden/exact.jsonl
	walk --unit runs --threshold 40% tests/cases/verdicts/tail-false-ok.jsonl
	accepted=1
	walk --accept-band "$tmp/k.jsonl"
	walk --accept-band --threshold 0.05% tests/golden/series.jsonl
	for v in $verdicts; do
		[[ " $seen " = *" $v "* ]] || fail "no $v in any of them"
	done
}
