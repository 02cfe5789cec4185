// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/services/pages.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"

#define DEFAULT_FAULT_AROUND 65536

/* KPF_COMPOUND_HEAD and _TAIL: what is included here, each program of emit-c includes. */
#define FLAG_HEAD (1ULL << 15)
#define FLAG_TAIL (1ULL << 16)

long pages_number_in(const char *path, long dflt)
{
	char text[32] = "", *end = text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long number = 0;

	if (fd >= 0 && read(fd, text, sizeof(text) - 1) > 0)
		number = strtol(text, &end, 10);
	if (fd >= 0)
		close(fd);
	return end == text ? dflt : number;
}

/* Bytes; 0: not asked yet. */
static size_t page_size;

static int pmd_order;

static size_t fault_around;

size_t bench_page_size(void)
{
	if (!page_size)
		page_size = (size_t)sysconf(_SC_PAGESIZE);
	return page_size;
}

int thp_pmd_order(void)
{
	static const char path[] = "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size";
	long page = (long)bench_page_size();

	/* A page table has 8-byte entries and is one page large, so it maps page/8 pages. */
	if (!pmd_order)
		pmd_order = 63 -
			    __builtin_clzl(
				    (unsigned long)(pages_number_in(path, page / 8 * page) / page));
	return pmd_order;
}

void pages_assume(size_t page)
{
	page_size = page;
	pmd_order = 63 - __builtin_clzl(page / 8);
	fault_around = DEFAULT_FAULT_AROUND;
}

size_t bench_folio_size(int order)
{
	size_t page = bench_page_size();

	if (order == ORDER_PUD)
		return page / 8 * page << thp_pmd_order();
	return page << (order == ORDER_PMD ? thp_pmd_order() : order);
}

int pages_order(int order)
{
	return __builtin_ctzl(bench_folio_size(order) / bench_page_size());
}

size_t bench_fault_around(void)
{
	if (!fault_around)
		fault_around = (size_t)pages_number_in("/sys/kernel/debug/fault_around_bytes",
						       DEFAULT_FAULT_AROUND);
	return fault_around < bench_page_size() ? bench_page_size() : fault_around;
}

size_t pages_in_core(const char *start, size_t len)
{
	size_t nr = len / bench_page_size(), i, sum = 0;
	unsigned char *there = malloc(nr);

	if (there && !mincore((void *)start, len, there))
		for (i = 0; i < nr; i++)
			sum += there[i] & 1;
	free(there);
	return sum;
}

ssize_t pages_marked(const char *start, size_t len, uint64_t bit)
{
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	size_t page = bench_page_size(), nr = len / page, i;
	uint64_t entries[512];
	ssize_t sum = 0;

	lseek(fd, (off_t)((uintptr_t)start / page * sizeof(*entries)), SEEK_SET);
	for (i = 0; i < nr && sum >= 0; i++)
		if (i % 512 == 0 && read(fd, entries, sizeof(entries)) <= 0)
			sum = -1;
		else
			sum += (entries[i % 512] & bit) != 0;
	if (fd >= 0)
		close(fd);
	return sum;
}

/* An entry of such a file; 0 without leave to read it. */
static uint64_t entry_of(int fd, uint64_t index)
{
	uint64_t entry = 0;

	return pread(fd, &entry, sizeof(entry), (off_t)(index * sizeof(entry))) == sizeof(entry)
		       ? entry
		       : 0;
}

/*
 * A folio lies at a multiple of its size, in what it is of as well. So what has its head at the
 * first page of such a range, and none in the middle, is as large at least; and the next one begins
 * behind it.
 */
int pages_of_order(const char *start, size_t len, int order)
{
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	int kpageflags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	size_t nr = bench_folio_size(order) / bench_page_size(), at;
	uint64_t first = (uintptr_t)start / bench_page_size(), entry, pfn;
	int of_order = kpageflags < 0 ? -1 : 1;

	for (at = 0; of_order == 1 && at < len / bench_page_size(); at += nr) {
		entry = entry_of(pagemap, first + at);
		pfn = entry & PAGES_FRAME;
		/* What is not there is of no order: who splits a file's folio unmaps it. */
		if (entry & PAGES_PRESENT && !pfn)
			of_order = -1;
		else if (!(entry & PAGES_PRESENT) || !(entry_of(kpageflags, pfn) & FLAG_HEAD) ||
			 (entry_of(pagemap, first + at + nr / 2) & PAGES_FRAME) != pfn + nr / 2 ||
			 !(entry_of(kpageflags, pfn + nr / 2) & FLAG_TAIL))
			of_order = 0;
	}
	if (kpageflags >= 0)
		close(kpageflags);
	if (pagemap >= 0)
		close(pagemap);
	return of_order;
}

bool pages_resident(const char *start, size_t len)
{
	return pages_in_core(start, len) == len / bench_page_size();
}
