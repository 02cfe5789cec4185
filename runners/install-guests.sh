#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Part of `meson install`: the workers of other architectures that were built below the build folder
# (bootstrap.sh), and of their sysroots the libraries, which guests are given.
set -eu

lib=$MESON_INSTALL_DESTDIR_PREFIX/lib/faultbench
for worker in "$MESON_BUILD_ROOT"/*/faultbench-worker; do
	[ -x "$worker" ] || continue
	folder=$lib/$(basename "$(dirname "$worker")")
	echo "Installing $worker to $folder"
	mkdir -p "$folder"
	install -m 755 "$worker" "$folder/"
done
for sysroot in "$MESON_BUILD_ROOT"/sysroot-*; do
	[ -f "$sysroot/packages" ] || continue
	folder=$lib/$(basename "$sysroot")
	echo "Installing libraries of $sysroot to $folder"
	rm -rf "$folder"
	mkdir -p "$folder"
	# lib and lib64 are links to those in usr.
	(cd "$sysroot" && tar -c packages lib lib64 $(find usr -name '*.so.*')) |
		tar -x -C "$folder" --no-same-owner
done
