// SPDX-License-Identifier: GPL-2.0-or-later
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/stats/interval.h"

static int by_size(const void *a, const void *b)
{
	double x = fabs(*(const double *)a), y = fabs(*(const double *)b);

	return (x > y) - (x < y);
}

/* Of n values by size the ranks of those above 0; *ret_ties as for Mann-Whitney's. */
static double positive_ranks(const double *sorted, size_t n, double *ret_ties)
{
	double sum = 0, t;
	size_t i, k, end;

	*ret_ties = 0;
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && fabs(sorted[end]) == fabs(sorted[i]); end++)
			;
		t = (double)(end - i);
		*ret_ties += t * t * t - t;
		for (k = i; k < end; k++)
			if (sorted[k] > 0)
				sum += (double)(i + end + 1) / 2;
	}
	return sum;
}

/* P(W <= w): each rank is in the sum or not, as likely. */
static double exact_tail(size_t n, double w)
{
	size_t most = n * (n + 1) / 2, rank, s;
	double *ways = calloc(most + 1, sizeof(*ways)), tail = 0;

	if (!ways)
		return NAN;
	ways[0] = 1;
	for (rank = 1; rank <= n; rank++)
		for (s = most + 1; s-- > rank;)
			ways[s] += ways[s - rank];
	for (s = 0; s <= most && (double)s <= w; s++)
		tail += ways[s];
	free(ways);
	return ldexp(tail, -(int)n);
}

double signed_rank(const double *differences, size_t n)
{
	double *sorted = calloc(n + 1, sizeof(*sorted)), w, ties, all, variance;
	size_t i, nr = 0;

	for (i = 0; sorted && i < n; i++)
		if (differences[i] != 0)
			sorted[nr++] = differences[i];
	if (!sorted)
		return NAN;
	qsort(sorted, nr, sizeof(*sorted), by_size);
	w = positive_ranks(sorted, nr, &ties);
	free(sorted);
	all = (double)nr * (double)(nr + 1) / 2;
	w = fmin(w, all - w);
	if (!(ties > 0) && nr <= SIGNED_RANK_EXACT)
		return n ? fmin(1, 2 * exact_tail(nr, w)) : NAN;
	variance = all * (double)(2 * nr + 1) / 12 - ties / 48;
	return fmin(1, 2 * gsl_cdf_ugaussian_P((w + 0.5 - all / 2) / sqrt(variance)));
}
