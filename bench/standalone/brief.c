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

/* It is filled page by page, so that its folios are of one page; or by who touches it first. */
int backing_file(struct bench_run *run, const struct bench_area *area)
{
	bool disk = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE;
	static const char ones[65536] = {1};
	size_t page = bench_page_size();

	if (!run->file)
		run->file = disk ? open_nameless(run) : memfd_create("brief", MFD_CLOEXEC);
	if (area->order && ftruncate(run->file, (off_t)area->len))
		bench_fail(run, "the file behind the mapping: %m");
	for (; !area->order && run->file_len < area->len; run->file_len += page)
		if (pwrite(run->file, ones, page, (off_t)run->file_len) != (ssize_t)page)
			bench_fail(run, "the file behind the mapping: %m");
	/* Nothing of it is to be written back in an op. */
	if (disk && fsync(run->file))
		bench_fail(run, "fsync: %m");
	return 0;
}

/*
 * Of shared memory the first touch of a folio, which is a fault, gives all of it, though it need
 * not map all (before 6.11).
 */
int populate_shared(struct bench_run *run, const struct bench_area *area)
{
	bool file = area->backing == BACK_SHARED_FILE || area->backing == BACK_PRIVATE_FILE ||
		    area->backing == BACK_PRIVATE_MEMFD;
	struct touch_span span = {area->start, area->start + area->len,
				  bench_folio_size(area->order)};
	long wanted = (long)(area->len / span.stride), before = bench_faults(), seen;

	if (file)
		touch_read(span);
	else
		touch_write(span);
	if (!area->order)
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

/* That the memory is there is seen of other when it is populated. */
static void prove_before(struct bench_run *run, const struct bench_area *area)
{
	enum area_state before = run->promise.before;
	bool file = area->backing != BACK_ANON;

	if ((file || before == AREA_ZERO_PAGE) && before != AREA_EMPTY &&
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
	for (i = 0; i < BRIEF_ITERATIONS; i++)
		squares += (ns[i] - mean) * (ns[i] - mean);
	printf("\nmean %.0f ns, stdev %.1f%% (n-1)\nok: each op took the %ld faults promised\n",
	       mean, BRIEF_ITERATIONS > 1 ? 100 * sqrt(squares / (BRIEF_ITERATIONS - 1)) / mean : 0,
	       run->promise.faults);
}
