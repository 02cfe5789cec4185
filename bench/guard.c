// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Guard regions: pages that may not be touched, without a VMA of their own. Installed over memory
 * that was never touched, or over populated memory, which is dropped for it, and removed again.
 * Mapping and populating are not timed.
 */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bench/bench.h"
#include "bench/parts/guard.h"

enum {
	SIZE,
	ORDER,
	THREADS,
	PROCESSES,
	VMAS
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),   [ORDER] = BENCH_PARAM_ORDER,
	[THREADS] = BENCH_PARAM_THREADS,    [PROCESSES] = BENCH_PARAM_PROCESSES,
	[VMAS] = BENCH_PARAM_VMAS_IN_RANGE, {0},
};

struct guard_kind {
	bool populated, removes;
};

static const struct guard_kind empty_kind = {0};
static const struct guard_kind populated_kind = {.populated = true};
static const struct guard_kind remove_kind = {.removes = true};

static const struct bench_variant variants[] = {
	{"install", "makes guard pages of all of it, which nobody has touched, with one call",
	 "call", &empty_kind, 0},
	{"install-populated", "makes guard pages of all of it, which was populated, with one call",
	 "call", &populated_kind, 0},
	{"remove", "makes ordinary pages of all guard pages with one call", "call", &remove_kind,
	 0},
	{0},
};

static const char *refuse(const struct bench_run *run)
{
	const struct guard_kind *kind = run->kind;

	if (!kind->populated && run->value[ORDER])
		return "order is for install-populated: elsewhere there are no folios";
	return bench_refuse_vmas(run, run->value[VMAS]);
}

static int setup(struct bench_run *run)
{
	const struct guard_kind *kind = run->kind;

	run->promise = (struct bench_promise){
		.before = kind->populated ? AREA_POPULATED
			  : kind->removes ? AREA_MAPPED
					  : AREA_EMPTY,
		.after = kind->removes ? AREA_EMPTY : AREA_MAPPED,
		.per_count = (double)run->threads * run->processes,
	};
	return 0;
}

/* How many pages the kernel refuses to read, of all: what a touch is killed for. */
static size_t guarded(const struct bench_area *area)
{
	size_t page = bench_page_size(), nr = 0;
	struct iovec to, from;
	const char *p;
	char byte;

	for (p = area->start; p < area->start + area->len; p += page) {
		to = (struct iovec){&byte, 1};
		from = (struct iovec){(void *)p, 1};
		nr += process_vm_readv(getpid(), &to, 1, &from, 1, 0) < 0 && errno == EFAULT;
	}
	return nr;
}

static int check(struct bench_run *run, const struct bench_area *area, size_t wanted)
{
	size_t seen = guarded(area);

	if (seen == wanted)
		return 0;
	return bench_fail(run, "%zu of %zu pages are guarded, where %zu are promised", seen,
			  area->len / bench_page_size(), wanted);
}

static int arm(struct bench_run *run)
{
	const struct guard_kind *kind = run->kind;
	size_t share = bench_share(run, bench_folio_size((int)run->value[ORDER]));
	struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		if (area_map(run, share, (int)run->value[ORDER]))
			return -1;
		area = &run->areas[w];
		if ((kind->populated && area_populate(run, area)) ||
		    area_slice(run, area, run->value[VMAS]))
			return -1;
		if (!kind->removes)
			continue;
		if (madvise(area->start, area->len, MADV_GUARD_INSTALL))
			return bench_fail(run, "madvise(MADV_GUARD_INSTALL): %m");
		if (check(run, area, area->len / bench_page_size()))
			return -1;
	}
	return 0;
}

/* Timed: the call of a worker, about its own share. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct guard_kind *kind = run->kind;
	const struct bench_area *area = &run->areas[worker];

	madvise(area->start, area->len, kind->removes ? MADV_GUARD_REMOVE : MADV_GUARD_INSTALL);
}

static int disarm(struct bench_run *run)
{
	const struct guard_kind *kind = run->kind;
	const struct bench_area *area;
	unsigned int w;

	for (w = 0; w < run->threads; w++) {
		area = &run->areas[w];
		if (check(run, area, kind->removes ? 0 : area->len / bench_page_size()))
			return -1;
	}
	return area_unmap_all(run);
}

const struct bench bench_guard = {
	.name = "guard",
	.path = "madvise_guard_install, madvise_guard_remove: guard pages without a VMA",
	.variants = variants,
	.params = params,
	.tacit = VMAS,
	.needs = NEED_GUARD | NEED_READV,
	.refuse = refuse,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
