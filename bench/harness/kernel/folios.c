// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/kernel/folios.h"

#include <ctype.h>
#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <numa.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "common/io.h"

#define PAGEMAP_PRESENT	   (1ULL << 63)
#define PAGEMAP_EXCLUSIVE  (1ULL << 56)
#define PAGEMAP_SOFT_DIRTY (1ULL << 55)
#define PAGEMAP_PFN	   ((1ULL << 55) - 1)
#define WINDOW		   512 /* entries read at once, at most */
#define LOOK		   16  /* where no order is seen in them */

/* What a line about a VMA begins with; sscanf() takes its time. */
static bool read_range(const char *line, uintptr_t *low, uintptr_t *high)
{
	char *end;

	*low = strtoul(line, &end, 16);
	if (end == line || *end != '-')
		return false;
	*high = strtoul(end + 1, &end, 16);
	return *end == ' ';
}

bool folios_vmas(const char *start, size_t len, struct vma_count *ret)
{
	uintptr_t from = (uintptr_t)start, to = from + len, low, high;
	char *text = io_read_file("/proc/self/maps"), *line, *rest = text;

	*ret = (struct vma_count){0};
	while ((line = strsep(&rest, "\n"))) {
		if (!read_range(line, &low, &high))
			continue;
		ret->total++;
		if (low < to && high > from)
			ret->overlapping++;
		if (low == from && high == to)
			ret->exact = true;
	}
	free(text);
	return text;
}

/* Adds what one line of smaps says. */
static void read_field(struct smaps *smaps, const char *line)
{
	const struct {
		const char *name;
		size_t *sum;
	} fields[] = {
		{"Rss:", &smaps->rss},
		{"AnonHugePages:", &smaps->pmd_mapped},
		{"FilePmdMapped:", &smaps->file_pmd_mapped},
		{"ShmemPmdMapped:", &smaps->file_pmd_mapped},
		{"Anonymous:", &smaps->anonymous},
		{"LazyFree:", &smaps->lazy_free},
		{"Swap:", &smaps->swap},
		{"Shared_Hugetlb:", &smaps->hugetlb},
		{"Private_Hugetlb:", &smaps->hugetlb},
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!strncmp(line, fields[i].name, strlen(fields[i].name)))
			*fields[i].sum += strtoul(line + strlen(fields[i].name), NULL, 10) * 1024;
	if (!strncmp(line, "VmFlags:", 8))
		snprintf(smaps->flags, sizeof(smaps->flags), "%.255s", line + 8);
}

bool folios_smaps(const char *start, size_t len, struct smaps *ret)
{
	uintptr_t from = (uintptr_t)start, to = from + len, low, high;
	FILE *file = fopen("/proc/self/smaps", "re");
	bool inside = false;
	char line[512];

	*ret = (struct smaps){0};
	if (!file)
		return false;
	/* Fields begin with a capital letter. VMAs come in order, and there may be many. */
	while (fgets(line, sizeof(line), file)) {
		if (isupper((unsigned char)line[0])) {
			if (inside)
				read_field(ret, line);
		} else if (read_range(line, &low, &high)) {
			if (low >= to)
				break;
			inside = high > from;
		}
	}
	fclose(file);
	return true;
}

bool folios_policy(const char *start, char *policy, size_t room)
{
	char *text = io_read_file("/proc/self/numa_maps"), *line, *rest = text;
	unsigned long at;
	char word[64];
	bool found = false;

	while (!found && (line = strsep(&rest, "\n"))) {
		found = sscanf(line, "%lx %63s", &at, word) == 2 && at == (uintptr_t)start;
		if (found)
			snprintf(policy, room, "%s", word);
	}
	free(text);
	return found;
}

long folios_on_node(const char *start, size_t len, int node)
{
	size_t nr = len / bench_page_size(), i;
	void **pages = calloc(nr, sizeof(*pages));
	int *status = calloc(nr, sizeof(*status));
	long on_node = -1;

	for (i = 0; pages && i < nr; i++)
		pages[i] = (void *)(start + i * bench_page_size());
	/* Without target nodes it moves nothing and says where each page is. */
	if (pages && status && !numa_move_pages(0, nr, pages, NULL, status, 0))
		for (i = 0, on_node = 0; i < nr; i++)
			on_node += status[i] == node;
	free(pages);
	free(status);
	return on_node;
}

/*
 * kpageflags, read window by window, which is larger each time that one follows the one before: of
 * large folios neighbouring pages have neighbouring frames, while base pages come from all over
 * memory, and the kernel takes as long for an entry as for filling a page.
 */
struct page_flags {
	int fd;
	uint64_t first; /* frame the window starts with */
	uint64_t nr;	/* entries in it */
	uint64_t window[WINDOW];
};

static uint64_t flags_of(struct page_flags *flags, uint64_t pfn)
{
	uint64_t nr = LOOK;
	ssize_t got;

	if (pfn - flags->first >= flags->nr) {
		if (pfn == flags->first + flags->nr && flags->nr >= LOOK)
			nr = 2 * flags->nr < WINDOW ? 2 * flags->nr : WINDOW;
		flags->first = nr > LOOK ? pfn : pfn - pfn % LOOK;
		got = pread(flags->fd, flags->window, nr * sizeof(uint64_t),
			    (off_t)(flags->first * sizeof(uint64_t)));
		flags->nr = got > 0 ? (uint64_t)got / sizeof(uint64_t) : 0;
		if (pfn - flags->first >= flags->nr)
			return 0;
	}
	return flags->window[pfn - flags->first];
}

static bool is(uint64_t flags, int bit)
{
	return flags >> bit & 1;
}

/* Pages of the folio whose head is pfn. */
static size_t folio_pages(struct page_flags *flags, uint64_t pfn)
{
	size_t n = 1;

	while (is(flags_of(flags, pfn + n), KPF_COMPOUND_TAIL) && n < 1UL << (MAX_ORDERS - 1))
		n++;
	return n;
}

/* Counts the folio that entry[i] belongs to; returns how many entries that used up. */
static size_t count_folio(struct page_flags *flags, const uint64_t *entry, size_t i, size_t nr,
			  struct folio_census *census)
{
	uint64_t pfn = entry[i] & PAGEMAP_PFN, f = flags_of(flags, pfn);
	size_t n, k;

	if (is(f, KPF_ZERO_PAGE)) {
		census->zero++;
		census->huge_zero += is(f, KPF_THP);
		return 1;
	}
	if (!is(f, KPF_COMPOUND_HEAD) && !is(f, KPF_COMPOUND_TAIL)) {
		census->of_order[0]++;
		return 1;
	}
	if (is(f, KPF_COMPOUND_TAIL)) {
		census->torn++;
		return 1;
	}
	n = folio_pages(flags, pfn);
	for (k = 1; k < n && i + k < nr; k++)
		if (!(entry[i + k] & PAGEMAP_PRESENT) || (entry[i + k] & PAGEMAP_PFN) != pfn + k)
			break;
	if (k == n)
		census->of_order[63 - __builtin_clzl(n)] += n;
	else
		census->torn += k;
	return k;
}

bool folios_census(const char *start, size_t len, struct folio_census *ret)
{
	struct page_flags flags = {.fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC)};
	size_t nr = len / bench_page_size(), i, bytes = nr * sizeof(uint64_t);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t *entry = malloc(bytes);
	bool ok = false;

	*ret = (struct folio_census){.pages = nr, .by_flags = flags.fd >= 0};
	if (fd < 0 || !entry ||
	    pread(fd, entry, bytes,
		  (off_t)((uintptr_t)start / bench_page_size() * sizeof(uint64_t))) !=
		    (ssize_t)bytes)
		goto out;
	for (i = 0; i < nr; i++) {
		if (!(entry[i] & PAGEMAP_PRESENT))
			continue;
		ret->present++;
		ret->exclusive += entry[i] & PAGEMAP_EXCLUSIVE ? 1 : 0;
		ret->soft_dirty += entry[i] & PAGEMAP_SOFT_DIRTY ? 1 : 0;
		/* Without CAP_SYS_ADMIN the frame numbers read as zero. */
		if (!(entry[i] & PAGEMAP_PFN))
			ret->by_flags = false;
	}
	for (i = 0; i < nr && ret->by_flags;)
		i += entry[i] & PAGEMAP_PRESENT ? count_folio(&flags, entry, i, nr, ret) : 1;
	ok = true;
out:
	free(entry);
	if (fd >= 0)
		close(fd);
	if (flags.fd >= 0)
		close(flags.fd);
	return ok;
}
