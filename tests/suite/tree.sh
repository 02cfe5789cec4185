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
	bad=$(grep -nE '#include <(hwloc|numa|perfmon|gsl|ini)' common/*.[ch] | grep -v '<ini.h>')
	[ -z "$bad" ] || fail "common knows too much: $bad"

	# A .c file and its header are one; bench.h is the contract of what is around it.
	included $(git ls-files '*.[ch]' | grep -v '^tests/') | sed 's/\.[ch] / /; s/\.h$//' >"$tmp/files"
	[ "$(wc -l <"$tmp/files")" -gt 500 ] || fail "includes were not found"
	awk '$1 != $2' "$tmp/files" | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of files: $(cat "$tmp/cycle")"
	sed 's# bench/bench$# bench.h/bench#; s#/[^/ ]*\( \|$\)#\1#g' "$tmp/files" | awk '$1 != $2' |
		sort -u | tsort >/dev/null 2>"$tmp/cycle" || fail "a cycle of folders: $(cat "$tmp/cycle")"
}

# The families of bench/: its files, those that are built and those that are listed are the same.
test_list() {
	names() { sed 's/_/-/g' | sort; }
	ls bench/*.c | sed 's#.*/##; s/\.c$//' | grep -vx list | names >"$tmp/files"
	[ "$(wc -l <"$tmp/files")" -gt 10 ] || fail "no families: $(cat "$tmp/files")"
	sed -n '/^bench_families/,/)/p' bench/meson.build | grep -o "[a-z_]*\.c'" | cut -d. -f1 | names |
		diff "$tmp/files" - || fail "files of families, and those in bench/meson.build"
	grep -o '&bench_[a-z_]*' bench/list.c | sed 's/&bench_//' | names | diff "$tmp/files" - ||
		fail "files of families, and those in bench/list.c"
	expect 0 "$fb" list
	printf '%s\n' "$out" | sed -n 's/^\([a-z-]*\) - .*/\1/p' | names | diff "$tmp/files" - ||
		fail "files of families, and what faultbench list prints"
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
