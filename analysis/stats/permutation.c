// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/permutation.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/interval.h"

#define ALPHA (1 - INTERVAL_CONFIDENCE)

static struct interval compare(const double *values, size_t nr_base, size_t nr_other, bool paired)
{
	return paired ? interval_paired(values, values + nr_base, nr_base)
		      : interval_apart(values, nr_base, values + nr_base, nr_other);
}

/* Swaps the kernels within the blocks that have a bit set. */
static void swap_blocks(const double *from, double *to, size_t n, unsigned long bits)
{
	size_t i;

	for (i = 0; i < n; i++) {
		to[i] = from[bits >> (i % 64) & 1 ? n + i : i];
		to[n + i] = from[bits >> (i % 64) & 1 ? i : n + i];
	}
}

/* Which labelling is the i-th? That and its reverse are one, so the first block stays. */
static unsigned long labelling(size_t i, size_t blocks, gsl_rng *rng)
{
	if (blocks <= 11)
		return i << 1;
	return gsl_rng_get(rng) | gsl_rng_get(rng) << 32;
}

static double alarms(const double *values, double *other, size_t nr_base, size_t nr_other,
		     bool paired, gsl_rng *rng)
{
	size_t ways = paired && nr_base <= 11 ? 1UL << (nr_base - 1) : RELABEL_MOST, i, found = 0;
	struct interval interval;

	memcpy(other, values, (nr_base + nr_other) * sizeof(*other));
	for (i = 0; i < ways; i++) {
		if (paired)
			swap_blocks(values, other, nr_base, labelling(i, nr_base, rng));
		else
			gsl_ran_shuffle(rng, other, nr_base + nr_other, sizeof(*other));
		interval = compare(other, nr_base, nr_other, paired);
		found += interval_p(&interval, 0, 0) < ALPHA;
	}
	return (double)found / (double)ways;
}

double relabel_alarms(const double *base, size_t nr_base, const double *other, size_t nr_other,
		      bool paired)
{
	size_t n = nr_base + nr_other;
	double *values = calloc(2 * n + 1, sizeof(*values)), result = NAN;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	if (values && rng && nr_base > 1 && nr_other > 1) {
		memcpy(values, base, nr_base * sizeof(*base));
		memcpy(values + nr_base, other, nr_other * sizeof(*other));
		result = alarms(values, values + n, nr_base, nr_other, paired, rng);
	}
	if (rng)
		gsl_rng_free(rng);
	free(values);
	return result;
}
