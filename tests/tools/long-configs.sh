#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/long-configs.sh [TREE...]
#
# The fragments of configs/kernels/ on source trees of several ages, for both architectures: what is named
# there has to be kept, or be optional. Nothing is compiled. TREE is a source folder or a git tree (default:
# the linux-source packages that the configured archives have, 1.5 GB each in $TMPDIR).
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder. Status 77: cannot run here.

cd "$(dirname "$0")/../.." || exit 2
fb=${FAULTBENCH_BUILD:-$PWD/build}/faultbench
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export XDG_CACHE_HOME=$tmp/cache
failed=0

# make, up to the point where it would compile
mkdir "$tmp/bin"
cat >"$tmp/bin/make" <<EOF
#!/bin/sh
for word; do
	case \$word in Image | vmlinux) echo "error: no more is wanted" >&2; exit 1 ;; esac
done
exec $(command -v make) "\$@"
EOF
chmod +x "$tmp/bin/make"
PATH=$tmp/bin:$PATH

fetch_trees() {
	local package
	for package in $(apt-cache search --names-only '^linux-source-[0-9.]+$' | cut -d' ' -f1); do
		(cd "$tmp" && apt-get download -q "$package" && dpkg-deb -x "$package"_*.deb deb &&
			tar xf "deb/usr/src/$package.tar.xz" && rm -r deb "$package"_*.deb) >"$tmp/log" 2>&1 &&
			trees="$trees $tmp/$package"
	done
	[ -n "$trees" ] || { cat "$tmp/log" && exit 77; }
}

trees=$*
[ -n "$trees" ] || fetch_trees
for tree in $trees; do
	for arch in arm64 x86_64; do
		"$fb" kernel build --tree "$tree" --arch $arch --label x >/dev/null 2>"$tmp/log"
		result=$(grep -v 'note:' "$tmp/log")
		case $result in
		*'no more is wanted'*) echo "ok $(basename "$tree") $arch" ;;
		*) echo "FAIL $(basename "$tree") $arch: $result" && failed=1 ;;
		esac
		sed -n 's/.*note: x: this tree has/   it has/p' "$tmp/log"
	done
done
exit $failed
