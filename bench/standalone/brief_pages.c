// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How large pages are, of a brief program: it asks no more than that.
 */
#include <unistd.h>

#include "bench/bench.h"

size_t bench_page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/* A page table, which a PMD maps, is a page of 8-byte entries. */
size_t bench_folio_size(int order)
{
	size_t page = bench_page_size();

	return order == ORDER_PMD ? page / 8 * page : page << order;
}
