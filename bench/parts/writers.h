/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What threads do that change the address space: calls that take mmap_lock for writing and touch
 * no memory. A round of calls leaves things as it found them. And the place that
 * each needs, and other VMAs beside it, of which a process may have many.
 */
#ifndef BENCH_PARTS_WRITERS_H
#define BENCH_PARTS_WRITERS_H

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"

#define WRITER_CALLS 2 /* in a round, at most */

/*
 * Where one writer works. What its calls return is or'ed together, bit by bit: that is timed as
 * well, takes no branch and hardly an instruction, and is the same on all kernels. Calls that are
 * refused are quick, and would pass for a fast kernel.
 */
struct place {
	char *start;
	size_t len;
	uintptr_t amiss[WRITER_CALLS]; /* bits that a call should not have returned */
} __attribute__((aligned(128)));

/* What a kind of writer does in a round, and what its place is. */
struct writer {
	void (*round)(struct place *at);
	int (*prepare)(struct bench_run *run, struct place *at);
	const char *calls[WRITER_CALLS]; /* of a round, in order */
};

#define WRITER(round, prepare, ...) (&(const struct writer){round, prepare, {__VA_ARGS__}})

static inline char *map_at(char *start, size_t len, int flags)
{
	return mmap(start, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

/* Bits in which a mapping is not where it should be. */
static inline uintptr_t astray(const char *mapped, const char *start)
{
	return (uintptr_t)mapped ^ (uintptr_t)start;
}

static inline void write_mmap(struct place *at)
{
	at->amiss[0] |= astray(map_at(at->start, at->len, MAP_FIXED_NOREPLACE), at->start);
	at->amiss[1] |= (uintptr_t)munmap(at->start, at->len);
}

/* The kernel looks for room. Read-only, or it would add the page to some mapping nearby. */
static inline void write_mmap_search(struct place *at)
{
	char *found = mmap(NULL, at->len, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	at->amiss[0] |= found == MAP_FAILED;
	at->amiss[1] |= (uintptr_t)munmap(found, at->len);
}

static inline void write_mmap_over(struct place *at)
{
	at->amiss[0] |= astray(map_at(at->start, at->len, MAP_FIXED | MAP_NORESERVE), at->start);
}

/* In the middle of a VMA, which is two until the page is back. */
static inline void write_punch(struct place *at)
{
	at->amiss[0] |= (uintptr_t)munmap(at->start, at->len);
	at->amiss[1] |=
		astray(map_at(at->start, at->len, MAP_FIXED_NOREPLACE | MAP_NORESERVE), at->start);
}

/* Of three VMAs the middle one becomes as the others are, then itself again. */
static inline void write_merge_split(struct place *at)
{
	at->amiss[0] |= (uintptr_t)mprotect(at->start, at->len, PROT_READ | PROT_WRITE);
	at->amiss[1] |= (uintptr_t)mprotect(at->start, at->len, PROT_READ);
}

static inline void write_brk(struct place *at)
{
	at->amiss[0] |= (uintptr_t)brk(at->start + at->len);
	at->amiss[1] |= (uintptr_t)brk(at->start);
}

/*
 * A hole for a writer's mappings, as large as one page table serves, so that unmapping frees the
 * table. PROT_NONE on both sides keeps everyone else's mappings out.
 */
static inline int place_hole(struct bench_run *run, struct place *at)
{
	size_t table = bench_folio_size(ORDER_PMD);
	char *fence;

	fence = mmap(NULL, 4 * table, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
		     0);
	if (fence == MAP_FAILED)
		return bench_fail(run, "mmap: %m");
	at->start = fence + table + -(uintptr_t)fence % table;
	if (munmap(at->start, table))
		return bench_fail(run, "munmap: %m");
	return 0;
}

/* A page that is mapped and empty. */
static inline int place_page(struct bench_run *run, struct place *at)
{
	if (area_map(run, at->len, 0))
		return -1;
	at->start = run->areas[run->nr_areas - 1].start;
	return 0;
}

/*
 * The middle one of three pages that are one VMA, mapped as a page of write_punch() is: what
 * advice an area was given would keep that from merging.
 */
static inline int place_inside(struct bench_run *run, struct place *at)
{
	char *start;

	if (area_map(run, 3 * at->len, 0))
		return -1;
	start = run->areas[run->nr_areas - 1].start;
	if (map_at(start, 3 * at->len, MAP_FIXED | MAP_NORESERVE) != start)
		return bench_fail(run, "mmap: %m");
	at->start = start + at->len;
	return 0;
}

/* The middle one of three pages, each a VMA. */
static inline int place_middle(struct bench_run *run, struct place *at)
{
	struct bench_area *area;

	if (area_map(run, 3 * at->len, 0))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	area->vmas = 3;
	at->start = area->start + at->len;
	if (mprotect(at->start, at->len, PROT_READ))
		return bench_fail(run, "mprotect: %m");
	return 0;
}

/* The end of the heap, which malloc() does not move: the harness has seen to that. */
static inline int place_heap(struct bench_run *run, struct place *at)
{
	(void)run;
	at->start = sbrk(0);
	at->start += -(uintptr_t)at->start % at->len;
	return 0;
}

static inline int place_nowhere(struct bench_run *run, struct place *at)
{
	(void)run;
	(void)at;
	return 0;
}

/* Prepares a writer's place, one page long. 0 or -1. */
static inline int place_writer(struct bench_run *run, const struct writer *writer, struct place *at)
{
	*at = (struct place){.len = bench_page_size()};
	return writer->prepare(run, at);
}

/* For disarm: that every call of the variant's writer did what it should at its place. 0 or -1. */
static inline int check_writer(struct bench_run *run, const struct place *at)
{
	const struct writer *writer = run->kind;
	unsigned int i;

	for (i = 0; i < WRITER_CALLS; i++)
		if (at->amiss[i])
			return bench_fail(run, "%s() was refused in a round of calls",
					  writer->calls[i]);
	return 0;
}

/*
 * So many VMAs more in the process: an area of pages each of which is one, for their protection
 * differs. It promises to be empty, whatever the other areas do. 0 or -1.
 */
static inline int map_crowd(struct bench_run *run, unsigned int vmas)
{
	size_t page = bench_page_size();
	struct bench_area *area;
	unsigned int i;

	if (area_map(run, vmas * page, 0))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	area->vmas = vmas;
	area->before = area->after = AREA_EMPTY;
	for (i = 1; i < vmas; i += 2)
		if (mprotect(area->start + i * page, page, PROT_NONE))
			return bench_fail(run, "mprotect: %m");
	return 0;
}

#endif
