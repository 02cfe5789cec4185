# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Guests whose pages are not of 4K; sourced by tests/run-tests.sh.

# debian_16k: arm64-16k, Debian's 6.12 of pages of 16K; skipped where guests of arm64 cannot run.
debian_16k() {
	debian_new arm64
	debian_kernel arm64 linux-image-6.12-arm64-16k arm64-16k ||
		debian_kernel arm64 linux-image-arm64-16k arm64-16k || exit 77
}

# Pages of 16K: sizes grow to whole folios, bytes are an order, and folios that are split to be swapped out
# (there is no THP_SWAP) are swapped out as a whole all the same.
test_long_vm_pages_16k() {
	debian_16k
	cat >"$tmp/p.ini" <<-EOF
	[plan]
	runs = 1
	iterations = 1
	[zap]
	bench = zap
	variant = pageout, munmap-swapped-forked
	size = 4M+
	order = 4, 9, pmd
	[fork]
	bench = fork
	size = 4M+
	bytes = 16K, 64K, 2M
	EOF
	vm m arm64
	expect_vm 0 run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel k=arm64-16k --out "$tmp/j.jsonl"
	no_processes
	grep '"type":"run"' "$tmp/j.jsonl" >"$tmp/runs"
	[ "$(grep -c '"status":"ok"' "$tmp/runs")" = 9 ] || fail "not all ok: $(cat "$tmp/first") $errs"
	[ "$(grep -c '"variant":"pageout","size":33554432,"order":"pmd".*"vmstat:pswpout":{[^}]*"seen":"2048"' \
		"$tmp/runs")" = 1 ] || fail "not all of a PMD's folio was swapped out"
	for n in 16K,256,0 64K,256,2 2M,256,7; do
		IFS=, read -r bytes pages order <<<"$n"
		has "$(grep "\"order\":\"$bytes\"" "$tmp/runs")" "\"seen\":\"$pages pages in order-$order PTE-mapped\""
	done
}

# The catalogue there.
test_long_catalogue_16k() {
	debian_16k
	catalogue_in_vm arm64 arm64-16k
}

# A plan is checked against the pages that the guest has, whatever this machine's are: those its machine
# file says, or its kernel's image.
test_vm_page_size() {
	export XDG_CACHE_HOME=$tmp/cache
	local size
	# image LABEL FLAGS: the head of an arm64 Image, and a release.
	image() {
		{ head -c 24 /dev/zero && printf "$2" && head -c 31 /dev/zero &&
			printf 'ARM\144Linux version 6.99.0-%s (x)' $1 && head -c 1M /dev/zero; } >"$tmp/$1"
	}
	points() { # points STATUS WORDS...: of a plan for fork
		expect $1 "$fb" run "$tmp/p.ini" --out "$tmp/j.jsonl" "${@:2}"
		[ $1 = 0 ] || one_line "$(printf '%s\n' "$errs" | grep -v 'already there$')"
	}
	image k4 '\002'
	image k16 '\014'
	printf '[plan]\nruns = 1\n[x]\nbench = fork\nsize = 32M\norder = 0, 11, pmd\n' >"$tmp/p.ini"
	for size in 4K 16K 64K; do
		vm m$size arm64 page-size=$size
	done
	vm any arm64
	points 0 --machine "$tmp/m16K.ini" --kernel a=b --dry-run
	points 2 --machine "$tmp/m4K.ini" --kernel a=b --dry-run
	has "$errs" 'p.ini:4: .x.: fork/fork order=11: order 11 is above that of a PMD, 9 \(.*m4K.ini, pages of 4K\)$'
	points 2 --machine "$tmp/m64K.ini" --kernel a=b --dry-run
	has "$errs" 'fork/fork order=11: size is not a whole number of folios of 128M \(.*m64K.ini, pages of 64K\)$'
	points 2 --machine x86-vm --kernel a=b
	has "$errs" 'order 11 is above that of a PMD, 9 \(.*x86-vm.ini, pages of 4K\)$'
	[ "$(getconf PAGESIZE)" != 4096 ] || points 2
	# The machine file does not say it: kernels do.
	points 0 --machine "$tmp/any.ini" --kernel a=b --dry-run
	points 2 --machine "$tmp/any.ini" --kernel a="$tmp/k4"
	has "$errs" "order 11 is above that of a PMD, 9 \(kernel 'a', pages of 4K\)$"
	points 2 --machine "$tmp/any.ini" --kernel b="$tmp/k16" --kernel a="$tmp/k4"
	has "$errs" "kernel 'a', pages of 4K"
	points 2 --machine "$tmp/any.ini" --kernel a="$tmp/k16" --set size=2M --set order=pmd
	has "$errs" "folios of 32M \(kernel 'a', pages of 16K\)$"
	points 2 --machine "$tmp/any.ini" --kernel a=b --set order=14
	has "$errs" 'any.ini, pages of [0-9]*K, and with no other'
	points 2 --machine "$tmp/m4K.ini" --kernel a="$tmp/k16" --set order=0
	has "$errs" "m4K.ini: page-size = 4K, and kernel 'a' has pages of 16K"
	# Up to the boot.
	if [ "$(uname -m)" = aarch64 ] || [ -x "$build/aarch64/faultbench-worker" ]; then
		expect 1 env PATH=/nonexistent "$fb" run "$tmp/p.ini" --machine "$tmp/any.ini" \
			--kernel a=6.99.0-k16 --out "$tmp/j.jsonl"
		has "$errs" 'boot 0 of a: QEMU is not installed'
	fi
	# Sizes that are least ones follow: the largest that any of the kernels wants.
	sized() { # sized MIB WORDS...: what fork of 4M+, order pmd, becomes
		rm -f "$tmp/j.jsonl"
		expect 1 env PATH="$tmp:$PATH" "$fb" run "$tmp/p.ini" --set size=4M+ --set order=pmd \
			--machine "$tmp/any.ini" --kernel a="$tmp/k4" "${@:2}" --out "$tmp/j.jsonl"
		has "$(cat "$tmp/j.jsonl")" "\"size\":$(($1 << 20)),\"order\":\"pmd\""
	}
	if [ -x "$build/aarch64/faultbench-worker" ]; then
		printf '#!/bin/sh\nexit 1\n' >"$tmp/qemu-system-aarch64"
		chmod +x "$tmp/qemu-system-aarch64"
		sized 4
		sized 32 --kernel b="$tmp/k16"
	fi
	# The plans that are for any machine.
	for size in 4K 16K 64K; do
		sed 's/^memory=.*/memory=2G/' "$tmp/m$size.ini" >"$tmp/large.ini"
		expect 0 "$fb" run catalogue --machine "$tmp/large.ini" --kernel a=b --dry-run
		has "$out" '"bench":"zap","variant":"pageout","size":[0-9]*,"order":"pmd"'
		expect 0 "$fb" run quick --machine "$tmp/large.ini" --kernel a=b --dry-run
	done
	# Of kernels that are yet to be built their configuration says it.
	expect 2 "$fb" series --tree "$tmp" --range A..B --plan "$tmp/p.ini" --machine "$tmp/any.ini" --dry-run
	has "$errs" 'order 11 is above that of a PMD, 9 \(.*any.ini, pages of 4K\)$'
	echo CONFIG_ARM64_16K_PAGES=y >"$tmp/config"
	expect 2 "$fb" series --tree "$tmp" --range A..B --plan "$tmp/p.ini" --machine "$tmp/any.ini" --dry-run \
		--config "$tmp/config"
	has "$errs" 'is no git tree'
}
