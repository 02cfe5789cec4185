/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan: what is to be measured, resolved to single points and ordered. At home it is read from
 * an INI file; on its way to the worker and in the journal it is one JSON object.
 *
 *   {"type": "plan", "schema", "name", "runs", "boots", "seed", "threshold" (a fraction, if it was
 *    given), "counters": [name], "until" (a fraction) and "budget_s" if the number of boots or
 *    runs is left to the data (analysis/compare/stopping.h), "lines": true if the cache lines that
 *    ops touch are counted, "calls": true if their calls are followed, "cache_model": text
 *    (common/caches/model.h) of the caches that there is a model of,
 *    "profile": true if where in the kernel ops are is sampled after they were timed,
 *    "settle": {"least_s", "most_s"} if a boot is to come to rest before it is measured,
 *    "points": [{"point": {bench, variant, place, parameters}, "iterations", "warmup",
 *                "time_limit_s"}]}
 *
 * In a journal it also has "kernels": [label], in the order of its tables.
 */
#ifndef COMMON_PLAN_H
#define COMMON_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_MAX_KERNELS   64	/* in one comparison */
#define PLAN_SETTLE_MOST_S 600	/* where `settle` names only the least */
#define PLAN_BUDGET_S	   3600 /* where `until` is given and no budget */

struct plan_point {
	json_t *point;	  /* as in the journal: the point's identity */
	json_t *asked;	  /* as the plan has it, where the machine has to say how large or how many;
			     NULL: there is nothing of that */
	int iterations;	  /* samples a run, at least 1 */
	int warmup;	  /* iterations before them, at least 1 */
	int time_limit_s; /* a run that takes longer is killed and recorded as failed */
	int64_t memory;	  /* bytes that it needs at once; 0 until the worker was asked */
	char *origin;	  /* "FILE:LINE: [SECTION]", for messages; NULL if not from a file */
};

/* When a machine that was booted is at rest: all 0 if that is not waited for. */
struct plan_settle {
	int least_s; /* it is up that long, */
	int most_s;  /* and for the rest is not waited longer */
};

struct plan {
	char *name;
	char *summary;	  /* one line of what it is for; NULL if read from JSON, or not said */
	int runs;	  /* fresh processes a point and boot, at least 1 */
	int boots;	  /* starts of each kernel, at least 1 */
	bool boots_named; /* by the file or the command line; of no meaning elsewhere */
	int seed;	  /* of the order in which kernels are started */
	double threshold; /* a change that is none to report, a fraction; below 0: not given */
	double until; /* half-width of intervals at which no more is measured, a fraction; 0: none
		       */
	int budget_s; /* for that, s; 0 if until is */
	bool lines;   /* exact: also which cache lines an op touches */
	bool calls;   /* exact: also who called whom in an op */
	bool profile; /* timed: also where in the kernel an op is, sampled after the timed run */
	char *cache_model; /* exact: also what misses in a model of caches: the user's word or, once
			      measure_plan() has read that file, text; NULL: none */
	struct plan_settle settle;
	bool settle_named;   /* by the file or the command line; of no meaning elsewhere */
	json_t *counters;    /* [libpfm4's name, a tracepoint's or pmu/event/] */
	bool counters_named; /* by the file or the command line; of no meaning elsewhere */
	struct plan_point *points;
	size_t nr_points;
};

/* One run of the plan's order. */
struct plan_step {
	size_t point;
	int run;
};

/*
 * Reads the INI file at path. catalogue is what `faultbench-worker --catalogue` says there is to
 * measure; overrides are nr_overrides texts "key=value", "section.key=value", or, for an option
 * that is a key of the plan, "--key=value", from the command line, which win over the file. Prints
 * one line naming file and line, and returns false, if anything is wrong.
 */
bool plan_read(struct plan *plan, const char *path, const json_t *catalogue, char *const *overrides,
	       size_t nr_overrides);

/*
 * The same with *ret_foreign true: it stays so, and false is returned without a message, if a
 * section names a benchmark that is not in the catalogue, as another catalogue may have it, and
 * nothing else is wrong that can be told without. Else it is set to false.
 */
bool plan_read_known(struct plan *plan, const char *path, const json_t *catalogue,
		     char *const *overrides, size_t nr_overrides, bool *ret_foreign);

/* A new JSON object, as above. */
json_t *plan_to_json(const struct plan *plan);

/* The reverse; returns false, *plan empty, if json is not a plan of a schema we know. */
bool plan_from_json(struct plan *plan, const json_t *json);

/*
 * The order in which a boot carries the plan out: run after run, every point once in each, every
 * second run backwards, so that a drift of the machine falls on all points alike. step counts
 * from 0 to runs * nr_points - 1.
 */
struct plan_step plan_step(const struct plan *plan, size_t step);

/* All steps of a boot, [0, 1, ...]: what a worker is asked to do. */
json_t *plan_all_steps(const struct plan *plan);

/*
 * Which of nr kernels is started in place (0 .. nr - 1) of boot: an order drawn from the seed,
 * every second boot backwards (A B B A), so that a drift of the host falls on all kernels alike.
 */
size_t plan_kernel(const struct plan *plan, size_t nr, int boot, size_t place);

/*
 * The number-th boot that is started (0 ..), when each of nr kernels is booted boots times: which
 * kernel, and in *ret_boot which boot of it.
 */
size_t plan_turn(const struct plan *plan, size_t nr, size_t number, int *ret_boot);

/* What it consists of; who takes it out of a plan closes the gap. */
void plan_point_free(struct plan_point *point);

void plan_free(struct plan *plan);

#endif
