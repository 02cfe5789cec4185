// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ops of which it is known what they execute, to count.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/bench/liars.h"

#define ZEROED 4096 /* bytes at a time */

static const struct bench_param params[] = {
	[SIZE] = BENCH_PARAM_SIZE("1M"),
	{0},
};

#ifdef __x86_64__

/* 1000 rounds of the same instructions: inside a page, and with a lea that lies across two. */
#define ROUNDS(name, from)                      \
	__asm__(".balign 4096\n"                \
		".skip " #from "\n" #name ":\n" \
		"mov $1000, %ecx\n"             \
		"1: inc %eax\n"                 \
		"lea 0x12345678(%rax), %rdx\n"  \
		"dec %ecx\n"                    \
		"jnz 1b\n"                      \
		"ret\n"                         \
		".balign 4096\n")

ROUNDS(rounds_inside, 64);
ROUNDS(rounds_across, 4086);

void rounds_inside(void);
void rounds_across(void);

static void run_inside(struct bench_run *run)
{
	(void)run;
	__asm__ volatile("call rounds_inside" ::: "rax", "rcx", "rdx", "cc");
}

static void run_across(struct bench_run *run)
{
	(void)run;
	__asm__ volatile("call rounds_across" ::: "rax", "rcx", "rdx", "cc");
}

static const struct lie inside = {.op = run_inside};
static const struct lie across = {.op = run_across};

#endif

static void spend(unsigned int millions)
{
	volatile unsigned int left;

	for (left = millions * 1000000; left; left--)
		;
}

static unsigned int ops;

/* Less from op to op, until the seventh. */
static void run_settles(struct bench_run *run)
{
	(void)run;
	spend(ops < 6 ? 7 - ops : 1);
	ops++;
}

static void run_sways(struct bench_run *run)
{
	(void)run;
	spend(1 + ops++ % 2);
}

/*
 * The kernel writes zeroes to the area: to each line of it, and it reads none.
 */
static void zero_area(struct bench_run *run)
{
	static int fd = -1;
	size_t at;

	if (fd < 0)
		fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	for (at = 0; at < run->areas[0].len; at += ZEROED)
		if (read(fd, run->areas[0].start + at, ZEROED) != ZEROED)
			abort();
}

static void zero_twice(struct bench_run *run)
{
	zero_area(run);
	zero_area(run);
}

/* Of two children the first one, too, runs while the worker waits for the second. */
static void run_stranger(struct bench_run *run)
{
	pid_t children[2];
	int i;

	(void)run;
	for (i = 0; i < 2; i++) {
		children[i] = fork();
		if (!children[i])
			_exit(0);
	}
	waitpid(children[1], NULL, 0);
	waitpid(children[0], NULL, 0);
}

static int promise_turn(struct bench_run *run)
{
	run->promise.turns = 1;
	run->promise.faults_slack = 16;
	return 0;
}

static const struct lie stranger = {.setup = promise_turn, .op = run_stranger};
static const struct lie zero = {.op = zero_area};
static const struct lie twice = {.op = zero_twice};
static const struct lie settles = {.op = run_settles};
static const struct lie sways = {.op = run_sways};

static const struct bench_variant variants[] = {
#ifdef __x86_64__
	{"inside", "runs code inside a page", "call", &inside, 0},
	{"across", "runs the same code across two pages", "call", &across, 0},
#endif
	{"zero", "has the kernel write each line of the area", "call", &zero, 0},
	{"twice", "does so twice", "call", &twice, 0},
	{"stranger", "waits for a child, and another runs as well", "call", &stranger, NEED_CHILD},
	{"settles", "does less from op to op, until the seventh", "call", &settles, 0},
	{"sways", "does twice as much every second time", "call", &sways, 0},
	{0},
};

static int setup(struct bench_run *run)
{
	const struct lie *lie = run->kind;

	if (area_map(run, (size_t)run->value[SIZE], 0) || area_populate(run, &run->areas[0]))
		return -1;
	run->promise = (struct bench_promise){.per_count = 1};
	return lie->setup ? lie->setup(run) : 0;
}

static void op(struct bench_run *run, unsigned int worker)
{
	const struct lie *lie = run->kind;

	(void)worker;
	lie->op(run);
}

const struct bench bench_counted = {
	.name = "counted",
	.path = "none: tests of the harness",
	.variants = variants,
	.params = params,
	.setup = setup,
	.op = op,
};
