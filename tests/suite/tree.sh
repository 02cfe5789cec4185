# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The tree itself; sourced by tests/run-tests.sh.

test_spdx() {
	local file
	for file in $(git ls-files '*.c' '*.h' '*.sh' '*.build' '.ci/run'); do
		head -3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' ||
			fail "$file has no SPDX line"
	done
}

# included FILE...: "FILE HEADER" a line, for each header of the tree that a file includes.
included() {
	grep -HoE '^#include "[^"]+"' "$@" | sed 's/:#include "/ /; s/"$//'
}

# Who may include whom, the arrows of CONTRIBUTING.md's map; and no cycle of files or of folders.
test_layers() {
	local bad
	layer() { # layer FOLDER ALLOWED: all below FOLDER
		bad=$(included $(git ls-files "$1/*.[ch]") | grep -vE " ($2)")
		[ -z "$bad" ] || fail "wrong direction: $bad"
	}
	layer common 'common/'
	layer bench/services 'bench/bench\.h|bench/parts/|bench/services/'
	layer bench/parts 'bench/bench\.h|bench/parts/'
	layer bench/standalone 'bench/bench\.h|bench/services/|bench/standalone/'
	layer bench/harness 'bench/bench\.h|bench/parts/|bench/services/|bench/harness/|common/'
	bad=$(included bench/*.[ch] | grep -vE ' bench/(bench\.h|parts/)')
	[ -z "$bad" ] || fail "a family knows more than its contract: $bad"
	layer runners 'runners/|common/'
	layer runners/exact 'runners/exact/|common/'
	layer kernels 'kernels/|common/'
	layer analysis 'analysis/|common/'
	layer campaign 'campaign/|kernels/|runners/|analysis/|common/'
	layer cli 'cli/|campaign/|kernels/|runners/|analysis/|common/'
	bad=$(git grep -nE 'MACHINE_|ACCEL_|runner_(local|qemu)|runners/(local|qemu|exact)|\b(m|machine)(\.|->)(runner|own)\b' -- \
		cli campaign analysis)
	[ -z "$bad" ] || fail "asks for a machine's kind, not for what it can: $bad"
	bad=$(grep -nE '#include <(hwloc|numa|perfmon|gsl|ini)' common/*.[ch] | grep -v '<ini.h>')
	[ -z "$bad" ] || fail "common knows too much: $bad"

	# A .c file and its header are one; bench.h is the contract of what is around it.
	included $(git ls-files '*.[ch]' | grep -v '^tests/') | sed 's/\.[ch] / /; s/\.h$//' >"$tmp/files"
	[ "$(wc -l <"$tmp/files")" -gt 500 ] || fail "includes were not found"
	awk '$1 != $2' "$tmp/files" | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of files: $(cat "$tmp/cycle")"
	sed 's# bench/bench$# bench.h/bench#; s#/[^/ ]*\( \|$\)#\1#g' "$tmp/files" | awk '$1 != $2' |
		sort -u | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of folders: $(cat "$tmp/cycle")"
}

# Every family's file is listed, and every line of the list has its file.
test_list() {
	local file name
	for file in bench/*.c; do
		name=$(basename "$file" .c)
		[ "$name" = list ] && continue
		grep -q "&bench_$name," bench/list.c || fail "$file is not in bench/list.c"
		grep -q "'$name.c'" bench/meson.build || fail "$file is not in bench/meson.build"
	done
	for name in $(sed -n 's/^\t&bench_\([a-z_]*\),$/\1/p' bench/list.c); do
		[ -f "bench/$name.c" ] || fail "bench/list.c names $name, which has no file"
	done
}

test_format() {
	clang-format --dry-run -Werror $(git ls-files '*.c' '*.h')
}

# Every parameter and key there is stands in configs/README.md.
test_keys_documented() {
	local key
	for key in $("$fb" list --json | sed -n 's/^ *"name": "\([a-z-]*\)".*/\1/p' | sort -u) \
		summary runs boots iterations warmup time-limit counters threshold until budget bench variant place; do
		grep -qE "(^| |\`)$key(\`|,| |$)" configs/README.md || fail "$key is not in configs/README.md"
	done
}

test_clean_tree() {
	[ -d .git ] || exit 77
	[ -z "$(git status --porcelain)" ] || fail "the build left: $(git status --porcelain)"
}
