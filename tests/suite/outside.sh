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
