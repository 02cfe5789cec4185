// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Giving populated memory back: munmap() of all of it, one MADV_DONTNEED of all of it, and one
 * MADV_DONTNEED a page. The last two are different operations with similar names. Mapping and
 * populating are not timed.
 */
#include <sys/mman.h>

#include "bench/bench.h"

enum {
	SIZE,
	ORDER
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1G"),
	[ORDER] = BENCH_PARAM_ORDER,
	{0},
};

struct zap_kind {
	void (*zap)(const struct bench_area *area);
	bool per_page;
	enum area_state after;
};

static void zap_munmap(const struct bench_area *area)
{
	munmap(area->start, area->len);
}

static void zap_dontneed(const struct bench_area *area)
{
	madvise(area->start, area->len, MADV_DONTNEED);
}

static void zap_pte_dontneed(const struct bench_area *area)
{
	size_t page = bench_page_size();
	char *p;

	for (p = area->start; p < area->start + area->len; p += page)
		madvise(p, page, MADV_DONTNEED);
}

static const struct zap_kind munmap_kind = {zap_munmap, false, AREA_UNMAPPED};
static const struct zap_kind dontneed_kind = {zap_dontneed, false, AREA_EMPTY};
static const struct zap_kind pte_dontneed_kind = {zap_pte_dontneed, true, AREA_EMPTY};

static const struct bench_variant variants[] = {
	{"munmap", "unmaps all of it with one call", "call", &munmap_kind, 0},
	{"dontneed", "drops all of it with one MADV_DONTNEED", "call", &dontneed_kind, 0},
	{"pte-dontneed", "drops it page by page, one MADV_DONTNEED each", "call",
	 &pte_dontneed_kind, 0},
	{0},
};

static int setup(struct bench_run *run)
{
	const struct zap_kind *kind = run->variant->data;

	run->promise = (struct bench_promise){
		.before = AREA_POPULATED,
		.after = kind->after,
		.per_count =
			kind->per_page ? (double)run->value[SIZE] / (double)bench_page_size() : 1,
	};
	return 0;
}

static int arm(struct bench_run *run)
{
	if (area_map(run, (size_t)run->value[SIZE], (int)run->value[ORDER]))
		return -1;
	return area_populate(run, &run->areas[0]);
}

/* Timed: the call or calls, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct zap_kind *kind = run->variant->data;

	(void)worker;
	kind->zap(&run->areas[0]);
}

static int disarm(struct bench_run *run)
{
	area_unmap_all(run);
	return 0;
}

const struct bench bench_zap = {
	.name = "zap",
	.path = "zap_pte_range: giving populated anonymous memory back",
	.variants = variants,
	.params = params,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
