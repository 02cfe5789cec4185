#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/long-release.sh RELEASE [TEST...]
#
# README's two commands on another release of Debian, "trixie", as root of it: the tree as committed is cloned
# into a new root of that release in $TMPDIR (4 GB), from the archive apt is configured for here, and both
# commands are carried out there; the second with the named tests, or with all. The root's mounts are in a
# namespace of their own, and gone with it. Takes half an hour on 2 CPUs. Status 77: cannot run here.

cd "$(dirname "$0")/../.." || exit 2
release=${1:?usage: tests/tools/long-release.sh RELEASE [TEST...]}
shift
cannot() {
	echo "$*"
	exit 77
}

[ "$(id -u)" = 0 ] || cannot 'only root can make another root'
for tool in debootstrap unshare chroot git; do
	command -v $tool >/dev/null || cannot "$tool is not installed"
done
# The first archive of Debian itself; others have security updates alone.
archive=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
	awk '$2 == "Debian" { print $1; exit }')
[ -n "$archive" ] || cannot "apt is configured for no archive of Debian's"

# The mounts below are seen by nobody else.
if [ -z "${PRIVATE_MOUNTS:-}" ]; then
	PRIVATE_MOUNTS=1 exec unshare --mount --propagation private "$0" "$release" "$@"
	exit 77
fi
tmp=$(mktemp -d) || exit 2
root=$tmp/root
# What the kernel shows of a process is not below it, but a mount is: it is taken away first, or nothing is.
end() {
	local at
	for at in proc sys dev; do
		mountpoint -q "$root/$at" && ! umount -R "$root/$at" && echo "$root/$at is still mounted" && return
	done
	rm -rf --one-file-system "$tmp"
}
trap end EXIT
trap 'exit 130' INT TERM

debootstrap --variant=minbase "$release" "$root" "$archive" >"$tmp/log" 2>&1 || {
	tail -3 "$tmp/log"
	grep -qE 'Failed getting release file|Unable to' "$tmp/log" && exit 77
	exit 1
}
mount -t proc proc "$root/proc" && mount -t sysfs sys "$root/sys" && mount --rbind /dev "$root/dev" || exit 1
cp /etc/resolv.conf "$root/etc/" 2>/dev/null
# How archives are reached from here.
# What is there may be a snapshot, out of date, and good all the same.
{ apt-config dump | grep -E '^Acquire::.*[Pp]roxy'; echo 'Acquire::Check-Valid-Until "false";'; } >"$root/etc/apt/apt.conf.d/99-as-outside"
git clone -q . "$root/srv/the-tree" || exit 1

inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 \
		chroot "$root" sh -c "cd /srv/the-tree && $*"
}

# `try` is content where nothing can be counted. Here it can, and the emulator of here counts the same.
counted() {
	local journal=$root/srv/the-tree/exact.jsonl name words=()
	grep -q '"type":"run".*"status":"ok"' "$journal" || {
		echo 'nothing was counted'
		return 1
	}
	[ -x build/tests/exact-check ] && command -v qemu-system-aarch64 >/dev/null || return 0
	for name in $(ls "$root/root/.cache/faultbench/kernels"); do
		words+=(--kernel "v$(echo "$name" | cut -d. -f1,2)=$name")
	done
	XDG_CACHE_HOME=$root/root/.cache build/faultbench run exact --machine arm64-exact "${words[@]}" --out "$tmp/here.jsonl" &&
		build/tests/exact-check near "$journal" "$tmp/here.jsonl"
}
status=0
echo "== $release: ./bootstrap.sh && build/faultbench try"
inside './bootstrap.sh && build/faultbench try' || status=1
counted || status=1
echo "== $release: ./bootstrap.sh --tests && tests/run-tests.sh $*"
inside "./bootstrap.sh --tests && tests/run-tests.sh $*" || status=1
exit $status
