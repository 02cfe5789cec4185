// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faulting threads against threads that change the address space, in one mm, in a set ratio.
 * Faulters touch fresh pages of a VMA of their own; writers take mmap_lock for writing again and
 * again. Every single operation is timed, on both sides. Without faulters it shows the writers'
 * pure cost, without writers the faulters'.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"

enum {
	SIZE,
	FAULTERS,
	WRITERS,
	TIME
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[FAULTERS] = {"faulters", BENCH_THREADS, "1", NULL, 0, 4096, "threads that fault"},
	[WRITERS] = {"writers", BENCH_THREADS, "1", NULL, 0, 4096, "threads that change the mm"},
	[TIME] = {"time", BENCH_MS, "200", NULL, 1, 600000, "length of an iteration, ms"},
	{0},
};

/* One worker's own data, on a cache line of its own. */
struct contender {
	char *next;  /* faulter: the page to touch */
	char *start; /* faulter: its area; writer: where it maps */
	size_t len;
} __attribute__((aligned(128)));

static void write_mmap(struct contender *self)
{
	mmap(self->start, self->len, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	munmap(self->start, self->len);
}

static void write_mmap_touch(struct contender *self)
{
	mmap(self->start, self->len, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	*(volatile char *)self->start = 1;
	munmap(self->start, self->len);
}

static void write_mprotect(struct contender *self)
{
	mprotect(self->start, self->len, PROT_READ);
	mprotect(self->start, self->len, PROT_READ | PROT_WRITE);
}

static void write_brk(struct contender *self)
{
	brk(self->start + self->len);
	brk(self->start);
}

static const struct bench_variant variants[] = {
	{"mmap", "writers: mmap() and munmap() of one page", "fault", write_mmap, 0},
	{"mmap-touch",
	 "writers: mmap(), one write, munmap(): page tables are freed under the faults", "fault",
	 write_mmap_touch, 0},
	{"mprotect", "writers: mprotect() to read-only and back of one populated page", "fault",
	 write_mprotect, 0},
	{"brk", "the writer: grows the heap by one page and shrinks it again", "fault", write_brk,
	 0},
	{0},
};

/* Bytes that one faulter has: whole pages of an equal share. */
static size_t faulter_share(const struct bench_run *run)
{
	size_t share;

	if (!run->value[FAULTERS])
		return 0;
	share = (size_t)(run->value[SIZE] / run->value[FAULTERS]);
	return share - share % bench_page_size();
}

static const char *refuse(const struct bench_run *run)
{
	if (!run->threads)
		return "faulters=0 and writers=0 leave nobody to measure";
	if (run->variant->data == write_brk && run->value[WRITERS] > 1)
		return "a process has one heap, so brk takes at most writers=1";
	if (run->value[FAULTERS] && !faulter_share(run))
		return "size is less than a page for each faulter";
	return NULL;
}

/*
 * A hole for a writer's mappings, as large as one page table serves, so that unmapping frees the
 * table. PROT_NONE on both sides keeps everyone else's mappings out.
 */
static int make_hole(struct bench_run *run, struct contender *self)
{
	size_t table = bench_folio_size(ORDER_PMD);
	char *fence;

	fence = mmap(NULL, 4 * table, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		     0);
	if (fence == MAP_FAILED)
		return bench_fail(run, "mmap: %s", strerror(errno));
	self->start = fence + table + -(uintptr_t)fence % table;
	if (munmap(self->start, table))
		return bench_fail(run, "munmap: %s", strerror(errno));
	return 0;
}

static int place_writer(struct bench_run *run, struct contender *self)
{
	self->len = bench_page_size();
	if (run->variant->data == write_brk) {
		self->start = sbrk(0);
		self->start += -(uintptr_t)self->start % self->len;
		return 0;
	}
	if (run->variant->data != write_mprotect)
		return make_hole(run, self);
	if (area_map(run, self->len, 0))
		return -1;
	self->start = run->areas[run->nr_areas - 1].start;
	return area_populate(run, &run->areas[run->nr_areas - 1]);
}

static int setup(struct bench_run *run)
{
	size_t share = faulter_share(run);
	struct contender *of;
	unsigned int w;

	run->state = of = aligned_alloc(_Alignof(struct contender), run->threads * sizeof(*of));
	if (!of)
		return bench_fail(run, "out of memory");
	for (w = 0; w < run->threads; w++) {
		if (bench_role(run, w) != 0) {
			if (place_writer(run, &of[w]))
				return -1;
			continue;
		}
		if (area_map(run, share, 0))
			return -1;
		of[w] = (struct contender){run->areas[w].start, run->areas[w].start, share};
	}
	run->stock = share / bench_page_size();
	run->promise =
		(struct bench_promise){.faults = run->value[FAULTERS] ? 1 : 0, .per_count = 1};
	return 0;
}

/* Timed: one fault, or one round of the writer's calls. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct contender *self = (struct contender *)run->state + worker;
	void (*write_side)(struct contender *) = run->variant->data;

	if (worker < (unsigned int)run->value[FAULTERS]) {
		*(volatile char *)self->next = 1;
		self->next += bench_page_size();
	} else {
		write_side(self);
	}
}

/* A faulter that has touched all its pages drops them. */
static void refill(struct bench_run *run, unsigned int worker)
{
	struct contender *self = (struct contender *)run->state + worker;

	if (worker < (unsigned int)run->value[FAULTERS]) {
		madvise(self->start, self->len, MADV_DONTNEED);
		self->next = self->start;
	}
}

const struct bench bench_contend = {
	.name = "contend",
	.path = "mmap_lock and per-VMA locks: faults against changes of the address space",
	.variants = variants,
	.params = params,
	.repeat = true,
	.refuse = refuse,
	.setup = setup,
	.op = op,
	.refill = refill,
};
