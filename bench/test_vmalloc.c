// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmalloc() and vfree() as the kernel's own module test_vmalloc calls them: an op loads it, which
 * ends when all its threads have. That is more than they do, by about 20 ms on most kernels: the
 * module is linked, a thread of it that has nothing left to do looks every 10 ms (or tick) whether
 * it may end, and the module is unloaded. So loops have to be so many that a test takes far more.
 */
#include <stdlib.h>

#include "bench/bench.h"
#include "bench/parts/module.h"

enum {
	PAGES,
	HUGE,
	LOOPS,
	TASKS
};

static const char *const no_yes[] = {"no", "yes", NULL};

static const struct bench_param params[] = {
	[PAGES] = {"pages", BENCH_COUNT, "1", NULL, 1, 1 << 16, "pages of one allocation"},
	[HUGE] = {"huge", BENCH_CHOICE, "no", no_yes, 0, 0,
		  "allocates by vmalloc_huge(), which maps by PMDs, or contpte, what it can"},
	[LOOPS] = {"loops", BENCH_COUNT, "500000", NULL, 1, 1 << 30,
		   "allocations, one after the other, of each thread of the kernel"},
	[TASKS] = {"tasks", BENCH_COUNT, "1", NULL, 1, 4096, "threads of the kernel at once"},
	{0},
};

/* A test of the module: its bit in run_test_mask, and how its line in the log begins. */
struct test {
	int mask;
	bool sized; /* by pages */
	const char *passed;
};

#define TEST(name, mask, sized) (&(const struct test){mask, sized, "log:Summary: " name " passed:"})

static const struct bench_variant variants[] = {
	{"fix-size", "allocates and frees so many pages, again and again", "call",
	 TEST("fix_size_alloc_test", 1, true), 0},
	{"fix-align", "allocates and frees 5 pages, aligned to two stacks of tasks", "call",
	 TEST("fix_align_alloc_test", 16, false), 0},
	{"full-fit", "allocates and frees a page, in address space full of holes of one", "call",
	 TEST("full_fit_alloc_test", 2, false), 0},
	{"busy-list", "allocates and frees 100 pages and one, where 15000 allocations are", "call",
	 TEST("long_busy_list_alloc_test", 4, false), 0},
	{"random-size", "allocates and frees 1 to 100 pages, by chance", "call",
	 TEST("random_size_alloc_test", 8, false), 0},
	{"random-size-align", "allocates and frees 1 to 10 pages, aligned by chance", "call",
	 TEST("random_size_align_alloc_test", 32, false), 0},
	{"kvfree-rcu", "allocates a page and frees it by kvfree_rcu_mightsleep()", "call",
	 TEST("kvfree_rcu_1_arg_vmalloc_test", 256, false), 0},
	{"kvfree-rcu-head", "allocates a page and frees it by kvfree_rcu() with a head in it",
	 "call", TEST("kvfree_rcu_2_arg_vmalloc_test", 512, false), 0},
	{"map-ram", "maps so many pages by vm_map_ram() and unmaps them, again and again", "call",
	 TEST("vm_map_ram_test", 1024, true), 0},
	{0},
};

struct test_state {
	struct module_file file;
	int ended; /* as module_run() has it */
	char words[160];
};

static const char *refuse(const struct bench_run *run)
{
	const struct test *test = run->kind;

	if (!test->sized && run->value[PAGES] != 1)
		return "pages is of fix-size and map-ram";
	return test->mask != 1 && run->value[HUGE] ? "huge is of fix-size" : NULL;
}

/* What a thread has at once at most, and some of the module's own. */
static size_t memory(const struct bench_run *run)
{
	return (size_t)(run->value[PAGES] + 100) * (size_t)run->value[TASKS] * bench_page_size() +
	       (256UL << 20);
}

static int setup(struct bench_run *run)
{
	long tasks = run->value[TASKS], loops = run->value[LOOPS];
	struct test_state *state = calloc(1, sizeof(*state));
	const struct test *test = run->kind;

	run->state = state;
	if (!state)
		return bench_fail(run, "out of memory");
	state->ended = EAGAIN;
	state->file = module_open();
	if (state->file.fd < 0)
		return bench_fail(run, "this kernel has no module test_vmalloc");
	snprintf(state->words, sizeof(state->words),
		 "run_test_mask=%d nr_threads=%ld test_repeat_count=1 test_loop_count=%ld "
		 "nr_pages=%ld%s",
		 test->mask, tasks, loops, run->value[PAGES],
		 run->value[HUGE] ? " use_huge=1" : "");
	run->promise = (struct bench_promise){
		.per_count = (double)tasks * (double)loops,
		/* Of each thread a line; "repeat: 1 loops: 500000" in it. */
		.moves = {{test->passed, tasks, tasks},
			  {"log: repeat: 1 loops:", tasks * loops, tasks * loops},
			  {"log:test_vmalloc: unknown parameter", 0, 0}},
	};
	return 0;
}

/* Timed: loading it. */
static void op(struct bench_run *run, unsigned int worker)
{
	struct test_state *state = run->state;

	(void)worker;
	state->ended = module_run(&state->file, state->words);
}

static int disarm(struct bench_run *run)
{
	const struct test_state *state = run->state;

	return state->ended == EAGAIN
		       ? 0
		       : bench_fail(run, "loading test_vmalloc: %s", strerror(state->ended));
}

const struct bench bench_test_vmalloc = {
	.name = "test-vmalloc",
	.path = "vmalloc and vfree, called by the kernel's own module test_vmalloc",
	.variants = variants,
	.params = params,
	.needs = NEED_TEST_VMALLOC | NEED_TASKS,
	.refuse = refuse,
	.memory = memory,
	.setup = setup,
	.op = op,
	.disarm = disarm,
};
