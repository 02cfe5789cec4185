// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/verdict.h"
#include "tests/tools/made.h"
#include "tests/tools/simulate.h"

#define SEED	  20261129
#define THRESHOLD CHECK_THRESHOLD

/* Sessions that are checked as a whole. */
struct kind {
	const char *name;
	int points;
	bool sequential;
	struct noise noise;
	double spread; /* sd of the logarithm of points' noise */
	double odd;    /* how many times as noisy as the others the last point is; 0: as they are */
};

#define PLAIN .boot = 0.01, .run = 0.005, .iteration = 0.02

static const struct kind drifts[] = {
	{"in turn, no drift", 1, false, {PLAIN}, 0, 0},
	{"in turn, drift of 16 %", 1, false, {PLAIN, .drift = 0.16}, 0, 0},
	{"one after the other, no drift", 1, true, {PLAIN}, 0, 0},
	{"one after the other, drift of -4 %", 1, true, {PLAIN, .drift = -0.04}, 0, 0},
	{"one after the other, drift of 4 %", 1, true, {PLAIN, .drift = 0.04}, 0, 0},
	{"one after the other, drift of 8 %", 1, true, {PLAIN, .drift = 0.08}, 0, 0},
	{"one after the other, drift of 16 %", 1, true, {PLAIN, .drift = 0.16}, 0, 0},
};

static const struct kind many[] = {
	{"1 point", 1, false, {PLAIN}, 0, 0},
	{"20 points, boots differ by 1 % at each", 20, false, {PLAIN}, 0, 0},
	{"the same, nothing else differs", 20, false, {.boot = 0.01}, 0, 0},
	{"a boot moves all by 1 %",
	 20,
	 false,
	 {.shared = 0.01, .run = 0.005, .iteration = 0.02},
	 0,
	 0},
	{"by 0.7 %, and each by 0.7 %",
	 20,
	 false,
	 {.shared = 0.007, .boot = 0.007, .run = 0.005, .iteration = 0.02},
	 0,
	 0},
	{"noise of points varies by 30 %", 20, false, {PLAIN}, 0.3, 0},
	{"noise of points varies by 60 %", 20, false, {PLAIN}, 0.6, 0},
	{"one point 2 times as noisy", 20, false, {PLAIN}, 0, 2},
	{"one point 4 times as noisy", 20, false, {PLAIN}, 0, 4},
	{"heavy tails (t, 4 df)", 20, false, {PLAIN, .tails = 4}, 0, 0},
	{"half of the boots 2 % slower", 20, false, {PLAIN, .mode_boots = 0.5, .mode = 0.02}, 0, 0},
	{"6 points", 6, false, {PLAIN}, 0, 0},
	{"6 points, noise varies by 60 %", 6, false, {PLAIN}, 0.6, 0},
};

static const int boot_counts[] = {4, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* In percent of sessions, the last two of points. */
struct seen {
	double alarms; /* no difference: a regression anywhere */
	double passes; /* no difference: all is ok */
	double misses; /* the first point 1.5 thresholds slower: it is ok */
	double found;  /* it is a regression */
	double any;    /* no difference, threshold 0: an alarm anywhere */
	double held;   /* the interval holds the truth */
	double odd;    /* that of the last point does */
};

static struct noise of_point(const struct kind *kind, int point, gsl_rng *rng)
{
	double times = exp(gsl_ran_gaussian(rng, kind->spread));
	struct noise noise = kind->noise;

	if (point == kind->points - 1 && kind->odd > 0)
		times *= kind->odd;
	noise.boot *= times;
	noise.run *= times;
	noise.iteration *= times;
	return noise;
}

static void session(struct made *m, struct simulated *s, const struct kind *kind, double effect,
		    gsl_rng *rng)
{
	struct noise noise;
	int p;

	simulate_shared(s, &kind->noise, rng);
	for (p = 0; p < kind->points; p++) {
		noise = of_point(kind, p, rng);
		simulate(s, &noise, p ? 0 : effect, 1e6, rng);
		made_fill(m, (size_t)p, s);
	}
}

static bool holds(const struct check_row *row, double truth)
{
	return row->low <= truth && truth <= row->high;
}

/* What designs say, which is the same in all sessions. */
static struct power *power;
static size_t nr_power;

static bool make(struct check *check, const struct results *results, double threshold)
{
	*check = (struct check){
		.results = results, .threshold = threshold, .power = power, .nr_power = nr_power};
	if (!check_make(check))
		return false;
	power = check->power;
	nr_power = check->nr_power;
	check->power = NULL;
	return true;
}

/* One session with no difference, and one in which the first point is slower. */
static bool see(struct seen *seen, const struct results *results, bool slower, double share)
{
	struct check check;
	size_t i;

	if (!make(&check, results, THRESHOLD))
		return false;
	if (slower) {
		seen->misses += check.rows[0].verdict == VERDICT_OK ? share : 0;
		seen->found += check.rows[0].verdict == VERDICT_REGRESSION ? share : 0;
	} else {
		seen->alarms += check.count[VERDICT_REGRESSION] ? share : 0;
		seen->passes += check_status(&check) ? 0 : share;
		for (i = 0; i < check.nr_rows; i++)
			seen->held += holds(&check.rows[i], 0) ? share / (double)check.nr_rows : 0;
		seen->odd += holds(&check.rows[check.nr_rows - 1], 0) ? share : 0;
	}
	check_free(&check);
	if (slower)
		return true;
	if (!make(&check, results, 0))
		return false;
	seen->any += check.count[VERDICT_REGRESSION] + check.count[VERDICT_IMPROVEMENT] ? share : 0;
	check_free(&check);
	return true;
}

static struct seen play(const struct kind *kind, int boots, int trials)
{
	struct design design = {boots, 4, 20, kind->sequential};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct seen seen = {0};
	struct made m;
	int n;

	made_init(&m, kind->points, &design);
	gsl_rng_set(rng, SEED);
	for (n = 0; n < 2 * trials; n++) {
		session(&m, s, kind, n % 2 ? 1.5 * THRESHOLD : 0, rng);
		if (!see(&seen, &m.results, n % 2, 100.0 / trials))
			break;
	}
	made_free(&m);
	gsl_rng_free(rng);
	simulate_free(s);
	return seen;
}

static void print_kinds(const char *title, const struct kind *kinds, size_t nr, int trials)
{
	struct seen seen;
	size_t c, k;

	printf("\n%s\n", title);
	for (c = 0; c < NR_COUNTS; c++) {
		printf("\n| %d boots | false alarms | without threshold | A/A passes | +3 %% is ok "
		       "| "
		       "+3 %% is found | interval holds | of the last point |\n"
		       "|---|---:|---:|---:|---:|---:|---:|---:|\n",
		       boot_counts[c]);
		for (k = 0; k < nr; k++) {
			seen = play(&kinds[k], boot_counts[c], trials);
			printf("| %s | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f |\n",
			       kinds[k].name, seen.alarms, seen.any, seen.passes, seen.misses,
			       seen.found, seen.held, seen.odd);
			fflush(stdout);
		}
	}
}

void how_often_checks(int trials)
{
	printf("\nWhole checks with a threshold of %.0f %%, in %% of %d sessions\n",
	       100 * THRESHOLD, trials);
	print_kinds("Many points:", many, sizeof(many) / sizeof(many[0]), trials);
	print_kinds("Drift:", drifts, sizeof(drifts) / sizeof(drifts[0]), trials);
	free(power);
}
