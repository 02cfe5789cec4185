// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <math.h>
#include <stdio.h>

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
};

#define PLAIN .boot = 0.01, .run = 0.005, .iteration = 0.02

static const struct kind drifts[] = {
	{"in turn, no drift", 1, false, {PLAIN}},
	{"in turn, drift of 16 %", 1, false, {PLAIN, .drift = 0.16}},
	{"one after the other, no drift", 1, true, {PLAIN}},
	{"one after the other, drift of -4 %", 1, true, {PLAIN, .drift = -0.04}},
	{"one after the other, drift of 4 %", 1, true, {PLAIN, .drift = 0.04}},
	{"one after the other, drift of 8 %", 1, true, {PLAIN, .drift = 0.08}},
	{"one after the other, drift of 16 %", 1, true, {PLAIN, .drift = 0.16}},
};

static const int boot_counts[] = {4, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* In percent of sessions. */
struct seen {
	double alarms; /* no difference: a regression anywhere */
	double passes; /* no difference: all is ok */
	double misses; /* the first point 1.5 thresholds slower: it is ok */
	double found;  /* it is a regression */
};

static void session(struct made *m, struct simulated *s, const struct kind *kind, double effect,
		    gsl_rng *rng)
{
	int p;

	simulate_shared(s, &kind->noise, rng);
	for (p = 0; p < kind->points; p++) {
		simulate(s, &kind->noise, p ? 0 : effect, 1e6, rng);
		made_fill(m, (size_t)p, s);
	}
}

static struct seen play(const struct kind *kind, int boots, int trials)
{
	struct design design = {boots, 4, 5, kind->sequential};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	const double share = 100.0 / trials;
	struct seen seen = {0};
	struct check check;
	struct made m;
	int n, slower;

	made_init(&m, kind->points, &design);
	gsl_rng_set(rng, SEED);
	for (n = 0; n < 2 * trials; n++) {
		slower = n % 2;
		session(&m, s, kind, slower ? 1.5 * THRESHOLD : 0, rng);
		check = (struct check){.results = &m.results, .threshold = THRESHOLD};
		if (!check_make(&check))
			break;
		if (slower) {
			seen.misses += check.rows[0].verdict == VERDICT_OK ? share : 0;
			seen.found += check.rows[0].verdict == VERDICT_REGRESSION ? share : 0;
		} else {
			seen.alarms += check.count[VERDICT_REGRESSION] ? share : 0;
			seen.passes += check_status(&check) ? 0 : share;
		}
		check_free(&check);
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
		printf("\n| %d boots | false alarms | A/A passes | +3 %% is ok | +3 %% is found |\n"
		       "|---|---:|---:|---:|---:|\n",
		       boot_counts[c]);
		for (k = 0; k < nr; k++) {
			seen = play(&kinds[k], boot_counts[c], trials);
			printf("| %s | %.1f | %.1f | %.1f | %.1f |\n", kinds[k].name, seen.alarms,
			       seen.passes, seen.misses, seen.found);
			fflush(stdout);
		}
	}
}

void how_often_checks(int trials)
{
	printf("\nWhole checks with a threshold of %.0f %%, in %% of %d sessions\n",
	       100 * THRESHOLD, trials);
	print_kinds("Drift:", drifts, sizeof(drifts) / sizeof(drifts[0]), trials);
}
