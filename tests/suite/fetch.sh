# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Kernels fetched; sourced by tests/run-tests.sh.

# tiny_image RELEASE: as much of an arm64 Image as is looked at, on stdout.
tiny_image() {
	head -c 56 /dev/zero
	printf 'ARM\144%64s' ''
	printf 'Linux version %s (tiny) #1\0' "$1"
}

# package NAME VERSION DEPENDS: a .deb of arm64 in $tmp/archive, with what is in $tmp/root, which is emptied.
package() {
	local deb=$tmp/archive/$1_$2_arm64.deb
	mkdir -p "$tmp/archive" "$tmp/root/DEBIAN"
	printf 'Package: %s\nVersion: %s\nArchitecture: arm64\nMaintainer: N <n@example.org>\n%sDescription: tiny\n' \
		"$1" "$2" "${3:+Depends: $3
}" >"$tmp/root/DEBIAN/control"
	dpkg-deb --root-owner-group -b "$tmp/root" "$deb" >/dev/null || fail "dpkg-deb $1"
	{
		cat "$tmp/root/DEBIAN/control"
		printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${deb##*/}" "$(wc -c <"$deb")" \
			"$(sha256sum "$deb" | cut -d' ' -f1)"
	} >>"$tmp/archive/Packages"
	rm -r "$tmp/root"
}

# archive: apt is configured for $tmp/archive alone, and the cache is the test's own.
archive() {
	local tool
	for tool in apt-get dpkg-deb; do command -v $tool >/dev/null || exit 77; done
	mkdir -p "$tmp/archive"
	printf 'deb [trusted=yes] copy:%s ./\n' "$tmp/archive" >"$tmp/sources.list"
	printf 'Dir::Etc::sourcelist "%s";\nDir::Etc::sourceparts "/dev/null";\n' "$tmp/sources.list" >"$tmp/apt.conf"
	export APT_CONFIG=$tmp/apt.conf XDG_CACHE_HOME=$tmp/cache
	kernels=$tmp/cache/faultbench/kernels
}

put() { # put PATH: standard input, in what will be a package
	mkdir -p "$(dirname "$tmp/root/$1")"
	cat >"$tmp/root/$1"
}

# split_kernel RELEASE VERSION META: a kernel as Debian 14 packages it, in four, and its meta packages.
split_kernel() {
	local lib=usr/lib/modules/$1
	echo 'CONFIG_ARM64=y' | put $lib/config
	echo kernel/virtio_pci.ko | put $lib/modules.order
	package linux-base-$1 $2
	tiny_image $1 | put $lib/vmlinuz
	package linux-binary-$1 $2 "linux-base-$1 (= $2)"
	echo module | put $lib/kernel/virtio_pci.ko
	package linux-modules-$1 $2 "kmod, linux-base-$1 (= $2)"
	package linux-image-$1 $2 "initramfs-tools | dracut, linux-base-$1 (= $2), linux-binary-$1 (= $2), linux-modules-$1 (= $2)"
	package linux-base-$3 $2
	package linux-image-$3 $2 "linux-base-$3 (= $2), linux-image-$1 (= $2)"
}

# Debian 14's packages of one kernel, from an archive and as files; the missing one is missed in words that
# outlive the fetch.
test_fetch_split() {
	local rel=7.2.13+deb14-cloud-arm64 debs
	archive
	split_kernel $rel 7.2.13-1 cloud-arm64
	expect 0 "$fb" kernel fetch debian:linux-image-cloud-arm64 --label a
	has "$out" "^release  ${rel/+/.}$"
	has "$errs" "fetching linux-image-${rel/+/.} 7.2.13-1$"
	cmp "$kernels/a/config" <(echo CONFIG_ARM64=y) || fail "config"
	cmp "$kernels/a/modules/kernel/virtio_pci.ko" <(echo module) || fail "modules"
	debs=$(printf '%s,' "$tmp"/archive/linux-*-${rel}_*.deb)
	expect 0 "$fb" kernel fetch "${debs%,}" --label b
	cmp "$kernels/a/kernel.json" "$kernels/b/kernel.json" >/dev/null && fail "not fetched anew"
	diff -r -x kernel.json -x SHA256SUMS "$kernels/a" "$kernels/b" || fail "otherwise from files"
	debs=$(printf '%s,' "$tmp"/archive/linux-{base,modules}-${rel}_*.deb)
	expect 2 "$fb" kernel fetch "${debs%,}" --label c
	one_line "$errs"
	[[ $errs == "faultbench: ${debs%,}: no kernel in it for arm64 or x86_64: neither boot/vmlinuz-*, lib/modules/*/vmlinuz nor"* ]] ||
		fail "$errs"
	[ "$(ls -A "$kernels" | tr '\n' ' ')" = 'a b ' ] || fail "left behind: $(ls -A "$kernels")"
}

# cpio_entry NAME FILE: a file in a cpio archive of the form "newc", on stdout; NAME alone: the end.
cpio_entry() {
	local size=0 name=$1
	[ $# = 1 ] || size=$(wc -c <"$2")
	printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' 1 33188 0 0 1 0 $size 0 0 0 0 $((${#name} + 1)) 0 "$name"
	head -c $((-(111 + ${#name}) & 3)) /dev/zero
	[ $# = 1 ] || { cat "$2" && head -c $((-size & 3)) /dev/zero; }
}

# rpm: one whose payload is standard input, on stdout; of its two headers nothing is looked at.
rpm() {
	printf '\355\253\356\333\3\0\0\0'
	head -c 88 /dev/zero
	printf '\216\255\350\1\0\0\0\0\0\0\0\0\0\0\0\0\216\255\350\1\0\0\0\0\0\0\0\0\0\0\0\0'
	gzip
}

# Other distributions' packages: .rpm (Fedora's split), .pkg.tar.zst, .tar.xz; what is damaged is named, and
# nothing in one leads out of the folder.
test_fetch_packages() {
	local rel=6.17.1-300.fc43.aarch64 lib=lib/modules/6.17.1-300.fc43.aarch64 file
	archive
	mkdir -p "$tmp/p/usr/$lib/kernel"
	tiny_image $rel >"$tmp/p/usr/$lib/vmlinuz"
	echo 'CONFIG_ARM64=y' >"$tmp/p/usr/$lib/config"
	echo kernel/virtio_pci.ko >"$tmp/p/usr/$lib/modules.order"
	echo module | xz >"$tmp/p/usr/$lib/kernel/virtio_pci.ko.xz"
	{
		for file in vmlinuz config modules.order; do cpio_entry ./$lib/$file "$tmp/p/usr/$lib/$file"; done
		cpio_entry 'TRAILER!!!'
	} | rpm >"$tmp/kernel-core.rpm"
	{
		cpio_entry ./$lib/kernel/virtio_pci.ko.xz "$tmp/p/usr/$lib/kernel/virtio_pci.ko.xz"
		cpio_entry 'TRAILER!!!'
	} | rpm >"$tmp/kernel-modules.rpm"
	tar -C "$tmp/p" --zstd -cf "$tmp/linux.pkg.tar.zst" usr
	tar -C "$tmp/p" -cJf "$tmp/linux.tar.xz" usr
	expect 0 "$fb" kernel fetch "$tmp/kernel-core.rpm,$tmp/kernel-modules.rpm" --label rpm
	has "$out" "^release  $rel$"
	cmp "$kernels/rpm/modules/kernel/virtio_pci.ko" <(echo module) || fail "modules"
	for file in linux.pkg.tar.zst linux.tar.xz; do
		expect 0 "$fb" kernel fetch "$tmp/$file" --label $file
		diff -r -x kernel.json -x SHA256SUMS "$kernels/rpm" "$kernels/$file" || fail "$file: otherwise than as .rpm"
	done
	expect 0 "$fb" kernel list
	[ "$(ls -A "$kernels" | wc -l)" = 3 ] || fail "left behind: $(ls -A "$kernels")"
	head -c 300 "$tmp/linux.tar.xz" >"$tmp/cut.tar.xz"
	echo junk >"$tmp/junk.deb"
	for file in cut.tar.xz junk.deb; do
		expect 1 "$fb" kernel fetch "$tmp/$file"
		one_line "$errs"
		has "$errs" "$tmp/$file: (cannot be unpacked: |is no Debian package)"
	done
	# Files above and links into other folders.
	mkdir "$tmp/out"
	(cd "$tmp/p" && ln -s "$tmp/out" usr/lib/modules/away && echo evil >"$tmp/evil" &&
		tar -cPf "$tmp/evil.tar" usr --transform='s#^evil#lib/modules/../../../../../evil-file#' -C "$tmp" evil)
	tar -C "$tmp/p" -rPf "$tmp/evil.tar" --transform="s#.*config#usr/lib/modules/away/config#" usr/$lib/config
	expect 0 "$fb" kernel fetch "$tmp/evil.tar" --label evil
	[ -z "$(ls -A "$tmp/out")" ] && [ -z "$(find "$tmp" -name evil-file)" ] || fail "it got out"
}

# Packages that unpack to more than any kernel has, in bytes or in files, as much as they are packed.
test_fetch_bomb() {
	local name
	archive
	command -v perl >/dev/null || exit 77
	mkdir -p "$tmp/boot" "$tmp/junk"
	truncate -s 9G "$tmp/boot/vmlinuz-1" "$tmp/junk/1"
	: >"$tmp/boot/empty"
	# Nothing of what is that large is there: its head is enough.
	for name in boot/vmlinuz-1 junk/1; do
		tar -C "$tmp" -cf - $name | head -c 102400 | xz >"$tmp/${name#*/}.tar.xz"
	done
	tar -C "$tmp" -cf - boot/empty | head -c 512 | perl -e 'local $/; $head = <>; print $head x 100001' |
		gzip -1 >"$tmp/files.tar.gz"
	printf '!<arch>\n%-16s%-12s%-6s%-6s%-8s%-10s`\n' junk 0 0 0 100644 9999999999 >"$tmp/junk.deb"
	for name in vmlinuz-1.tar.xz 1.tar.xz files.tar.gz junk.deb; do
		expect 1 "$fb" kernel fetch "$tmp/$name" --label bomb
		one_line "$errs"
		has "$errs" "$name: is too large: more than 8 GiB or 100000 files in the packages of a kernel$"
		[ -z "$(ls -A "$kernels")" ] || fail "$name: left: $(ls -A "$kernels")"
	done
	# What else libarchive reads is no package: a list that names files of this machine, for one.
	printf '#mtree\n./boot/vmlinuz-1 type=file size=9 contents=%s\n' "$tmp/boot/empty" >"$tmp/list.tar"
	expect 1 "$fb" kernel fetch "$tmp/list.tar" --label bomb
	has "$errs" 'list.tar: cannot be unpacked: Unrecognized archive format'
}

# old_kernel RELEASE VERSION META: a kernel as Debian 12 and 13 package it, and its meta package.
old_kernel() {
	tiny_image $1 | put boot/vmlinuz-$1
	echo 'CONFIG_ARM64=y' | put boot/config-$1
	package linux-image-$1 $2 'kmod, linux-base (>= 4.3~)'
	package linux-image-$3 $2 "linux-image-$1 (= $2)"
}

# `try` counts on the archives' default kernel and on their newest, on what was fetched before without
# asking, and on the one there is.
test_try_kernels() {
	local uname
	archive
	[ "$(uname -m)" = aarch64 ] || [ -x "$build/aarch64/faultbench-worker" ] || exit 77
	mkdir "$tmp/bin"
	for uname in aarch64 x86_64; do
		printf '#!/bin/sh\n[ $1 = -help ] && { printf "QEMU emulator version 10.0\\n-plugin x\\n"; exit; }\necho no guest today >&2\nexit 1\n' \
			>"$tmp/bin/qemu-system-$uname"
		chmod +x "$tmp/bin/qemu-system-$uname"
	done
	# The first half is refused: its journal is another plan's.
	cp tests/golden/fork.jsonl "$tmp/quick.jsonl"
	tries() { # tries: its second half, to the first boot of each kernel
		rm -f "$tmp/exact.jsonl"
		(cd "$tmp" && PATH=$tmp/bin:$PATH "$fb" try >"$tmp/out" 2>&1)
		[ $? = 2 ] || fail "another status than of what is refused"
		out=$(cat "$tmp/out")
	}
	tries
	has "$out" '^Left out: it cannot be done here'
	old_kernel 6.12.9-cloud-arm64 6.12.9-1 cloud-arm64
	tries
	has "$out" 'one small kernel is there for arm64, so it is not held against another$'
	[ "$(grep -o 'boot 0 of v[0-9.]*' "$tmp/out" | sort -u)" = 'boot 0 of v6.12' ] || fail "$out"
	rm -r "$tmp/cache"
	old_kernel 6.14.2-cloud-arm64 6.14.2-1 6.14-cloud-arm64
	old_kernel 6.16.3-cloud-arm64 6.16.3-1 6.16-cloud-arm64
	old_kernel 6.17.3-arm64 6.17.3-1 6.17-arm64
	tries
	[ "$(grep -o 'boot 0 of v[0-9.]*' "$tmp/out" | sort -u | tr '\n' ,)" = 'boot 0 of v6.12,boot 0 of v6.16,' ] || fail "$out"
	[[ $out != *'one small kernel'* ]] || fail "$out"
	rm -r "$tmp/archive"
	tries
	[ "$(grep -o 'boot 0 of v[0-9.]*' "$tmp/out" | sort -u | tr '\n' ,)" = 'boot 0 of v6.12,boot 0 of v6.16,' ] || fail "$out"
	[[ $out != *'asking the archives'* ]] || fail "asked all the same: $out"
}

# of_release RELEASE TEST...: README's two commands on another Debian, as root of one, with those tests or all.
of_release() {
	local got
	tests/tools/long-release.sh "$@"
	got=$?
	[ $got != 77 ] || exit 77
	[ $got = 0 ] || fail "status $got"
}

test_long_trixie() {
	of_release trixie
}

# Of what comes next: its compiler and C library, its QEMU, its kernels.
test_long_sid() {
	of_release sid unit golden exact_arm64 exact_x86 long_exact_added long_exact_newest exact_emulators exact_late cache_verify emit_c_builds
}
