// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/tail.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/stats/beta.h"
#include "analysis/stats/fisher.h"
#include "analysis/stats/interval.h"
#include "analysis/stats/summary.h"

#define NORMAL_MAD 1.4826 /* sd of a normal distribution over the median of distances */

/* How bad a run is; NaN if it has no value. */
static double badness(const struct result_run *run, const struct metric *metric)
{
	double value = run_value(run, metric);

	if (!(value > 0))
		return NAN;
	return metric->better == METRIC_MORE ? 1 / value : value;
}

/* From where on a run is slow, infinite if there is none; *ret_median: of the runs' badness. */
static double limit_of(const struct sequence *s, const struct metric *metric, double *ret_median)
{
	double *values = calloc(s->nr + 1, sizeof(*values)), far;
	size_t i, nr = 0;

	*ret_median = NAN;
	for (i = 0; values && i < s->nr; i++)
		if (isfinite(badness(s->run[i], metric)))
			values[nr++] = badness(s->run[i], metric);
	if (!nr) {
		free(values);
		return INFINITY;
	}
	stats_sort(values, nr);
	*ret_median = stats_quantile(values, nr, 0.5);
	for (i = 0; i < nr; i++)
		values[i] = fabs(values[i] - *ret_median);
	stats_sort(values, nr);
	far = TAIL_SDS * NORMAL_MAD * stats_quantile(values, nr, 0.5);
	free(values);
	return *ret_median + fmax(far, TAIL_FAR * *ret_median);
}

static void count(struct tail *t, unsigned int side, const struct sequence *s,
		  const struct metric *metric)
{
	double median, limit = limit_of(s, metric, &median), bad, sum, far = 0;
	size_t i, k, end, slow, had;

	for (i = 0; i < s->nr; i = end) {
		end = sequence_end(s, i, t->by_boot);
		for (k = i, slow = 0, had = 0, sum = 0; k < end; k++) {
			bad = badness(s->run[k], metric);
			had += isfinite(bad);
			sum += isfinite(bad) ? bad : 0;
			slow += bad > limit;
		}
		t->trials[side] += had > 0;
		t->slow[side] += slow > 0;
		far += slow ? sum / (double)had / median - 1 : 0;
	}
	if (t->slow[side])
		t->far[side] = far / (double)t->slow[side];
}

void tail_of(struct tail *ret, const struct sequence s[2], const struct metric *metric,
	     bool by_boot)
{
	*ret = (struct tail){.by_boot = by_boot, .p = 1};
	if (metric->better == METRIC_NEITHER)
		return;
	count(ret, 0, &s[0], metric);
	count(ret, 1, &s[1], metric);
	ret->p = fisher_more(ret->slow, ret->trials);
}

void tail_judge(struct tail *const *of, size_t nr)
{
	double *p = calloc(nr + 1, sizeof(*p));
	size_t i, tested = 0;

	for (i = 0; p && i < nr; i++)
		if (of[i]->slow[0] + of[i]->slow[1])
			p[tested++] = of[i]->p;
	if (p)
		interval_holm(p, tested);
	for (i = 0, tested = 0; p && i < nr; i++)
		if (of[i]->slow[0] + of[i]->slow[1])
			of[i]->more = p[tested++] <= TAIL_ALPHA;
	free(p);
}

/*
 * How much worse the kernel's mean may be than it was, as a share of its median: of the share of
 * slow ones the upper bound (Clopper, Pearson, Biometrika 26, 1934). Student's t has it too low
 * where they are few.
 */
static double may_be_more(const struct tail *t)
{
	double n = (double)t->trials[1], k = (double)t->slow[1], most = 1;

	if (!t->slow[1])
		return 0;
	if (t->slow[1] < t->trials[1])
		most = beta_quantile(1 - TAIL_BOUND, k + 1, n - k);
	return (most - k / n) * t->far[1];
}

char *tail_why(const struct tail *t, const char *const label[2], double worse, double bound)
{
	const char *what = t->by_boot ? "boots" : "runs", *are = t->by_boot ? "have runs" : "are";
	double most = worse + may_be_more(t);
	char *text = NULL;
	int put = 0;

	if (t->more)
		put = asprintf(&text,
			       "%zu of %zu %s of %s %s far slower than most, %zu of %zu of %s (p = "
			       "%.2g)",
			       t->slow[1], t->trials[1], what, label[1], are, t->slow[0],
			       t->trials[0], label[0], t->p);
	else if (t->slow[1] && most >= bound)
		put = asprintf(&text,
			       "%zu of %zu %s of %s %s far slower than most: as many as there may "
			       "be make it %+.3g %%",
			       t->slow[1], t->trials[1], what, label[1], are, 100 * most);
	return put < 0 ? NULL : text;
}

double tail_unseen(size_t n)
{
	return 1 - pow(TAIL_ALPHA, 1 / (double)n);
}
