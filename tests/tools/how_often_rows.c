// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>

#include "analysis/stats/interval.h"
#include "analysis/stats/summary.h"

#define SEED  20261129
#define ROWS  20
#define ALPHA (1 - INTERVAL_CONFIDENCE)

static const int boot_counts[] = {4, 5, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

bool how_often_overlap(const struct simulated *s)
{
	size_t n = (size_t)(s->design.boots * s->design.runs), k;
	double t = gsl_cdf_tdist_Qinv(ALPHA / 2, (double)n - 1), mean[2], half[2];

	for (k = 0; k < 2; k++) {
		mean[k] = stats_mean(s->runs[k], n);
		half[k] = t * stats_sd(s->runs[k], n) / sqrt((double)n);
	}
	return fabs(mean[1] - mean[0]) <= half[0] + half[1];
}

/* In % of sessions: of all rows, one at least is marked. */
struct found {
	double holm, each, apart;
};

static void play(const struct noise *noise, int boots, int trials, struct found *ret)
{
	struct design design = {.boots = boots, .runs = 4, .iterations = 20};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double p[ROWS], each = 100.0 / trials;
	struct interval interval;
	bool any[2], apart;
	int n, i;

	gsl_rng_set(rng, SEED);
	*ret = (struct found){0};
	for (n = 0; n < trials; n++) {
		any[0] = any[1] = apart = false;
		for (i = 0; i < ROWS; i++) {
			simulate(s, noise, 0, 1e6, rng);
			interval = interval_paired(s->boots[0], s->boots[1], (size_t)boots);
			p[i] = interval_p(&interval, 0, 0);
			any[0] |= p[i] < ALPHA;
			apart |= !how_often_overlap(s);
		}
		interval_holm(p, ROWS);
		for (i = 0; i < ROWS; i++)
			any[1] |= p[i] < ALPHA;
		ret->each += each * any[0];
		ret->holm += each * any[1];
		ret->apart += each * apart;
	}
	gsl_rng_free(rng);
	simulate_free(s);
}

void how_often_rows(int trials)
{
	struct found found;
	size_t k, c;

	printf("\n| paired t with Holm, paired t, intervals that do not overlap |");
	for (c = 0; c < NR_COUNTS; c++)
		printf(" %d boots |", boot_counts[c]);
	printf("\n|---|---:|---:|---:|---:|\n");
	for (k = 0; k < NR_SIMULATE_NOISES; k++) {
		printf("| %s |", simulate_noises[k].name);
		for (c = 0; c < NR_COUNTS; c++) {
			play(&simulate_noises[k], boot_counts[c], trials, &found);
			printf(" **%.1f**, %.1f, %.1f |", found.holm, found.each, found.apart);
		}
		putchar('\n');
		fflush(stdout);
	}
}
