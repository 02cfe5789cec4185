#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: runners/sysroot.sh ARCH DIR
#
# Fills DIR with what faultbench-worker is compiled and linked against, and runs with, on ARCH (arm64
# or amd64): Debian's packages in their newest versions, unpacked. apt is used with a state of its own,
# so this works for any user and leaves the system's packages, lists and architectures alone. DIR is
# complete or does not exist; one that is complete is not looked at again. Its file `packages` names
# the versions, meson.ini tells configs/cross/*.ini where it is. Status 77: cannot be done here.
set -eu

worker_needs="libc6-dev linux-libc-dev libhwloc-dev libnuma-dev libpfm4-dev libjansson-dev zlib1g-dev"

cannot() {
	echo "sysroot: $*" >&2
	exit 77
}

if [ $# != 2 ]; then
	echo "usage: runners/sysroot.sh arm64|amd64 DIR" >&2
	exit 2
fi
# Debian's names of the rows of common/arch.c.
case $1 in
arm64 | amd64) ;;
*)
	echo "sysroot: '$1' is no architecture of guests here: arm64 or amd64" >&2
	exit 2
	;;
esac
arch=$1 dir=$2
[ ! -f "$dir/packages" ] || exit 0
for tool in apt-get dpkg-deb; do
	command -v $tool >/dev/null || cannot "there is no $tool here"
done

mkdir -p "$(dirname "$dir")"
tmp=$(mktemp -d "$(cd "$(dirname "$dir")" && pwd)/sysroot-XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$tmp/state/lists/partial" \
	"$tmp/cache/archives/partial" "$tmp/debs" "$tmp/root"
: >"$tmp/status"

# The archives are those the system's apt is configured for, which is read first: the system's hooks are about its own
# cache. Everything apt writes is in our folder; what it makes of the lists takes it a second, each time.
cat >"$tmp/apt.conf" <<-END
APT::Architecture "$arch";
#clear APT::Architectures;
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
#clear Acquire::Languages;
Acquire::Languages { "none"; };
Dir::State "$tmp/state";
Dir::State::status "$tmp/status";
Dir::Cache "$tmp/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "";
#clear APT::Update;
#clear DPkg;
END

apt-get -c "$tmp/apt.conf" update -qq --error-on=any >"$tmp/log" 2>&1 ||
	cannot "no list of packages: $(grep -m1 '^E:' "$tmp/log" || tail -n 1 "$tmp/log")"

# With the libraries that these need, and they in turn; not with tools and further headers.
all= todo=$worker_needs
while [ -n "$todo" ]; do
	all="$all $todo"
	todo=$(apt-cache -c "$tmp/apt.conf" depends --important $todo | sed -nE 's/^ *Depends: (z?lib[^ ]+)$/\1/p' |
		grep -vE -- '-(dev|bin|base|common)$' | sort -u | while read -r name; do
		case " $all " in
		*" $name "*) ;;
		*) printf ' %s' "$name" ;;
		esac
	done)
done
(cd "$tmp/debs" && apt-get -c "$tmp/apt.conf" download -qq $all) >"$tmp/log" 2>&1 ||
	cannot "not downloaded: $(grep -m1 '^E:' "$tmp/log" || tail -n 1 "$tmp/log")"

# One folder for libraries, as on a system: packages still name both /lib and /usr/lib.
for lib in lib lib64; do
	mkdir -p "$tmp/root/usr/$lib"
	ln -s usr/$lib "$tmp/root/$lib"
done
for deb in "$tmp"/debs/*.deb; do
	dpkg-deb --fsys-tarfile "$deb" |
		tar -x -C "$tmp/root" --keep-directory-symlink --no-same-owner \
			--exclude=./usr/share --exclude=./usr/bin --exclude=./etc
	dpkg-deb -W --showformat='${Package} ${Version}\n' "$deb" >>"$tmp/versions"
done

# Absolute links would lead out of the folder.
find "$tmp/root" -type l -lname '/*' | while read -r link; do
	ln -sfnr "$tmp/root$(readlink "$link")" "$link"
done
mv "$tmp/versions" "$tmp/root/packages"
printf "[constants]\nsysroot = '%s'\n" "$(dirname "$tmp")/$(basename "$dir")" >"$tmp/root/meson.ini"
chmod 755 "$tmp/root"
rm -rf "$dir"
mv -T "$tmp/root" "$dir"
echo "sysroot: $arch, $(wc -l <"$dir/packages") packages in $dir"
