/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proves, or refutes, what a benchmark promised of one process's memory and faults.
 */
#ifndef BENCH_HARNESS_PROOF_VERIFY_H
#define BENCH_HARNESS_PROOF_VERIFY_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/bench.h"
#include "bench/harness/proof/area_proof.h"
#include "bench/harness/proof/charge.h"

/* How the areas were promised to be, and were, when last looked at; empty if they were not. */
struct areas_seen {
	char wanted[PROVE_TEXT], seen[PROVE_TEXT]; /* in words */
	json_t *state;				   /* as in a run's record */
};

/*
 * What has been seen over a run. A promise that was broken once stays broken. Of numbers the
 * smallest and largest are kept.
 */
struct verdicts {
	long excess_min, excess_max; /* faults beyond those promised, in an iteration */
	bool faults_seen;
	struct areas_seen before, after;
	json_t *given;	/* as their state, of those whose folios the kernel chose: AREA_THERE */
	char node[64];	/* where the pages were, likewise; empty if not bound */
	char why[256];	/* the first broken promise; empty while all hold */
	long splits[2]; /* so far, when the run began: folios of the order, of a PMD's */
	long move_before[BENCH_MAX_MOVES]; /* LONG_MIN: not counted by this kernel */
	long move_min[BENCH_MAX_MOVES], move_max[BENCH_MAX_MOVES];
	long moves_seen, beside; /* ops: all, and those whose workers were side by side; */
	long move_sum[BENCH_MAX_MOVES], move_beside[BENCH_MAX_MOVES]; /* by how much in these */
	struct charge charge;
	size_t space_pages; /* address space after the first iteration, to find leaks */
	int fds;
};

/* Call it before setup. */
void verify_start(struct verdicts *v, const struct bench_run *run);

/* That so many ops took so many faults. */
void verify_faults(struct verdicts *v, const struct bench_run *run, long faults, long ops);

/* What the numbers of promise.moves are just before an op, and how far one op has moved them. */
void verify_moves_before(struct verdicts *v, const struct bench_run *run);
void verify_moves_after(struct verdicts *v, const struct bench_run *run, bool beside);
/* After the last: that those ops whose workers were side by side did move them (moves_beside). */
void verify_moves_beside(struct verdicts *v, struct bench_run *run);

/* That each area is the VMA or VMAs promised: cheap, so done before every op. */
void verify_vmas(struct verdicts *v, const struct bench_run *run);

/* The state promised before op. Walks page tables, which warms them: not before a measured op. */
void verify_before(struct verdicts *v, const struct bench_run *run);

/* The state promised after op. */
void verify_after(struct verdicts *v, const struct bench_run *run);

/* After every op: that the child promised is alive, or that there is none. */
void verify_child(struct verdicts *v, const struct bench_run *run);

/*
 * Called after each disarm: that no memory, descriptor or child was left behind. The first call
 * sets what the others are held against.
 */
void verify_nothing_left(struct verdicts *v, const struct bench_run *run);

/* Breaks a promise; the first reason is kept. */
void verify_broken(struct verdicts *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "5", or "5 to 7". */
void verify_range(long min, long max, char text[64]);

/* Adds {"what": {"wanted", "seen"}} of each number that is promised to move. */
void verify_add_moves(json_t *json, const struct verdicts *v, const struct bench_run *run);

/* {"before", "after", "given"}: which folios there were when last looked at (common/record.h). */
json_t *verify_state(const struct verdicts *v);

/* {promise: {wanted, seen}} in words. */
json_t *verify_to_json(const struct verdicts *v, const struct bench_run *run);

#endif
