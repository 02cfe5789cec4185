#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what building and running needs, with --tests also what testing needs, on Debian 12 or
# later, and builds into build/, for guests of the other architecture as well. Root is used for
# installing missing packages only.
set -eu
cd "$(dirname "$0")"

packages="gcc libc6-dev meson ninja-build pkg-config
libhwloc-dev libnuma-dev libpfm4-dev libinih-dev libjansson-dev libgsl-dev zlib1g-dev
liblzma-dev libzstd-dev nettle-dev gnuplot-nox libcmocka-dev"

case ${1-} in
"") ;;
--tests)
	packages="$packages clang clang-format libclang-rt-dev valgrind linux-perf strace time
	binutils util-linux git xz-utils zstd libxml2-utils"
	;;
*)
	echo "usage: bootstrap.sh [--tests]" >&2
	exit 2
	;;
esac

# For VMs, without which everything on this kernel still works. UNAME:DEBIAN as in common/arch.c: guests
# of all other architectures than this machine's get a worker of theirs.
vm_packages="qemu-system-x86 qemu-system-arm"
guests=
for guest in aarch64:arm64 x86_64:amd64; do
	[ "${guest%:*}" = "$(uname -m)" ] && continue
	guests="$guests $guest"
	vm_packages="$vm_packages gcc-$(echo "${guest%:*}" | tr _ -)-linux-gnu"
done

# For `faultbench kernel build`, without which kernels can still be fetched; a distribution's config, which
# signs modules, needs libssl-dev.
kernel_packages="make flex bison bc libelf-dev libssl-dev git"

missing() { # missing PACKAGE...: those that are not installed
	for package in "$@"; do
		case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
		installed) ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

install() { # install PACKAGE...: status 77 if only root can
	echo "bootstrap: installing $*"
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	if [ -n "$sudo" ] && ! command -v sudo >/dev/null; then
		echo "bootstrap: as root: apt-get install $*" >&2
		return 77
	fi
	$sudo apt-get update -qq || return 1
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" \
		>/dev/null
}

guest_worker() { # guest_worker UNAME DEBIAN: builds build/UNAME/faultbench-worker, or prints why not
	guest=$1
	command -v "$guest-linux-gnu-gcc" >/dev/null || {
		echo "there is no $guest-linux-gnu-gcc"
		return 1
	}
	sysroot=build/sysroot-$2 log=build/$guest.log
	said=$(runners/sysroot.sh "$2" "$sysroot" 2>&1) || {
		echo "$said"
		return 1
	}
	{
		[ -f "build/$guest/build.ninja" ] ||
			meson setup "build/$guest" -Dworker_only=true --cross-file "$sysroot/meson.ini" \
				--cross-file "configs/cross/$guest.ini"
	} >"$log" 2>&1 && ninja -C "build/$guest" >>"$log" 2>&1 || {
		echo "it does not build, see $log"
		return 1
	}
}

absent=$(missing $packages)
[ -z "$absent" ] || install $absent
absent=$(missing $vm_packages)
[ -z "$absent" ] || install $absent || echo "bootstrap: no VMs: not installed:$absent"
absent=$(missing $kernel_packages)
[ -z "$absent" ] || install $absent || echo "bootstrap: no kernels from source: not installed:$absent"

[ -f build/build.ninja ] || meson setup build >/dev/null
ninja -C build --quiet
built="build/faultbench, build/faultbench-worker"

for guest in $guests; do
	if why=$(guest_worker "${guest%:*}" "${guest#*:}"); then
		built="$built, build/${guest%:*}/faultbench-worker"
	else
		echo "bootstrap: no worker for ${guest#*:} guests: $why"
	fi
done
echo "bootstrap: built $built"
