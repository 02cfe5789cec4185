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
