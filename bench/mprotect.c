// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mprotect() of populated memory, to read-only and back to writable. Mapping and populating are
 * done once and not timed, and nothing touches the memory between the calls: a loop that writes to
 * it as well hides the calls behind the faults.
 */
#include <sys/mman.h>

#include "bench/bench.h"
#include "bench/parts/backed.h"

enum {
	SIZE,
	ORDER,
	ROUNDS,
	THREADS,
	PROCESSES,
	VMAS,
	BACKING
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("256M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[ROUNDS] = {"rounds", BENCH_COUNT, "1", NULL, 1, 1000000,
		    "toggle: times that an op protects and unprotects"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	[VMAS] = BENCH_PARAM_VMAS_IN_RANGE,
	[BACKING] = BENCH_PARAM_BACKING,
	{0},
};

struct protect_kind {
	void (*op)(const struct bench_area *area, long rounds);
	enum area_state before, after;
};

static void protect(const struct bench_area *area, long rounds)
{
	(void)rounds;
	mprotect(area->start, area->len, PROT_READ);
}

static void unprotect(const struct bench_area *area, long rounds)
{
	(void)rounds;
	mprotect(area->start, area->len, PROT_READ | PROT_WRITE);
}

static void toggle(const struct bench_area *area, long rounds)
{
	for (; rounds; rounds--) {
		mprotect(area->start, area->len, PROT_READ);
		mprotect(area->start, area->len, PROT_READ | PROT_WRITE);
	}
}

static const struct protect_kind toggle_kind = {toggle, AREA_WRITABLE, AREA_WRITABLE};
static const struct protect_kind protect_kind = {protect, AREA_WRITABLE, AREA_READ_ONLY};
static const struct protect_kind unprotect_kind = {unprotect, AREA_READ_ONLY, AREA_WRITABLE};

static const struct bench_variant variants[] = {
	{"toggle", "makes all of it read-only and writable again, rounds times", "call",
	 &toggle_kind, 0},
	{"read-only", "makes all of it read-only with one call", "call", &protect_kind, 0},
	{"writable", "makes all of it writable again with one call", "call", &unprotect_kind, 0},
	{0},
};

static enum area_backing backing(const struct bench_run *run)
{
	return backed_by(run->value[BACKING], false);
}

static unsigned long needs_more(const struct bench_run *run)
{
	return backed_needs(backing(run), run->value[ORDER]);
}

static const char *refuse(const struct bench_run *run)
{
	if (run->value[ROUNDS] > 1 && run->kind != &toggle_kind)
		return "rounds is for toggle: memory becomes read-only, or writable, only once";
	return backed_refuse(backing(run), run->value[ORDER])
		       ?: bench_refuse_vmas(run, run->value[VMAS]);
}

static int setup(struct bench_run *run)
{
	const struct protect_kind *kind = run->kind;
	size_t share = bench_share(run, bench_folio_size((int)run->value[ORDER]));
	long calls = kind == &toggle_kind ? 2 * run->value[ROUNDS] : 1;
	unsigned int w;

	run->promise = (struct bench_promise){
		.before = kind->before,
		.after = kind->after,
		.per_count = (double)calls * run->threads * run->processes,
	};
	for (w = 0; w < run->threads; w++)
		if (backed_map(run, share, run->value[ORDER], backing(run)) ||
		    area_slice(run, &run->areas[w], run->value[VMAS]))
			return -1;
	return 0;
}

/* The protection that op is to change. */
static int arm(struct bench_run *run)
{
	const struct protect_kind *kind = run->kind;
	int before = kind->before == AREA_READ_ONLY ? PROT_READ : PROT_READ | PROT_WRITE;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (mprotect(run->areas[w].start, run->areas[w].len, before))
			return bench_fail(run, "mprotect: %m");
	return 0;
}

/* Timed: the call or calls, nothing else. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct protect_kind *kind = run->kind;

	kind->op(&run->areas[worker], run->value[ROUNDS]);
}

const struct bench bench_mprotect = {
	.name = "mprotect",
	.path = "change_pte_range: protection of populated memory",
	.variants = variants,
	.params = params,
	.tacit = THREADS,
	.refuse = refuse,
	.needs_more = needs_more,
	.setup = setup,
	.arm = arm,
	.op = op,
};
