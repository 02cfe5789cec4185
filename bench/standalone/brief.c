// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The driver of a brief program: one worker, whose faults are checked. What the harness, and
 * point.c, look at beside is not there.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <math.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "bench/parts/touch.h"
#include "bench/services/backing.h"
#include "bench/services/moves.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "bench/standalone/brief.h"

/* Ends the program. */
#define bench_fail(run, ...) ((void)(run), errx(77, "cannot run here: " __VA_ARGS__))

/* A file on a disk, as far as is known, that has no name any more. */
static int open_nameless(struct bench_run *run)
{
	struct statfs fs;
	char path[512];
	int file;

	snprintf(path, sizeof(path), "%s/brief-XXXXXX", getenv("TMPDIR") ?: "/var/tmp");
	file = mkostemp(path, O_CLOEXEC);
	if (file < 0 || unlink(path) || fstatfs(file, &fs))
		bench_fail(run, "%s: %m", path);
	if (fs.f_type == TMPFS_MAGIC)
		bench_fail(run, "%s: it is on a tmpfs; TMPDIR names another folder", path);
	return file;
}

/*
 * By as much at once as a folio is to have, which is what gives such (bench/services/backing.c),
 * from memory that is there: recent kernels write less of what is not.
 */
static void write_folios(struct bench_run *run, const struct bench_area *area)
{
	size_t folio = bench_folio_size(area->order);
	char *zeroes = mmap(NULL, folio, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	for (; run->file_len < area->len; run->file_len += folio)
		if (pwrite(run->file, zeroes, folio, (off_t)run->file_len) != (ssize_t)folio)
			bench_fail(run, "the file behind the mapping: %m");
	munmap(zeroes, folio);
}

/* Written, on a disk where there was a hole; but a memfd with an order is by who touches it first.
 */
int backing_file(struct bench_run *run, const struct bench_area *area)
{
	bool disk = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE;

	if (!run->file)
		run->file = disk ? open_nameless(run) : memfd_create("brief", MFD_CLOEXEC);
	if ((area->order && disk && run->file_len < area->len && ftruncate(run->file, 0)) ||
	    (area->order && ftruncate(run->file, (off_t)area->len)))
		bench_fail(run, "the file behind the mapping: %m");
	if (disk || !area->order)
		write_folios(run, area);
	/* Nothing of it is to be written back in an op. */
	if (disk && fsync(run->file))
		bench_fail(run, "fsync: %m");
	return 0;
}

/* KiB of a file that PMDs map, in the area's first VMA. */
static long mapped_by_pmds(const struct bench_area *area)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	char line[4096], words[32];
	long kib = -1;

	snprintf(words, sizeof(words), "%lx-", (unsigned long)area->start);
	while (smaps && fgets(line, sizeof(line), smaps) && strstr(line, words) != line)
		;
	while (smaps && fgets(line, sizeof(line), smaps) &&
	       sscanf(line, "FilePmdMapped: %ld", &kib) != 1)
		;
	if (smaps)
		fclose(smaps);
	return kib;
}

/*
 * Whether a file's folios are of the order, all of them, and mapped in order: pages that are there
 * (bit 63 of pagemap) and the file's (61), in frames of which two bits of kpageflags tell: the 15th
 * is that of a folio's first, the 16th that of its others.
 */
static bool is_of_order(struct bench_run *run, const struct bench_area *area)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	size_t page = bench_page_size(), nr = bench_folio_size(area->order) / page, i;
	uint64_t entry, frame = 0, flags[2];
	bool all = true;

	for (i = 0; all && i < area->len / page; i++, frame++) {
		flags[1] = 0; /* behind the last frame that there is */
		if (pread(pagemap, &entry, 8, (off_t)((uintptr_t)area->start / page + i) * 8) !=
			    8 ||
		    (entry >> 63 && !(entry & PAGES_FRAME)))
			bench_fail(run, "root alone sees of which order a file's folios are");
		if (i % nr == 0)
			frame = entry & PAGES_FRAME;
		all = entry >> 61 == 5 && (entry & PAGES_FRAME) == frame &&
		      pread(kpageflags, flags, 16, (off_t)frame * 8) >= 8 &&
		      (flags[0] >> 15 & 3) == (i % nr ? 2 : 1) &&
		      (flags[1] >> 16 & 1) == ((i + 1) % nr != 0);
	}
	close(kpageflags);
	close(pagemap);
	return all;
}

/*
 * What the kernel reclaims before it is mapped comes back in other folios, so it is made anew. What
 * a PMD is to map must not have had a page table.
 */
static void populate_file(struct bench_run *run, const struct bench_area *area)
{
	struct touch_span span = {area->start, area->start + area->len, bench_page_size()};
	int tries = 2, flags = area->backing == BACK_SHARED_FILE ? MAP_SHARED : MAP_PRIVATE;
	bool pmd = area->order == ORDER_PMD;

	touch_read(span);
	for (; pmd ? mapped_by_pmds(area) != (long)(area->len >> 10) : !is_of_order(run, area);
	     tries--) {
		if (!tries)
			bench_fail(run, "%s: TMPDIR can name a folder on xfs, or, since 6.16, ext4",
				   pmd ? "PMDs do not map the file" : "the file has other folios");
		run->file_len = 0;
		backing_file(run, area);
		if (pmd) {
			mmap(area->start, area->len, PROT_READ | PROT_WRITE, flags | MAP_FIXED,
			     run->file, 0);
			madvise(area->start, area->len, MADV_HUGEPAGE);
		}
		touch_read(span);
	}
	if (!pmd && area->order > 8 && mapped_by_pmds(area))
		bench_fail(run, "PMDs map the file: it is of order=pmd");
	if (pmd)
		madvise(area->start, area->len, MADV_NOHUGEPAGE);
}

/*
 * Of shared memory the first touch of a folio, which is a fault, gives all of it, though it need
 * not map all (before 6.11).
 */
int populate_shared(struct bench_run *run, const struct bench_area *area)
{
	bool disk = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE;
	struct touch_span span = {area->start, area->start + area->len,
				  bench_folio_size(area->order)};
	long wanted = (long)(area->len / span.stride), before = bench_faults(), seen;

	if (disk && area->order)
		populate_file(run, area);
	else if (disk || area->backing == BACK_PRIVATE_MEMFD)
		touch_read(span);
	else
		touch_write(span);
	if (disk || !area->order)
		return 0;
	seen = bench_faults() - before;
	if (seen < wanted || !pages_resident(area->start, area->len))
		bench_fail(run,
			   "populating %ld folios took %ld faults, and gave others: another "
			   "folio size is enabled",
			   wanted, seen);
	area_fill(area);
	madvise(area->start, area->len, MADV_NOHUGEPAGE);
	return 0;
}

/* Pages that page tables have, and that are, or are not, of a file or shared. */
static size_t pages_mapped(const struct bench_area *area, bool file)
{
	size_t page = bench_page_size(), nr = area->len / page, i, sum = 0;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;

	for (i = (uintptr_t)area->start / page; nr--; i++)
		if (pread(pagemap, &entry, sizeof(entry), (off_t)(i * sizeof(entry))) > 0)
			sum += entry >> 63 && (entry >> 61 & 1) == file;
	close(pagemap);
	return sum;
}

/* Of its first VMA. */
static bool is_writable(const struct bench_area *area)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4096], words[32];
	bool writable = false;

	snprintf(words, sizeof(words), "%lx-", (unsigned long)area->start);
	while (maps && fgets(line, sizeof(line), maps))
		writable |= strstr(line, words) == line && strstr(line, " rw");
	if (maps)
		fclose(maps);
	return writable;
}

/* That anonymous memory, and large folios of a file, are there is seen when they are populated. */
static void prove_before(struct bench_run *run, const struct bench_area *area)
{
	enum area_state before = run->promise.before;
	bool disk = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE;
	bool file = area->backing != BACK_ANON, proved = disk && area->order;

	if (!proved && (file || before == AREA_ZERO_PAGE) && before != AREA_EMPTY &&
	    pages_mapped(area, file) < area->len / bench_page_size())
		bench_fail(run, "the memory is not all mapped before the op");
	if (before == AREA_WRITABLE && !is_writable(area))
		bench_fail(run, "the memory is read-only before the op");
	if (before == AREA_READ_ONLY && is_writable(area))
		bench_fail(run, "the memory is writable before the op");
}

/*
 * What mincore() tells is of mappings, and of page caches where nothing is mapped; of what is in no
 * VMA it knows nothing.
 */
static void prove_after(struct bench_run *run, const struct bench_area *area)
{
	bool file = area->backing != BACK_ANON, unmapped = run->promise.after == AREA_UNMAPPED;
	bool cached = file && run->promise.after == AREA_EMPTY;
	bool empty =
		(!file && run->promise.after == AREA_EMPTY) || run->promise.after == AREA_UNCACHED;
	bool whole = run->promise.before == AREA_EMPTY && run->promise.after == AREA_POPULATED &&
		     point_value(run, BENCH_ORDER, 0);
	size_t page = bench_page_size(), at;
	unsigned char there;

	if ((cached || run->promise.after == AREA_SWAPPED) && pages_mapped(area, file))
		errx(77, "%sthe op leaves the memory mapped", BRIEF_CANNOT);
	if (file && run->promise.after == AREA_BASE_PAGES &&
	    pages_mapped(area, false) < area->len / bench_page_size())
		bench_fail(run, "the op does not copy all pages");
	if (run->promise.after == AREA_WRITABLE && !is_writable(area))
		bench_fail(run, "the op leaves the memory read-only");
	if (run->promise.after == AREA_READ_ONLY && is_writable(area))
		bench_fail(run, "the op leaves the memory writable");
	for (at = 0; (unmapped || cached || empty || whole) && at < area->len; at += page) {
		if (unmapped && !mincore(area->start + at, page, &there))
			bench_fail(run, "the op leaves the memory where it is");
		if (empty && (mincore(area->start + at, page, &there) || (there & 1)))
			bench_fail(run, "the op leaves the memory where it is");
		if (cached && (mincore(area->start + at, page, &there) || !(there & 1)))
			bench_fail(run, "the op takes pages out of the page cache");
		if (whole && (mincore(area->start + at, page, &there) || !(there & 1)))
			bench_fail(run, "a touch gives smaller folios");
	}
}

/* After all ops: what was split in between, which unmaps it, stays so. */
static void prove_folios(struct bench_run *run, const struct bench_area *area)
{
	bool disk = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE;
	bool there = run->promise.after == AREA_POPULATED || run->promise.after == AREA_WRITABLE ||
		     run->promise.after == AREA_READ_ONLY;
	bool large = disk && area->order && there, pmd = area->order == ORDER_PMD;

	if (large && pmd && mapped_by_pmds(area) != (long)(area->len >> 10))
		bench_fail(run, "PMDs do not map all of the file any more");
	if (large && !pmd && !is_of_order(run, area))
		bench_fail(run, "the file has other folios by now");
}

int main(void)
{
	long faults, moved;
	double ns[BRIEF_ITERATIONS], mean = 0, squares = 0, kib = 0;
	FILE *meminfo = fopen("/proc/meminfo", "re");
	struct bench_run *run = &brief_run;
	struct timespec start, end;
	int i;

	/* It would be populated until something is killed. */
	if (meminfo && fscanf(meminfo, "%*[^A]Available: %lf", &kib) == 1 && kib < BRIEF_SIZE >> 9)
		bench_fail(run, "more than the memory available, %.0f MiB", kib / 1024);
	/* A child that has just been made does not preempt its parent, whose time is taken. */
	if (BRIEF_FORKS)
		sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
	printf("%s\nsamples, ns:", BRIEF_POINT);
	run->bench->setup(run);
	for (i = -BRIEF_WARMUP; i < BRIEF_ITERATIONS; i++) {
		if (run->bench->arm)
			run->bench->arm(run);
		if (i < 0)
			prove_before(run, run->areas);
		if (BRIEF_MOVES)
			moved = moves_in_file("/proc/vmstat", run->promise.moves[0].what + 7);
		faults = bench_faults();
		clock_gettime(CLOCK_MONOTONIC, &start);
		brief_op(run, 0);
		clock_gettime(CLOCK_MONOTONIC, &end);
		faults = bench_faults() - faults;
		if (faults < run->promise.faults ||
		    (i >= 0 && faults > run->promise.faults + run->promise.faults_slack))
			errx(i < 0 ? 77 : 1, "%s%ld page faults, where %ld are promised",
			     i < 0 ? "cannot run here: " : "FAIL: ", faults, run->promise.faults);
		if (BRIEF_MOVES)
			moved = moves_in_file("/proc/vmstat", run->promise.moves[0].what + 7) -
				moved;
		if (BRIEF_MOVES && moved < run->promise.moves[0].min)
			errx(i < 0 ? 77 : 1, "%s%ld %s, where %ld are promised",
			     i < 0 ? BRIEF_CANNOT : "FAIL: ", moved, run->promise.moves[0].what,
			     run->promise.moves[0].min);
		if (i < 0)
			prove_after(run, run->areas);
		if (run->bench->disarm)
			run->bench->disarm(run);
		if (i < 0)
			continue;
		ns[i] = (end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec);
		mean += ns[i] / BRIEF_ITERATIONS;
		printf(" %.0f", ns[i]);
	}
	prove_folios(run, run->areas);
	for (i = 0; i < BRIEF_ITERATIONS; i++)
		squares += (ns[i] - mean) * (ns[i] - mean);
	printf("\nmean %.0f ns, stdev %.1f%% (n-1)\nok: each op took the %ld faults promised\n",
	       mean, BRIEF_ITERATIONS > 1 ? 100 * sqrt(squares / (BRIEF_ITERATIONS - 1)) / mean : 0,
	       run->promise.faults);
}
