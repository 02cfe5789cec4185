/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs of a simulated session that are lost, at random or because they are slow: what is left is
 * then no sample of all.
 */
#ifndef TESTS_TOOLS_SIMULATE_LOST_H
#define TESTS_TOOLS_SIMULATE_LOST_H

#include "tests/tools/simulate.h"

/* By kernel; shares are fractions. */
struct loss {
	enum lost how;	 /* but for boots, whose runs never come */
	double runs[2];	 /* lost at random */
	double boots[2]; /* likewise, whole ones */
	double limit[2]; /* runs of more than so many times the mean are lost; 0: none for that */
};

struct lossy {
	const char *name;
	struct noise noise;
	struct loss loss;
	double effect; /* of kernel 1, beside a slow mode of its own */
};

/* What both kernels lose alike; one of them is slower, or none, and the same for them all. */
#define NR_SIMULATE_ALIKE 5
extern const struct lossy simulate_alike[NR_SIMULATE_ALIKE];

/* What kernel 1 alone loses, or loses because it is slow. */
#define NR_SIMULATE_APART 5
extern const struct lossy simulate_apart[NR_SIMULATE_APART];

/* Draws which runs of a session are lost; mean: what simulate() was given. */
void simulate_lose(struct simulated *s, const struct loss *loss, double mean, gsl_rng *rng);

/* How many runs of a kernel are. */
size_t simulate_lost(const struct simulated *s, int kernel);

#endif
