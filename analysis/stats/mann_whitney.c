// SPDX-License-Identifier: GPL-2.0-or-later
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "analysis/stats/interval.h"

struct value {
	double value;
	bool base;
};

static int by_value(const void *a, const void *b)
{
	const struct value *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

/*
 * The sum of base's ranks among n sorted values, tied ones sharing the mean of theirs. *ret_ties is
 * the sum of t^3 - t over groups of t tied values.
 */
static double rank_sum(const struct value *all, size_t n, double *ret_ties)
{
	double sum = 0, t;
	size_t i, k, end;

	*ret_ties = 0;
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && all[end].value == all[i].value; end++)
			;
		t = (double)(end - i);
		*ret_ties += t * t * t - t;
		for (k = i; k < end; k++)
			if (all[k].base)
				sum += (double)(i + end + 1) / 2;
	}
	return sum;
}

/*
 * P(U <= u) under the hypothesis: ways[j][s] counts the choices of j of the values seen so far
 * whose ranks, less the least possible, sum up to s.
 */
static double exact_tail(size_t m, size_t n, double u)
{
	size_t most = m * n, width = most + 1, rank, j, s;
	double *ways = calloc((m + 1) * width, sizeof(*ways)), all = 0, tail = 0;

	if (!ways)
		return NAN;
	ways[0] = 1;
	for (rank = 0; rank < m + n; rank++)
		for (j = rank < m ? rank + 1 : m; j > 0; j--)
			for (s = most + 1; s-- > rank - (j - 1) && rank - (j - 1) <= most;)
				ways[j * width + s] += ways[(j - 1) * width + s - (rank - (j - 1))];
	for (s = 0; s <= most; s++) {
		all += ways[m * width + s];
		tail += (double)s <= u ? ways[m * width + s] : 0;
	}
	free(ways);
	return tail / all;
}

static double approximate(double m, double n, double u, double ties)
{
	double all = m + n, variance;

	variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));
	if (!(variance > 0))
		return 1;
	return fmin(1, 2 * gsl_cdf_ugaussian_P((u + 0.5 - m * n / 2) / sqrt(variance)));
}

double mann_whitney(const double *base, size_t nr_base, const double *other, size_t nr_other)
{
	size_t n = nr_base + nr_other, i;
	struct value *all;
	double u, ties;

	all = nr_base && nr_other ? calloc(n, sizeof(*all)) : NULL;
	if (!all)
		return NAN;
	for (i = 0; i < n; i++)
		all[i] = i < nr_base ? (struct value){base[i], true}
				     : (struct value){other[i - nr_base], false};
	qsort(all, n, sizeof(*all), by_value);
	u = rank_sum(all, n, &ties) - (double)nr_base * (double)(nr_base + 1) / 2;
	free(all);
	u = fmin(u, (double)nr_base * (double)nr_other - u);
	if (ties > 0 || n > MANN_WHITNEY_EXACT)
		return approximate((double)nr_base, (double)nr_other, u, ties);
	return fmin(1, 2 * exact_tail(nr_base, nr_other, u));
}
