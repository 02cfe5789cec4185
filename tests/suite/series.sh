# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Series of patches and bisecting; sourced by tests/run-tests.sh.

# A base and three patches in the tiny tree, of which the second does not build; a QEMU that starts none.
series_tree() {
	local i
	tiny_tree
	cat >"$tmp/bin/qemu-system-aarch64" <<-'EOF'
	#!/bin/sh
	[ "$*" != -help ] || exec printf 'QEMU emulator version 8.0.0\n-plugin x\n'
	echo no guest today >&2
	exit 1
	EOF
	chmod +x "$tmp/bin/qemu-system-aarch64"
	tiny_git init -q
	tiny_git add -A
	tiny_git commit -qm base
	tiny_git tag v1
	for i in 1 2 3; do
		echo "line $i" >>"$tmp/tree/mm/memory.c"
		[ $i != 2 ] || echo SYNTAX >>"$tmp/tree/mm/memory.c"
		[ $i != 3 ] || sed -i /SYNTAX/d "$tmp/tree/mm/memory.c"
		tiny_git commit -qam "mm: patch $i"
	done
}

series() { # series STATUS WORDS...
	local want=$1
	shift
	expect $want "$fb" series --tree "$tmp/tree" --machine configs/machines/arm64-exact.ini --boots 1 \
		--out "$tmp/j.jsonl" "$@"
}

# A range and an mbox of the same patches: the same kernels, built once; what does not build is in the
# journal as such; the base has to.
test_series() {
	series_tree
	series 0 --range v1..HEAD --dry-run
	[ "$(printf '%s\n' "$out" | cut -d' ' -f1,3-)" = "baseline base
1/3 mm: patch 1
2/3 mm: patch 2
3/3 mm: patch 3" ] || fail "not the patches: $out"
	series 1 --range v1..HEAD # no guest, no run
	has "$errs" '2/3, arm64: .* mm: patch 2'
	has "$errs" 'the build failed: mm/memory.c:1:1: error: SYNTAX'
	has "$errs" 'boot 0 of 3/3: QEMU ended with status 1'
	has "$(printf '%s\n' "$errs" | tail -1)" 'no guest today|QEMU ended with status 1'
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "not 4 kernels in the journal"
	has "$(grep '"label":"2/3"' "$tmp/j.jsonl")" '"skip":"mm/memory.c:1:1: error: SYNTAX".*"patch":2'
	has "$(sed -n 2p "$tmp/j.jsonl")" '^{"type":"command","words":\["series",.*"--tree",".../tree"'
	grep -q "$tmp" "$tmp/j.jsonl" && fail "a folder's name"
	builds 4
	# Once more: only what failed is tried.
	series 1 --range v1..HEAD
	builds 5
	[ "$(grep -c '"type":"kernel"' "$tmp/j.jsonl")" = 4 ] || fail "a kernel is in the journal twice"
	tiny_git format-patch -q -o "$tmp/patches" --cover-letter v1..HEAD
	sed -i 's/\*\*\* SUBJECT HERE/mm: three lines/; s/ \*\*\*$//' "$tmp"/patches/0000*
	cat "$tmp"/patches/000[123]*.patch >"$tmp/series.mbox"
	tiny_git checkout -q v1
	series 0 --base v1 --series "$tmp/series.mbox" --dry-run
	has "$out" '^3/3 [0-9a-f]{12} mm: patch 3$'
	local first=$out
	series 0 --base v1 --series "$tmp/patches" --dry-run
	[ "$out" = "$first" ] || fail "a folder gives other commits: $out, not $first"
	rm "$tmp/j.jsonl"
	series 1 --base v1 --series "$tmp/patches"
	builds 6
	has "$errs" "3/3, arm64:|already built as"
	has "$(grep '"label":"baseline"' "$tmp/j.jsonl")" '"subject":"base","title":"mm: three lines"'
	# The tree was only read.
	[ -z "$(tiny_git status --porcelain)" ] || fail "the tree was written to"
	[ "$(tiny_git rev-parse HEAD)" = "$(tiny_git rev-parse v1)" ] || fail "HEAD moved"
	# Another image under a label of the journal.
	sed -i 's/"sha256":"[0-9a-f]*"/"sha256":"00"/' "$tmp/j.jsonl"
	series 2 --base v1 --series "$tmp/patches"
	has "$errs" "j.jsonl: holds another kernel 'baseline' .image 00, this one is [0-9a-f]{12}.; give another --out"
}

test_series_bad_input() {
	series_tree
	printf 'CONFIG_ARM64=y\n' | tee "$tmp/a.config" >"$tmp/b.config"
	echo CONFIG_X86_64=y >"$tmp/x86.config"
	bad() { # bad PATTERN WORDS...
		local pattern=$1
		shift
		series 2 "$@"
		has "$errs" "$pattern"
	}
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine arm64-vm --functions=3
	one_line "$errs"
	has "$errs" '--functions: the machine arm64-vm counts no instructions'
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD
	has "$errs" 'series needs --machine$'
	bad 'either --range' --range v1..HEAD --series x --base v1
	bad 'either --range'
	bad 'they go together' --range v1..HEAD --base v1
	bad '--range v1: must be BASE..TOP' --range v1
	bad "tree: has no commit 'v9'" --range v9..HEAD
	bad 'no commit between v1 and' --range v1..v1
	bad '^faultbench: --range HEAD..v1: the wrong way round, .*: --range v1..HEAD$' --range HEAD..v1
	one_line "$errs"
	bad 'layouts 9: must be a whole number from 0 to 6' --range v1.. --layouts 9
	bad '--config: none of them is for arm64, which .*configs/machines/arm64-exact.ini is$' --range v1.. \
		--config "$tmp/x86.config"
	bad '--config: .*/a.config and .*/b.config are both for arm64$' --range v1.. --config "$tmp/a.config" \
		--config "$tmp/b.config" --config "$tmp/x86.config"
	bad 'nowhere: cannot be read: No such file' --range v1.. --config nowhere
	bad 'nowhere: cannot be read: No such file' --base v1 --series "$tmp/nowhere"
	bad 'bin: has no patch in it' --base v1 --series "$tmp/bin"
	local m=configs/machines/arm64-exact.ini
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine $m --out "$tmp/nowhere/j.jsonl"
	one_line "$errs"
	has "$errs" 'nowhere/j.jsonl: cannot be opened for writing: No such file'
	printf '{"type":"plan","schema":1,"name":"other"}\n' >"$tmp/j.jsonl"
	bad 'j.jsonl: holds another plan' --range v1..HEAD
	rm "$tmp/j.jsonl"
	tiny_git format-patch -q -o "$tmp/patches" v1..HEAD
	rm "$tmp"/patches/0001*
	bad 'patches: 1/3 of v1 is missing' --base v1 --series "$tmp/patches"
	(cd "$tmp/patches" && ls 000*) >"$tmp/patches/series"
	bad 'patches/0002.* patch 1 of 2 .mm: patch 2. does not apply on v1: mm/memory.c, hunk 1 of 1' --base v1 --series "$tmp/patches"
	tiny_git checkout -q -b side v1
	tiny_git commit -q --allow-empty -m side
	tiny_git merge -q -m merge --no-ff master
	bad 'has a merge in it' --range v1..side
	expect 2 "$fb" series --tree "$tmp/tree" --range v1..HEAD --machine configs/machines/local.ini
	has "$errs" 'does not start kernels'
	rm -rf "$tmp/tree/.git"
	bad 'is no git tree' --range v1..HEAD
	bad 'is no git tree' --base v1 --series "$tmp/patches"
	[ ! -e "$COUNT" ] || fail "something was built"
	[ ! -e "$tmp/j.jsonl" ] || fail "a journal was left"
}

# The statuses that git bisect run knows: what cannot be built is skipped, wrong words stop it.
test_bisect_step() {
	local m=configs/machines/arm64-exact.ini
	series_tree
	step() { # step STATUS WORDS...
		local want=$1
		shift
		expect $want "$fb" bisect-step --tree "$tmp/tree" --boots 1 --out "$tmp/steps" "$@"
	}
	step 255 --machine $m
	has "$errs" 'bisect-step needs --base$'
	step 255
	has "$errs" 'bisect-step needs --base and --machine$'
	step 255 --machine $m --base v9
	has "$errs" "has a commit 'v9'|with a commit 'v9'"
	step 255 --machine configs/machines/arm64-vm.ini --base v1
	has "$errs" 'decided by counts'
	step 255 --machine $m --base v1 --threshold 1
	has "$errs" 'must be a percentage'
	: >"$tmp/steps"
	step 255 --machine $m --base v1
	rm "$tmp/steps"
	[ ! -e "$COUNT" ] || fail "something was built"
	# The base must be measured, and no guest starts here.
	step 255 --machine $m --base v1
	has "$errs" 'the base, v1, must be built and counted'
}

# A base with exact runs of its own, and commits that were counted before: only judged.
test_bisect_judges() {
	local m=configs/machines/arm64-exact.ini base head k
	series_tree
	expect 0 "$fb" kernel build --tree "$tmp/tree" --rev v1 --arch arm64 --label b
	base=$(tiny_git rev-parse v1) head=$(tiny_git rev-parse HEAD)
	judge() { # judge STATUS PATTERN INSNS
		rm -rf "$tmp/steps"
		expect 255 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m --out "$tmp/steps" \
			--set size=64M
		counted $base 1000000
		# The base is there; this commit's boots fail, but for what is put there.
		expect 125 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		counted $head $3
		expect $1 "$fb" bisect-step --tree "$tmp/tree" --boots 2 --base v1 --machine $m \
			--out "$tmp/steps" --set size=64M
		[ -z "$2" ] || has "$out" "$2"
	}
	judge 1 "^${head:0:12} is bad: fork order-0 .pte-map. takes 1.00% more kernel instructions than" 1010000
	judge 0 "^${head:0:12} is good: nothing takes 0.50% more" 1004000
	judge 0 "^${head:0:12} is good" 900000
	# Counts that vary: more boots, and where these cannot be had (no guest starts here), skip.
	judge 125 "" '1000000+boot*20000'
	[ -e "$tmp/steps/${base:0:12}-4.jsonl" ] || fail 'no more boots'
	has "$errs" '2 boots neither show nor rule out 0.50%: 4'
}

# counted COMMIT INSNS: gives its journal the runs of all its points, 2 boots
counted() {
	local label=${1:0:12} file boot count
	file=$tmp/steps/$label.jsonl
	for boot in 0 1; do
		count=$(($2))
		sed -n 1p "$file" | grep -o '"point":{[^}]*}' |
			sed "s/.*/{\"type\":\"run\",\"kernel\":\"$label\",\"boot\":$boot,\"run\":0,&,\"status\":\"ok\",\"unit\":\"insn\",\"samples\":[$count,$count,$count],\"source\":\"exact\",\"per\":\"fork\",\"per_count\":1,\"counts\":{\"user\":[1,1,1]}}/" >>"$file"
	done
}

# Debian's 6.12 from source, with and without what the series were about, and a made-up series.
test_long_kernels() {
	local got
	tests/tools/long-kernels.sh
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
	no_processes
}

# Of configs for two architectures each machine takes its own.
test_series_configs() {
	series_tree
	printf 'CONFIG_ARM64=y\nCONFIG_OWN=y\n' >"$tmp/a.config"
	printf 'CONFIG_X86_64=y\n' >"$tmp/x86.config"
	series 1 --range v1..HEAD~2 --config "$tmp/x86.config" --config "$tmp/a.config" # no guest, no run
	grep -qx CONFIG_OWN=y "$kernels/$(tiny_git rev-parse --short=12 v1)-arm64/config" || fail "another config: $errs"
}

# Twenty patches: where the time goes is printed; what is known is not carried out again.
test_long_cost() {
	local got
	tests/tools/long-cost.sh
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
	no_processes
}
