/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contract between a benchmark and the harness.
 *
 * A family is one file with one const struct bench, last in the file and named in list.c. It maps
 * memory, brings it into a state (arm), carries out one operation on it (op, the only timed part)
 * and cleans up (disarm). It promises what an operation does and which state its memory is in
 * before and after. Everything else is the harness's: processes, threads, pinning, clocks,
 * counters, and the check of every promise. A benchmark never prints, parses, pins, times, starts
 * threads or reads counters.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

#define BENCH_MAX_PARAMS 10

/* Folio orders as parameter values: 0, 2.. are PTE-mapped, ORDER_PMD is PMD-mapped. */
#define ORDER_PMD 64

/* How a parameter's text is read, and what its value then is. */
enum bench_kind {
	BENCH_SIZE,   /* memory that the point has populated at once, all workers together: bytes */
	BENCH_COUNT,  /* a whole number */
	BENCH_MS,     /* a time: ms */
	BENCH_ORDER,  /* folio order: 0, 2, 3, ... or ORDER_PMD */
	BENCH_CHOICE, /* one of choices: its index */
	BENCH_THREADS,	 /* threads of each process; a family may have several, by role */
	BENCH_PROCESSES, /* processes, each with all the threads and its own memory */
};

struct bench_param {
	const char *name;
	enum bench_kind kind;
	const char *value;	    /* default, as a user writes it */
	const char *const *choices; /* BENCH_CHOICE: names, then NULL */
	long min, max;		    /* numbers: the range allowed */
	const char *help;
};

/* The parameters that several families have, so that they mean the same everywhere. */
#define BENCH_PARAM_SIZE(default_)                                      \
	{                                                               \
		"size", BENCH_SIZE, default_, NULL, 1L << 12, 1L << 44, \
			"memory of all workers together"                \
	}
#define BENCH_PARAM_ORDER                                                       \
	{                                                                       \
		"order", BENCH_ORDER, "0", NULL, 0, ORDER_PMD,                  \
			"folio order: 0, 2..9 (PTE-mapped) or pmd (PMD-mapped)" \
	}
#define BENCH_PARAM_THREADS                                                             \
	{                                                                               \
		"threads", BENCH_THREADS, "1", NULL, 1, 4096, "threads of each process" \
	}
#define BENCH_PARAM_PROCESSES                                     \
	{                                                         \
		"processes", BENCH_PROCESSES, "1", NULL, 1, 4096, \
			"processes, each with all the threads"    \
	}

struct bench_variant {
	const char *name;
	const char *help; /* one sentence: what an op of it does */
	const char *per;  /* what one op consists of: "fault", "fork", "call", "page" */
	const void *data; /* the family's own */
};

/* What a machine must have, beside CPUs, memory and folio orders, which follow from parameters. */
enum bench_need {
	NEED_ROOT = 1 << 0,
	NEED_SWAP = 1 << 1,
	NEED_USERFAULTFD = 1 << 2,
	NEED_HUGETLB = 1 << 3,
	NEED_NUMA = 1 << 4, /* at least two nodes with memory */
};

/* The state of an area, which the harness proves (bench/harness/verify.c says how). */
enum area_state {
	AREA_ANY,	/* nothing promised */
	AREA_EMPTY,	/* mapped, no page in it */
	AREA_ZERO_PAGE, /* every page maps the zero page */
	AREA_POPULATED, /* every page is there, in folios of the area's order, mapped as promised */
	AREA_UNMAPPED,	/* no VMA left */
};

/* A range of private anonymous memory that is one VMA. */
struct bench_area {
	char *start;
	size_t len;
	int order; /* as the parameter */
};

struct bench_promise {
	long faults;		/* page faults in one op, summed over the process's workers */
	long faults_slack;	/* so many more may happen (e.g. COW of the stack behind fork) */
	enum area_state before; /* of every area, when op starts */
	enum area_state after;	/* of every area, when op has ended */
	int children;		/* child processes alive when op has ended: 0 or 1 */
	double per_count;	/* how many of the variant's `per` one op does, all workers of all
				   processes */
};

/* One point being carried out by one process. A family reads it and sets promise and state. */
struct bench_run {
	const struct bench *bench;
	const struct bench_variant *variant;
	long value[BENCH_MAX_PARAMS]; /* by index in bench->params */
	unsigned int threads;	      /* workers in this process, all roles together */
	unsigned int processes;
	int node; /* NUMA node all memory is bound to, or -1 */
	struct bench_area *areas;
	unsigned int nr_areas;
	struct bench_promise promise; /* set in setup */
	unsigned long stock;	      /* repeat: calls of op before a worker's refill is due */
	void *state;		      /* the family's own, made in setup */
	char why[256];		      /* what bench_fail() said */
};

struct bench {
	const char *name;
	const char *path;		      /* one sentence: the kernel path it measures */
	const struct bench_variant *variants; /* ends with a NULL name; the first is the default */
	const struct bench_param *params;     /* ends with a NULL name */
	unsigned int needs;		      /* enum bench_need */

	/*
	 * Two kinds of op. With repeat false an iteration is one call of op by every worker, all
	 * starting together. With repeat true each worker calls op over and over for the time that
	 * the parameter "time" gives; every call is timed and goes into its role's histogram, and
	 * the faults promised are those of one call, by the role that is named first.
	 */
	bool repeat;

	/* NULL, or says why these parameters contradict each other; no machine is looked at. */
	const char *(*refuse)(const struct bench_run *run);

	/* Once a run. 0, or what bench_fail() returned. */
	int (*setup)(struct bench_run *run);
	/* Before every op, untimed, by one worker of the process. 0 or bench_fail(). */
	int (*arm)(struct bench_run *run);
	/* The operation of one worker (0 .. threads-1). Nothing else may be in it. */
	void (*op)(struct bench_run *run, unsigned int worker);
	/* repeat only: makes room for more ops of one worker, untimed. */
	void (*refill)(struct bench_run *run, unsigned int worker);
	/* After every op, untimed. 0 or bench_fail(). */
	int (*disarm)(struct bench_run *run);
};

/* Every family there is, then NULL (list.c). */
extern const struct bench *const bench_list[];

/* What follows is the harness's part of the contract: services a benchmark may call outside op. */

/* Records why something that should have worked did not. Returns -1, to be returned. */
int bench_fail(struct bench_run *run, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The role of a worker: the index of its BENCH_THREADS parameter among those of the family, from 0.
 */
unsigned int bench_role(const struct bench_run *run, unsigned int worker);

/* Bytes of a base page, and of a folio of that order (ORDER_PMD: what a PMD maps). */
size_t bench_page_size(void);
size_t bench_folio_size(int order);

/*
 * Adds an area of len bytes to the run: one VMA of its own, aligned to what a PMD maps, with
 * unmapped room on both sides so that it merges with nothing, advised so that a first touch gives
 * folios of the order. 0 or -1 (bench_fail() has been called).
 */
int area_map(struct bench_run *run, size_t len, int order);

/*
 * Touches every folio of the area for writing and, for the PTE-mapped order of a PMD, splits the
 * mapping (not the folios). Checks that it took exactly one fault a folio. 0 or -1.
 */
int area_populate(struct bench_run *run, const struct bench_area *area);

/* Gives all areas' memory back and forgets them. */
void area_unmap_all(struct bench_run *run);

#endif
