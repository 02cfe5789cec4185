# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Builds of kernels that fail, are ended or meet each other; sourced by tests/run-tests.sh.

# A build that fails names the first error, one that loses a symbol the symbol; both keep their log.
test_build_fails() {
	tiny_tree
	echo PROC_PAGE_MONITOR >"$tmp/tree/lost"
	tiny 1 x
	has "$errs" 'x: .* does not keep 1 of the symbols that are wanted: PROC_PAGE_MONITOR=y \(is n\)$'
	[ ! -e "$COUNT" ] || fail "it was built"
	# What is optional may get lost.
	echo ARM64_CONTPTE >"$tmp/tree/lost"
	tiny 0 x
	echo SYNTAX >>"$tmp/tree/mm/memory.c"
	tiny 1 x
	one_line "$(printf '%s' "$errs" | grep -v note:)"
	has "$errs" 'x: the build failed: mm/memory.c:1:1: error: SYNTAX; log: /.*/x.log$'
	[ -f "$(printf '%s' "$errs" | sed -n 's/.*log: //p' | tail -1)" ] || fail "no log"
}

# ^C and SIGTERM end all that was started, leave nothing half, and the next time it is built.
test_build_interrupted() {
	local sig i
	tiny_tree
	: >"$tmp/tree/slow"
	for sig in INT TERM; do
		rm -f "$COUNT"
		env --default-signal "$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x 2>"$tmp/log" &
		wait_for $! is_running '^sleep 61$'
		kill -$sig $!
		wait $!
		i=$?
		[ $i = $((128 + $(kill -l $sig))) ] || fail "status $i after $sig: $(cat "$tmp/log")"
		is_running '^sleep 61$' && fail "make's children go on"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -A "$kernels")"
	done
	rm "$tmp/tree/slow"
	tiny 0 x
}

# full_build: builds with more and more room. Each time it fails the reason is said, and there is nothing
# half; the last one, in what all others have left, gives what is built where there was room from the start.
full_build() {
	local room got failed=0
	for room in $(seq 0 20 1000); do
		rm -f "$tmp/full/filler"
		head -c $((room_there - room * 1024 - $(du -sB1 "$tmp/full" | cut -f1))) /dev/zero >"$tmp/full/filler"
		"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label x >/dev/null 2>"$tmp/log" && got=0 || got=$?
		[ $got = 0 ] && break
		failed=$((failed + 1))
		[ $got = 1 ] || fail "status $got with $room KiB left: $(cat "$tmp/log")"
		grep -qE 'No space left on device|is left on the disk of' "$tmp/log" ||
			fail "with $room KiB left it says: $(cat "$tmp/log")"
		one_line "$(grep -v note: "$tmp/log")"
		[ -z "$(ls -A "$kernels" 2>/dev/null)" ] || fail "left: $(ls -AR "$kernels")"
	done
	[ $got = 0 ] && [ $failed -gt 5 ] || fail "status $got after $failed failures: $(cat "$tmp/log")"
	cmp "$kernels/x/image" "$tmp/image" || fail "not what is built elsewhere"
	rm -rf "$tmp"/full/*
}

test_build_full_disk() {
	local room_there=$((2 << 20))
	tiny_tree
	is_root && mkdir "$tmp/full" && mount -t tmpfs -o size=$room_there none "$tmp/full" 2>/dev/null || exit 77
	trap 'umount "$tmp/full"' EXIT
	head -c 60000 /dev/urandom | base64 >>"$tmp/tree/mm/mlock.c"
	tiny 0 x
	mv "$kernels/x/image" "$tmp/image"
	export XDG_CACHE_HOME=$tmp/full
	kernels=$tmp/full/faultbench/kernels
	full_build
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	full_build
}

# Two builds of one tree at a time: the second waits for the first, and says so; both are whole.
test_build_two() {
	local i
	tiny_tree
	: >"$tmp/tree/slow"
	: >"$tmp/wait"
	sed -i "s#sleep 61#while [ -e $tmp/wait ]; do sleep 0.1; done#" "$tmp/tree/Makefile"
	tiny_git init -q
	tiny_git add .
	tiny_git commit -qm one
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label first >/dev/null 2>"$tmp/first" &
	wait_for $! [ -e "$COUNT" ]
	"$fb" kernel build --tree "$tmp/tree" --arch arm64 --label second --variant no-fork-batch \
		>/dev/null 2>"$tmp/second" &
	wait_for $! grep -q waiting "$tmp/second"
	has "$(cat "$tmp/second")" 'note: /.*/tree: waiting for another build of this tree$'
	builds 1
	rm "$tmp/wait"
	wait -n && wait -n || fail "$(cat "$tmp/first" "$tmp/second")"
	builds 2
	has "$(cat "$tmp/second")" 'second differs from first in 1 of 3 objects: mm/memory.o'
	for i in first second; do
		[ "$(LC_ALL=C ls "$kernels/$i" | tr '\n' ' ')" = 'SHA256SUMS config image kernel.json objects ' ] ||
			fail "$i: $(ls "$kernels/$i")"
		grep -q "\"sha256\": \"$(sha256sum "$kernels/$i/image" | cut -d' ' -f1)\"" "$kernels/$i/kernel.json" ||
			fail "$i: not its image"
	done
	tiny 0 alone --rev HEAD
	has "$errs" "already built as 'first'"
}
