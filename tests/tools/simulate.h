/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times of two kernels whose true ratio is known, with the noise that real ones have: levels (boot,
 * run, iteration), drift over the session, modes, heavy tails. Boots are interleaved as a plan
 * orders them.
 */
#ifndef TESTS_TOOLS_SIMULATE_H
#define TESTS_TOOLS_SIMULATE_H

#include <gsl/gsl_rng.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/stats/interval.h"

/* All relative: 0.01 is 1 %. */
struct noise {
	const char *name;
	double boot, run, iteration; /* standard deviations of each level, on a log scale */
	double drift;		     /* change from the first to the last moment of the session */
	double mode_boots, mode_runs, mode_iterations; /* how many are in the slow mode */
	double mode;				       /* how much slower that is */
	double tails;	  /* degrees of freedom of Student's t in place of normal; 0 */
	double first_run; /* how much slower the first run of a boot is */
	double shared;	  /* sd of what a boot does to all points alike */
	bool mode_after;  /* the slow mode is kernel 1's alone */
};

/* What real ones look like. The last is the hardest: two kinds of boots, far apart. */
#define NR_SIMULATE_NOISES 8
extern const struct noise simulate_noises[NR_SIMULATE_NOISES];

#define SEQUENTIAL_MOST 256 /* boots of a session */

/* What a few boots or runs are far slower in, of both kernels and of kernel 1 alone. */
#define NR_SIMULATE_TAILS 13
extern const struct noise simulate_tails[NR_SIMULATE_TAILS];

struct design {
	int boots, runs, iterations;
	bool sequential; /* one kernel after the other, not in turn */
};

/* What became of a run. */
enum lost {
	LOST_NOT,
	LOST_FAILED, /* by a signal */
	LOST_LATE,   /* it had no end within the time limit */
	LOST_VOID,   /* it was not in the state that was asked for */
	LOST_GONE,   /* nothing is known of it */
};

/* Of two kernels, 0 the base; all arrays are the caller's, as simulate_new() makes them. */
struct simulated {
	struct design design;
	double *samples[2]; /* [boot][run][iteration], ns */
	double *runs[2];    /* means: [boot][run] */
	double *boots[2];   /* means: [boot] */
	double *started[2]; /* of runs, s: [boot][run] */
	double *sign;	    /* by boot: 1 where the base came first, else -1 */
	double *shared[2];  /* by boot: what it does to all points, a log; 0 */
	size_t slow[2];	    /* boots, runs and iterations that were drawn into the slow mode */
	enum lost *lost[2]; /* [boot][run]: as simulate_lose() says (simulate_lost.h) */
};

struct simulated *simulate_new(const struct design *design);
void simulate_free(struct simulated *s);

/* Draws what the boots of a session do to all of its points, which simulate() then adds. */
void simulate_shared(struct simulated *s, const struct noise *noise, gsl_rng *rng);

/* Draws a session, of one point; effect 0.01 makes kernel 1 truly slower by 1 %. mean in ns. */
void simulate(struct simulated *s, const struct noise *noise, double effect, double mean,
	      gsl_rng *rng);

/* Only its first boots, around 1 ns. */
void simulate_boots(struct simulated *s, const struct noise *noise, double effect, int boots,
		    gsl_rng *rng);

/* The true ratio of the kernels' means: 1 + effect, and what kernel 1's own slow mode adds. */
double simulate_truth(const struct noise *noise, double effect);

/*
 * A way to let the data say how much is measured: after at least so many units, and again and again
 * until most, stop if the interval at this confidence is narrow enough; the one that is reported is
 * at another.
 */
struct sequential {
	const char *name;
	int least;
	int (*next)(int units, int least); /* when it looks again */
	double stops, reports;
	bool two_stages; /* looks once, and makes all that it then takes (Stein, 1945) */
	double quantile[SEQUENTIAL_MOST + 1]; /* of Student's distribution, by units; set by init */
};

void sequential_init(struct sequential *rule);

#define SEQUENTIAL_BLOCKS (-1) /* in place of a kernel: the change, in blocks; else its mean */

/* Of the first units of a session, which are its boots. */
struct interval sequential_interval(const struct simulated *s, int kernel, int units);

/* How many units come together where half an interval (a log) is to be at most target; most units.
 */
int sequential_units(const struct sequential *rule, const struct simulated *s, int kernel, int most,
		     double target);

/*
 * The half interval that a planned design of so many units has on the average; *ret_truth is what
 * is to be found, a log.
 */
double sequential_target(const struct sequential *rule, const struct noise *noise, int kernel,
			 const struct design *design, int units, double *ret_truth);

/*
 * Noise whose drift goes on and on: as much in each 16 units as it has in a session of simulate(),
 * of which there are `units` in one.
 */
struct noise sequential_noise(const struct noise *noise, int units);

#endif
