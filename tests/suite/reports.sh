# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Reports; sourced by tests/run-tests.sh.

measures report_origin

# A page that needs nothing else: well-formed, no script, nothing from elsewhere; names in it are there
# once, and where a link leads to there is something.
page_is_alone() { # page_is_alone FOLDER
	local page=$1/index.html link
	xmllint --noout --nonet "$page" || fail "$page: not well-formed"
	grep -niE 'https?:|//|src=|url\(|@import|<script|<link|<object|<iframe|<image|javascript:|xlink' "$page" &&
		fail "$page: something from elsewhere"
	values() { xmllint --nonet --xpath "//@$1" "$page" | sed "s/^ $1=.\(.*\).\$/\1/"; } # values ATTRIBUTE
	values id | sort | uniq -d | grep . && fail "$page: a name twice"
	for link in $(values href | sort -u); do
		case $link in
		\#*) values id | grep -qFx "${link#?}" || fail "$page: no $link" ;;
		*) [ -f "$1/$link" ] || fail "$page: no file $link" ;;
		esac
	done
	LC_ALL=C grep -nP '[\x00-\x08\x0b-\x1f\x7f]' "$page" "$1/report.txt" && fail "control characters"
	return 0
}

report_is_whole() { # report_is_whole FOLDER: all of its files, and no others, have the sums it says
	(cd "$1" && sha256sum -c --quiet SHA256SUMS) || fail "$1: not the files of its list"
	[ "$(cd "$1" && find . -type f | sed 's/^..//' | sort)" = \
		"$(sed '/^#/d; s/^[0-9a-f]*  //; $a SHA256SUMS' "$1/SHA256SUMS" | sort)" ] ||
		fail "$1: other files: $(find "$1")"
}

# The tables are those of compare and check, of the journals that are attached.
test_report() {
	local set journals word r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for set in fork 'boots-a boots-b' contend exact series series-times one states check storms pft path; do
		journals=
		for word in $set; do journals="$journals tests/golden/$word.jsonl"; done
		expect 0 "$fb" report --out "$r" $journals
		[ -z "$errs" ] || fail "$set: $errs"
		report_is_whole "$r"
		page_is_alone "$r"
		for word in $set; do cmp "tests/golden/$word.jsonl" "$r/journals/$word.jsonl" || exit 1; done
		grep -qF "$tmp" "$r/report.txt" "$r/index.html" && fail "$set: a folder's name"
		[ "$(grep -c '<figure>' "$r/index.html")" = "$(ls "$r"/plot-*.svg | wc -l)" ] || fail "$set: pictures"
		xmllint --noout --nonet "$r"/plot-*.svg || exit 1
		# What it says makes the same again does; all that compare says is in there.
		sed -n '/^To redo/,$s/^    faultbench //p' "$r/report.txt" >"$tmp/commands"
		grep -q 'report --out NEW' "$tmp/commands" || fail "$set: $(cat "$tmp/commands")"
		(cd "$r" && sed 's/NEW/..\/new/' "$tmp/commands" |
			while read -r word; do eval "$fb $word" </dev/null; done) >"$tmp/again"
		sed '/^\.\.\/new/d' "$tmp/again" | sort -u >"$tmp/lines"
		sort -u "$r/report.txt" | comm -23 "$tmp/lines" - | grep . && fail "$set: not in the report"
		diff -r "$r" "$tmp/new" || fail "$set: not the same again"
		rm -r "$tmp/new"
	done
	expect 0 "$fb" report tests/golden/exact.jsonl --functions=2 --base same --title 'a "title"' --out "$r"
	has "$(cat "$r/report.txt")" "^    faultbench compare --base same --title 'a \"title\"' --functions=2 \\\\\$"
	has "$(cat "$r/report.txt")" '^copy_page_range .* 5,330,176 '
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of counts"
	expect 0 "$fb" report tests/golden/fork.jsonl --threshold 50% --out "$r"
	has "$(cat "$r/report.txt")" 'the whole interval is beyond 50 %'
	has "$(cat "$r/report.txt")" '    faultbench check --threshold 50% journals/fork.jsonl'
	expect 0 "$fb" report tests/golden/one.jsonl --out "$r"
	grep -qE '^(Verdicts|Tables)' "$r/report.txt" && fail "one kernel compared"
	has "$(cat "$r/report.txt")" '^Absolute numbers$'
	# Emulated times get no verdict.
	sed 's/"source":"timed"/"source":"emulated"/' tests/golden/fork.jsonl >"$tmp/emulated.jsonl"
	expect 0 "$fb" report "$tmp/emulated.jsonl" --out "$r"
	grep -q '^Verdicts' "$r/report.txt" && fail "verdicts of emulated times"
	return 0
}

# Times and counts have a section each, in the mail and in the page, and pictures of their own.
test_report_sources() {
	local r=$tmp/r heads
	command -v xmllint >/dev/null || exit 77
	expect 0 "$fb" report tests/golden/fork.jsonl tests/golden/exact.jsonl --out "$r"
	page_is_alone "$r"
	heads=$(sed -n 's/^<h2>\(.*\)<\/h2>$/\1/p' "$r/index.html")
	[ "$heads" = "$(grep -B1 '^---' "$r/report.txt" | grep -E '^[A-Z]' )" ] || fail "other heads in the page: $heads"
	has "$heads" '^Times: verdicts$'
	has "$heads" '^Times: absolute numbers$'
	has "$heads" '^Exact counts: tables$'
	! printf '%s' "$heads" | grep -q 'Exact counts: verdicts' || fail 'verdicts of counts'
	[ "$(grep -c '<section id="timed-tables">' "$r/index.html")" = 1 ] || fail 'no section of its own'
	[ "$(grep -c '<a href="#exact-tables">' "$r/index.html")" = 1 ] || fail 'no way to it'
	has "$(cat "$r/report.txt")" '^Times: 2 kernels, 2 points; 32 of 32 runs were ok'
	has "$(head -2 "$r/report.txt" | tr -s '\n ' ' ')" 'Xeon VM \(times\), ARM Neoverse N1 VM \(exact counts\)'
	! command -v gnuplot >/dev/null || [ "$(ls "$r" | grep -c '^plot-.*svg')" = 2 ] || fail 'pictures'
	# The same from what is attached.
	expect 0 "$fb" report "$r"/journals/*.jsonl --out "$tmp/again"
	diff "$r/report.txt" "$tmp/again/report.txt" | grep '^[<>]' | grep -v journals/ && fail 'not the same'
	return 0
}

# Commands and plans stand there as they can be read by a shell; paths as they can be read by others.
test_report_origin() {
	local label="it's a <b> & \"c\"" r=$tmp/r
	command -v xmllint >/dev/null || exit 77
	printf '[plan]\nruns=1\niterations=1\n[x]\nbench=null\nsize=4M\n' >"$tmp/p.ini"
	expect 0 "$fb" run "$tmp/p.ini" --label "$label" --out "$tmp/j.jsonl"
	expect 0 "$fb" report "$tmp/j.jsonl" --out "$r"
	grep -qF "$tmp" "$r/report.txt" "$r/journals/j.jsonl" && fail "a folder's name"
	sed -n '/^How it was/,/^  plan/{s/^    faultbench //p;s/^        //p}' "$r/report.txt" >"$tmp/words"
	eval "set -- $(cat "$tmp/words")"
	[ "$4" = "$label" ] || fail "not the words: $(cat "$tmp/words")"
	has "$(cat "$r/report.txt")" '^  plan p: 1 point x 1 run x 1 boot, seed '
	has "$(cat "$r/report.txt")" '^    null/write.*: 1 iterations, warm-up'
	has "$(cat "$r/report.txt")" '^release +[0-9]'
	has "$(cat "$r/index.html")" 'it.s a &lt;b&gt; &amp; &quot;c&quot;'
	page_is_alone "$r"
	expect 0 "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^  command line: not recorded$'
}

# Labels are data, and so are names of files.
test_report_hostile() {
	local label r=$tmp/r
	command -v gnuplot >/dev/null && command -v xmllint >/dev/null || exit 77
	for label in '<script>alert(1)</script>' '</pre></svg>]]>-->' '\"quoted\" id=\"x\" href=\"#y\"' "it's" '&lt;&#0;' \
		'\u0001\u001b[31m\u009b31m\u007f' '\uffff\ufffe' 'äöü' 'a\\b' '$(touch x)`touch x`'; do
		JSON=$label awk '{ while ((i = index($0, "after-change"))) $0 = substr($0, 1, i - 1) ENVIRON["JSON"] substr($0, i + 12)
			print }' tests/golden/fork.jsonl >"$tmp/h.jsonl"
		expect 0 "$fb" report "$tmp/h.jsonl" --out "$r"
		[ -z "$errs" ] || fail "$label: $errs"
		page_is_alone "$r"
		report_is_whole "$r"
		LC_ALL=C.UTF-8 grep -nP '[\x{80}-\x{9f}\x{fffe}\x{ffff}]' "$r/report.txt" && fail "$label: as it is"
		case $label in
		*\\*) ;;
		*) grep -qF -- "$label" "$r/report.txt" || fail "$label: not shown" ;;
		esac
	done
	[ "$(xmllint --xpath 'count(//*[name()="script"])' --nonet "$r/index.html")" = 0 ] || fail "a script"
	mkdir "$tmp/d" "$tmp/e"
	cp tests/golden/boots-a.jsonl "$tmp/d/-a b<>\"\$(x).jsonl"
	cp tests/golden/boots-b.jsonl "$tmp/e/-a b<>\"\$(x).jsonl"
	cp tests/golden/fork.jsonl "$tmp/e/..jsonl"
	expect 0 "$fb" report --out "$r" "$tmp"/[de]/-a* "$tmp/e/..jsonl"
	[ "$(echo $(ls "$r/journals"))" = "1-a_b_____x_.jsonl 2-a_b_____x_.jsonl 3-jsonl.jsonl" ] || fail "$(ls "$r/journals")"
	cmp "$tmp/e/-a b<>\"\$(x).jsonl" "$r/journals/2-a_b_____x_.jsonl" || exit 1
	report_is_whole "$r"
}

# Only a report is replaced, as a whole or not at all.
test_report_folder() {
	local before r=$tmp/r fork=tests/golden/fork.jsonl
	command -v gnuplot >/dev/null || exit 77
	mkdir "$tmp/other"
	echo mine >"$tmp/other/report.txt"
	expect 2 "$fb" report $fork --out "$tmp/other"
	has "$errs" 'holds other files than a report; give a new or an empty folder'
	one_line "$errs"
	[ "$(ls -A "$tmp/other")$(cat "$tmp/other/report.txt")" = report.txtmine ] || fail "it was touched"
	expect 2 "$fb" report $fork --out "$tmp/other/report.txt"
	has "$errs" 'is no folder'
	expect 2 "$fb" report $fork --out /proc/nowhere
	one_line "$errs"
	expect 2 "$fb" report "$tmp/none.jsonl" --out "$r"
	[ ! -e "$r" ] || fail "a folder made in vain"
	# What the earlier report had and this one has not goes, and nothing else, whatever a list says.
	expect 0 "$fb" report tests/golden/contend.jsonl tests/golden/boots-a.jsonl --out "$r"
	[ -e "$r/plot-2-latency.png" ] || fail "not two pictures: $(ls "$r")"
	echo mine | tee "$r/notes" >"$tmp/victim"
	printf '%s\n' "0  ../victim" "0  journals/../../victim" "0  notes" >>"$r/SHA256SUMS"
	mkdir "$r/.faultbench-report-killed"
	expect 0 "$fb" report $fork --out "$r"
	[ "$(cat "$r/notes" "$tmp/victim")" = "mine
mine" ] || fail "a file of others is gone"
	rm "$r/notes"
	[ "$(echo $(ls -A "$r" "$r/journals" | grep .))" = \
		"$r: SHA256SUMS index.html journals plot-1-order.png plot-1-order.svg report.txt $r/journals: fork.jsonl" ] ||
		fail "$(ls -A "$r" "$r/journals")"
	report_is_whole "$r"
	# From its own journals, into itself.
	expect 0 "$fb" report "$r"/journals/*.jsonl --out "$r"
	report_is_whole "$r"
	# A journal that is being written is none to be attached.
	cp $fork "$tmp/j.jsonl"
	expect 2 flock "$tmp/j.jsonl" "$fb" report "$tmp/j.jsonl" --out "$r"
	has "$errs" 'a faultbench is writing to it'
	report_is_whole "$r"
	# Where nothing can be written.
	before=$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)
	if is_root; then
		chown -R nobody "$r" && chmod 755 "$tmp" && chmod 555 "$r"
		expect 2 setpriv --reuid=nobody --clear-groups "$fb" report $fork --out "$r"
	else
		chmod 555 "$r"
		expect 2 "$fb" report $fork --out "$r"
	fi
	has "$errs" 'cannot be written to: Permission denied'
	one_line "$errs"
	chmod 755 "$r"
	[ "$before" = "$(cd "$r" && find . -type f | sort | xargs cat | sha256sum)" ] || fail "another report"
}

# A signal while gnuplot draws: nothing is left, the report before stays.
test_report_interrupted() {
	local sig i number status
	command -v gnuplot >/dev/null || exit 77
	expect 0 "$fb" report tests/golden/one.jsonl --out "$tmp/old"
	cp -r "$tmp/old" "$tmp/before"
	mkdir "$tmp/slow"
	printf '#!/bin/sh\n: >"%s/begun"\nexec sleep 62\n' "$tmp" >"$tmp/slow/gnuplot"
	chmod +x "$tmp/slow/gnuplot"
	for sig in INT TERM HUP; do
		for i in old new; do
			rm -f "$tmp/begun"
			PATH=$tmp/slow:$PATH env --default-signal "$fb" report tests/golden/fork.jsonl \
				--out "$tmp/$i" >"$tmp/said" 2>&1 &
			number=$!
			wait_for $number [ -e "$tmp/begun" ]
			kill -$sig $number
			wait $number
			status=$?
			[ $status = $((128 + $(kill -l $sig))) ] || fail "$sig: status $status: $(cat "$tmp/said")"
			[ ! -s "$tmp/said" ] || fail "$sig: $(cat "$tmp/said")"
		done
		diff -r "$tmp/before" "$tmp/old" || fail "$sig: the report before"
		[ ! -e "$tmp/new" ] || fail "$sig: left $(ls -A "$tmp/new")"
		! is_running '^sleep 62$' || fail "$sig: it goes on"
	done
}

# No room: what was there stays as it was, and what was not does not come.
test_report_full_disk() {
	local dir=$tmp/full size before fork=tests/golden/fork.jsonl
	is_root && command -v gnuplot >/dev/null || exit 77
	mkdir "$dir"
	trap 'umount "$tmp/full" 2>/dev/null' EXIT
	for size in 16 48 64 80; do
		mount -t tmpfs -o size=${size}k none "$dir" 2>/dev/null || exit 77
		expect 1 "$fb" report $fork --out "$dir/new"
		[ -z "$(ls -A "$dir")" ] || fail "left: $(ls -AR "$dir")"
		umount "$dir"
		one_line "$errs"
		has "$errs" 'No space left'
	done
	mount -t tmpfs -o size=200k none "$dir" || exit 77
	expect 0 "$fb" report $fork --out "$dir/r"
	head -c 60000 /dev/zero >"$dir/filler"
	before=$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)
	expect 1 "$fb" report tests/golden/check.jsonl --out "$dir/r"
	[ "$before" = "$(cd "$dir/r" && cat $(find . -type f | sort) | sha256sum)" ] || before=
	umount "$dir"
	[ -n "$before" ] || fail "the report that was there is another"
}

# Without gnuplot, or with one that fails, everything but the pictures is there.
test_report_no_gnuplot() {
	local r=$tmp/r
	mkdir "$tmp/bin"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$errs" 'gnuplot is not installed'
	has "$(cat "$r/report.txt" "$r/index.html" | tr '\n' ' ')" 'Not drawn: gnuplot is not installed.*Not drawn: gnuplot is'
	report_is_whole "$r"
	printf '#!/bin/sh\nexit 1\n' >"$tmp/bin/gnuplot"
	chmod +x "$tmp/bin/gnuplot"
	ln -s /bin/sh "$tmp/bin/sh"
	expect 0 env PATH="$tmp/bin" "$fb" report tests/golden/fork.jsonl --out "$r"
	has "$(cat "$r/report.txt")" '^Not drawn: gnuplot failed'
}

# A browser draws the page, without network, and has nothing to complain of.
test_report_browser() {
	local look r=$tmp/r
	command -v chromium >/dev/null && command -v gnuplot >/dev/null && is_root || exit 77
	expect 0 "$fb" report tests/golden/{contend,boots-a,boots-b}.jsonl --out "$r"
	for look in --window-size=1200,2000 '--window-size=500,2000 --force-dark-mode'; do
		timeout 100 unshare -n chromium --headless --no-sandbox --disable-gpu --user-data-dir="$tmp/profile" \
			--enable-logging=stderr --screenshot="$tmp/x.png" $look "file://$r/index.html" >"$tmp/log" 2>&1 ||
			fail "$(tail -3 "$tmp/log")"
		grep -E 'CONSOLE|Content Security Policy' "$tmp/log" && fail "it complains"
		[ "$(head -c 4 "$tmp/x.png" | tail -c 3)" = PNG ] && [ "$(wc -c <"$tmp/x.png")" -gt 50000 ] ||
			fail "nothing was drawn"
	done
}

# Kernels whose pages have other sizes: each row says what its order is on either, but where bytes were asked
# for; folios are the same by what was asked, and are not where they are not.
test_other_pages() {
	local k m=1048576
	pages() { # pages KERNEL BYTES KINDS...: a journal of points of order 4, pmd, 64K and none
		local order runs=() i=0
		for order in '"order":4' '"order":"pmd"' '"order":"64K"' '"time":9'; do
			runs[i]="{\"bench\":\"fork\",\"variant\":\"fork\",\"size\":$m,$order,\"place\":\"core\"}"
			i=$((i + 1))
		done
		printf '{"type":"plan","schema":1,"name":"p","runs":1,"boots":1,"points":[]}\n'
		printf '{"type":"machine","kernel":"%s","boot":0,"facts":{"mem.page_size":%d}}\n' $1 $2
		for i in 0 1 2 3; do
			printf '{"type":"run","kernel":"%s","boot":0,"run":0,"point":%s,"status":"ok","unit":"ns",' $1 "${runs[i]}"
			printf '"source":"timed","warmup":1,"samples":[1000],"per":"fork","per_count":1.0,'
			printf '"started":1.0,"wall_s":1.0,"state":{"before":{"%s":1024}}}\n' "${@:3+i:1}"
		done
	}
	pages small 4096 'order-4 PTE' 'order-9 PMD' 'order-4 PTE' 'order-0 PTE' >"$tmp/small.jsonl"
	pages large 16384 'order-4 PTE' 'order-11 PMD' 'order-2 PTE' 'order-0 PTE' >"$tmp/large.jsonl"
	pages other 16384 'order-2 PTE' 'order-9 PTE' 'order-4 PTE' 'order-0 PTE' >"$tmp/other.jsonl"
	expect 0 "$fb" compare "$tmp/small.jsonl" "$tmp/large.jsonl"
	out=$(printf '%s' "$out" | tr -s '\n ' ' ')
	has "$out" 'large, order-4 \(pte-map\): order 4 is 256K with its pages of 16K, and 64K with those of small, 4K'
	has "$out" 'large, THP \(pmd-map\): a PMD maps 32M with its pages of 16K, and 2M with those of small, 4K'
	has "$out" 'large, .*time.*: its pages are of 16K, those of small of 4K'
	! printf '%s' "$out" | grep -qE '64K folios \(pte-map\):|void' || fail "of bytes: $out"
	expect 3 "$fb" check "$tmp/small.jsonl" "$tmp/large.jsonl"
	has "$out" 'order 4 is 256K'
	# The same pages: nothing is said, and an order is an order.
	expect 0 "$fb" compare "$tmp/other.jsonl" "$tmp/large.jsonl"
	! printf '%s' "$out" | grep -q 'its pages' || fail "pages that do not differ: $out"
	[ "$(printf '%s' "$out" | grep -c 'void: the folio state differs')" = 3 ] || fail "not told apart: $out"
	# Other folios than were asked for remain others.
	expect 0 "$fb" compare "$tmp/small.jsonl" "$tmp/other.jsonl"
	out=$(printf '%s' "$out" | tr -s '\n ' ' ')
	for k in 'order-4 PTE, other \(boot 0, run 0\) order-2 PTE' 'pmd PMD, other \(boot 0, run 0\) order-9 PTE' \
		'64K PTE, other \(boot 0, run 0\) 256K PTE'; do
		has "$out" "small \(boot 0, run 0\) has $k"
	done
}
