#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Compares what `faultbench` prints and plots with tests/golden/*.txt and *.gp, byte for byte.
# Usage: golden.sh FAULTBENCH [--update]

set -u
faultbench=$(readlink -f "$1") || exit 2
update=${2:-}
cd "$(dirname "$0")" || exit 2
failed=0

# same FILE GOLDEN WHAT: they are, or, with --update, become so
same() {
	if [ "$update" = --update ]; then
		cp "$1" "$2"
	elif ! diff -u "$2" "$1"; then
		echo "golden: $3 differs"
		failed=1
	fi
}

# check NAME COMMAND WORDS...: what `faultbench COMMAND WORDS` prints is NAME.txt
check() {
	check_status 0 "$@"
}

# check_status STATUS NAME COMMAND WORDS...: and it exits so
check_status() {
	status=$1
	name=$2
	shift 2
	out=$(mktemp) || exit 2
	"$faultbench" "$@" >"$out" 2>"$out.err"
	if [ $? -ne "$status" ]; then
		echo "golden: $name: $*: not status $status: $(cat "$out.err")"
		failed=1
	else
		same "$out" "$name.txt" "$name: $*"
	fi
	rm -f "$out" "$out.err"
}

# script NAME WORDS...: what gnuplot is given by `plot WORDS` is NAME.gp
script() {
	name=$1
	shift
	dir=$(mktemp -d) || exit 2
	if ! "$faultbench" plot --out "$dir/x.gp" "$@" 2>"$dir/errors"; then
		echo "golden: $name: plot $*: $(cat "$dir/errors")"
		failed=1
	else
		same "$dir/x.gp" "$name.gp" "$name: plot $*"
	fi
	rm -rf "$dir"
}

# report NAME WORDS...: what `report WORDS` says of this version is NAME.txt
report() {
	name=$1
	shift
	dir=$(mktemp -d) || exit 2
	if ! "$faultbench" report --out "$dir" "$@" >/dev/null 2>"$dir.errors"; then
		echo "golden: $name: report $*: $(cat "$dir.errors")"
		failed=1
	fi
	sed 's/^\(.*Report of faultbench\) [0-9.]*\.$/\1 VERSION./' "$dir/report.txt" >"$dir/text"
	same "$dir/text" "$name.txt" "$name: report $*"
	rm -rf "$dir" "$dir.errors"
}

# refuse STATUS TEXT WORDS...: `compare WORDS` exits so, and its message has the text
refuse() {
	status=$1
	text=$2
	shift 2
	out=$("$faultbench" compare "$@" 2>&1)
	if [ $? -ne "$status" ] || ! printf '%s' "$out" | grep -qF -- "$text"; then
		echo "golden: compare $*: wanted status $status and '$text', got: $out"
		failed=1
	fi
}

check compare-fork compare --title "Apple M2 VM" fork.jsonl
check compare-fork-base compare --base after-change fork.jsonl
check compare-boots compare boots-a.jsonl boots-b.jsonl
check compare-storms compare storms.jsonl
check compare-contend compare contend.jsonl
check compare-one compare one.jsonl
check compare-states compare states.jsonl
check exact compare exact.jsonl
check exact-functions compare --functions=3 --base same exact.jsonl
check lines compare --lines=2 lines.jsonl
check lines-none compare --lines=2 exact-one.jsonl
check schedules compare schedules.jsonl
check check-schedules check --metric rwsem-waits --metric LDADD schedules.jsonl
check_status 1 check-lines check --metric lines-slab --metric lines lines.jsonl
check modelled compare modelled.jsonl
check_status 1 check-modelled check --metrics modelled modelled.jsonl
check check-modelled-alone check --metric modelled:LLC-misses --format json modelled.jsonl
check compare-modelled compare --metric modelled:DTLB-misses modelled.jsonl
check exact-states compare --functions=2 exact-states.jsonl
check exact-one compare --title "an emulator" --functions exact-one.jsonl
check exact-alone compare --functions exact-alone.jsonl
check series compare --functions=2 series.jsonl
check series-times compare series-times.jsonl
check series-base compare --base 3/4 series.jsonl
check exact-show show exact-alone.jsonl

# Counters under the tables of times, and in place of them.
check compare-counters compare counters.jsonl
check compare-metric compare --metric cycles:k/unit --metric no-mmap_lock counters.jsonl
check compare-metric-exact compare --metric barriers exact.jsonl

# Layouts of published tables; sizes.jsonl and pft.jsonl have the means of two postings.
check format-cover-exact compare --format cover exact.jsonl
check format-rel-fork compare --format rel --title "Apple M2 VM" fork.jsonl
check format-rel-boots compare --format rel boots-a.jsonl boots-b.jsonl
check format-rel-exact compare --format rel exact.jsonl
check format-sizes compare --format sizes sizes.jsonl
check format-sizes-boots compare --format sizes boots-a.jsonl boots-b.jsonl
check format-sizes-exact compare --format sizes exact.jsonl
check format-sizes-pft compare --format sizes pft.jsonl
check format-ab-fork compare --format ab fork.jsonl
check format-ab-storms compare --format ab storms.jsonl
check format-ab-exact compare --format ab exact.jsonl
check format-ab-one compare --format ab one.jsonl
check format-base-delta-pft compare --format base-delta pft.jsonl
check format-base-delta-boots compare --format base-delta boots-a.jsonl boots-b.jsonl
check format-base-delta-contend compare --format base-delta contend.jsonl
check format-base-delta-exact compare --format base-delta exact.jsonl
check format-mmtests-pft compare --format mmtests pft.jsonl
check format-mmtests-storms compare --format mmtests storms.jsonl
check format-mmtests-boots compare --format mmtests boots-a.jsonl boots-b.jsonl
check format-mmtests-contend compare --format mmtests contend.jsonl
check format-lkp-pft compare --format lkp pft.jsonl
check format-lkp-boots compare --format lkp boots-a.jsonl boots-b.jsonl
check format-lkp-contend compare --format lkp contend.jsonl
check format-lkp-counters compare --format lkp counters.jsonl
check format-lkp-exact compare --format lkp exact.jsonl
check format-lkp-calls compare --format lkp calls.jsonl
check format-lkp-series compare --format lkp series.jsonl
check format-lkp compare --format lkp lkp.jsonl
check format-lkp-metric compare --format lkp --metric cycles:k counters.jsonl
check format-fastpath-boots compare --format fastpath boots-a.jsonl boots-b.jsonl
check format-fastpath-contend compare --format fastpath contend.jsonl
check format-fastpath-pft compare --format fastpath pft.jsonl
# Labels that are alike where a column ends, and many processes.
check format-fastpath-processes compare --format fastpath processes.jsonl
check format-lkp-processes compare --format lkp processes.jsonl
check format-base-delta-counters compare --format base-delta --metric task-clock counters.jsonl
check format-ab-quantile compare --format ab --metric faulters.p50 contend.jsonl

# lkp's names of metrics stand behind 44 columns of numbers.
if ls format-*.txt | grep -v lkp | xargs grep -nE '.{79}'; then
	echo "golden: wider than a mail"
	failed=1
fi

if grep -hE '^[+|].{72}' format-fastpath-*.txt; then
	echo "golden: fastpath is wider than 72 columns"
	failed=1
fi

refuse 2 "there are cover, rel, sizes, ab, base-delta, mmtests, fastpath, lkp" --format pretty fork.jsonl
refuse 2 "--format mmtests judges by noise" --format mmtests exact.jsonl
refuse 2 "--format fastpath judges by noise" --format fastpath exact.jsonl
refuse 2 "--format ab shows no functions" --format ab --functions exact.jsonl
check_status 1 check check check.jsonl
check_status 1 check-ktap check --format ktap check.jsonl
check_status 1 check-junit check --format junit check.jsonl
check_status 1 check-lava check --format lava check.jsonl
check_status 1 check-kcidb check --format kcidb --origin some_ci --build-id some_ci:b1 check.jsonl
check_status 1 check-json check --format json check.jsonl
check_status 1 check-series check --threshold 0.05% series.jsonl
check_status 3 check-boots check boots-a.jsonl boots-b.jsonl
check_status 3 check-contend check contend.jsonl
check_status 3 check-counters check --metrics all counters.jsonl
check_status 1 check-exact check --threshold 0.1% exact.jsonl

check export-csv-boots export --format csv boots-a.jsonl boots-b.jsonl
check export-csv-contend export --format csv contend.jsonl
check export-go-boots export --format go boots-a.jsonl boots-b.jsonl
check export-go-contend export --format go contend.jsonl
check export-go-exact export --format go exact.jsonl
check export-csv-counters export --format csv counters.jsonl
check export-csv-throughput export --format csv throughput.jsonl
check export-go-counters export --format go counters.jsonl
check export-json-one export --format json exact-one.jsonl
check export-callgrind export --format callgrind calls-one.jsonl
check export-callgrind-insns export --format callgrind calls-code.jsonl
check export-folded export --format folded calls.jsonl
check export-speedscope export --format speedscope calls.jsonl
check flame plot --kind flame calls.jsonl
check flame-one plot --kind flame calls-one.jsonl

# Samples beside calls.
check format-lkp-profile compare --format lkp profile.jsonl
check profile-show show --kernel baseline profile.jsonl
check profile-folded export --format folded profile.jsonl
check profile-speedscope export --format speedscope profile.jsonl
check profile-callgrind export --format callgrind profile-one.jsonl
check profile-flame plot --kind flame profile.jsonl
check profile-flame-one plot --kind flame profile-one.jsonl

script plot-order sizes.jsonl
script plot-threads pft.jsonl
script plot-runs --kind runs boots-a.jsonl boots-b.jsonl
script plot-latency contend.jsonl
script plot-series series.jsonl
script plot-storms storms.jsonl
script plot-metric --metric cycles:k/unit counters.jsonl

# Times and counts, each in sections of their own.
check compare-sources compare fork.jsonl exact.jsonl
check_status 1 check-sources check fork.jsonl exact.jsonl
check export-csv-sources export --format csv one.jsonl exact-one.jsonl
report report-sources fork.jsonl exact.jsonl

report report-boots --title "A  B" boots-a.jsonl boots-b.jsonl
report report-series --functions=2 series.jsonl

refuse 2 "--metric cycles: not in these journals; there are time, time/unit" --metric cycles counters.jsonl
refuse 2 "--metric time has no functions" --functions --metric time exact.jsonl
refuse 2 "--functions=0: must be" --functions=0 exact.jsonl
refuse 2 "there are 'baseline', 'after-change'" --base nobody fork.jsonl
refuse 2 "schema-9.jsonl:1: a journal of schema 9" schema-9.jsonl
refuse 2 "no run in it" no-run.jsonl
refuse 2 "no-file.jsonl: cannot be read" no-file.jsonl

exit $failed
