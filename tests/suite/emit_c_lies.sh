# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Programs of emit-c that lie; sourced by tests/run-tests.sh. Helpers are in emit_c.sh.

measures emit_c_lies emit_c_proofs long_emit_c_file

# lie STATUS TEXT SED: what becomes of $tmp/truth.c when that changes it ends so.
lie() {
	sed "$3" "$tmp/truth.c" >"$tmp/lie.c"
	cmp -s "$tmp/truth.c" "$tmp/lie.c" && fail "nothing changed: $3"
	gcc $strict -o "$tmp/lie" "$tmp/lie.c" -pthread -lm || fail "$3"
	expect $1 "$tmp/lie"
	has "$errs" "$2"
}

# Programs whose ops do not do what they promise.
test_emit_c_lies() {
	"$fb" emit-c fault size=4M --full >"$tmp/truth.c"
	lie 1 'FAIL: 1024 page faults, where 1023 are promised' 's/\.faults = kind->faults/.faults = -1 + kind->faults/'
	lie 77 'cannot run here: 102. page faults, where 2048 are' 's/\.faults = kind->faults/.faults = 2 * kind->faults/'
	lie 77 'cannot run here: it was too late$' 's/^\tkind->touch(.*/&\n\tbench_fail(run, "it was too late");/'
	lie 77 'cannot run here: status:VmSize moved by 0; promised are 1 to 1' \
		's/\.before = AREA_EMPTY,/&.moves = {{"status:VmSize", 1, 1}},/'
	"$fb" emit-c fault size=4M >"$tmp/truth.c"
	lie 1 'FAIL: 1024 page faults, where 1023 are promised' 's/\.faults = folios/.faults = folios - 1/'
	lie 77 'cannot run here: 102. page faults, where 2048 are' 's/\.faults = folios/.faults = 2 * folios/'
	lie 77 'cannot run here: [0-9]* page faults, where 1024 are' 's/^\tkind->touch(.*/\t(void)kind, (void)spans, (void)worker;/'
	"$fb" emit-c mprotect size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: populating 1024 folios took [0-9]* faults' 's/^\tpopulate_base(area);/\t(void)populate_base;/'
	"$fb" emit-c fork size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: fork\(\) failed' 's/^\tchild->pid = fork();/\tchild->pid = -1;/'
	"$fb" emit-c mremap size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: the op leaves the memory where it is' 's/MREMAP_MAYMOVE | MREMAP_FIXED/MREMAP_FIXED/'
	"$fb" emit-c zap/free size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: [0-9]* vmstat:pglazyfree, where [0-9]* are promised' 's/MADV_FREE/MADV_WILLNEED/'
	# Of several workers, of whom one does nothing; all processes find that out, one says so.
	"$fb" emit-c fault size=4M threads=2 processes=2 >"$tmp/truth.c"
	lie 77 'cannot run here: [0-9]* page faults, where 512 are promised' 's/^\tkind->touch(.*/\tif (worker) &/'
	one_line "$errs"
	lie 1 'FAIL: 512 page faults, where 511 are promised' 's/\.faults = folios/.faults = folios - 1/'
	"$fb" emit-c zap size=4M threads=2 processes=2 >"$tmp/truth.c"
	lie 77 'cannot run here: the op leaves the memory where it is' 's/^\tkind->zap(.*/\tif (!worker) &/'
	one_line "$errs"
	"$fb" emit-c app-start/exec faulters=0 >"$tmp/truth.c"
	lie 77 'cannot run here: 100 page faults, where 200 are promised, or a few more' 's/\.faults = /.faults = 2 */'
	lie 1 'FAIL: 100 page faults, where 10 are promised' 's/\.faults = /.faults = -90 + /'
	"$fb" emit-c app-start/load warmup=1 >"$tmp/truth.c"
	lie 77 'cannot run here: -?[0-9]+ page faults, where 100 are' 's/\.faults_beside = 1/.faults_beside = 2/'
	case $(stat -f -c %T "${TMPDIR:-/var/tmp}") in
	ext* | xfs | btrfs)
		"$fb" emit-c fault-vma/shared-file-write size=4M warmup=1 >"$tmp/truth.c"
		lie 1 'vmstat:nr_dirtied moved by [0-9]+; promised are 774 to' 's/&& fdatasync(run->file)/\&\& 0/' ;;
	esac
	! is_root || {
		"$fb" emit-c zap size=4M order=4 backing=file --full >"$tmp/truth.c"
		lie 77 'cannot run here: populating gave folios that are not of order 4' 's/bench_folio_size(area->order))/bench_page_size())/'
		has "$errs" '^Try: TMPDIR='
	}
	# pgreuse tells as well, but only at order 0, and of the whole system.
	"$fb" emit-c cow/child-reuse-byte size=4M --full | sed 's/"vmstat:pgreuse"/"vmstat:"/' >"$tmp/truth.c"
	lie 77 'cannot run here: the child died in the op' 's/ERRAND_DO ? area.len/ERRAND_DO ? (abort(), area.len)/'
	lie 77 'the child took 0 page faults in an op that promises 1024 to 1024' 's/ERRAND_DO ? area.len/ERRAND_DO ? 0/'
	lie 77 'the child took 10[2-9][0-9] page faults in an op' 's/: errand_rehearse(run, &state->errand);$/: 0;/'
	[ "$(uname -m)" != x86_64 ] || {
		"$fb" emit-c fault size=4M order=4 --full | sed 's/folio_size((int)run->value\[ORDER\])/folio_size(3)/' >"$tmp/order.c"
		gcc $strict -o "$tmp/order" "$tmp/order.c" -lm || fail "order"
		expect 77 "$tmp/order"
		has "$errs" 'hugepages-64kB/enabled, and never'
	}
}

# Brief programs that do not find memory as it has to be, or leave it otherwise, which no fault tells.
test_emit_c_proofs() {
	"$fb" emit-c cow/zero-byte size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: the memory is not all mapped before the op' 's/(void)\*p;/;/'
	"$fb" emit-c mprotect/read-only size=4M >"$tmp/truth.c"
	lie 77 'cannot run here: the op leaves the memory writable' 's/PROT_READ);/PROT_READ | PROT_WRITE);/'
	"$fb" emit-c zap/dontneed size=4M backing=shmem >"$tmp/truth.c"
	lie 77 'cannot run here: the memory is not all mapped before the op' 's/^\ttouch_write(/\t(void)touch_write, (void)(/'
	lie 77 'cannot run here: the op leaves the memory mapped' 's/MADV_DONTNEED/MADV_WILLNEED/'
	lie 77 'cannot run here: the op takes pages out of the page cache' 's/MADV_DONTNEED/MADV_REMOVE/'
	"$fb" emit-c zap/munmap size=4M backing=memfd >"$tmp/truth.c"
	lie 77 'cannot run here: the op leaves the memory where it is' \
		'/void zap_munmap/,/}/s/munmap(area->start, area->len)/madvise(area->start, area->len, MADV_DONTNEED)/'
	case $(stat -f -c %T "${TMPDIR:-/var/tmp}") in
	ext* | xfs | btrfs)
		"$fb" emit-c zap/pageout-file size=4M >"$tmp/truth.c"
		lie 77 'cannot run here: the op leaves the memory where it is' 's/MADV_PAGEOUT/MADV_DONTNEED/'
		"$fb" emit-c cow/cow-byte size=4M backing=file >"$tmp/truth.c"
		lie 77 'cannot run here: the op does not copy all pages' 's/MAP_PRIVATE | MAP_FIXED/MAP_SHARED | MAP_FIXED/'
		"$fb" emit-c zap size=4M backing=file order=4 >"$tmp/truth.c"
		# A disk that has room for a part.
		lie 77 'the file behind the mapping: No space left on device$' 's/zeroes, folio, (off_t)/zeroes, folio \/ 2, (off_t)/'
		if is_root; then
			lie 77 'cannot run here: the file has other folios: TMPDIR can' 's/folio = bench_page_size() << 4/folio = bench_page_size()/'
		else
			lie 77 'cannot run here: root alone sees of which order' 's/iterations=//'
		fi ;;
	esac
}

# Large folios of files, on file systems that have them and one that has not: all points of the catalogue, and lies of each kind.
test_long_emit_c_file() {
	is_root && [ "$(getconf PAGESIZE)" = 4096 ] || exit 77
	[ "$(printf '%s\n' 6.16 "$(uname -r)" | sort -V | head -1)" = 6.16 ] || exit 77 # ext4
	local fs words n half
	local reread='madvise(area->start, area->len, MADV_DONTNEED); posix_fadvise(run->file, 0, 0, 4)'
	export TMPDIR
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
	often() { # often COMMAND...: it succeeds, if not each time: who makes room in memory moves, and splits, any folio
		local try
		for try in 1 2 3 4 5 6 7 8; do
			out=$("$@" 2>"$tmp/stderr") && return
		done
		fail "$*: $(cat "$tmp/stderr")"
	}
	chmod a+rx "$tmp"
	for fs in xfs ext4 btrfs; do
		mkdir "$tmp/$fs"
		truncate -s 400M "$tmp/$fs.img"
		"mkfs.$fs" -q "$tmp/$fs.img" >/dev/null && mount -o loop "$tmp/$fs.img" "$tmp/$fs" || exit 77
		chmod a+rwx "$tmp/$fs"
		n=0
		while read -r words; do
			n=$((n + 1))
			[ -x "$tmp/x$n" ] || {
				"$fb" emit-c $words iterations=3 >"$tmp/x.c" && brief "$words" "$tmp/x.c"
				has "$(sed '/^ \*\/$/q' "$tmp/x.c")" TMPDIR
				gcc $strict -o "$tmp/x$n" "$tmp/x.c" -lm || fail "$words"
			}
			TMPDIR=$tmp/$fs
			[ $fs = btrfs ] || {
				often "$tmp/x$n"
				has "$out" '^ok: each op took the 0 faults promised$'
				continue
			}
			expect 77 "$tmp/x$n"
			has "$errs" "cannot run here: (the file has other folios|PMDs do not map the file): TMPDIR can name a folder"
		done < <(catalogue_points | grep -E '"backing":"file"|pageout-file' | grep -E '"order":("pmd"|[1-9])' |
			while read -r words; do words_of "$words"; done)
		[ $n = 10 ] || fail "$n points"
	done
	unset TMPDIR
	for words in 4 9 pmd; do
		"$fb" emit-c zap size=4M backing=file order=$words >"$tmp/truth.c" && gcc $strict -o "$tmp/x$words" "$tmp/truth.c" -lm ||
			fail "order $words"
		for fs in xfs ext4; do
			TMPDIR=$tmp/$fs
			often "$tmp/x$words"
			# Once they are base pages, and are made anew.
			sed 's/^\tsize_t folio = \(.*\);/\tstatic int made; size_t folio = made++ ? \1 : 4096;/' "$tmp/truth.c" >"$tmp/mended.c"
			! cmp -s "$tmp/truth.c" "$tmp/mended.c" || fail "order $words: nothing changed"
			gcc $strict -o "$tmp/mended" "$tmp/mended.c" -lm && often "$tmp/mended"
			case $words in
			4 | 9)
				# Smaller ones, and larger ones.
				lie 77 'the file has other folios: TMPDIR' "s/folio = bench_page_size() << $words/folio = bench_page_size() << 3/"
				[ $words = 9 ] || {
					lie 77 'the file has other folios: TMPDIR' 's/folio = bench_page_size() << 4/folio = bench_page_size() << 5/'
					# The first half of one, and the second.
					half='s/folio = bench_page_size() << 4/folio = bench_page_size() << 5/; s/i < area->len . page;/i < 16;/'
					lie 77 'the file has other folios: TMPDIR' "$half"
					lie 77 'the file has other folios: TMPDIR' "$half; s/(off_t)area->len/& + 65536/; s/^\t\t0) == MAP/\t\t65536) == MAP/"
				}
				# Those that were read, each time.
				lie 77 'the file has other folios: TMPDIR' "s/touch_read(span);/$reread;&/"
				expect 77 as_nobody "$tmp/x$words"
				has "$errs" "cannot run here: root alone sees of which order a file's folios are$"
				;;
			pmd)
				lie 77 'PMDs do not map the file: TMPDIR can name' 's/MADV_HUGEPAGE/MADV_NOHUGEPAGE/'
				lie 77 'PMDs do not map the file: TMPDIR can name' 's/folio = .*;/folio = bench_page_size() << 8;/'
				often as_nobody "$tmp/x$words"
				;;
			esac
			[ $words != 9 ] || lie 77 'PMDs map the file: it is of order=pmd' 's/MADV_NOHUGEPAGE/MADV_HUGEPAGE/'
			unset TMPDIR
		done
	done
	# In several VMAs.
	"$fb" emit-c mprotect size=8M backing=file order=pmd vmas-in-range=2 >"$tmp/x.c" && gcc $strict -o "$tmp/x" "$tmp/x.c" -lm || fail "VMAs"
	for fs in xfs ext4; do
		often env TMPDIR="$tmp/$fs" "$tmp/x"
	done
	# Ops that leave other ones to those that follow.
	for words in 4 pmd; do
		"$fb" emit-c mprotect size=4M backing=file order=$words >"$tmp/truth.c"
		TMPDIR=$tmp/xfs
		lie 77 'cannot run here: (the file has other folios by now|PMDs do not map all of the file any more)$' \
			's/^\tconst struct protect_kind \*kind = run->kind;/&\n\tmadvise(run->areas->start + 4096, 4096, MADV_DONTNEED);/'
		unset TMPDIR
	done
	"$fb" emit-c zap backing=file order=pmd --full >"$tmp/full.c"
	has "$(sed '/^ \*\/$/q' "$tmp/full.c" | tr -d '\n*')" 'root alone sees +its folios'
	for words in 'zap backing=file' fault-vma/shared-file-read; do
		"$fb" emit-c $words size=4M order=4 --full >"$tmp/full.c" && gcc $strict -o "$tmp/full" "$tmp/full.c" -lm || fail "$words"
		for fs in xfs ext4; do
			often env TMPDIR="$tmp/$fs" "$tmp/full"
			expect 77 as_nobody env TMPDIR="$tmp/$fs" "$tmp/full"
			[ "$errs" = "cannot run here: root alone sees of which order a file's folios are" ] || fail "$errs"
		done
		expect 77 env TMPDIR="$tmp/btrfs" "$tmp/full"
		has "$errs" 'folios (that )?are not of order 4'
	done
	"$fb" emit-c zap backing=file size=4M order=4 --full >"$tmp/truth.c"
	TMPDIR=$tmp/xfs
	lie 77 'populating gave folios that are not of order 4' 's/touch_read(span);/touch_read(span), madvise(area->start, 4096, MADV_DONTNEED);/'
	unset TMPDIR
	umount "$tmp/xfs" "$tmp/ext4" "$tmp/btrfs"
}
