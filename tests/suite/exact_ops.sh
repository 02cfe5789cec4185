# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Exact mode: what single ops come to; sourced by tests/run-tests.sh.

# pages_done JOURNAL RUNS FAULTS [COPIES]: of so many runs those of `fault` clear so many pages, those of `cow` copy so
# many, and few more: page tables, what else the process writes to; huge ones are cleared twice by kernels that clear what
# they hand out.
pages_done() {
	expect 0 "$fb" export --format csv "$1"
	printf '%s\n' "$out" | awk -F, -v runs=$2 -v fault=$3 -v cow="${4-}" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$at["status"] != "ok" { next }
		$at["bench"] == "fault" { n++; is($at["pages-cleared"], fault); is($at["pages-copied"], 0) }
		$at["bench"] == "cow" { n++; is($at["pages-copied"], cow) }
		function is(pages, least) { if (pages == "" || pages < least || pages > 2 * least + 16) { print pages, least; bad = 1 } }
		END { exit bad || n != runs }' || fail "not the pages that were asked for"
}

# Pages are cleared and copied by other functions, from kernel to kernel: 6.1, 6.12 and the newest.
test_long_exact_pages() {
	local arch
	for arch in x86_64 arm64; do
		exact_kernels $arch
		debian_old $arch || exit 77
		debian_sid $arch
		printf '[plan]\nruns=1\niterations=2\n[fault]\nbench=fault\nsize=1M\n[cow]\nbench=cow\nsize=1M\n' >"$tmp/p.ini"
		exact_run 0 $arch.jsonl --boots 1 --kernel old=$arch-old --kernel new=$arch-new --kernel newest=$arch-sid
		pages_done "$tmp/$arch.jsonl" 6 256 256
		# Several at once, where a kernel does.
		printf '[plan]\nruns=1\niterations=2\n[fault]\nbench=fault\nsize=4M\norder=pmd\n' >"$tmp/p.ini"
		exact_run 0 $arch-huge.jsonl --boots 1 --kernel newest=$arch-sid
		pages_done "$tmp/$arch-huge.jsonl" 1 1024
	done
}

# Ops in which a child runs in turn with its parent: both are counted, apart; where somebody else ran as well, the run
# is void.
test_long_exact_turns() {
	local arch
	cat >"$tmp/turns.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 2
	[process]
	bench = process
	variant = fork-exit, fork-exec, vfork-exec, spawn
	[exit]
	bench = exit
	variant = exit, exec
	size = 4M
	[cow]
	bench = cow
	variant = child-reuse-byte
	size = 4M
	EOF
	for arch in x86_64 arm64; do
		exact_kernels $arch
		cp "$tmp/turns.ini" "$tmp/p.ini"
		exact_run 0 $arch.jsonl --kernel a=$arch-new --boots 1 --calls
		# The child's calls are no part of its parent's, and begin where it does.
		sed '/"type":"run"/{/"bench":"process"/!d}' "$tmp/$arch.jsonl" >"$tmp/process.jsonl"
		"$build/tests/calls-check" "$tmp/process.jsonl" || fail "$arch: calls"
		[ "$(grep -c '"odd":0[,}]' "$tmp/$arch.jsonl")" = 7 ] || fail "$arch: odd"
		expect 0 "$fb" export --format folded "$tmp/$arch.jsonl"
		has "$out" '^[^;]*fork-exit[^;]*;ret_from_fork'
		[ "$(grep -c '"status":"ok".*"child":\[[1-9][0-9]*,' "$tmp/$arch.jsonl")" = 7 ] ||
			fail "$arch: $(grep -o '"reason".*' "$tmp/$arch.jsonl")"
		expect 0 "$fb" compare "$tmp/$arch.jsonl"
		has "$out" '^parent-insns '
	done
	exact_kernels x86_64
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=counted\nvariant=stranger\n' >"$tmp/p.ini"
	FAULTBENCH_WORKER=$liars exact_run 1 stranger.jsonl --kernel a=x86_64-new --boots 1
	has "$(cat "$tmp/stranger.jsonl")" 'neither the worker nor its child ran during an operation'
}
