#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/bench-boot.sh [KERNEL...]
#
# What starting a VM costs until the first measurement, beside the kernel's own boot. KERNEL is a label of
# `faultbench kernel list`; without one, Debian's 6.1 and 6.12 for both architectures are fetched. For each,
# minimum and median of $BOOTS boots (5) are printed, in s:
#
#   total    from the command to the first record of the guest
#   kernel   of that, the kernel's own boot, and firmware's; all the rest is overhead:
#   qemu     from QEMU's start to its first guest instruction
#   make     making the initramfs
#   unpack   the kernel unpacking it, together with what else it did meanwhile
#   init     from /init's start until modules are loaded and the port is open
#   facts    counters, clock, and the facts about the guest, which settles meanwhile
#   settle   what was left of waiting until it had been idle for 0.3 s
#   own      all but the kernel's
#   first    after that: the whole first run, a process and one op on 4 MiB
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder; $ACCEL is tcg unless given.

cd "$(dirname "$0")/../.." || exit 2
fb=${FAULTBENCH_BUILD:-$PWD/build}/faultbench
boots=${BOOTS:-5}
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

fetch() { # fetch ARCH PACKAGE: prints the label
	"$fb" kernel fetch "debian:$2" --arch "$1" | awk '$1 == "label" { print $2 }'
}

arch_of() { # arch_of LABEL
	"$fb" kernel list --json | awk -F'"' -v label="$1" \
		'$2 == "label" { found = $4 == label } found && $2 == "arch" { print $4 }'
}

# boots_of LABEL: a line of "name=value" for each boot.
boots_of() {
	local arch cpu=max,la57=off
	arch=$(arch_of "$1")
	[ -n "$arch" ] || { echo "$1: no such kernel; faultbench kernel list shows them" >&2 && return 1; }
	[ "$arch" = arm64 ] && cpu=neoverse-n1
	printf '[machine]\nkind=qemu\narch=%s\ncpu=%s\naccel=%s\nmemory=768M\n' "$arch" $cpu "${ACCEL:-tcg}" \
		>"$tmp/m.ini"
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	rm -f "$tmp/j.jsonl"
	"$fb" run "$tmp/p.ini" --machine "$tmp/m.ini" --kernel "k=$1" --boots "$boots" --jobs 1 \
		--out "$tmp/j.jsonl" >/dev/null 2>"$tmp/log" || cat "$tmp/log" >&2
	sed -n -e 's/.*"startup":{\([^}]*\)}.*/\1/p' -e 's/.*"type":"run".*"wall_s":\([0-9.]*\).*/wall_s=\1/p' \
		"$tmp/j.jsonl" | tr -d '"' | tr ':,' '= ' | paste -d' ' - -
}

# Names as they come from the guest to those printed.
figures='{
	delete v
	for (i = 1; i <= NF; i++) {
		split($i, a, "=")
		v[a[1]] = a[2]
	}
	total = v["start_s"] + v["initramfs_s"]
	qemu = v["start_s"] - v["vm_s"]
	own = qemu + v["initramfs_s"] + v["unpack_s"] + v["ready_s"] - v["init_s"]
	print total, total - own, qemu, v["initramfs_s"], v["unpack_s"], v["port_s"] - v["init_s"], \
		v["ready_s"] - v["port_s"] - v["settled_s"], v["settled_s"], own, own / total, v["wall_s"]
}'

# Minimum and median of each column.
summary='{ for (i = 1; i <= NF; i++) x[i, NR] = $i }
END {
	for (i = 1; i <= NF; i++) {
		for (j = 1; j < NR; j++)
			for (k = 1; k <= NR - j; k++)
				if (x[i, k] > x[i, k + 1]) {
					t = x[i, k]
					x[i, k] = x[i, k + 1]
					x[i, k + 1] = t
				}
		least = least sprintf(" %7.3f", x[i, 1])
		median = median sprintf(" %7.3f", (x[i, int((NR + 1) / 2)] + x[i, int(NR / 2) + 1]) / 2)
	}
	printf "%-28s min   %s\n%-28s median%s\n", label, least, "", median
}'

[ $# -gt 0 ] || set -- "$(fetch arm64 linux-image-cloud-arm64)" "$(fetch arm64 linux-image-6.12-cloud-arm64)" \
	"$(fetch x86_64 linux-image-cloud-amd64)" "$(fetch x86_64 linux-image-6.12-cloud-amd64)"
printf '%-28s       %8s%8s%8s%8s%8s%8s%8s%8s%8s%8s%8s\n' "kernel, $boots boots" total kernel qemu make unpack init \
	facts settle own own/all first
for label in "$@"; do
	boots_of "$label" >"$tmp/boots" || exit 2
	[ -s "$tmp/boots" ] || { echo "$label: no boot has said what it took" >&2 && exit 1; }
	awk "$figures" "$tmp/boots" | awk -v label="$label" "$summary"
done
