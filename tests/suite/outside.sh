# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What comes from others: packages, folders, patches, journals; sourced by tests/run-tests.sh.

# installed ROOT: a kernel as a distribution installs it, with one module.
installed() {
	local lib=$1/lib/modules/6.1.0
	mkdir -p "$1/boot" "$lib/kernel"
	tiny_image 6.1.0 >"$1/boot/vmlinuz-6.1.0"
	echo 'CONFIG_ARM64=y' >"$1/boot/config-6.1.0"
	echo kernel/virtio_pci.ko >"$lib/modules.order"
	echo module >"$lib/kernel/virtio_pci.ko"
}

# contents FOLDER: what is in there, in a list
contents() {
	(cd "$1" && find . -printf '%p %y %l\n' && find . -type f -exec cksum {} +) | sort
}

# leads_out NAME COMMAND...: of a fresh kernel COMMAND makes one whose parts are elsewhere, in $r; it is
# refused, the path is named, and what is elsewhere is neither read nor changed.
leads_out() {
	local name=$1 r=$tmp/k/r
	shift
	rm -rf "$tmp/k" "$tmp/cache"
	mkdir -p "$tmp/k/elsewhere"
	installed "$r"
	cp -r "$r"/* "$tmp/k/elsewhere"
	echo 'CONFIG_SECRET=y' >"$tmp/k/elsewhere/secret"
	eval "$*"
	contents "$tmp/k" >"$tmp/before"
	expect $want timeout 20 "$fb" kernel fetch "${source:-$r}" --label k
	one_line "$errs"
	has "$errs" "$name.*: (leads out of|.* leads out of it|not a regular file)"
	contents "$tmp/k" | diff "$tmp/before" - || fail "$name: something was changed"
	[ -z "$(ls -A "$tmp/cache/faultbench/kernels")" ] || fail "$name: $(ls -A "$tmp/cache/faultbench/kernels")"
}

# Whatever is said in a package, a folder or its files: nothing outside of it is read or written.
test_fetch_inside() {
	local lib=lib/modules/6.1.0 source='' want=2
	export XDG_CACHE_HOME=$tmp/cache
	leads_out boot/vmlinuz-6.1.0 'ln -sf ../../elsewhere/boot/vmlinuz-6.1.0 $r/boot/'
	leads_out boot/vmlinuz-6.1.0 'ln -sf $r/boot/config-6.1.0 $r/boot/vmlinuz-6.1.0'
	leads_out boot/config-6.1.0 'ln -sf ../../elsewhere/secret $r/boot/config-6.1.0'
	leads_out boot/config-6.1.0 'ln -sf /dev/zero $r/boot/config-6.1.0'
	leads_out boot/config-6.1.0 'rm $r/boot/config-6.1.0; mkfifo $r/boot/config-6.1.0'
	want=1
	leads_out modules.order 'ln -sf ../../../../elsewhere/$lib/modules.order $r/$lib/'
	leads_out modules.order 'rm -r $r/lib; ln -s ../elsewhere/lib $r/lib'
	leads_out kernel/virtio_pci.ko 'ln -sf ../../../../../elsewhere/secret $r/$lib/kernel/virtio_pci.ko'
	leads_out kernel/virtio_pci.ko 'xz <$r/boot/config-6.1.0 >$r/../elsewhere/x; rm $r/$lib/kernel/*
		ln -s ../../../../../elsewhere/x $r/$lib/kernel/virtio_pci.ko.xz'
	leads_out modules.order 'echo kernel/../../../../../elsewhere/lib/modules/6.1.0/kernel/virtio_pci.ko >$r/$lib/modules.order'
	leads_out modules.order 'echo module >$r/$lib/zram.ko; echo a/../../../../../zram.ko >$r/$lib/modules.order; echo x >$tmp/k/zram.ko'
	# A build folder.
	source='' want=2
	leads_out 'include/config/kernel.release' 'rm -r $r/*; mkdir -p $r/arch/arm64/boot $r/include/config; touch $r/.config
		tiny_image 6.1.0 >$r/arch/arm64/boot/Image; mkfifo $r/include/config/kernel.release'
	leads_out '\.config' 'rm -r $r/*; mkdir -p $r/arch/arm64/boot
		tiny_image 6.1.0 >$r/arch/arm64/boot/Image; ln -s $r/../elsewhere/secret $r/.config'
	want=1
	leads_out modules.order 'rm -r $r/boot $r/lib; mkdir -p $r/arch/arm64/boot $r/include/config $r/lib/modules; echo CONFIG_ARM64=y >$r/.config
		tiny_image "" >$r/arch/arm64/boot/Image; echo ../../../elsewhere/lib/modules/6.1.0 >$r/include/config/kernel.release'
	# A package, whose links are left in it, as is what would be above it.
	installed "$tmp/p"
	echo 'a/../../../../../pwn/zram.ko' >>"$tmp/p/$lib/modules.order"
	mkdir "$tmp/p/pwn" && echo evil >"$tmp/p/pwn/zram.ko"
	tar -C "$tmp/p" -cf "$tmp/p.tar" .
	expect 1 "$fb" kernel fetch "$tmp/p.tar" --label p
	has "$errs" 'modules.order: a/../../../../../pwn/zram.ko leads out of it'
	# What is named by the user may be a link, as may what leads to another place inside.
	installed "$tmp/good"
	mv "$tmp/good/lib" "$tmp/good/usr" && mkdir "$tmp/good/lib" && mv "$tmp/good/usr" "$tmp/good/lib/usr"
	mv "$tmp/good/lib/usr/modules" "$tmp/good/real" && ln -s ../real "$tmp/good/lib/modules"
	mv "$tmp/good/boot/vmlinuz-6.1.0" "$tmp/good/image" && ln -s ../image "$tmp/good/boot/vmlinuz-6.1.0"
	ln -s good "$tmp/link"
	expect 0 "$fb" kernel fetch "$tmp/link" --label good
	[ -e "$tmp/cache/faultbench/kernels/good/modules/kernel/virtio_pci.ko" ] || fail "no modules"
}

# Folders of patches: a series that names files elsewhere, links out, what is no file.
test_mail_inside() {
	local name
	mail_tree
	printf 'From: S <s@example.org>\nSubject: secret\n\n--- a/x\n+++ b/x\n' >"$tmp/secret"
	for name in '../secret' "$tmp/secret" link.patch fifo.patch zero.patch; do
		rm -rf "$tmp/q" && mkdir "$tmp/q"
		ln -s ../secret "$tmp/q/link.patch"
		ln -s /dev/zero "$tmp/q/zero.patch"
		mkfifo "$tmp/q/fifo.patch"
		echo "$name" >"$tmp/q/series"
		mails "series: $name" 2 "$tmp/q"
		one_line "$errs"
		has "$errs" "$name: (leads out of $tmp/q, and is not followed|not a regular file|cannot be read)"
	done
	rm "$tmp/q/series" "$tmp/q/fifo.patch" "$tmp/q/zero.patch"
	mails "a folder" 2 "$tmp/q"
	has "$errs" "q/link.patch: leads out of $tmp/q, and is not followed"
	mkdir "$tmp/q/cur" && mkfifo "$tmp/q/cur/1"
	mails "a maildir" 2 "$tmp/q"
	has "$errs" "q/cur/1: not a regular file"
}

# nothing_hidden WHAT FILE: there is nothing in it that a terminal obeys, or that does not show
nothing_hidden() {
	! LC_ALL=C.UTF-8 grep -anP '[^\P{Cc}\t]|[\x{200b}-\x{200f}\x{2028}-\x{202e}\x{feff}]' "$2" || fail "$1: as it is"
	! LC_ALL=C.UTF-8 grep -avP '^.*$' "$2" || fail "$1: no UTF-8"
	! grep -an '^FORGED' "$2" || fail "$1: a line of others"
}

# Every text of a journal, and some names in it, try to be obeyed: in all that is made of journals they are
# shown, as they are written in C.
test_shown() {
	command -v perl >/dev/null || exit 77
	local journal command hidden='\u001b[31m\u009b1m\u202e\ufeff\r\nFORGED '
	for journal in contend counters exact fork series storms; do
		journal=tests/golden/$journal.jsonl
		HIDDEN=$hidden perl -pe 'next if /^\{"type":"(plan|kernel|command)/;
			s/"(?!(?:type|status|source|unit|kernel|boot_id|clock\.id)":)[a-z_.]+":"/$&$ENV{HIDDEN}/g;
			s/"(cpus|notes|placement|conditions|vmstat|counters|facts)":\{/$&"$ENV{HIDDEN}":"$ENV{HIDDEN}",/g' \
			"$journal" >"$tmp/h.jsonl"
		for command in show compare 'compare --functions' check 'check --format ktap' 'check --format junit' \
			'check --format lava' 'check --format kcidb' 'check --format json' power 'plot --out -' \
			'export --format csv' 'export --format go' 'export --format json'; do
			"$fb" $command "$tmp/h.jsonl" >"$tmp/out" 2>&1
			nothing_hidden "$command of $journal" "$tmp/out"
		done
		"$fb" show "$tmp/h.jsonl" >"$tmp/out" 2>&1
		grep -qF '\x1b[31m\u009b1m\u202e\ufeff\r\nFORGED' "$tmp/out" || fail "show of $journal: nothing is shown"
		"$fb" report "$tmp/h.jsonl" --out "$tmp/r" >"$tmp/out" 2>&1 || fail "$(cat "$tmp/out")"
		nothing_hidden "report of $journal" "$tmp/r/report.txt"
		nothing_hidden "report of $journal" "$tmp/r/index.html"
	done
	# Names of files, and what is no record at all.
	for journal in $'a\e[31mb\nFORGED' $'\xe4\xff' $'\u202e'; do
		expect 2 "$fb" compare "$tmp/$journal.jsonl"
		one_line "$errs"
		echo "$errs" >"$tmp/out"
		nothing_hidden "a name" "$tmp/out"
	done
	printf '{"type":"\e[31m' >"$tmp/h.jsonl"
	printf '\n{"type":"plan"}\n' >>"$tmp/h.jsonl"
	"$fb" compare "$tmp/h.jsonl" >"$tmp/out" 2>&1
	nothing_hidden "no record" "$tmp/out"
	printf '[plan]\nsummary = a\e[31mb\nruns=\e[31m\n[x]\nbench=null\n' >"$tmp/p.ini"
	expect 2 "$fb" run "$tmp/p.ini" --dry-run
	has "$errs" 'p.ini:3: runs = \\x1b\[31m: must be'
	# What a worker says of its machine.
	printf '#!/bin/sh\nexec 3>&1\n{ "%s" "$@" 3>&-; } | sed -u "s/\\"cpu.model\\":\\"/&\\\\\\\\u001b[31m/"\n' "$worker" >"$tmp/worker"
	chmod +x "$tmp/worker"
	FAULTBENCH_WORKER=$tmp/worker "$fb" doctor >"$tmp/out" 2>&1
	nothing_hidden doctor "$tmp/out"
	grep -qF '\x1b[31m' "$tmp/out" || fail "doctor: $(cat "$tmp/out")"
}

# Subjects of mails, in what `series` prints and in messages.
test_mail_shown() {
	mail_tree
	sed 's/mm: step 2/mm: =?utf-8?q?=1b=5b31m=c2=9b=e2=80=ae?= step 2/' "$tmp"/p/*.patch >"$tmp/h.mbox"
	mails "subjects" 0 "$tmp/h.mbox" --base v1
	echo "$out" >"$tmp/out"
	nothing_hidden "a subject" "$tmp/out"
	has "$out" 'mm: \\x1b\[31m'
}
