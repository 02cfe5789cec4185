// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is asked of userfaultfd by who resolves faults, without the faults: memory is moved or
 * copied to where there is none, the zero page is mapped there, or memory is write-protected, so
 * many pages with each ioctl(). Mapping, populating and registering are not timed.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/parts/uffd.h"

enum {
	SIZE,
	ORDER,
	BATCH,
	THREADS,
	PROCESSES
};

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("64M"),
	[ORDER] = BENCH_PARAM_ORDER,
	[BATCH] = {"batch", BENCH_COUNT, "512", NULL, 1, 1L << 30, "pages of one ioctl()"},
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

struct uffd_kind {
	/* One ioctl(); what it says, bytes. */
	int64_t (*ask)(int fd, char *to, char *from, size_t len);
	bool from;	/* there is memory that it is about, elsewhere */
	bool populated; /* or in place */
	bool drops;	/* it is gone there */
};

static int64_t ask_move(int fd, char *to, char *from, size_t len)
{
	struct uffd_move ask = {.dst = (uintptr_t)to, .src = (uintptr_t)from, .len = len};

	ioctl(fd, UFFD_MOVE, &ask);
	return ask.move;
}

static int64_t ask_copy(int fd, char *to, char *from, size_t len)
{
	struct uffdio_copy ask = {.dst = (uintptr_t)to, .src = (uintptr_t)from, .len = len};

	ioctl(fd, UFFDIO_COPY, &ask);
	return ask.copy;
}

static int64_t ask_zero(int fd, char *to, char *from, size_t len)
{
	struct uffdio_zeropage ask = {.range = {(uintptr_t)to, len}};

	(void)from;
	ioctl(fd, UFFDIO_ZEROPAGE, &ask);
	return ask.zeropage;
}

static int64_t ask_protect(int fd, char *to, char *from, size_t len)
{
	struct uffdio_writeprotect ask = {.range = {(uintptr_t)to, len},
					  .mode = UFFDIO_WRITEPROTECT_MODE_WP};

	(void)from;
	return ioctl(fd, UFFDIO_WRITEPROTECT, &ask) ? 0 : (int64_t)len;
}

static const struct uffd_kind move = {.ask = ask_move, .from = true, .drops = true};
static const struct uffd_kind copy = {.ask = ask_copy, .from = true};
static const struct uffd_kind zero = {.ask = ask_zero};
static const struct uffd_kind protect = {.ask = ask_protect, .populated = true};

static const struct bench_variant variants[] = {
	{"move", "moves populated memory to where there is none, so many pages with each ioctl()",
	 "page", &move, NEED_UFFD_MOVE},
	{"copy", "copies memory to where there is none, so many pages with each ioctl()", "page",
	 &copy, NEED_USERFAULTFD},
	{"zeropage", "maps the zero page where there is none, so many pages with each ioctl()",
	 "page", &zero, NEED_USERFAULTFD},
	{"write-protect", "write-protects populated memory where it is", "page", &protect,
	 NEED_UFFD_WP},
	{0},
};

struct uffd_state {
	int fd;
	int64_t done[]; /* bytes, of each worker */
};

static size_t share(const struct bench_run *run)
{
	return bench_share(run, bench_folio_size((int)run->value[ORDER]));
}

static const char *refuse(const struct bench_run *run)
{
	const struct uffd_kind *kind = run->kind;

	if (run->value[ORDER] && (kind == &copy || kind == &zero))
		return "order is for move and write-protect: the others give base pages";
	return bench_refuse_share(run);
}

static size_t memory(const struct bench_run *run)
{
	return (size_t)run->value[SIZE] * (run->kind == &copy ? 2 : 1);
}

/* Whether what PMDs map stays so: it is asked for in whole ones. */
static bool keeps_pmds(const struct bench_run *run)
{
	size_t batch = (size_t)run->value[BATCH] * bench_page_size();

	return batch % bench_folio_size(ORDER_PMD) == 0;
}

/* Of the memory that is asked about, afterwards. Moved by the page, folios are split before. */
static enum area_state state_after(const struct bench_run *run)
{
	long order = run->value[ORDER];

	if (run->kind == &zero)
		return AREA_ZERO_PAGE;
	if (!order || (order == ORDER_PMD && keeps_pmds(run)))
		return AREA_POPULATED;
	if (run->kind == &protect)
		return order == ORDER_PMD ? AREA_PTE_MAPPED : AREA_POPULATED;
	return AREA_BASE_PAGES;
}

static int setup(struct bench_run *run)
{
	const struct uffd_kind *kind = run->kind;
	struct uffd_state *state =
		calloc(1, sizeof(*state) + run->threads * sizeof(state->done[0]));

	run->state = state;
	if (!state)
		return bench_fail(run, "out of memory");
	state->fd = uffd_open(kind == &move ? UFFD_MOVES : 0);
	if (state->fd < 0)
		return bench_fail(run, "userfaultfd: %m");
	run->promise = (struct bench_promise){
		.before = kind->populated ? AREA_POPULATED : AREA_EMPTY,
		.after = state_after(run),
		.per_count =
			(double)(share(run) / bench_page_size()) * run->threads * run->processes,
	};
	if (kind == &copy)
		run->promise.bytes = run->promise.per_count * (double)bench_page_size();
	return 0;
}

/* What is in a page says which one it is. */
static void stamp(const struct bench_area *area)
{
	size_t page = bench_page_size(), i;

	for (i = 0; i < area->len / page; i++)
		*(volatile size_t *)(area->start + i * page) = i + 1;
}

/* Where the memory is that comes from elsewhere. */
static int map_from(struct bench_run *run)
{
	const struct uffd_kind *kind = run->kind;
	struct bench_area *area;

	if (area_map(run, share(run), (int)run->value[ORDER]))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	if (area_populate(run, area))
		return -1;
	stamp(area);
	area->before = AREA_POPULATED;
	area->after = kind->drops ? AREA_EMPTY : AREA_POPULATED;
	return 0;
}

static int map_to(struct bench_run *run)
{
	const struct uffd_kind *kind = run->kind;
	const struct uffd_state *state = run->state;
	struct uffdio_register ask = {.mode = kind->populated ? UFFDIO_REGISTER_MODE_WP
							      : UFFDIO_REGISTER_MODE_MISSING};
	struct bench_area *area;

	if (area_map(run, share(run), (int)run->value[ORDER]))
		return -1;
	area = &run->areas[run->nr_areas - 1];
	if (kind->populated && area_populate(run, area))
		return -1;
	ask.range = (struct uffdio_range){(uintptr_t)area->start, area->len};
	if (ioctl(state->fd, UFFDIO_REGISTER, &ask))
		return bench_fail(run, "UFFDIO_REGISTER: %m");
	return 0;
}

static int arm(struct bench_run *run)
{
	const struct uffd_kind *kind = run->kind;
	unsigned int w;

	for (w = 0; w < run->threads; w++)
		if (map_to(run))
			return -1;
	for (w = 0; kind->from && w < run->threads; w++)
		if (map_from(run))
			return -1;
	return 0;
}

/* Timed: the calls of a worker, about its own share. */
static void op(struct bench_run *run, unsigned int worker)
{
	const struct uffd_kind *kind = run->kind;
	struct uffd_state *state = run->state;
	const struct bench_area *to = &run->areas[worker];
	char *from = run->areas[kind->from ? run->threads + worker : worker].start;
	size_t batch = (size_t)run->value[BATCH] * bench_page_size(), at;
	int64_t done = 0;

	for (at = 0; at < to->len; at += batch)
		done += kind->ask(state->fd, to->start + at, from + at,
				  to->len - at < batch ? to->len - at : batch);
	state->done[worker] = done;
}

/* That the pages of a worker are those that were asked for. */
static int check(struct bench_run *run, unsigned int worker)
{
	const struct uffd_kind *kind = run->kind;
	const struct uffd_state *state = run->state;
	const struct bench_area *area = &run->areas[worker];
	struct uffdio_range range = {(uintptr_t)area->start, area->len};
	size_t page = bench_page_size(), nr = area->len / page, i;

	if (state->done[worker] != (int64_t)area->len)
		return bench_fail(run, "userfaultfd did %lld of %zu bytes",
				  (long long)state->done[worker], area->len);
	if (kind->populated && uffd_protected(area->start, area->len) != nr)
		return bench_fail(run, "not all pages are write-protected");
	/* What is missing may be touched then. */
	ioctl(state->fd, UFFDIO_UNREGISTER, &range);
	for (i = 0; kind->from && i < nr; i++)
		if (*(volatile size_t *)(area->start + i * page) != i + 1)
			return bench_fail(run, "page %zu is another one", i);
	return 0;
}

static int disarm(struct bench_run *run)
{
	return area_unmap_checked(run, check);
}

const struct bench bench_uffd = {
	.name = "uffd",
	.path = "userfaultfd_ioctl: memory moved, copied, zeroed or protected by who resolves "
		"faults",
	.variants = variants,
	.params = params,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.arm = arm,
	.op = op,
	.disarm = disarm,
};
