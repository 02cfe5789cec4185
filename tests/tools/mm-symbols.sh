#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: tests/tools/mm-symbols.sh TREE...
#
# The symbols of memory management of source trees that analysis/results/mm_symbols.c does not know: those that
# mm/Kconfig* define, and those that choose what is built in the architectures' mm/.

table=$(dirname "$0")/../../analysis/results/mm_symbols.c
parts=$(sed -n '/parts\[\]/,/};/p' "$table" | grep -o '"[^"]*"' | tr -d '"' | paste -sd '|')
for tree; do
	sed -nE 's/^(menu)?config ([A-Z0-9_]+).*/\2/p' "$tree"/mm/Kconfig*
	grep -hoE 'CONFIG_[A-Z0-9_]+' "$tree"/arch/arm64/mm/Makefile "$tree"/arch/x86/mm/Makefile | sed s/CONFIG_//
done | sort -u | grep -vE "^(ARCH_|HAVE_|GENERIC_)|TEST|$parts" | while read -r name; do
	grep -q "\"$name\"" "$table" || echo "$name"
done
