#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/long-kernels.sh [ARCH...]
#
# Debian's linux-source-6.12 with and without one feature, and with a made-up series of six patches, of
# which the fourth costs ten instructions a base page that fork copies: built, started in QEMU, counted,
# and checked. Prints what docs/results/kernels-6.12.md holds. ARCH is arm64 or x86_64 (default: both). It takes half
# an hour on 2 CPUs, and 6 GB in $TMPDIR; a git tree of that source in $LINUX saves fetching it.
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder. Status 77: cannot run here.

cd "$(dirname "$0")/../.." || exit 2
fb=${FAULTBENCH_BUILD:-$PWD/build}/faultbench
[ $# -gt 0 ] || set -- arm64 x86_64
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export XDG_CACHE_HOME=$tmp/cache
failed=0

fail() {
	echo "FAIL: $*"
	failed=1
}

# quiet WORDS...: faultbench; what it says goes to $tmp/log, and is shown if it fails
quiet() {
	"$fb" "$@" >"$tmp/out" 2>"$tmp/log" || { fail "faultbench $*"; tail -5 "$tmp/log"; return 1; }
}

fetch_source() {
	tree=${LINUX:-$tmp/linux-source-6.12}
	[ -z "${LINUX:-}" ] || { git clone -q --shared "$LINUX" "$tmp/linux" && tree=$tmp/linux; return; }
	(cd "$tmp" && apt-get download -q linux-source-6.12 && dpkg-deb -x linux-source-6.12_*.deb deb &&
		tar xf deb/usr/src/linux-source-6.12.tar.xz && rm -r deb linux-source-6.12_*.deb) \
		>"$tmp/log" 2>&1 || { tail -3 "$tmp/log"; exit 77; }
	git -C "$tree" init -q && git -C "$tree" add -A -f . && commit 'Linux 6.12 of Debian'
}

commit() {
	git -C "$tree" -c user.name=faultbench -c user.email=faultbench@localhost commit -qam "$1" || exit 2
}

# edit FILE SUBJECT SED: a patch
edit() {
	sed -i "$3" "$tree/$1"
	commit "$2"
}

make_series() {
	base=$(git -C "$tree" rev-parse HEAD)
	edit mm/memory.c 'mm/memory: say what comes' '/^copy_present_ptes(/,/^}/s|^\tfolio_get(folio);|\t/* A reference. */\n&|'
	edit mm/mremap.c 'mm/mremap: keep alloc_new_pud() out of line' 's/^static pud_t \*alloc_new_pud(/static noinline pud_t *alloc_new_pud(/'
	edit kernel/fork.c 'fork: keep dup_mm_exe_file() out of line' 's/^static void dup_mm_exe_file(/static noinline void dup_mm_exe_file(/'
	edit mm/memory.c 'mm/memory: wait before a base page is copied' \
		'/^copy_present_ptes(/,/^}/s|^\t/\* A reference. \*/|\tasm volatile(".rept 10\\n\\tnop\\n\\t.endr");\n&|'
	edit mm/madvise.c 'mm/madvise: keep the zap out of line' \
		's/^static long madvise_dontneed_single_vma(/static noinline long madvise_dontneed_single_vma(/'
	edit mm/memory.c 'mm/memory: say it better' 's|/\* A reference. \*/|/* One reference. */|'
	top=$(git -C "$tree" rev-parse HEAD)
	[ "$(git -C "$tree" rev-list --count "$base..$top")" = 6 ] || { fail "not six patches"; exit 1; }
}

build() { # build LABEL WORDS...: prints how long it took
	local label=$1 start=$EPOCHREALTIME
	shift
	quiet kernel build --tree "$tree" --rev "$base" --arch "$arch" --label "$label" "$@" || return
	awk -v a="$start" -v b="$EPOCHREALTIME" -v l="$label" 'BEGIN { printf "%-14s %6.1f s\n", l, b - a }'
}

sha() {
	sed -n 's/.*"sha256": "\(.*\)".*/\1/p' "$XDG_CACHE_HOME/faultbench/kernels/$1/kernel.json"
}

# mean JOURNAL KERNEL BENCH ORDER: kernel instructions of an op, over all boots
mean() {
	grep "\"type\":\"run\",\"kernel\":\"$2\".*\"bench\":\"$3\".*\"order\":$4[,}]" "$1" |
		sed -n 's/.*"samples":\[\([0-9.,]*\)\].*/\1/p' | tr , '\n' |
		awk '{ sum += $1; n++ } END { printf "%d\n", n ? sum / n : 0 }'
}

variants_of() {
	echo no-fork-batch no-zap-batch no-vma-lock
	[ $arch != arm64 ] || echo no-contpte
}

# What the variants cost, as far as it is known which way: the trade that the batching series were about.
check_variants() {
	local j=$1 base0 base9 zap9
	base0=$(mean "$j" base fork 0) base9=$(mean "$j" base fork 9) zap9=$(mean "$j" base zap 9)
	[ "$(mean "$j" no-fork-batch fork 0)" -lt "$base0" ] || fail "fork batching costs base pages nothing"
	# On x86 an entry costs less, and there are no contiguous ones to fold.
	[ "$(mean "$j" no-fork-batch fork 9)" -gt $((base9 * $([ $arch = arm64 ] && echo 25 || echo 13) / 10)) ] || fail "fork batching saves little"
	[ "$(mean "$j" no-zap-batch zap 9)" -gt $((zap9 * 2)) ] || fail "zap batching saves little"
}

# Writers beside faulting threads, really at the same time, and vma_lock_success as the kernel counts it.
# An emulated guest of several CPUs may die; the journal keeps what there is.
contended() {
	local name=$arch-vm i words=()
	cat >"$tmp/contend.ini" <<-EOF
	[plan]
	runs = 2
	iterations = 4
	[x]
	bench = contend
	variant = mmap-touch
	faulters = 2
	writers = 1
	time = 500
	EOF
	sed 's/^vcpus.*/vcpus = 3/; s/^memory.*/memory = 1G/' configs/machines/${name/x86_64/x86}.ini >"$tmp/m.ini"
	for i in base no-vma-lock; do
		words+=(--kernel $i=$i)
	done
	for i in 1 2 3; do
		"$fb" run "$tmp/contend.ini" --machine "$tmp/m.ini" "${words[@]}" --boots 3 --out "$tmp/$arch-contend.jsonl" \
			>"$tmp/out" 2>"$tmp/log" && break
	done
	[ $i != 3 ] || tail -3 "$tmp/log"
	sed -n '/^| .*|$/p' "$tmp/out"
	for i in base no-vma-lock; do
		echo "vma_lock_success of $i, by run:" $(grep "\"type\":\"run\",\"kernel\":\"$i\"" "$tmp/$arch-contend.jsonl" |
			sed 's/.*"vma_lock_success":\([0-9]*\).*/\1/; /[^0-9]/s/.*/0/')
	done
	grep "\"type\":\"run\",\"kernel\":\"no-vma-lock\"" "$tmp/$arch-contend.jsonl" | grep -q '"vma_lock_success":[1-9]' &&
		fail "no-vma-lock takes VMA locks"
	grep "\"type\":\"run\",\"kernel\":\"base\"" "$tmp/$arch-contend.jsonl" | grep -q '"vma_lock_success":[1-9]' ||
		fail "base takes no VMA locks"
}

one_arch() {
	local label words=() j=$tmp/$arch.jsonl machine=configs/machines/${arch%_64}-exact.ini
	printf '\n## %s\n\nBuilding, on %s CPUs:\n\n```\n' $arch "$(nproc)"
	build base || return
	for label in $(variants_of); do
		build $label --variant $label || return
		words+=(--kernel $label=$label)
	done
	printf '```\n\nWhat was compiled otherwise:\n\n```\n'
	for label in $(variants_of); do
		"$fb" kernel diff base $label || fail "no diff of base and $label"
	done
	"$fb" kernel diff base no-fork-batch | grep -qE '^1 of [0-9]+ objects differs: mm/memory.o$' ||
		fail "no-fork-batch is more than mm/memory.o"
	printf '```\n'
	label=$(sha base)
	quiet kernel remove base && build base >/dev/null
	[ "$(sha base)" = "$label" ] || fail "undoing the edits gives another image"
	printf '\nCounted, `faultbench run exact`:\n\n```\n'
	quiet run configs/plans/exact.ini --machine $machine --kernel base=base "${words[@]}" --out "$j"
	cat "$tmp/out"
	printf '```\n'
	check_variants "$j"
	printf '\nThe made-up series, `faultbench series --layouts 1`:\n\n```\n'
	quiet series --tree "$tree" --range "$base..$top" --machine $machine --set size=64M --layouts 1 \
		--out "$tmp/$arch-series.jsonl"
	cat "$tmp/out"
	printf '```\n'
	[ "$(grep -c '%\*' "$tmp/out")" = 1 ] && grep -q '^| 4/6 .*%\*' "$tmp/out" || fail "not the fourth patch alone"
	printf '\nTwo faulting threads and one that maps, touches and unmaps, emulated with a thread a CPU:\n\n```\n'
	contended
	printf '```\n'
}

fetch_source
make_series
printf '# Kernels with and without one change\n\n`tests/tools/long-kernels.sh %s`, %s, QEMU %s, %s\n' "$*" "$(date +%F)" \
	"$(qemu-system-aarch64 --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')" \
	"$(aarch64-linux-gnu-gcc --version | head -1)"
for arch; do
	command -v qemu-system-${arch/arm64/aarch64} >/dev/null || exit 77
	one_arch
done
[ -z "$(git -C "$tree" status --porcelain)" ] || fail "the tree was written to"
exit $failed
