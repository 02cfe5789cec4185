// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/simulate_lost.h"

#include <gsl/gsl_rng.h>

#define PLAIN .boot = 0.01, .run = 0.005, .iteration = 0.02
#define SLOW  .mode_runs = 0.1, .mode = 0.45 /* of runs; beyond FAR */
#define FAR   1.25

const struct lossy simulate_alike[NR_SIMULATE_ALIKE] = {
	{"5 % of runs fail", {PLAIN}, {.how = LOST_FAILED, .runs = {0.05, 0.05}}, 0.03},
	{"1 boot in 10 never comes", {PLAIN}, {.boots = {0.1, 0.1}}, 0.03},
	{"1 % of runs are void", {PLAIN}, {.how = LOST_VOID, .runs = {0.01, 0.01}}, 0.03},
	{"a time limit cuts slow runs, 1 in 10",
	 {PLAIN, SLOW},
	 {.how = LOST_LATE, .limit = {FAR, FAR}},
	 0.03},
	{"a time limit cuts what is 5 % above the mean",
	 {.boot = 0.01, .run = 0.03, .iteration = 0.02},
	 {.how = LOST_LATE, .limit = {1.05, 1.05}},
	 0.03},
};

const struct lossy simulate_apart[NR_SIMULATE_APART] = {
	{"5 % of its runs fail", {PLAIN}, {.how = LOST_FAILED, .runs = {0, 0.05}}, 0},
	{"25 % of its runs fail", {PLAIN}, {.how = LOST_FAILED, .runs = {0, 0.25}}, 0},
	{"1 boot in 5 of it never comes", {PLAIN}, {.boots = {0, 0.2}}, 0},
	{"a time limit cuts its slow runs, 1 in 10",
	 {PLAIN, SLOW, .mode_after = true},
	 {.how = LOST_LATE, .limit = {FAR, FAR}},
	 0},
	{"its slow runs fail, 1 in 10, and of base as many at random",
	 {PLAIN, SLOW, .mode_after = true},
	 {.how = LOST_FAILED, .runs = {0.1, 0}, .limit = {0, FAR}},
	 0},
};

static enum lost fate_of(const struct loss *loss, int kernel, double run, double mean, gsl_rng *rng)
{
	if (loss->limit[kernel] > 0 && run > loss->limit[kernel] * mean)
		return loss->how;
	if (loss->runs[kernel] > 0 && gsl_rng_uniform(rng) < loss->runs[kernel])
		return loss->how;
	return LOST_NOT;
}

void simulate_lose(struct simulated *s, const struct loss *loss, double mean, gsl_rng *rng)
{
	int kernel, boot, r, at, runs = s->design.runs;
	bool gone;

	for (kernel = 0; kernel < 2; kernel++) {
		for (boot = 0; boot < s->design.boots; boot++) {
			gone = loss->boots[kernel] > 0 &&
			       gsl_rng_uniform(rng) < loss->boots[kernel];
			for (r = 0; r < runs; r++) {
				at = boot * runs + r;
				s->lost[kernel][at] =
					gone ? LOST_GONE
					     : fate_of(loss, kernel, s->runs[kernel][at], mean,
						       rng);
			}
		}
	}
}

size_t simulate_lost(const struct simulated *s, int kernel)
{
	size_t i, nr = 0;

	for (i = 0; i < (size_t)(s->design.boots * s->design.runs); i++)
		nr += s->lost[kernel][i] != LOST_NOT;
	return nr;
}
