// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/verdict.h"
#include "tests/tools/made.h"
#include "tests/tools/simulate_lost.h"

#define SEED 20261129
#define OVER 1.5 /* the true change, in thresholds */

static const int boot_counts[] = {4, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* In percent of sessions. */
struct found {
	double of[NR_VERDICTS];
	double lost, lost_ok; /* a run of either kernel is, and it is ok all the same */
};

static double threshold_of(const struct lossy *kind, double effect)
{
	double truth = simulate_truth(&kind->noise, effect) - 1;

	return truth > 0 ? truth / OVER : CHECK_THRESHOLD;
}

static void play(const struct lossy *kind, double effect, double threshold, int boots, int trials,
		 struct found *ret)
{
	struct design design = {boots, 4, 4, false};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double each = 100.0 / trials;
	struct check check;
	struct made m;
	bool lost;
	int n;

	made_init(&m, 1, &design);
	gsl_rng_set(rng, SEED);
	*ret = (struct found){0};
	for (n = 0; n < trials; n++) {
		simulate(s, &kind->noise, effect, 1e6, rng);
		simulate_lose(s, &kind->loss, 1e6, rng);
		made_fill(&m, 0, s);
		check = (struct check){.results = &m.results, .threshold = threshold};
		if (!check_make(&check))
			abort();
		lost = simulate_lost(s, 0) + simulate_lost(s, 1);
		ret->of[check.rows[0].verdict] += each;
		ret->lost += each * lost;
		ret->lost_ok += each * (lost && check.rows[0].verdict == VERDICT_OK);
		check_free(&check);
	}
	made_free(&m);
	gsl_rng_free(rng);
	simulate_free(s);
}

static void print_head(const char *what)
{
	size_t c;

	printf("\n| %s |", what);
	for (c = 0; c < NR_COUNTS; c++)
		printf(" %d boots x 4 |", boot_counts[c]);
	printf("\n|---|---:|---:|---:|\n");
}

static void print_alike(const struct lossy *kind, int trials)
{
	double threshold = threshold_of(kind, kind->effect);
	struct found same, worse;
	size_t c;

	printf("| %s |", kind->name);
	for (c = 0; c < NR_COUNTS; c++) {
		play(kind, 0, threshold, boot_counts[c], trials, &same);
		play(kind, kind->effect, threshold, boot_counts[c], trials, &worse);
		printf(" %.1f, %.1f, %.1f, %.1f, %.1f, %.1f |", same.lost,
		       same.of[VERDICT_REGRESSION] + same.of[VERDICT_FAILS], same.of[VERDICT_OK],
		       worse.of[VERDICT_OK], worse.lost_ok, worse.of[VERDICT_REGRESSION]);
	}
	putchar('\n');
	fflush(stdout);
}

static void print_apart(const struct lossy *kind, int trials)
{
	struct found found;
	size_t c;

	printf("| %s |", kind->name);
	for (c = 0; c < NR_COUNTS; c++) {
		play(kind, kind->effect, threshold_of(kind, kind->effect), boot_counts[c], trials,
		     &found);
		printf(" %.1f, %.1f, %.1f, %.1f, %.1f |", found.lost, found.of[VERDICT_OK],
		       found.lost_ok, found.of[VERDICT_FAILS], found.of[VERDICT_REGRESSION]);
	}
	putchar('\n');
	fflush(stdout);
}

void how_often_lost(int trials)
{
	size_t k;

	print_head("both kernels lose: lost, alarms, passes; +3 %: ok, lost and ok, regression");
	for (k = 0; k < NR_SIMULATE_ALIKE; k++)
		print_alike(&simulate_alike[k], trials);
	print_head("one kernel loses: lost, ok, lost and ok, fails, regression");
	for (k = 0; k < NR_SIMULATE_APART; k++)
		print_apart(&simulate_apart[k], trials);
}
