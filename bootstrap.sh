#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Installs what building and running needs, with --tests also what testing needs, on Debian 12 or
# later and on Ubuntu, and builds into build/, for guests of the other architecture as well. Root is used
# for installing missing packages only. On Fedora, openSUSE and Arch it names the packages that are
# missing, and builds once they are there.
set -eu
cd "$(dirname "$0")"

# A row a thing: what it is for, and its package in Debian and Ubuntu, Fedora, openSUSE and Arch; "-": it is in
# another's. `vm`: for VMs, without which everything on this kernel still works. `kernel`: for `faultbench kernel
# build`, without which kernels can still be fetched; a distribution's config, which signs modules, needs OpenSSL.
packages='
build	gcc			gcc			gcc			gcc
build	libc6-dev		glibc-devel		glibc-devel		-
build	meson			meson			meson			meson
build	ninja-build		ninja-build		ninja			ninja
build	pkg-config		pkgconf-pkg-config	pkgconf-pkg-config	pkgconf
build	libhwloc-dev		hwloc-devel		hwloc-devel		hwloc
build	libnuma-dev		numactl-devel		libnuma-devel		numactl
build	libpfm4-dev		libpfm-devel		libpfm-devel		libpfm
build	libinih-dev		inih-devel		libinih-devel		libinih
build	libjansson-dev		jansson-devel		libjansson-devel	jansson
build	libgsl-dev		gsl-devel		gsl-devel		gsl
build	zlib1g-dev		zlib-devel		zlib-devel		zlib
build	liblzma-dev		xz-devel		xz-devel		xz
build	libzstd-dev		libzstd-devel		libzstd-devel		zstd
build	liblz4-dev		lz4-devel		liblz4-devel		lz4
build	nettle-dev		nettle-devel		libnettle-devel		nettle
build	libarchive-dev		libarchive-devel	libarchive-devel	libarchive
build	libdw-dev		elfutils-devel		libdw-devel		libelf
build	gnuplot-nox		gnuplot			gnuplot			gnuplot
build	libcmocka-dev		libcmocka-devel		libcmocka-devel		cmocka
tests	clang			clang			clang			clang
tests	clang-format		clang-tools-extra	-			-
tests	libclang-rt-dev		compiler-rt		-			compiler-rt
tests	valgrind		valgrind		valgrind		valgrind
tests	linux-perf		perf			perf			perf
tests	openssh-client		openssh-clients		openssh-clients		openssh
service	openssh-server		openssh-server		openssh-server		-
tests	strace			strace			strace			strace
tests	time			time			time			time
tests	binutils		binutils		binutils		binutils
tests	util-linux		util-linux		util-linux		util-linux
tests	git			git-core		git-core		git
tests	xz-utils		xz			xz			xz
tests	zstd			zstd			zstd			zstd
tests	libxml2-utils		libxml2			libxml2-tools		libxml2
tests	man-db			man-db			man			man-db
tests	zsh			zsh			zsh			zsh
tests	python3-yaml		python3-pyyaml		python3-PyYAML		python-yaml
tests	python3-jsonschema	python3-jsonschema	python3-jsonschema	python-jsonschema
tests	lava-common		-			-			-
vm	qemu-system-x86		qemu-system-x86		qemu-x86		qemu-system-x86
vm	qemu-system-arm		qemu-system-aarch64	qemu-arm		qemu-system-aarch64
kernel	make			make			make			make
kernel	flex			flex			flex			flex
kernel	bison			bison			bison			bison
kernel	bc			bc			bc			bc
kernel	libelf-dev		elfutils-libelf-devel	libelf-devel		libelf
kernel	libssl-dev		openssl-devel		libopenssl-devel	openssl
kernel	git			git-core		git-core		git
'

case ${1-} in
"") tests= ;;
--tests)
	tests=tests
	# Where systemd runs, Debian starts a server that is installed: not on a developer's machine, unasked.
	if [ -n "${INSTALL_SERVICES-}" ] || [ ! -d /run/systemd/system ]; then
		tests='tests service'
	fi
	;;
*)
	echo "usage: bootstrap.sh [--tests]" >&2
	exit 2
	;;
esac

# How packages are installed here, and the column of their names.
if command -v apt-get >/dev/null; then
	installer='apt-get install' column=2
elif command -v dnf >/dev/null; then
	installer='dnf install' column=3
elif command -v zypper >/dev/null; then
	installer='zypper install' column=4
elif command -v pacman >/dev/null; then
	installer='pacman -S --needed' column=5
else
	installer='' column=2
fi

# UNAME:DEBIAN as in common/arch.c: guests of all other architectures than this machine's get a worker of
# theirs, which is linked with packages of Debian's.
guests='' cross=''
for guest in aarch64:arm64 x86_64:amd64; do
	[ "${guest%:*}" = "$(uname -m)" ] && continue
	guests="$guests $guest"
	[ $column != 2 ] || cross="$cross gcc-$(echo "${guest%:*}" | tr _ -)-linux-gnu"
done

names() { # names KIND...: this distribution's for what is of these kinds
	for kind in "$@"; do
		echo "$packages" | awk -v kind="$kind" -v column=$column '$1 == kind && $column != "-" { print $column }'
	done
}

installed() { # installed PACKAGE...: those that are
	case $installer in
	apt-get*) dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' ;;
	*)
		for package in "$@"; do
			case $installer in
			pacman*) pacman -Qq "$package" >/dev/null 2>&1 ;;
			*) rpm -q --whatprovides "$package" >/dev/null 2>&1 ;;
			esac && echo "$package"
		done
		;;
	esac
}

missing() { # missing PACKAGE...: those that are not installed
	[ $# != 0 ] || return 0
	there=" $(echo $(installed "$@")) "
	for package in "$@"; do
		case $there in
		*" $package "*) ;;
		*) printf ' %s' "$package" ;;
		esac
	done
}

# Ubuntu's own names, where an archive has none of Debian's; and what not every release has.
in_archive() {
	for package in "$@"; do
		case $package in
		linux-perf)
			[ -n "$(apt-cache madison linux-perf 2>/dev/null)" ] || package='linux-tools-common linux-tools-generic'
			;;
		lava-common) [ -n "$(apt-cache madison lava-common 2>/dev/null)" ] || package= ;;
		esac
		printf ' %s' "$package"
	done
}

install() { # install PACKAGE...: status 77 if only root can, or if it was tried nowhere
	case $installer in
	apt-get*) ;;
	*)
		echo "bootstrap: first, as root: ${installer:-install} $*" >&2
		return 77
		;;
	esac
	[ -n "$(in_archive "$@" | tr -d ' ')" ] || return 0
	echo "bootstrap: installing $*"
	sudo=
	[ "$(id -u)" = 0 ] || sudo=sudo
	if [ -n "$sudo" ] && ! command -v sudo >/dev/null; then
		echo "bootstrap: as root: apt-get install $*" >&2
		return 77
	fi
	$sudo apt-get update -qq || return 1
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $(in_archive "$@") \
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

# All at once is faster, where all can be had.
absent=$(missing $(names build vm kernel) ${tests:+$(names $tests)} $cross)
case $(id -u)/$installer in
0/apt-get*) [ -z "$absent" ] || install $absent || echo "bootstrap: not all of these, so some after the other" ;;
esac
absent=$(missing $(names build) ${tests:+$(names $tests)})
[ -z "$absent" ] || install $absent
absent=$(missing $(names vm) $cross)
[ -z "$absent" ] || install $absent || echo "bootstrap: no VMs: not installed:$absent"
absent=$(missing $(names kernel))
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
