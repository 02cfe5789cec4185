#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what building and running needs, with --tests also what testing needs, on Debian 12 or
# later, and builds into build/. Root is used for installing missing packages only.
set -eu
cd "$(dirname "$0")"

packages="gcc libc6-dev meson ninja-build pkg-config
libhwloc-dev libnuma-dev libpfm4-dev libinih-dev libjansson-dev libgsl-dev zlib1g-dev
gnuplot-nox libcmocka-dev"

case ${1-} in
"") ;;
--tests)
	packages="$packages clang clang-format libclang-rt-dev valgrind linux-perf strace time
	binutils util-linux git"
	;;
*)
	echo "usage: bootstrap.sh [--tests]" >&2
	exit 2
	;;
esac

missing=
for package in $packages; do
	case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
	installed) ;;
	*) missing="$missing $package" ;;
	esac
done

if [ -n "$missing" ]; then
	echo "bootstrap: installing$missing"
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	if [ -n "$sudo" ] && ! command -v sudo >/dev/null; then
		echo "bootstrap: as root: apt-get install$missing" >&2
		exit 77
	fi
	$sudo apt-get update -qq
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing \
		>/dev/null
fi

[ -f build/build.ninja ] || meson setup build >/dev/null
ninja -C build --quiet
echo "bootstrap: built build/faultbench and build/faultbench-worker"
