/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of two kernels whose true ratio is known, with the noise that real ones have: levels (boot,
 * run, iteration), drift over the session, modes, heavy tails. Boots are interleaved as a plan
 * orders them.
 */
#ifndef TESTS_SIMULATE_H
#define TESTS_SIMULATE_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

/* All relative: 0.01 is 1 %. */
struct noise {
	const char *name;
	double boot, run, iteration;  /* standard deviations of each level, on a log scale */
	double drift;		      /* change from the first to the last moment of the session */
	double mode_boots, mode_runs; /* how many are in the slow mode */
	double mode;		      /* how much slower that is */
	double tails;		      /* degrees of freedom of Student's t in place of normal; 0 */
	double first_run;	      /* how much slower the first run of a boot is */
};

/* What real ones look like. The last is the hardest: two kinds of boots, far apart. */
#define NR_SIMULATE_NOISES 8
extern const struct noise simulate_noises[NR_SIMULATE_NOISES];

struct design {
	int boots, runs, iterations;
};

/* Of two kernels, 0 the base; all arrays are the caller's, as simulate_new() makes them. */
struct simulated {
	struct design design;
	double *samples[2]; /* [boot][run][iteration], ns */
	double *runs[2];    /* means: [boot][run] */
	double *boots[2];   /* means: [boot] */
	double *started[2]; /* of runs, s: [boot][run] */
	double sign[64];    /* by boot: 1 where the base came first, else -1 */
};

struct simulated *simulate_new(const struct design *design);
void simulate_free(struct simulated *s);

/* Draws a session; effect 0.01 makes kernel 1 truly slower by 1 %. mean in ns. */
void simulate(struct simulated *s, const struct noise *noise, double effect, double mean,
	      gsl_rng *rng);

#endif
