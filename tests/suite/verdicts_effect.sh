# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The effect that verdicts are of: the ratio of means, and what few runs do to it; sourced by tests/run-tests.sh.

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
		"$fb" check --format json "$format" | awk '/"mean": \[/ { getline a; getline b; sub(/,/, "", a); m = b / a - 1 }
			/"change":/ { gsub(/[^-0-9.e]/, "", $2); n++; if (m - $2 > 1e-6 || $2 - m > 1e-6) exit 1 }
			END { if (!n) exit 1 }' || fail "$format: the change is not that of the means"
	done
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
