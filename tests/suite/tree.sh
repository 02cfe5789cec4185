# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The tree itself; sourced by tests/run-tests.sh.

test_spdx() {
	local files bad
	files=$(git ls-files '*.c' '*.h' '*.sh' '*.build' '.ci/run')
	bad=$(awk 'FNR == 1 { n++ } FNR <= 3 && /SPDX-License-Identifier: GPL-2.0-or-later/ { has[FILENAME] = 1 }
		FNR == 3 { nextfile }
		END { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in has)) print ARGV[i]; exit !n }' $files) || fail "no files"
	[ -z "$bad" ] || fail "no SPDX line in $bad"
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
	layer bench/standalone 'bench/bench\.h|bench/parts/|bench/services/|bench/standalone/'
	layer bench/harness 'bench/bench\.h|bench/parts/|bench/services/|bench/harness/|common/'
	bad=$(included bench/*.[ch] | grep -vE ' bench/(bench\.h|parts/)')
	[ -z "$bad" ] || fail "a family knows more than its contract: $bad"
	layer runners 'runners/|common/'
	layer runners/exact 'runners/exact/|common/'
	layer kernels 'kernels/|common/'
	layer analysis 'analysis/|common/'
	layer campaign 'campaign/|kernels/|runners/|analysis/|common/'
	layer cli 'cli/|campaign/|kernels/|runners/|analysis/|common/'
	bad=$(git grep -nE 'MACHINE_|ACCEL_|runner_(local|qemu|ssh)|runners/(local|qemu|ssh|exact)|\b(m|machine)(\.|->)(runner|own)\b' -- \
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

# Every family's file is named in bench/meson.build, and with that it is there.
test_list() {
	expect 0 "$fb" list --json
	printf '%s\n' "$out" | sed -n 's/^    "name": "\(.*\)",$/\1/p' | sort >"$tmp/listed"
	ls bench/*.c | sed 's/.*\///; s/\.c$//; s/_/-/g' | sort >"$tmp/files"
	diff "$tmp/files" "$tmp/listed" >"$tmp/diff" || fail "files (<) and families (>): $(cat "$tmp/diff")"
}

# A family more is a file and a line in bench/meson.build: it is listed and can be planned.
test_add_family() {
	mkdir "$tmp/tree"
	git ls-files -z | xargs -0 tar -c | tar -x -C "$tmp/tree"
	sed 's/bench_null/bench_made_up/; s/"null"/"made-up"/' bench/null.c >"$tmp/tree/bench/made_up.c"
	sed -i "s/^  'null',$/&\n  'made_up',/" "$tmp/tree/bench/meson.build"
	meson setup "$tmp/b" "$tmp/tree" -Dworker_only=true -Dbuildtype=plain &&
		ninja -C "$tmp/b" --quiet faultbench-worker || exit 1
	export FAULTBENCH_WORKER=$tmp/b/faultbench-worker
	expect 0 "$fb" list made-up
	has "$out" '^made-up - none: touches populated memory'
	printf '[x]\nbench = made-up\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --dry-run
	has "$out" '"bench":"made-up","variant":"write"'
}

# What the pages link to in the tree is there, and to each of docs/ something links.
test_doc_links() {
	local page target
	for page in $(git ls-files '*.md'); do
		for target in $(grep -oE '\]\([^)#]+' "$page" | sed 's/^](//' | grep -vE '^https?://'); do
			[ -e "$(dirname "$page")/$target" ] || fail "$page links to $target, which is not there"
			realpath --relative-to=. "$(dirname "$page")/$target" >>"$tmp/linked"
		done
	done
	for page in $(git ls-files 'docs/*.md'); do
		grep -qxE "$page|$(dirname "$page")" "$tmp/linked" || fail "nothing links to $page"
	done
}

# As clang-format 14 has it: others break lines elsewhere.
test_format() {
	clang-format --version | grep -q 'version 14\.' || exit 77
	clang-format --dry-run -Werror $(git ls-files '*.c' '*.h')
}

# Every key there is stands in configs/README.md; its tables of families are what `list --json` makes.
test_keys_documented() {
	local key
	for key in summary runs boots seed iterations warmup time-limit counters threshold until budget settle profile bench \
		variant place node sharers memcg; do
		grep -qE "^\| (.*, )?\`$key\`.* \|" configs/README.md || fail "$key is not in configs/README.md"
	done
	"$fb" list --json | "$build/tests/readme-tables" configs/README.md >"$tmp/README.md" || exit 1
	[ "$(grep -c '^| `fork` ' "$tmp/README.md")" = 1 ] || fail "no table of families was made"
	diff -u configs/README.md "$tmp/README.md" || fail 'make them anew: tests/tools/readme_tables.c'
}

# The plan of the whole catalogue names every variant there is.
test_catalogue_names() {
	"$fb" list --json | awk -F'"' '/^    "name"/ { family = $4 } /^    "params"/ { variants = 0 }
		/^    "variants"/ { variants = 1 } variants && /^        "name"/ { print family "/" $4 }' |
		sort >"$tmp/variants"
	[ "$(wc -l <"$tmp/variants")" -ge "$(ls bench/*.c | wc -l)" ] || fail "variants were not found"
	{ "$fb" run catalogue --dry-run && "$fb" run clear --dry-run; } | sed -n 's/.*"bench":"\([^"]*\)","variant":"\([^"]*\)".*/\1\/\2/p' |
		sort -u | diff "$tmp/variants" - >"$tmp/diff" ||
		fail "configs/plans/catalogue.ini lacks (<): $(cat "$tmp/diff")"
}

# Each variant has its line in docs/catalogue.md, behind its family's head and path: what list says of it, and the path,
# what is not timed and who published it. Nothing else has one.
test_catalogue_documented() {
	"$fb" list --json | awk -F'": "' '/^    "name"/ { sub(/",?$/, "", $2); print "## " $2 }
		/^    "path"/ { sub(/",?$/, "", $2); print $2 }
		/^        "name"/ { sub(/",?$/, "", $2); variant = $2 }
		/^        "help"/ && variant { sub(/",?$/, "", $2); print "| `" variant "` | " $2 " |" }
		/^    "params"/ { params = 1 } /^    "variants"/ { params = 0 } params { variant = "" }' >"$tmp/listed"
	[ "$(grep -c '^| ' "$tmp/listed")" -gt 70 ] || fail "variants were not found: $(head -5 "$tmp/listed")"
	sed -n '/^## Audit/q; /^## /,$p' docs/catalogue.md | grep -vE '^$|^\| variant|^\|--' |
		sed -E 's/^(\| `[^|]*\|[^|]*\|)( [^| ][^|]* \|){3}$/\1/' | diff "$tmp/listed" - >"$tmp/diff" ||
		fail "list --json (<) and docs/catalogue.md (>): $(cat "$tmp/diff")"
}

# What a variant does is said without the others, which a program of emit-c does not show.
test_variants_alone() {
	"$fb" list --json | awk -F'": "' '/^    "variants"/ { in_it = 1 } /^    "params"/ { in_it = 0 }
		in_it && /^        "help"/ { sub(/",?$/, "", $2); print $2 }' >"$tmp/helps"
	[ "$(wc -l <"$tmp/helps")" -gt 70 ] || fail "variants were not found: $(head -5 "$tmp/helps")"
	! grep -E '^(the same|as |of |a (private|shared) )|likewise| (to|without) one\b|\bit there$' "$tmp/helps" || fail "these name others"
}

# How often Fastpath's rule errs is said alike by reports, by its table and on the page on verdicts: as the simulations have it.
test_fastpath_errs() {
	local file said
	awk -F'|' '/^\| (boots|only runs) differ \| \*\*[0-9.]+\*\*,.*,/ { least = 100; most = 0
		for (i = 3; i < NF; i++) { split($i, v, ", "); least = v[3] < least ? v[3] : least; most = v[3] > most + 0 ? v[3] : most }
		range[$2 ~ /boots/] = int(least + 0.5) " to " int(most + 0.5) }
		END { print "one at least is marked in " range[0] " % of sessions if only runs differ, in " range[1] \
			" % if boots differ by 1 %" }' docs/results/how-often.md >"$tmp/said"
	said=$(cat "$tmp/said")
	has "$said" 'in [0-9]+ to [0-9]+ % .* in [0-9]+ to [0-9]+ % '
	for file in docs/verdicts.md tests/golden/report-boots.txt tests/golden/format-fastpath-boots.txt; do
		tr -s ' \n' '  ' <"$file" | grep -qF "$said" || fail "$file does not say: $said"
	done
}

test_clean_tree() {
	[ -d .git ] || exit 77
	[ -z "$(git status --porcelain)" ] || fail "the build left: $(git status --porcelain)"
}

# function_sizes FILE...: "LINES FILE FUNCTION" for each function, the lines between its braces
function_sizes() {
	ctags -x --languages=C --kinds-C=f --_xformat='%F %n %{end} %N' "$@" >"$tmp/ctags" || fail "ctags"
	awk 'FNR == NR { begin[$1, $2] = end[$1, $3] = $4; next }
		(FILENAME, FNR) in begin { name = begin[FILENAME, FNR]; brace = 0 }
		name && /^{/ { brace = FNR }
		name && brace && (FILENAME, FNR) in end { print FNR - brace - 1, FILENAME, name; name = "" }' \
		"$tmp/ctags" "$@" | sort -n
}

# What is read at a time is short: functions, files, folders. bench/ is a catalogue and may have more families.
test_sizes() {
	local nr bad=0
	command -v ctags >/dev/null || exit 77
	none() { # none WHAT LINES
		[ -z "$2" ] || { echo "$1: $2" && bad=1; }
	}
	function_sizes $(git ls-files '*.c' '*.h') >"$tmp/functions"
	nr=$(wc -l <"$tmp/functions")
	[ "$nr" -gt 2000 ] || fail "$nr functions were found"
	[ "$(wc -l <"$tmp/ctags")" = "$nr" ] || fail "of some functions no end was found"
	none "the median function has more than 10 lines" "$(sed -n "$(((nr + 1) / 2))p" "$tmp/functions" | awk '$1 > 10')"
	none "more than 10 % of the functions have more than 22 lines" \
		"$(sed -n "$((nr * 9 / 10))p" "$tmp/functions" | awk '$1 > 22')"
	none "functions of more than 60 lines" "$(awk '$1 > 60' "$tmp/functions")"
	none "files of more than 430 lines" \
		"$(wc -l $(git ls-files '*.[ch]' '*.sh' '*.build' '.ci/*') | awk '$2 != "total" && $1 > 430')"
	none "folders of more than 20 .c files" \
		"$(git ls-files '*.c' | sed -n 's#/[^/]*$##p' | sort | uniq -c | awk '$1 > 20 && $2 != "bench"')"
	return $bad
}
