// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Swapping areas out, and what folios come back of them.
 *
 * mm/memory.c of the kernel (alloc_swap_folio(), since 6.12) swaps in a folio as large as the one
 * that was swapped out, with one fault, where the swap is memory (SWP_SYNCHRONOUS_IO: zram), less
 * than a PMD maps it, and zswap has never been on; it counts that since 6.13.
 */
#include "bench/services/swap.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "bench/services/moves.h"
#include "bench/services/pages.h"

#define MAX_TRIES 20

/* Folios of an order that were swapped out as they were, so far, to zswap or beyond; -1: this
 * kernel does not count them (6.10), or there is nothing to split. */
static long left_whole(int order)
{
	long swap = order ? moves_now("thp:swpout", order) : LONG_MIN;
	long zswap = order ? moves_now("thp:zswpout", order) : LONG_MIN;

	return swap == LONG_MIN ? -1 : swap + (zswap == LONG_MIN ? 0 : zswap);
}

static bool swap_split; /* what was swapped out last: none of it went whole */

/* A kernel splits all (CONFIG_THP_SWAP), or it did not find room in one piece. */
static int check_whole(struct bench_run *run, const struct bench_area *area, long before)
{
	long folios = (long)(area->len / bench_folio_size(area->order));
	long whole = left_whole(area->order) - before;

	swap_split = !whole;
	if (whole >= folios)
		return 0;
	if (whole)
		return bench_fail(run,
				  "%ld of %ld folios were swapped out whole: swap is fragmented",
				  whole, folios);
	bench_note(run, "no folio was swapped out whole: all %ld were split", folios);
	return 0;
}

/* Pages of an area that are; -1 with errno. Page tables do not have those of shared memory. */
static ssize_t swapped_out(const struct bench_area *area)
{
	if (area->backing == BACK_ANON)
		return pages_marked(area->start, area->len, PAGES_SWAPPED);
	return (ssize_t)(area->len / bench_page_size() - pages_in_core(area->start, area->len));
}

int area_swap_out(struct bench_run *run, const struct bench_area *area)
{
	long whole = left_whole(area->order);
	ssize_t pages = 0, all = (ssize_t)(area->len / bench_page_size());
	size_t kib = bench_page_size() / 1024;
	struct sysinfo info;
	int i;

	/* Pages that wait in a CPU's list for the LRU are passed over at first. */
	for (i = 0; i < MAX_TRIES && pages != all; i++) {
		if (madvise(area->start, area->len, MADV_PAGEOUT))
			return bench_fail(run, "madvise(MADV_PAGEOUT): %m");
		pages = swapped_out(area);
		if (pages < 0)
			return bench_fail(run, "/proc/self/pagemap: %m");
	}
	if (pages != all && !sysinfo(&info))
		return bench_fail(
			run, "MADV_PAGEOUT reclaimed %zd of %zu KiB, and swap has %zu KiB left",
			pages * (ssize_t)kib, area->len / 1024,
			(size_t)info.freeswap * info.mem_unit / 1024);
	return left_whole(area->order) < 0 ? 0 : check_whole(run, area, whole);
}

/* From 6.3 on zswap makes it when it is first turned on. */
#define ZSWAP_CACHE "/sys/kernel/slab/zswap_entry"

bool swap_had_zswap(void)
{
	long out = moves_in_file("/proc/vmstat", "zswpout");
	char on[2] = "";
	int fd = open("/sys/module/zswap/parameters/enabled", O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, on, 1) != 1)
		on[0] = '\0';
	if (fd >= 0)
		close(fd);
	return *on == 'Y' || out > 0 ||
	       (moves_now("thp:swpin", ORDER_PMD) != LONG_MIN && !access(ZSWAP_CACHE, F_OK));
}

/* Whether all swap is on zram. */
static bool swap_is_memory(void)
{
	FILE *swaps = fopen("/proc/swaps", "re");
	bool memory = swaps;
	char line[512];

	while (memory && fgets(line, sizeof(line), swaps))
		memory = *line != '/' || !strncmp(line, "/dev/zram", 9);
	if (swaps)
		fclose(swaps);
	return memory;
}

/* Why folios of an order do not come back whole, as far as is known; NULL: they do. */
static const char *why_small(int order)
{
	if (swap_split)
		return "all were split to be swapped out";
	if (bench_folio_size(order) >= bench_folio_size(ORDER_PMD))
		return "only those of less than a PMD's order do";
	if (swap_had_zswap())
		return "zswap has been on since the machine was started, and from then on none do";
	return swap_is_memory() ? NULL : "swap is not on zram alone";
}

/* Before the op; LONG_MIN: this kernel does not count them. */
static long swap_came_whole;
static const char *swap_small;

void area_promise_swap_in(struct bench_move *move, int order, long folios)
{
	swap_small = why_small(order);
	swap_came_whole = moves_now("thp:swpin", order);
	*move = (struct bench_move){"thp:swpin", swap_small ? LONG_MIN : folios, LONG_MAX};
}

void area_note_swap_in(struct bench_run *run, int order, long folios)
{
	long whole = moves_now("thp:swpin", order) - swap_came_whole;

	if (swap_came_whole != LONG_MIN && swap_small && whole < folios)
		bench_note(run,
			   "not all that was swapped out came back whole: %ld of %ld folios of "
			   "%zu KiB; %s",
			   whole, folios, bench_folio_size(order) / 1024, swap_small);
}
