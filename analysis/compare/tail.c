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
static double badness(const struct sequence *s, size_t run, const struct metric *metric)
{
	double value = sequence_value(s, run, metric);

	if (!(value > 0))
		return NAN;
	return metric->better == METRIC_MORE ? 1 / value : value;
}

/* The time of its worst iteration. */
static double worst_of(const struct sequence *s, size_t run)
{
	return s->run[run]->max / (s->level ? s->level[run] : 1);
}

/* Of the runs of a kernel. */
struct usual {
	double plain;	  /* badness of those that are like most: their mean */
	double slow;	  /* beyond this a run is slow */
	double apart;	  /* beyond this it is none of most */
	double iteration; /* likewise, its worst iteration */
};

/* Badness of those runs that have a value, or the time of the worst iteration; sorted. */
static size_t sorted(const struct sequence *s, const struct metric *metric, bool worst,
		     double *values)
{
	size_t i, nr = 0;

	for (i = 0; i < s->nr; i++) {
		values[nr] = worst ? worst_of(s, i) : badness(s, i, metric);
		nr += isfinite(values[nr]) && values[nr] > 0;
	}
	stats_sort(values, nr);
	return nr;
}

static bool is_apart(const struct sequence *s, size_t run, const struct metric *metric,
		     const struct usual *u)
{
	return badness(s, run, metric) > u->apart || worst_of(s, run) > u->iteration;
}

static void fill_plain(struct usual *u, const struct sequence *s, const struct metric *metric)
{
	double sum = 0, bad;
	size_t i, nr = 0;

	for (i = 0; i < s->nr; i++) {
		bad = badness(s, i, metric);
		if (!isfinite(bad) || is_apart(s, i, metric, u))
			continue;
		sum += bad;
		nr++;
	}
	u->plain = sum / (double)nr;
}

/* Infinite limits if there is no value. */
static struct usual usual_of(const struct sequence *s, const struct metric *metric)
{
	struct usual u = {NAN, INFINITY, INFINITY, INFINITY};
	double *values = calloc(s->nr + 1, sizeof(*values)), far, median;
	size_t i, nr;

	nr = values ? sorted(s, metric, true, values) : 0;
	if (nr && metric_is_time(metric))
		u.iteration = TAIL_ITERATION * stats_quantile(values, nr, 0.25);
	nr = values ? sorted(s, metric, false, values) : 0;
	if (nr) {
		median = stats_quantile(values, nr, 0.5);
		for (i = 0; i < nr; i++)
			values[i] = fabs(values[i] - median);
		stats_sort(values, nr);
		far = TAIL_SDS * NORMAL_MAD * stats_quantile(values, nr, 0.5);
		u.apart = median + far;
		u.slow = median + fmax(far, TAIL_FAR * median);
	}
	free(values);
	fill_plain(&u, s, metric);
	return u;
}

/* Units, and those that have a run apart from most: by how much these are worse. */
struct share {
	size_t nr, apart;
	double excess, squares; /* sums, of what is usual */
};

static void add_apart(struct share *share, double excess)
{
	share->apart++;
	share->excess += fmax(excess, 0);
	share->squares += fmax(excess, 0) * fmax(excess, 0);
}

/*
 * How much worse the mean of all may be than it was, by the upper bound of the share (Clopper,
 * Pearson, Biometrika 26, 1934). Where they are not all as bad, they count as the fewer that would
 * vary as much (Fay, Feuer, Statistics in Medicine 16, 1997).
 */
static double may_be_more(const struct share *share)
{
	double size, k, n, most = 1;

	if (!(share->excess > 0))
		return 0;
	size = share->squares / share->excess;
	k = share->excess / size;
	n = k * (double)share->nr / (double)share->apart;
	if (share->apart < share->nr)
		most = beta_quantile(1 - TAIL_BOUND, k + 1, n - k);
	return (most - k / n) * size;
}

/* What the runs of a unit come to. */
struct counted {
	size_t had, slow, apart;
	double sum;
};

static struct counted counted_of(const struct sequence *s, size_t from, size_t end,
				 const struct metric *metric, const struct usual *u)
{
	struct counted c = {0};
	double bad;
	size_t i;

	for (i = from; i < end; i++) {
		bad = badness(s, i, metric);
		if (!isfinite(bad))
			continue;
		c.had++;
		c.sum += bad;
		c.slow += bad > u->slow;
		c.apart += is_apart(s, i, metric, u);
	}
	return c;
}

static struct share count(const struct sequence *s, const struct metric *metric, bool by_boot,
			  size_t *ret_slow)
{
	struct usual usual = usual_of(s, metric);
	struct share share = {0};
	struct counted c;
	size_t i, end;

	*ret_slow = 0;
	for (i = 0; i < s->nr; i = end) {
		end = sequence_end(s, i, by_boot);
		c = counted_of(s, i, end, metric, &usual);
		share.nr += c.had > 0;
		*ret_slow += c.slow > 0;
		if (c.apart)
			add_apart(&share, c.sum / (double)c.had / usual.plain - 1);
	}
	return share;
}

void tail_of(struct tail *ret, const struct sequence s[2], const struct metric *metric,
	     bool by_boot)
{
	struct share share, runs;
	size_t i, slow;

	*ret = (struct tail){.by_boot = by_boot, .p = 1};
	if (metric->better == METRIC_NEITHER)
		return;
	for (i = 0; i < 2; i++) {
		share = count(&s[i], metric, by_boot, &ret->slow[i]);
		ret->trials[i] = share.nr;
	}
	runs = count(&s[1], metric, false, &slow);
	ret->apart = share.apart;
	ret->runs = runs.nr;
	ret->may_be = fmax(may_be_more(&share), may_be_more(&runs));
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

/* How often what happens in a share of units is in none of n. */
static double missed(double share, size_t n)
{
	return pow(1 - share, (double)n);
}

char *tail_why(const struct tail *t, const char *const label[2], double worse, double bound,
	       double share)
{
	const char *what = t->by_boot ? "boots" : "runs", *are = t->by_boot ? "have runs" : "are";
	char *text = NULL;
	int put = 0;

	if (t->more)
		put = asprintf(&text,
			       "%zu of %zu %s of %s %s far slower than most, %zu of %zu of %s (p = "
			       "%.2g)",
			       t->slow[1], t->trials[1], what, label[1], are, t->slow[0],
			       t->trials[0], label[0], t->p);
	else if (t->apart && worse + t->may_be >= bound)
		put = asprintf(&text,
			       "%zu of %zu %s of %s %s slower than most: as many as there may be "
			       "make it %+.3g %%",
			       t->apart, t->trials[1], what, label[1], are,
			       100 * (worse + t->may_be));
	else if (t->runs && share > 0 && missed(share, t->runs) > TAIL_DEMAND)
		put = asprintf(&text,
			       "%zu runs may have missed what happens in %.3g %% of them; %.0f are "
			       "enough",
			       t->runs, 100 * share, ceil(log(TAIL_DEMAND) / log1p(-share)));
	return put < 0 ? NULL : text;
}

static double unseen(size_t n)
{
	return 100 * (1 - pow(TAIL_ALPHA, 1 / (double)n));
}

char *tail_unseen(const struct tail *t)
{
	char *text = NULL;
	int put = 0;

	if (t->by_boot && t->runs > t->trials[1])
		put = asprintf(
			&text,
			"what happens in less than %.2g %% of boots, or %.2g %% of runs, may "
			"be in none of these %zu and %zu",
			unseen(t->trials[1]), unseen(t->runs), t->trials[1], t->runs);
	else if (t->runs)
		put = asprintf(
			&text,
			"what happens in less than %.2g %% of %s may be in none of these %zu",
			unseen(t->trials[1]), t->by_boot ? "boots" : "runs", t->trials[1]);
	return put < 0 ? NULL : text;
}
