// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/provide.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/harness/provide/folio_orders.h"
#include "bench/harness/provide/knobs.h"
#include "bench/harness/provide/nullb.h"
#include "bench/harness/provide/switch.h"
#include "bench/harness/provide/zram.h"
#include "bench/parts/module.h"
#include "bench/services/backing.h"
#include "bench/services/run.h"
#include "common/io.h"

#define HUGETLB "/sys/kernel/mm/hugepages/hugepages-%zukB/%s"
#define ZSWAP	"/sys/module/zswap/parameters/enabled"
#define SPARE	(16UL << 20) /* beyond what is to be swapped out */

static size_t free_swap(void)
{
	return io_meminfo("SwapFree:");
}

bool provide_can_swap(size_t size)
{
	return free_swap() >= size + SPARE || zram_possible();
}

static void hugetlb_path(int order, const char *file, char path[128])
{
	snprintf(path, 128, HUGETLB, bench_folio_size(order) / 1024, file);
}

bool provide_can_disk(size_t size)
{
	(void)size;
	return zram_possible() || nullb_possible();
}

bool provide_can_slow_disk(size_t size)
{
	(void)size;
	return nullb_possible();
}

static long hugetlb_number(int order, const char *file)
{
	char path[128], *text;
	long number;

	hugetlb_path(order, file, path);
	text = io_read_file(path);
	number = text ? atol(text) : -1;
	free(text);
	return number;
}

/* Pages that have to be there, one at least. */
static long hugetlb_wanted(int order, size_t size)
{
	size_t page = bench_folio_size(order);

	return size > page ? (long)((size + page - 1) / page) : 1;
}

static bool can_hugetlb(int order, size_t size)
{
	char path[128];

	hugetlb_path(order, "nr_hugepages", path);
	return hugetlb_number(order, "free_hugepages") >= hugetlb_wanted(order, size) ||
	       !access(path, W_OK);
}

bool provide_can_hugetlb(size_t size)
{
	return can_hugetlb(ORDER_PMD, size);
}

bool provide_can_gigantic(size_t size)
{
	return can_hugetlb(ORDER_PUD, size);
}

static bool reserve_hugetlb(int order, size_t size, char *why, size_t room)
{
	long missing = hugetlb_wanted(order, size) - hugetlb_number(order, "free_hugepages"), have;
	char path[128], value[32];

	if (missing <= 0)
		return true;
	hugetlb_path(order, "nr_hugepages", path);
	have = hugetlb_number(order, "nr_hugepages");
	snprintf(value, sizeof(value), "%ld", have + missing);
	if (!knobs_set(path, value, why, room))
		return false;
	if (hugetlb_number(order, "nr_hugepages") >= have + missing)
		return true;
	snprintf(why, room, "needs %ld hugetlb pages more; memory for %ld was found", missing,
		 hugetlb_number(order, "nr_hugepages") - have);
	return false;
}

/* Where it counts what it takes (5.19), and may be turned on. */
bool provide_can_zswap(size_t size)
{
	char *counts = io_read_file("/proc/vmstat");
	bool can = counts && strstr(counts, "\nzswpout ") && !access(ZSWAP, W_OK);

	(void)size;
	free(counts);
	return can;
}

#define KSM "/sys/kernel/mm/ksm/"

bool provide_can_ksm(size_t size)
{
	(void)size;
	return !access(KSM "run", W_OK) && !access("/proc/self/ksm_merging_pages", R_OK);
}

/* It looks at a page again however often that was alone (smart_scan, 6.7), and at once. */
static bool start_ksmd(char *why, size_t room)
{
	return knobs_set(KSM "sleep_millisecs", "0", why, room) &&
	       knobs_set(KSM "pages_to_scan", "100000", why, room) &&
	       (access(KSM "smart_scan", W_OK) || knobs_set(KSM "smart_scan", "0", why, room)) &&
	       knobs_set(KSM "run", "1", why, room);
}

#define FAULT_AROUND SWITCH_DEBUGFS "fault_around_bytes"

bool provide_can_fault_around(size_t size)
{
	char *now = geteuid() ? NULL : switch_text(FAULT_AROUND);
	bool can = now;

	(void)size;
	free(now);
	return can;
}

#define KHUGEPAGED "/sys/kernel/mm/transparent_hugepage/khugepaged/"

bool provide_can_khugepaged(size_t size)
{
	(void)size;
	return !access(KHUGEPAGED "scan_sleep_millisecs", W_OK);
}

static bool start_khugepaged(char *why, size_t room)
{
	return knobs_set(KHUGEPAGED "scan_sleep_millisecs", "0", why, room) &&
	       knobs_set(KHUGEPAGED "alloc_sleep_millisecs", "0", why, room) &&
	       knobs_set(KHUGEPAGED "pages_to_scan", "100000", why, room);
}

bool provide_can_test_vmalloc(size_t size)
{
	struct module_file file = module_open();

	(void)size;
	return file.fd >= 0 && !close(file.fd) && geteuid() == 0 && !access("/dev/kmsg", R_OK);
}

/* Once, to do nothing: whether it may be, and the taint of a module without signature, is known. */
static bool load_test_vmalloc(char *why, size_t room)
{
	struct module_file file = module_open();
	int ended = module_run(&file, "run_test_mask=0");

	if (file.fd >= 0)
		close(file.fd);
	if (ended != EAGAIN)
		snprintf(why, room, "needs the kernel's module test_vmalloc, which is refused: %s",
			 strerror(ended));
	return ended == EAGAIN;
}

/* Pages that zswap takes never reach swap, and are not counted as swapped. */
static bool switch_zswap(bool wanted, char *why, size_t room)
{
	char *text = io_read_file(ZSWAP);
	bool on = text && *text == 'Y';

	free(text);
	return on == wanted || knobs_set(ZSWAP, wanted ? "Y" : "N", why, room);
}

/* The first piece of it that a PMD's folio fits in has the header, and the last may be cut. */
static bool make_swap(size_t size, char *why, size_t room)
{
	return knobs_swap(size + SPARE + 2 * bench_folio_size(ORDER_PMD), why, room);
}

/*
 * A disk for what is read from one, named where bench/services/backing.c looks for it. 0: none. One
 * that takes no time is of compressed memory, where that can be had.
 */
static bool provide_disk(size_t size, long us, char *why, size_t room)
{
	char path[32];

	unsetenv(BLOCK_DEVICE);
	if (!size)
		return true;
	return (us || !zram_possible() ? knobs_slow_disk(size + SPARE, us, path, why, room)
				       : knobs_disk(size + SPARE, path, why, room)) &&
	       !setenv(BLOCK_DEVICE, path, 1);
}

/* Documentation/admin-guide/mm/damon/: stat.rst, reclaim.rst, lru_sort.rst and usage.rst. */
static const struct {
	const char *path, *on, *off;
} damon_switches[] = {
	{"/sys/module/damon_stat/parameters/enabled", "Y", "N"},
	{"/sys/module/damon_reclaim/parameters/enabled", "Y", "N"},
	{"/sys/module/damon_lru_sort/parameters/enabled", "Y", "N"},
	{"/sys/kernel/mm/damon/admin/kdamonds/*/state", "on", "off"},
};

/* Those of its switches that are on and may be written to. */
static bool stop_damon(char *why, size_t room)
{
	bool ok = true;
	glob_t found;
	size_t i, k;
	char *now;

	for (i = 0; ok && i < sizeof(damon_switches) / sizeof(damon_switches[0]); i++) {
		if (glob(damon_switches[i].path, 0, NULL, &found))
			continue;
		for (k = 0; ok && k < found.gl_pathc; k++) {
			now = switch_text(found.gl_pathv[k]);
			ok = access(found.gl_pathv[k], W_OK) || !now ||
			     strcmp(now, damon_switches[i].on) ||
			     knobs_set(found.gl_pathv[k], damon_switches[i].off, why, room);
			free(now);
		}
		globfree(&found);
	}
	return ok;
}

/* Faults alone would not tell of one that is less. */
static bool set_fault_around(long bytes, char *why, size_t room)
{
	char text[32], *now;
	bool ok;

	snprintf(text, sizeof(text), "%ld", bytes);
	if (!knobs_set(FAULT_AROUND, text, why, room))
		return false;
	now = switch_text(FAULT_AROUND);
	ok = now && !strcmp(now, text);
	if (!ok)
		snprintf(why, room, "fault-around of %s was set, and is %s", text, now ? now : "?");
	free(now);
	return ok;
}

bool provide(const struct bench_run *point, unsigned long needs, char *why, size_t room)
{
	size_t size = (size_t)point_value(point, BENCH_SIZE, 0);
	long us = point_value(point, BENCH_LATENCY, 0);

	if (needs & NEED_SWAP && (!switch_zswap(needs & NEED_ZSWAP, why, room) ||
				  (free_swap() < size + SPARE && !make_swap(size, why, room))))
		return false;
	if (!provide_disk(needs & NEED_BLOCK ? size : 0, us, why, room))
		return false;
	if (needs & NEED_KSM && !start_ksmd(why, room))
		return false;
	if (needs & NEED_KHUGEPAGED && !start_khugepaged(why, room))
		return false;
	if (needs & NEEDS_NO_DAMON && !stop_damon(why, room))
		return false;
	if (needs & NEED_FAULT_AROUND &&
	    !set_fault_around(point_value(point, BENCH_AROUND, 0), why, room))
		return false;
	if (needs & NEED_THP && !thp_enable(ORDER_PMD, false, why, room))
		return false;
	if (needs & NEED_TEST_VMALLOC && !load_test_vmalloc(why, room))
		return false;
	if (needs & NEED_HUGETLB_PUD && !reserve_hugetlb(ORDER_PUD, size, why, room))
		return false;
	return !(needs & NEED_HUGETLB) || reserve_hugetlb(ORDER_PMD, size, why, room);
}
