# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exact mode on the newest kernel, and of all there is; sourced by tests/run-tests.sh.

# Debian's newest, whose kernels preempt lazily: five boots of the plan's points, and no run is void.
test_long_exact_newest() {
	local arch
	for arch in arm64 x86_64; do
		exact_kernels $arch
		debian_sid $arch
		cp configs/plans/exact.ini "$tmp/p.ini"
		sed -i 's/^memory.*/memory = 2G/' "$tmp/m.ini"
		exact_run 0 $arch.jsonl --boots 5 --kernel newest=$arch-sid
		[ "$(grep -c '"source":"exact".*"status":"ok"\|"status":"ok".*"source":"exact"' "$tmp/$arch.jsonl")" = 20 ] || fail "$arch: not 20 runs: $errs"
		"$build/tests/exact-check" sums "$tmp/$arch.jsonl" load store interrupts || fail "$arch: sums"
		expect 0 "$fb" compare "$tmp/$arch.jsonl"
		echo "$out"
	done
}

# Every variant that one task carries out is counted, on both architectures; what is not says why.
test_long_exact_catalogue() {
	local arch bad
	for arch in arm64 x86_64; do
		exact_kernels $arch
		cp configs/plans/catalogue.ini "$tmp/p.ini"
		sed -i 's/^memory.*/memory = 2G/; /^time-limit/d' "$tmp/m.ini"
		echo 'time-limit = 3600' >>"$tmp/m.ini"
		exact_run 0 $arch.jsonl --boots 1 --set iterations=1 --kernel new=$arch-new
		bad=$(grep '"type":"run"' "$tmp/$arch.jsonl" | grep -v '"status":"ok"' |
			grep -vE '"status":"skipped","reason":"(exact mode |needs |this kernel has no ([0-9]+ KiB folios|transparent huge pages))')
		[ -z "$bad" ] || fail "$(printf '%s' "$bad" | grep -oE '"bench.*"reason":"[^"]*"' | cut -c1-300)"
		"$build/tests/exact-check" sums "$tmp/$arch.jsonl" || fail "$arch: sums"
		grep -oE '"status":"skipped","reason":"[^"]*"' "$tmp/$arch.jsonl" | sort | uniq -c
		echo "$arch: $(grep -c '"source":"exact"' "$tmp/$arch.jsonl") runs counted"
		[ "$(grep -c '"source":"exact"' "$tmp/$arch.jsonl")" -ge 150 ] || fail "$arch: few are counted"
	done
}
