// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Benchmarks that lie: each breaks one promise or misbehaves in one way, and the harness must catch
 * and name it. Linked with the harness in place of its list.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/bench/liars.h"

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("4M"),
	[THREADS] = BENCH_PARAM_THREADS,
	[PROCESSES] = BENCH_PARAM_PROCESSES,
	{0},
};

static int promise_a_fault_more(struct bench_run *run)
{
	run->promise.faults++;
	return 0;
}

/* The memory is of base pages; the promise is made of an area that says order 9. */
static int claim_order(struct bench_run *run)
{
	run->areas[0].order = 9;
	return 0;
}

static int split_vma(struct bench_run *run)
{
	mprotect(run->areas[0].start, bench_page_size(), PROT_READ);
	mprotect(run->areas[0].start + bench_page_size(), bench_page_size(), PROT_NONE);
	return 0;
}

static int leak_memory(struct bench_run *run)
{
	(void)run;
	mmap(NULL, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return 0;
}

static int leak_fd(struct bench_run *run)
{
	(void)run;
	return open("/dev/null", O_RDONLY) < 0;
}

static int leak_child(struct bench_run *run)
{
	(void)run;
	if (fork() == 0)
		_exit(0);
	return 0;
}

static int fail_setup(struct bench_run *run)
{
	return bench_fail(run, "this setup never works");
}

static int promise_child(struct bench_run *run)
{
	run->promise.children = 1;
	return 0;
}

/* After fork() the first writes to the stack and data fault. */
static int promise_child_and_faults(struct bench_run *run)
{
	run->promise.faults_slack = 16;
	return promise_child(run);
}

static int promise_move(struct bench_run *run)
{
	run->promise.moves[0] = (struct bench_move){"status:VmPTE", 1 << 20, LONG_MAX};
	return 0;
}

static int promise_swapped(struct bench_run *run)
{
	run->promise.before = AREA_SWAPPED;
	return 0;
}

static int promise_shared(struct bench_run *run)
{
	run->promise.after = AREA_SHARED;
	return 0;
}

static int promise_lazy_free(struct bench_run *run)
{
	run->promise.after = AREA_LAZY_FREE;
	return 0;
}

/* Fewer pages are passed over than wait in a CPU's batch, where those can be told apart. */
static void free_most(struct bench_run *run)
{
	size_t left = area_drain_batches() ? 8 : BENCH_LRU_BATCH + 8;

	run->promise.after = AREA_LAZY_FREE;
	madvise(run->areas[0].start, run->areas[0].len - left * bench_page_size(), MADV_FREE);
}

static int promise_there(struct bench_run *run)
{
	run->promise.after = AREA_THERE;
	return 0;
}

static int claim_mark(struct bench_run *run)
{
	run->areas[0].mark = "um";
	return 0;
}

static int claim_policy(struct bench_run *run)
{
	run->areas[0].policy = "bind";
	return 0;
}

static int claim_vmas(struct bench_run *run)
{
	run->areas[0].vmas = 2;
	return 0;
}

static int promise_read_only(struct bench_run *run)
{
	run->promise.after = AREA_READ_ONLY;
	return 0;
}

static void make_read_only(struct bench_run *run)
{
	run->promise.after = AREA_WRITABLE;
	mprotect(run->areas[0].start, run->areas[0].len, PROT_READ);
}

/* Promises of its area alone, which hide those of all areas. */
static int claim_growth(struct bench_run *run)
{
	run->areas[0].grows = bench_page_size();
	run->areas[0].after = AREA_GROWN;
	return 0;
}

static int claim_unmapped(struct bench_run *run)
{
	run->areas[0].before = AREA_UNMAPPED;
	return 0;
}

static void hang(struct bench_run *run)
{
	(void)run;
	for (;;)
		__asm__ volatile("");
}

static void crash(struct bench_run *run)
{
	*(volatile char *)(run->value[THREADS] - 1) = 1;
}

static void give_up(struct bench_run *run)
{
	(void)run;
	fprintf(stderr, "these are my last words\n");
	abort();
}

static void leave(struct bench_run *run)
{
	(void)run;
	exit(3);
}

static void forget_pages(struct bench_run *run)
{
	madvise(run->areas[0].start, bench_page_size(), MADV_DONTNEED);
}

/* More than the guest has that this is meant for, but less than a machine people work on. */
static void eat_memory(struct bench_run *run)
{
	size_t len = (size_t)1 << 30;
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)run;
	if (p != MAP_FAILED)
		memset(p, 1, len);
}

static void warn_in_kernel_log(struct bench_run *run)
{
	static const char text[] =
		"WARNING: CPU: 0 PID: 1 at mm/lies.c:1 made up by faultbench's tests\n";
	int fd = open("/dev/kmsg", O_WRONLY);

	(void)run;
	if (fd >= 0 && write(fd, text, strlen(text)) > 0)
		close(fd);
}

/* Whatever perf_event the worker has open is none any more: it is never enabled, and counts
 * nothing. */
static int silence_events(struct bench_run *run)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), fd;
	char path[32], what[64] = "";

	(void)run;
	for (fd = 3; fd < 64; fd++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		if (readlink(path, what, sizeof(what) - 1) > 0 && strstr(what, "perf_event"))
			dup2(null, fd);
	}
	return close(null);
}

/* The child dies of a fault, and is there until disarm. */
static void lose_child(struct bench_run *run)
{
	siginfo_t info;

	(void)run;
	if (fork() == 0)
		raise(SIGSEGV);
	waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
}

static void reap_child(void)
{
	wait(NULL);
}

const struct lie lie_honest = {0};
static const struct lie wrong_faults = {.setup = promise_a_fault_more};
static const struct lie wrong_order = {.arm = claim_order};
static const struct lie wrong_vmas = {.arm = split_vma};
static const struct lie wrong_child = {.setup = promise_child};
static const struct lie dead_child = {
	.setup = promise_child_and_faults, .op = lose_child, .disarm = reap_child};
static const struct lie wrong_pages = {.op = forget_pages};
static const struct lie wrong_move = {.setup = promise_move};
static const struct lie not_swapped = {.setup = promise_swapped};
static const struct lie not_shared = {.setup = promise_shared};
static const struct lie not_lazy = {.setup = promise_lazy_free};
static const struct lie not_all_lazy = {.op = free_most};
static const struct lie not_read_only = {.setup = promise_read_only};
static const struct lie not_writable = {.op = make_read_only};
static const struct lie not_grown = {.arm = claim_growth};
static const struct lie not_unmapped = {.arm = claim_unmapped};
static const struct lie wrong_mark = {.arm = claim_mark};
static const struct lie wrong_policy = {.arm = claim_policy};
static const struct lie too_few_vmas = {.arm = claim_vmas};
static const struct lie leaks_memory = {.arm = leak_memory};
static const struct lie leaks_fd = {.arm = leak_fd};
static const struct lie silences = {.arm = silence_events};
static const struct lie leaks_child = {.arm = leak_child};
static const struct lie bad_setup = {.setup = fail_setup};
static const struct lie not_there = {.setup = promise_there, .op = forget_pages};
static const struct lie hangs = {.op = hang};
static const struct lie crashes = {.op = crash};
const struct lie lie_aborts = {.op = give_up};
static const struct lie exits = {.op = leave};
static const struct lie eats = {.op = eat_memory};
static const struct lie warns = {.op = warn_in_kernel_log};

static const struct bench_variant variants[] = {
	{"honest", "keeps its promises", "fault", &lie_honest, 0},
	{"faults", "promises a fault more than there is", "fault", &wrong_faults, 0},
	{"order", "promises order 9, has order 0", "fault", &wrong_order, 0},
	{"vmas", "splits its VMA", "fault", &wrong_vmas, 0},
	{"child", "promises a child, has none", "fault", &wrong_child, 0},
	{"dead-child", "promises a child, which dies", "fault", &dead_child, 0},
	{"pages", "drops a page it promises to have", "fault", &wrong_pages, 0},
	{"move", "promises page tables that it does not make", "fault", &wrong_move, 0},
	{"swapped", "promises that its memory is swapped out", "fault", &not_swapped, 0},
	{"shared", "promises that a child has its memory", "fault", &not_shared, 0},
	{"lazy-free", "promises that its memory was given up", "fault", &not_lazy, 0},
	{"most-lazy-free", "promises that all of it was", "fault", &not_all_lazy, 0},
	{"read-only", "promises that its memory may not be written", "fault", &not_read_only, 0},
	{"writable", "promises that it may, after mprotect()", "fault", &not_writable, 0},
	{"grown", "promises a VMA longer than its area", "fault", &not_grown, 0},
	{"unmapped", "promises that its area is no VMA yet", "fault", &not_unmapped, 0},
	{"mark", "promises userfaultfd", "fault", &wrong_mark, 0},
	{"policy", "promises a memory policy", "fault", &wrong_policy, 0},
	{"two-vmas", "promises 2 VMAs, has one", "fault", &too_few_vmas, 0},
	{"hole", "promises a full page cache", "fault", &lie_has_hole, 0},
	{"leak-memory", "maps and forgets", "fault", &leaks_memory, 0},
	{"silent", "has no perf_event fire", "fault", &silences, 0},
	{"leak-fd", "opens and forgets", "fault", &leaks_fd, 0},
	{"leak-child", "forks and forgets", "fault", &leaks_child, 0},
	{"setup", "fails in setup", "fault", &bad_setup, 0},
	{"there", "drops a page, whatever folios it promises", "fault", &not_there, 0},
	{"huge", "promises PMDs of shared memory", "fault", &lie_not_huge, 0},
	{"file-order", "promises order 4 of a file of base pages", "fault", &lie_small_file,
	 NEED_FILE},
	{"file-populate", "populates that file", "fault", &lie_fills_small_file, NEED_FILE},
	{"memfd-populate", "populates a memfd of base pages as order 4", "fault",
	 &lie_fills_small_memfd, 0},
	{"cached", "promises an empty page cache", "fault", &lie_is_cached, 0},
	{"group", "leaves its control group", "fault", &lie_leaves_group, 0},
	{"charge", "is charged to another control group", "fault", &lie_charges_others, 0},
	{"moved", "goes to another CPU", "fault", &lie_moves, 0},
	{"spread", "lets itself run anywhere", "fault", &lie_spreads, 0},
	{"stopped", "stops until it is continued", "fault", &lie_stops, 0},
	{"hang", "never ends", "fault", &hangs, 0},
	{"crash", "writes to address 0", "fault", &crashes, 0},
	{"abort", "prints and aborts", "fault", &lie_aborts, 0},
	{"exit", "exits in the middle", "fault", &exits, 0},
	{"eat", "takes 1 GiB of memory", "fault", &eats, 0},
	{"kernel-warning", "makes the kernel log look like a warning", "fault", &warns, 0},
	{0},
};

int lie_setup(struct bench_run *run)
{
	const struct lie *lie = run->kind;
	size_t share = (size_t)run->value[SIZE] / run->processes;

	run->promise = (struct bench_promise){
		.faults = (long)(share / bench_page_size()),
		.before = AREA_EMPTY,
		.after = AREA_POPULATED,
		.per_count = (double)run->value[SIZE] / (double)bench_page_size(),
	};
	run->stock = ULONG_MAX;
	return lie->setup ? lie->setup(run) : 0;
}

int lie_arm(struct bench_run *run)
{
	const struct lie *lie = run->kind;

	if (area_map(run, (size_t)run->value[SIZE] / run->processes, 0))
		return -1;
	return lie->arm ? lie->arm(run) : 0;
}

static int disarm(struct bench_run *run)
{
	const struct lie *lie = run->kind;

	if (lie->disarm)
		lie->disarm();
	return area_unmap_all(run);
}

static void op(struct bench_run *run, unsigned int worker)
{
	const struct lie *lie = run->kind;
	const struct bench_area *area = &run->areas[0];
	size_t share = area->len / run->threads;
	volatile char *p, *start = area->start + worker * share;

	for (p = start; p < start + share; p += bench_page_size())
		*p = 1;
	if (lie->op)
		lie->op(run);
}

static const struct bench bench_lie = {
	.name = "lie",
	.path = "none: tests of the harness",
	.variants = variants,
	.params = params,
	.setup = lie_setup,
	.arm = lie_arm,
	.op = op,
	.disarm = disarm,
};

static const struct bench_variant needy_variants[] = {
	{"needy", "needs what few machines have", "fault", &lie_honest, 0},
	{0},
};

static const struct bench bench_needy = {
	.name = "needy",
	.path = "none: tests of the harness",
	.variants = needy_variants,
	.params = params,
	.needs = NEED_SWAP | NEED_USERFAULTFD | NEED_HUGETLB | NEED_NUMA,
	.setup = lie_setup,
	.arm = lie_arm,
	.op = op,
	.disarm = area_unmap_all,
};

/* clang-format off */
#define R(i) &refused[i].bench
const struct bench *const bench_list[] = {
	&bench_lie, &bench_lie_beside, &bench_counted, &bench_needy, R(0), R(1), R(2), R(3), R(4),
	R(5), R(6), R(7), R(8), R(9), R(10), R(11), R(12), R(13), R(14), R(15), R(16), R(17), R(18),
	R(19), R(20), R(21), R(22), R(23), R(24), R(25), R(26), R(27), R(28), R(29), R(30), R(31),
	R(32), NULL};
