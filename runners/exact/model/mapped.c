// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/model/mapped.h"

#include <stddef.h>
#include <stdio.h>

#define KERNEL	       (1ULL << 63)
#define NARROWEST_WIDE 0xffff000000000000ULL /* the kernel's addresses begin below it */

static struct range {
	uint64_t from, to;
	unsigned int shift;
	bool own;
} ranges[MAPPED_MOST];
static size_t nr_ranges;
static unsigned int base_page = 12;

bool mapped_add(const char *line)
{
	unsigned long long from, to;
	unsigned int shift;
	char own;

	if (sscanf(line, "page %u", &shift) == 1 && shift >= 12 && shift <= 16) {
		base_page = shift;
		return true;
	}
	if (sscanf(line, "mapped %llx %llx %u %c", &from, &to, &shift, &own) != 4 ||
	    nr_ranges == MAPPED_MOST || from >= to || shift < 12 || shift > 40 ||
	    (own != 'o' && own != 'g') || (nr_ranges && from < ranges[nr_ranges - 1].to))
		return false;
	ranges[nr_ranges++] = (struct range){from, to, shift, own == 'o'};
	return true;
}

bool mapped_wide(void)
{
	return nr_ranges && ranges[0].from < NARROWEST_WIDE;
}

/* A table fills an ordinary page, with entries of 8 bytes. */
static struct page page_of(uint64_t vaddr, uint64_t paddr, unsigned int shift, bool own)
{
	return (struct page){vaddr, paddr, shift, shift + base_page - 3, own};
}

struct page mapped_page(uint64_t vaddr, uint64_t paddr)
{
	size_t low = 0, high = nr_ranges, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (vaddr < ranges[middle].from)
			high = middle;
		else if (vaddr >= ranges[middle].to)
			low = middle + 1;
		else
			return page_of(vaddr, paddr, ranges[middle].shift, ranges[middle].own);
	}
	return page_of(vaddr, paddr, base_page, !(vaddr & KERNEL));
}
