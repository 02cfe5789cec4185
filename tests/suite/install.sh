# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What `meson install` puts where; sourced by tests/run-tests.sh.

measures install

# staged: installs below a folder as packagers do, moves the prefix elsewhere, and says where in $prefix.
staged() {
	DESTDIR=$tmp/stage meson install -C "$build" --no-rebuild --quiet >"$tmp/log" 2>&1 ||
		fail "$(tail -5 "$tmp/log")"
	prefix=$(find "$tmp/stage" -path '*/bin/faultbench')
	[ -n "$prefix" ] || fail "no program: $(find "$tmp/stage" | head -5)"
	mv "${prefix%/bin/faultbench}" "$tmp/moved"
	prefix=$tmp/moved
}

# Everything is there, works from there, and nothing points back.
test_install() {
	local file
	staged
	for file in bin/faultbench lib/faultbench/faultbench-worker lib/faultbench/faultbench-exact-{1,3,7}.so \
		share/faultbench/configs/{plans/quick,machines/x86-vm,kernels/variants/no-contpte}.ini \
		share/faultbench/configs/kernels/base.config share/man/man1/faultbench.1 \
		share/bash-completion/completions/faultbench share/zsh/site-functions/_faultbench; do
		[ -f "$prefix/$file" ] || fail "no $file: $(cd "$prefix" && find . -type f | head -20)"
	done
	for file in "$build"/*/faultbench-worker; do
		[ ! -x "$file" ] || cmp "$file" "$prefix/lib/faultbench/${file#"$build/"}" || fail "no ${file#"$build/"}"
	done
	# Neither in what is loaded of programs, nor anywhere in other files.
	find "$prefix" -type f | while read -r file; do
		case $file in
		*/sysroot-*) ;;
		*/faultbench | */faultbench-worker | *.so) strings -d "$file" ;;
		*) cat "$file" ;;
		esac
	done | grep -F "$top" && fail "something points back"
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=null\nsize=4M\nplace=none\n' >"$tmp/p.ini"
	fb=$prefix/bin/faultbench
	cd "$tmp" || exit 1
	expect 0 "$fb" list --plans
	has "$out" '^quick +'
	expect 0 "$fb" list --machines
	has "$out" '^x86-vm +'
	expect 0 "$fb" run p.ini --out j.jsonl
	has "$out" '^null/write: size 4M'
	expect 2 "$fb" kernel build --tree "$tmp" --arch arm64 --label x --variant no-such
	has "$errs" "there is no variant 'no-such'"
	! strace -f -o /dev/null true 2>/dev/null || {
		expect 0 strace -f -e trace=%file -o trace "$fb" run p.ini --out k.jsonl
		has "$(cat trace)" 'moved/lib/faultbench/faultbench-worker'
		! grep -F "\"$top" trace || fail "it looks into the tree"
	}
	[ "$(bash -c '. "$1/share/bash-completion/completions/faultbench"
		COMP_WORDS=(faultbench run --machine x86-v) COMP_CWORD=3
		_faultbench "$1/bin/faultbench"; echo "${COMPREPLY[*]}"' sh "$prefix")" = x86-vm ] || fail "completes nothing"
}

# A guest of the other architecture is given its worker and libraries from there, and the plugin counts it.
test_installed_guest() {
	local arch=arm64 machine=arm64-exact
	[ "$(uname -m)" != aarch64 ] || arch=x86_64 machine=x86-exact
	debian_pair $arch
	staged
	printf '[plan]\nruns=1\niterations=2\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	cd "$tmp" || exit 1
	expect 0 "$prefix/bin/faultbench" run p.ini --machine $machine --kernel a=$arch-new --boots 1 --out j.jsonl
	has "$(cat j.jsonl)" '"source":"exact".*"status":"ok"|"status":"ok".*"source":"exact"'
	[ "$arch" = x86_64 ] || has "$(cat j.jsonl)" '"kernel.machine":"aarch64"'
}
