// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/pairs.h"
#include "analysis/compare/verdict.h"
#include "tests/tools/made.h"

#define SEED	  20261129
#define OVER	  1.5 /* the true change, in thresholds */
#define THRESHOLD 0.005

static const int boot_counts[] = {2, 3, 4, 5, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* How counts differ from boot to boot: a little, and by the mode that a boot happens to be in. */
static const struct noise kinds[] = {
	{.name = "one mode", .boot = 1e-5},
	{.name = "half of the boots 1 % above", .boot = 1e-5, .mode_boots = 0.5, .mode = 0.01},
	{.name = "1 boot in 5 1 % above", .boot = 1e-5, .mode_boots = 0.2, .mode = 0.01},
	{.name = "half of the boots 0.2 % above", .boot = 1e-5, .mode_boots = 0.5, .mode = 0.002},
	{.name = "boots differ by 0.1 %", .boot = 1e-3},
};
#define NR_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* In percent of sessions. */
struct found {
	double marks; /* `compare` says more or less */
	double of[NR_VERDICTS];
};

static bool is_marked(const struct made *m)
{
	struct difference d;
	struct pair pair;

	pair_cells(&pair, m->kernels[0].cells[0], m->kernels[1].cells[0]);
	pair_difference(&pair, m->kernels[0].cells[0]->op, &d);
	pair_free(&pair);
	return d.outcome == OUTCOME_LESS || d.outcome == OUTCOME_MORE;
}

static void play(const struct noise *noise, double effect, int boots, int trials, struct found *ret)
{
	struct design design = {boots, 1, 1, false};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double each = 100.0 / trials;
	struct check check;
	struct made m;
	int n;

	made_init(&m, 1, &design);
	made_counts(&m);
	gsl_rng_set(rng, SEED);
	*ret = (struct found){0};
	for (n = 0; n < trials; n++) {
		simulate(s, noise, effect, 1e7, rng);
		made_fill(&m, 0, s);
		check = (struct check){.results = &m.results, .threshold = THRESHOLD};
		if (!check_make(&check))
			abort();
		ret->of[check.rows[0].verdict] += each;
		ret->marks += each * is_marked(&m);
		check_free(&check);
	}
	made_free(&m);
	gsl_rng_free(rng);
	simulate_free(s);
}

void how_often_counts(int trials)
{
	struct found same, worse;
	size_t k, c;

	printf("\n| no difference: marks, alarms, passes; %+.3g %%: ok, regression |",
	       100 * OVER * THRESHOLD);
	for (c = 0; c < NR_COUNTS; c++)
		printf(" %d boots |", boot_counts[c]);
	printf("\n|---|---:|---:|---:|---:|---:|---:|\n");
	for (k = 0; k < NR_KINDS; k++) {
		printf("| %s |", kinds[k].name);
		for (c = 0; c < NR_COUNTS; c++) {
			play(&kinds[k], 0, boot_counts[c], trials, &same);
			play(&kinds[k], OVER * THRESHOLD, boot_counts[c], trials, &worse);
			printf(" %.1f, %.1f, %.1f, %.1f, %.1f |", same.marks,
			       same.of[VERDICT_REGRESSION], same.of[VERDICT_OK],
			       worse.of[VERDICT_OK], worse.of[VERDICT_REGRESSION]);
		}
		putchar('\n');
		fflush(stdout);
	}
}
