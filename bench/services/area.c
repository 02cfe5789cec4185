// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Areas of memory, mapped, populated and checked.
 */
#include <errno.h>
#include <linux/mman.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"
#include "bench/parts/touch.h"
#include "bench/services/backing.h"
#include "bench/services/pages.h"

/* The kernel says EINVAL if it was built without THP: then there is nothing to forbid. */
static int advise_order(struct bench_run *run, char *start, size_t len, int order)
{
	if (madvise(start, len, order ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) &&
	    (order || errno != EINVAL))
		return bench_fail(run, "madvise: %m");
	return 0;
}

/* PMDs map what is large enough in a page cache, unless that is forbidden. */
static int advise_file(struct bench_run *run, char *start, size_t len, int order)
{
	return advise_order(run, start, len, order == ORDER_PMD ? order : 0);
}

/* What a backing is to mmap(), and the word in VmFlags that tells it. */
static const struct {
	int flags;
	bool file;
	const char *mark;
} backings[] = {
	[BACK_STACK] = {MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, false, "gd"},
	[BACK_PRIVATE_FILE] = {MAP_PRIVATE, true, NULL},
	[BACK_BLOCK] = {MAP_PRIVATE, true, NULL},
	[BACK_SHARED_FILE] = {MAP_SHARED, true, "sh"},
	[BACK_TMPFS] = {MAP_SHARED, true, "sh"},
	[BACK_PRIVATE_MEMFD] = {MAP_PRIVATE, true, NULL},
	[BACK_SHMEM] = {MAP_SHARED | MAP_ANONYMOUS, false, "sh"},
	[BACK_MEMFD] = {MAP_SHARED, true, "sh"},
	/* 2 MiB pages have a 21 there: the size is named by its logarithm. */
	[BACK_HUGETLB] = {MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, false, "ht"},
};

/* A stack may grow as far as it is allowed to be made to. */
static int raise_stack_limit(struct bench_run *run, size_t len)
{
	struct rlimit limit = {0};

	getrlimit(RLIMIT_STACK, &limit);
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur < len)
		return bench_fail(run, "a stack may not be %zu bytes: ulimit -Hs", len);
	return 0;
}

/* All of the area but the first `below` bytes of it. */
static int map_backing(struct bench_run *run, struct bench_area *area, size_t below)
{
	int flags = backings[area->backing].flags | MAP_FIXED;
	bool file = backings[area->backing].file;
	size_t page = bench_page_size();

	area->mark = backings[area->backing].mark;
	if (file && backing_file(run, area))
		return -1;
	if (area->backing == BACK_HUGETLB) {
		flags |= __builtin_ctzl(bench_folio_size(area->order)) << MAP_HUGE_SHIFT;
	} else if (area->backing == BACK_STACK) {
		if (raise_stack_limit(run, area->len))
			return -1;
		/* It grows into free room only; the page below keeps others out of that. */
		mprotect(area->start - page, page, PROT_NONE);
		munmap(area->start, area->len);
	}
	if (mmap(area->start + below, area->len - below, PROT_READ | PROT_WRITE, flags,
		 file ? run->file : -1, file ? (off_t)run->file_used : 0) == MAP_FAILED)
		return bench_fail(run, "mmap of %zu bytes: %m", area->len);
	run->file_used += file ? area->len : 0;
	if (area->backing == BACK_HUGETLB)
		return 0;
	if (backed_by_disk(area->backing))
		return advise_file(run, area->start, area->len, area->order);
	return advise_order(run, area->start + below, area->len - below, area->order);
}

/*
 * An area of private anonymous memory, the last one now; its VMA begins `fence` bytes earlier.
 * Where something else will be mapped there nothing is advised. 0 or -1.
 */
static int add_area(struct bench_run *run, size_t len, int order, size_t fence, bool advised)
{
	size_t align = bench_folio_size(order == ORDER_PUD ? order : ORDER_PMD),
	       room = len + 2 * align;
	struct bench_area *more = realloc(run->areas, (run->nr_areas + 1) * sizeof(*more));
	char *base = mmap(NULL, room, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *start;

	if (!more)
		return bench_fail(run, "out of memory");
	run->areas = more;
	if (base == MAP_FAILED)
		return bench_fail(run, "mmap of %zu bytes: %m", room);
	start = base + align - (uintptr_t)base % align;
	munmap(base, (size_t)(start - base) - fence);
	munmap(start + len, (size_t)(base + room - (start + len)));
	more[run->nr_areas++] =
		(struct bench_area){.start = start, .len = len, .order = order, .vmas = 1};
	return advised ? advise_order(run, start, len, order) : 0;
}

int area_map(struct bench_run *run, size_t len, int order)
{
	return add_area(run, len, order, 0, true);
}

int area_map_as(struct bench_run *run, size_t len, int order, enum area_backing backing)
{
	size_t page = bench_page_size(), below = backing == BACK_STACK ? len - page : 0;

	if (backing == BACK_ANON)
		return area_map(run, len, order);
	if (add_area(run, len, order, backing == BACK_STACK ? page : 0, false))
		return -1;
	run->areas[run->nr_areas - 1].backing = backing;
	return map_backing(run, &run->areas[run->nr_areas - 1], below);
}

int area_cut(struct bench_run *run, unsigned int index, size_t at)
{
	struct bench_area *area = &run->areas[index], *piece;
	size_t len = area->len - at;

	if (area_map(run, len, area->order))
		return -1;
	area = &run->areas[index];
	piece = &run->areas[run->nr_areas - 1];
	if (mremap(area->start + at, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, piece->start) ==
	    MAP_FAILED)
		return bench_fail(run, "mremap: %m");
	area->len = at;
	return 0;
}

int area_slice(struct bench_run *run, struct bench_area *area, long vmas)
{
	size_t folio = bench_folio_size(area->order), nr = (size_t)vmas, i;
	size_t step = area->len / folio / nr * folio;

	for (i = 1; i < nr; i += 2)
		if (madvise(area->start + i * step, i + 1 == nr ? area->len - i * step : step,
			    MADV_DONTDUMP))
			return bench_fail(run, "madvise(MADV_DONTDUMP): %m");
	area->vmas = (unsigned int)nr;
	return 0;
}

/*
 * Splitting a VMA inside a huge page makes the kernel map that page by PTEs; DONTFORK splits, and
 * DOFORK lets the VMAs merge again. The folio stays as it is. (David Hildenbrand's way of making
 * PTE-mapped THPs, in the fork batching series of 2024.)
 */
int area_split_pmds(struct bench_run *run, const struct bench_area *area)
{
	size_t step = bench_folio_size(ORDER_PMD), page = bench_page_size();
	char *p;

	for (p = area->start; p < area->start + area->len; p += step)
		if (madvise(p, page, MADV_DONTFORK) || madvise(p, page, MADV_DOFORK))
			return bench_fail(run, "madvise(MADV_DONTFORK): %m");
	return 0;
}

/*
 * Touches base pages block after block, each block beginning at another of its pages. Where pages
 * come from memory that is free in one piece, touching them in order gives all of them the same
 * offset against blocks that arm64 can map as one (contpte, 64 KiB of 4 KiB pages); with luck it is
 * none, and then a fork() of 6.12 looks at each block, which takes 1.4 % more instructions. This
 * way it is none for the same share of blocks in every run.
 */
TOUCH_LOOP void populate_base(const struct bench_area *area)
{
	size_t page = bench_page_size(), nr = page == 4096 ? 16 : (2 << 20) / page, block, i;
	volatile char *p = area->start;
	size_t blocks = area->len / page / nr;

	for (block = 0; block < blocks; block++, p += nr * page)
		for (i = 0; i < nr; i++)
			p[(i + nr - 1 - block % nr) % nr * page] = 1;
	if (area->len % (nr * page))
		touch_write((struct touch_span){(char *)p, area->start + area->len, page});
}

/* What a PMD is to map must not have had a page table, so it is mapped anew as well. */
static int renew(struct bench_run *run, const struct bench_area *area)
{
	off_t from;

	if (backing_renew(run, area, &from))
		return -1;
	if (mmap(area->start, area->len, PROT_READ | PROT_WRITE,
		 backings[area->backing].flags | MAP_FIXED, run->file, from) == MAP_FAILED)
		return bench_fail(run, "mmap of %zu bytes: %m", area->len);
	return advise_file(run, area->start, area->len, area->order);
}

/*
 * What is not anonymous. A touch is a fault there, or none, whatever the folio. khugepaged, which
 * MADV_HUGEPAGE has called for, is not to make something else of it; the folios stay as they are.
 */
static int populate_shared(struct bench_run *run, const struct bench_area *area)
{
	bool owns = area->backing == BACK_TMPFS || area->backing == BACK_SHMEM ||
		    area->backing == BACK_MEMFD;
	struct touch_span span = {area->start, area->start + area->len, bench_page_size()};
	int tries = 2;

	if (owns)
		touch_write(span);
	else
		touch_read(span);
	for (; area->order && !pages_of_order(area->start, area->len, area->order); tries--) {
		if (!tries)
			return bench_fail(run,
					  "populating gave folios that are not of order %d: memory "
					  "is fragmented, or what is behind it has others",
					  pages_order(area->order));
		if (backed_by_disk(area->backing) && renew(run, area))
			return -1;
		/* A page that is moved just then is waited for. */
		touch_read(span);
	}
	if (area->order)
		madvise(area->start, area->len, MADV_NOHUGEPAGE);
	return 0;
}

/* A base page takes one fault whatever happens; more of them are of other memory. */
int area_populate(struct bench_run *run, const struct bench_area *area)
{
	static bool whole; /* the folios of this process have pages that nobody touched */
	size_t step = bench_folio_size(area->order);
	long seen, wanted = (long)(area->len / bench_folio_size(area->order)),
		   before = bench_faults();

	if (area->len % step)
		return bench_fail(run, "%zu bytes are not a whole number of folios of %zu bytes",
				  area->len, step);
	if (area->backing != BACK_ANON && area->backing != BACK_STACK)
		return populate_shared(run, area);
	if (area->order)
		touch_write((struct touch_span){area->start, area->start + area->len, step});
	else
		populate_base(area);
	seen = bench_faults() - before;
	/* A touch is one fault whatever it gives. Looked at once, as that warms page tables; and if
	 * there was one elsewhere. */
	if (area->order && seen >= wanted && (!whole || seen > wanted))
		whole = pages_in_core(area->start, area->len) == area->len / bench_page_size();
	if (seen < wanted || (area->order && !whole))
		return bench_fail(run, "populating %ld folios took %ld faults%s%s", wanted, seen,
				  area->order && seen == wanted ? " and gave smaller ones" : "",
				  area->order ? ": memory is fragmented, or another folio size "
						"is enabled"
					      : "");
	/*
	 * Keeps khugepaged from making something else of it. That would be of what is mapped by
	 * PTEs from now on, or after an op that splits PMDs; what is there stays as it is.
	 */
	if (area->order)
		madvise(area->start, area->len, MADV_NOHUGEPAGE);
	if (area->order && area->order != ORDER_PMD && step == bench_folio_size(ORDER_PMD) &&
	    area_split_pmds(run, area))
		return -1;
	return 0;
}

void area_fill(const struct bench_area *area)
{
	touch_write((struct touch_span){area->start, area->start + area->len, bench_page_size()});
}

int area_unmap_all(struct bench_run *run)
{
	struct bench_area *area;
	size_t fence;

	while (run->nr_areas) {
		area = &run->areas[--run->nr_areas];
		fence = area->backing == BACK_STACK ? bench_page_size() : 0;
		munmap(area->start - fence, area->len + fence);
	}
	run->file_used = 0;
	return 0;
}

int area_unmap_checked(struct bench_run *run, int (*check)(struct bench_run *run, unsigned int w))
{
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (check(run, w))
			return -1;
	return area_unmap_all(run);
}
