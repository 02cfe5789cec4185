// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/folio_orders.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/harness/kernel/vmstat.h"
#include "bench/harness/provide/knobs.h"
#include "bench/services/pages.h"
#include "common/io.h"

#define THP "/sys/kernel/mm/transparent_hugepage"

static void switch_path(int order, char path[128])
{
	snprintf(path, 128, THP "/hugepages-%zukB/enabled", bench_folio_size(order) / 1024);
}

/* The word in brackets of "always [madvise] never", into word. False if the file is not there. */
static bool chosen(const char *path, char word[16])
{
	char *text = io_read_file(path), *open, *close;

	word[0] = '\0';
	if (!text)
		return false;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close)
		snprintf(word, 16, "%.*s", (int)(close - open - 1), open + 1);
	free(text);
	return true;
}

/* Whether MADV_HUGEPAGE memory may get folios of the order now. */
static bool enabled_now(int order)
{
	char path[128], word[16];
	bool pmd = order == thp_pmd_order();

	switch_path(order, path);
	if (!chosen(path, word) && !pmd)
		return false;
	/* Before mTHP (6.8) the global switch is the PMD's; since then sizes may inherit it. */
	if (!word[0] || !strcmp(word, "inherit"))
		chosen(THP "/enabled", word);
	return !strcmp(word, "madvise") || !strcmp(word, "always");
}

static bool set(const char *path, const char *value, bool only_ask, char *why, size_t room)
{
	char word[16];

	if (!access(path, W_OK))
		return only_ask || knobs_set(path, value, why, room);
	chosen(path, word);
	snprintf(why, room, "needs root to write %s to %s (it is %s)", value, path, word);
	return false;
}

static bool enable_pmd(bool only_ask, char *why, size_t room)
{
	char path[128];

	if (enabled_now(thp_pmd_order()))
		return true;
	switch_path(thp_pmd_order(), path);
	if (access(path, F_OK))
		snprintf(path, sizeof(path), THP "/enabled");
	return set(path, "madvise", only_ask, why, room);
}

/* One size on, all larger ones off: the largest enabled size is what a fault gets. */
static bool enable_mthp(int order, bool only_ask, char *why, size_t room)
{
	char path[128];
	int k;

	switch_path(order, path);
	if (access(path, F_OK)) {
		snprintf(why, room,
			 "this kernel has no %zu KiB folios for anonymous memory (no %s)",
			 bench_folio_size(order) / 1024, path);
		return false;
	}
	if (!enabled_now(order) && !set(path, "madvise", only_ask, why, room))
		return false;
	for (k = order + 1; k <= thp_pmd_order(); k++) {
		switch_path(k, path);
		if (enabled_now(k) && !set(path, "never", only_ask, why, room))
			return false;
	}
	return true;
}

bool thp_there(char *why, size_t room)
{
	if (!access(THP "/enabled", F_OK))
		return true;
	snprintf(why, room, "this kernel has no transparent huge pages (no " THP ")");
	return false;
}

bool thp_enable(int order, bool only_ask, char *why, size_t room)
{
	if (!order)
		return true;
	if (!thp_there(why, room))
		return false;
	if (order != ORDER_PMD && order > thp_pmd_order()) {
		snprintf(why, room, "order %d is above that of a PMD, %d", order, thp_pmd_order());
		return false;
	}
	if (order == ORDER_PMD || order == thp_pmd_order())
		return enable_pmd(only_ask, why, room);
	return enable_mthp(order, only_ask, why, room);
}

/* "always [advise] never"; MADV_HUGEPAGE is enough for either. */
static bool shmem_enabled(const char *path, char word[16])
{
	return chosen(path, word) && (!strcmp(word, "advise") || !strcmp(word, "always") ||
				      !strcmp(word, "within_size") || !strcmp(word, "force"));
}

/*
 * Stops khugepaged, which some kernels (6.12) have collapse shared memory whose switch is that of a
 * smaller size: it is there for PMDs of anonymous memory, of which there are none then.
 */
static bool stop_khugepaged(bool only_ask, char *why, size_t room)
{
	char path[128], word[16];

	switch_path(thp_pmd_order(), path);
	if (chosen(path, word) && strcmp(word, "inherit") && strcmp(word, "never") &&
	    !set(path, "never", only_ask, why, room))
		return false;
	return !chosen(THP "/enabled", word) || !strcmp(word, "never") ||
	       set(THP "/enabled", "never", only_ask, why, room);
}

bool thp_enable_shmem(int order, bool only_ask, char *why, size_t room)
{
	bool pmd = order == ORDER_PMD;
	char path[128], word[16];

	snprintf(path, sizeof(path), THP "/hugepages-%zukB/shmem_enabled",
		 bench_folio_size(order) / 1024);
	/* Before 6.11 there is one switch; since then the PMD's size inherits it. */
	if (pmd && (access(path, F_OK) || (chosen(path, word) && !strcmp(word, "inherit"))))
		snprintf(path, sizeof(path), THP "/shmem_enabled");
	if (access(path, F_OK)) {
		snprintf(why, room, "this kernel has no %zu KiB folios of shared memory (no %s)",
			 bench_folio_size(order) / 1024, path);
		return false;
	}
	return (shmem_enabled(path, word) || set(path, "advise", only_ask, why, room)) &&
	       (pmd || stop_khugepaged(only_ask, why, room));
}

long thp_splits(int order)
{
	int real = order == ORDER_PMD ? thp_pmd_order() : order;
	char *text =
		io_read_filef(THP "/hugepages-%zukB/stats/split", bench_folio_size(order) / 1024);
	long splits = text ? atol(text) : -1;

	free(text);
	return splits < 0 && real == thp_pmd_order() ? vmstat_now("thp_split_page") : splits;
}

bool thp_lazy_pageout(size_t size)
{
	size_t folio = bench_folio_size(ORDER_PMD);
	char *all =
		mmap(NULL, 2 * folio, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *start = all + (-(uintptr_t)all & (folio - 1));
	bool have;

	(void)size;
	if (all == MAP_FAILED)
		return false;
	madvise(start, folio, MADV_HUGEPAGE);
	*(volatile char *)start = 1;
	have = !madvise(start, folio, MADV_FREE) && !madvise(start, folio, MADV_PAGEOUT) &&
	       !pages_in_core(start, folio);
	munmap(all, 2 * folio);
	return have;
}
