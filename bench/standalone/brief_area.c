// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Areas of a brief program of several workers: what bench/services/area.c and swap.c do of
 * anonymous memory, in fewer words.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/services/pages.h"

/* A VMA of its own: aligned to what a PMD maps, with room on both sides. */
int area_map(struct bench_run *run, size_t len, int order)
{
	size_t align = bench_folio_size(ORDER_PMD), room = len + 2 * align;
	char *base = mmap(NULL, room, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char *start = base + align - (uintptr_t)base % align;

	if (base == MAP_FAILED)
		return bench_fail(run, "mmap of %zu bytes: %m", room);
	munmap(base, (size_t)(start - base));
	munmap(start + len, (size_t)(base + room - (start + len)));
	madvise(start, len, order ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	run->areas = realloc(run->areas, (run->nr_areas + 1) * sizeof(*run->areas));
	run->areas[run->nr_areas++] =
		(struct bench_area){.start = start, .len = len, .order = order};
	return 0;
}

int area_unmap_all(struct bench_run *run)
{
	for (; run->nr_areas; run->nr_areas--)
		munmap(run->areas[run->nr_areas - 1].start, run->areas[run->nr_areas - 1].len);
	return 0;
}

int area_swap_out(struct bench_run *run, const struct bench_area *area)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), tries;
	size_t page = bench_page_size(), nr = area->len / page, swapped = 0, i;
	uint64_t entry, first = (uintptr_t)area->start / page;

	/* Pages that wait in a CPU's list for the LRU are passed over at first. */
	for (tries = 0; tries < 20 && swapped < nr; tries++) {
		madvise(area->start, area->len, MADV_PAGEOUT);
		for (swapped = i = 0; i < nr; i++)
			if (pread(fd, &entry, sizeof(entry), (off_t)((first + i) * 8)) == 8)
				swapped += (entry & PAGES_SWAPPED) != 0;
	}
	close(fd);
	if (swapped < nr)
		return bench_fail(run, "MADV_PAGEOUT swapped out %zu of %zu pages", swapped, nr);
	return 0;
}
