#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/long-cost.sh
#
# What a series costs: twenty made-up patches on Debian's linux-source-6.12, ten of them to mm/memory.c, each built for
# arm64, counted five times by the plan `exact` with 64 MiB, and one table; then once more with the results there. The base is
# built before, as it is where somebody works on a series. Prints where the time went; fails if anything is carried out the
# second time. A git tree of that source in $LINUX saves fetching it (1.5 GB).
#
# Programs come from build/ unless FAULTBENCH_BUILD names another folder. Status 77: cannot run here.

cd "$(dirname "$0")/../.." || exit 2
fb=${FAULTBENCH_BUILD:-$PWD/build}/faultbench
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export XDG_CACHE_HOME=$tmp/cache

if [ -n "${LINUX:-}" ]; then
	tree=$tmp/linux
	git clone -q --shared "$LINUX" "$tree" || exit 77
else
	tree=$tmp/linux-source-6.12
	(cd "$tmp" && apt-get download -q linux-source-6.12 && dpkg-deb -x linux-source-6.12_*.deb deb &&
		tar xf deb/usr/src/linux-source-6.12.tar.xz && rm -r deb linux-source-6.12_*.deb) \
		>"$tmp/log" 2>&1 || { tail -3 "$tmp/log"; exit 77; }
	git -C "$tree" init -q && git -C "$tree" add -A -f . || exit 2
fi
commit() {
	git -C "$tree" -c user.name=faultbench -c user.email=faultbench@localhost commit -qam "$1" || exit 2
}
[ -n "${LINUX:-}" ] || commit 'Linux 6.12 of Debian'
base=$(git -C "$tree" rev-parse HEAD)

# More work for each page that fork copies, one instruction a patch; and functions that are kept out of line.
for i in 1 2 3 4 5 6 7 8 9 10; do
	sed -i '/^copy_present_ptes(/,/^}/s|^\tfolio_get(folio);|\tasm volatile("nop");\n&|' "$tree/mm/memory.c"
	commit "mm/memory: a copied page costs one more, $i"
	case $i in
	1) file=mm/mremap.c function='pud_t \*alloc_new_pud' ;;
	2) file=kernel/fork.c function='void dup_mm_exe_file' ;;
	3) file=mm/madvise.c function='long madvise_dontneed_single_vma' ;;
	4) file=mm/mprotect.c function='long change_pte_range' ;;
	5) file=mm/rmap.c function='void anon_vma_chain_link' ;;
	6) file=mm/swap.c function='void lru_add' ;;
	7) file=mm/mmap.c function='int vma_link' ;;
	8) file=mm/vma.c function='void vma_mas_store' ;;
	9) file=mm/memory.c function='vm_fault_t do_fault_around' ;;
	10) file=mm/page_alloc.c function='void prep_new_page' ;;
	esac
	sed -i "s/^static \($function\)(/static noinline \1(/" "$tree/$file"
	echo "/* $i */" >>"$tree/$file"
	commit "$file: a function out of line, $i"
done

now=0 took=0
lap() { # lap WHAT: seconds since the last one
	took=$(awk -v a="$now" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.0f", b - a }')
	[ $# = 0 ] || printf '%-34s %4d s\n' "$1" "$took"
	now=$EPOCHREALTIME
}
series() { # series JOURNAL WORDS...
	"$fb" series --tree "$tree" --range "$base..HEAD" --machine arm64-exact --scale 1/4 --out "$tmp/$1" "${@:2}" >"$tmp/$1.table" 2>"$tmp/log" ||
		{ tail -5 "$tmp/log"; exit 1; }
}
lap
"$fb" kernel build --tree "$tree" --rev "$base" --arch arm64 --label base >/dev/null 2>"$tmp/log" || { tail -5 "$tmp/log"; exit 1; }
lap 'the base, built before'
for commit in $(git -C "$tree" rev-list --reverse "$base..HEAD"); do
	"$fb" kernel build --tree "$tree" --rev "$commit" --arch arm64 --label "${commit:0:12}-arm64" >/dev/null 2>"$tmp/log" ||
		{ tail -5 "$tmp/log"; exit 1; }
done
lap 'twenty patches, built'
total=$took
series one.jsonl --cache "$tmp/results"
lap 'boots and table'
total=$((total + took))
boots=$(find "$tmp/results" -name '*.jsonl' | wc -l)
echo "of $(grep -c '"type":"end"' "$tmp/one.jsonl") boots $boots carried out: kernels that are the same are counted once"
series two.jsonl --cache "$tmp/results"
lap 'once more'
[ "$(grep -c '"type":"unit"' "$tmp/two.jsonl")" = "$(grep -c '"type":"end"' "$tmp/two.jsonl")" ] || { echo "FAIL: boots again"; exit 1; }
cmp -s "$tmp/one.jsonl.table" "$tmp/two.jsonl.table" || { echo "FAIL: another table"; exit 1; }
echo
sed -n 1,60p "$tmp/one.jsonl.table"
