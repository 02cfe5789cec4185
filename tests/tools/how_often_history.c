// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/verdict.h"
#include "analysis/results/bands.h"
#include "analysis/stats/movement.h"
#include "tests/tools/made.h"

#define SEED	   20261129
#define MOST	   16
#define THRESHOLD  0.02
#define BOOTS	   8 /* of the check */
#define PAST_BOOTS 4

/* Of releases; all relative. */
struct past {
	double moves;	   /* standard deviation from one release to the next */
	double boots_vary; /* likewise, of boots, PAST_BOOTS of each release */
	double hiccup;	   /* one release is as much slower */
	double effect;	   /* of the kernel that is checked, beside a move of its own */
	bool next;	   /* it is one release further */
};

static const int release_counts[] = {6, 8, 12, 16};
#define NR_COUNTS (sizeof(release_counts) / sizeof(release_counts[0]))

static const struct {
	const char *name;
	struct past past;
} pasts[] = {
	{"releases alike, 0 %", {0, 0.01, 0, 0, true}},
	{"releases alike, boots differ by 4 %, +3 %", {0, 0.04, 0, 0.03, true}},
	{"one release +50 %, +5 %", {0, 0.01, 0.5, 0.05, true}},
	{"releases move by 1 %", {0.01, 0.01, 0, 0, true}},
	{"releases move by 3 %", {0.03, 0.01, 0, 0, true}},
	{"releases move by 1 %, +10 %", {0.01, 0.01, 0, 0.1, false}},
	{"releases move by 3 %, +10 %", {0.03, 0.01, 0, 0.1, false}},
};
#define NR_PASTS (sizeof(pasts) / sizeof(pasts[0]))

/* The band that a simulated past gives. */
static struct band band_of(const struct past *past, int releases, gsl_rng *rng)
{
	struct measured of[MOST];
	double level = 0, boots[PAST_BOOTS], half;
	struct band band = {0};
	int i, b;

	for (i = 0; i < releases; i++) {
		level += gsl_ran_gaussian(rng, past->moves);
		for (b = 0; b < PAST_BOOTS; b++)
			boots[b] = exp(level + gsl_ran_gaussian(rng, past->boots_vary) +
				       (i == releases / 2 ? log1p(past->hiccup) : 0));
		of[i] = measured_of(boots, PAST_BOOTS);
	}
	half = movement_half(of, (size_t)releases, &band.releases);
	band.low = expm1(-half);
	band.high = expm1(half);
	return band;
}

/* How often each verdict comes, in %. */
static void play(const struct past *past, int releases, int trials, double ret[NR_VERDICTS])
{
	static const struct noise noise = {.boot = 0.003, .run = 0.003, .iteration = 0.01};
	struct design design = {.boots = BOOTS, .runs = 2, .iterations = 2};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct check check;
	struct band band;
	struct made m;
	double move;
	int n, v;

	made_init(&m, 1, &design);
	gsl_rng_set(rng, SEED);
	for (n = 0; n < trials; n++) {
		band = band_of(past, releases, rng);
		json_object_clear(m.results.bands);
		bands_widen(m.results.bands, m.results.points[0], &band);
		move = past->next ? gsl_ran_gaussian(rng, past->moves) : 0;
		simulate(s, &noise, (1 + past->effect) * exp(move) - 1, 1e6, rng);
		made_fill(&m, 0, s);
		check = (struct check){.results = &m.results, .threshold = THRESHOLD};
		if (!check_make(&check))
			abort();
		for (v = 0; v < NR_VERDICTS; v++)
			ret[v] += check.count[v] ? 100.0 / trials : 0;
		check_free(&check);
	}
	made_free(&m);
	gsl_rng_free(rng);
	simulate_free(s);
}

void how_often_history(int trials)
{
	size_t k, c;

	printf("\n| regression, within-band, ok |");
	for (c = 0; c < NR_COUNTS; c++)
		printf(" %d releases |", release_counts[c]);
	printf("\n|---|---:|---:|---:|---:|\n");
	for (k = 0; k < NR_PASTS; k++) {
		printf("| %s |", pasts[k].name);
		for (c = 0; c < NR_COUNTS; c++) {
			double share[NR_VERDICTS] = {0};

			play(&pasts[k].past, release_counts[c], trials, share);
			printf(" %.1f, %.1f, %.1f |", share[VERDICT_REGRESSION],
			       share[VERDICT_WITHIN_BAND], share[VERDICT_OK]);
		}
		putchar('\n');
	}
}
