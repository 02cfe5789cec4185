// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/blocks.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/summary.h"
#include "analysis/stats/trend.h"

/* The units of both kernels, by boot. */
struct both {
	struct unit *of[2];
	size_t nr[2];
};

static bool same_host(const struct unit *a, const struct unit *b)
{
	return !a->host || !b->host || !strcmp(a->host, b->host);
}

/* Puts the boots that both have first, in the same order; returns how many they are. */
static size_t shared_first(struct both *both)
{
	size_t at[2] = {0, 0}, nr = 0, i;
	struct unit lone;

	while (at[0] < both->nr[0] && at[1] < both->nr[1]) {
		if (both->of[0][at[0]].boot != both->of[1][at[1]].boot) {
			at[both->of[0][at[0]].boot > both->of[1][at[1]].boot]++;
			continue;
		}
		if (!same_host(&both->of[0][at[0]], &both->of[1][at[1]])) {
			at[0]++;
			at[1]++;
			continue;
		}
		for (i = 0; i < 2; i++) {
			lone = both->of[i][nr];
			both->of[i][nr] = both->of[i][at[i]];
			both->of[i][at[i]++] = lone;
		}
		nr++;
	}
	return nr;
}

/* How many of n sorted moments are not after that one, or (before) are before it. */
static size_t moments_until(const double *sorted, size_t n, double moment, bool before)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (before ? sorted[middle] < moment : sorted[middle] <= moment)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Did a boot of another block start between the two of this one? Not known: yes. All n starts are
 * sorted.
 */
static bool torn(const struct both *both, size_t block, const double *starts, size_t n)
{
	double first = fmin(both->of[0][block].from, both->of[1][block].from);
	double last = fmax(both->of[0][block].from, both->of[1][block].from);

	return !(first > 0) ||
	       moments_until(starts, n, last, true) > moments_until(starts, n, first, false);
}

/* Has no block before this one its host? */
static bool is_first_there(const struct both *both, size_t block)
{
	size_t i;

	for (i = 0; i < block; i++)
		if (same_host(&both->of[0][i], &both->of[0][block]))
			return false;
	return true;
}

/* How many of nr blocks are torn that have the host of this one. */
static size_t torn_there(const struct both *both, size_t nr, size_t host, double *starts)
{
	const struct unit *first = &both->of[0][host];
	size_t block, n = 0, ret = 0, k;

	for (block = 0; block < nr; block++)
		for (k = 0; k < 2 && same_host(first, &both->of[0][block]); k++)
			starts[n++] = both->of[k][block].from;
	stats_sort(starts, n);
	for (block = 0; block < nr; block++)
		ret += same_host(first, &both->of[0][block]) && torn(both, block, starts, n);
	return ret;
}

/* Of nr blocks. */
static bool in_turn(const struct both *both, size_t nr)
{
	double *starts = calloc(2 * nr + 1, sizeof(*starts));
	size_t block, nr_torn = 0;
	bool ok = starts;

	for (block = 0; ok && block < nr; block++)
		if (is_first_there(both, block))
			nr_torn += torn_there(both, nr, block, starts);
	free(starts);
	return ok && nr && nr_torn <= nr / BLOCKS_TORN;
}

/* Two hosts that any of the units are from; NULL: there is one, or they do not say. */
static void find_hosts(const struct both *both, const char *ret[2])
{
	const char *first = NULL, *host;
	size_t i, k;

	for (i = 0; i < 2; i++)
		for (k = 0; k < both->nr[i]; k++) {
			host = both->of[i][k].host;
			first = first ? first : host;
			if (!host || !strcmp(first, host))
				continue;
			ret[0] = first;
			ret[1] = host;
		}
}

bool blocks_of(struct blocks *ret, const struct sequence s[2], const struct metric *metric,
	       bool by_run)
{
	struct both both = {0};
	size_t shared = 0, i, k;
	bool ok = true;

	*ret = (struct blocks){.by_boot = !by_run && s[0].boots > 1 && s[1].boots > 1,
			       .harmonic = metric->harmonic};
	for (i = 0; i < 2; i++) {
		both.of[i] = calloc(s[i].nr + 1, sizeof(struct unit));
		ret->value[i] = calloc(s[i].nr + 1, sizeof(double));
		ret->at[i] = calloc(s[i].nr + 1, sizeof(double));
		ok = ok && both.of[i] && ret->value[i] && ret->at[i];
		if (ok)
			both.nr[i] = sequence_units_had(&s[i], metric, ret->by_boot, both.of[i]);
	}
	if (ok && ret->by_boot)
		shared = shared_first(&both);
	ret->paired = in_turn(&both, shared);
	if (ok && !ret->paired)
		find_hosts(&both, ret->hosts);
	if (ret->paired)
		ret->left_out = both.nr[0] + both.nr[1] - 2 * shared;
	for (i = 0; ok && i < 2; i++) {
		ret->nr[i] = ret->paired ? shared : both.nr[i];
		for (k = 0; k < ret->nr[i]; k++)
			ret->value[i][k] = both.of[i][k].value;
	}
	if (ok)
		ret->session = units_times((const struct unit *const *)both.of, ret->nr, ret->at);
	free(both.of[0]);
	free(both.of[1]);
	return ok;
}

static bool above_0(const double *values, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!(values[i] > 0))
			return false;
	return true;
}

static bool have_logarithms(const struct blocks *b)
{
	return above_0(b->value[0], b->nr[0]) && above_0(b->value[1], b->nr[1]);
}

bool blocks_trend(const struct blocks *b, struct trend *ret)
{
	struct timed t = {.at = {b->at[0], b->at[1]}, .nr = {b->nr[0], b->nr[1]}};
	bool logarithms = have_logarithms(b), ok = !isnan(b->session);
	size_t i, k;

	for (i = 0; ok && i < 2; i++) {
		t.value[i] = calloc(b->nr[i] + 1, sizeof(double));
		ok = t.value[i];
		for (k = 0; ok && k < b->nr[i]; k++)
			t.value[i][k] = logarithms ? log(b->value[i][k]) : b->value[i][k];
	}
	if (ok)
		trend_of(ret, &t);
	free(t.value[0]);
	free(t.value[1]);
	return ok && !isnan(ret->p);
}

/* The harmonic mean of rates is one over the mean of times. */
static double *times_of(const double *rates, size_t n)
{
	double *times = calloc(n + 1, sizeof(*times));
	size_t i;

	for (i = 0; times && i < n; i++)
		times[i] = 1 / rates[i];
	return times;
}

static struct interval reversed(struct interval i)
{
	i.log_ratio = -i.log_ratio;
	return i;
}

static struct interval ratio_of(const struct blocks *b, double *const value[2])
{
	return b->paired ? interval_paired(value[0], value[1], b->nr[0])
			 : interval_apart(value[0], b->nr[0], value[1], b->nr[1]);
}

/* As if all were measured at one time. */
static struct interval as_they_are(const struct blocks *b)
{
	struct interval ret = {.log_ratio = NAN, .se = NAN};
	double *time[2];

	if (!have_logarithms(b))
		return b->paired
			       ? interval_paired_plain(b->value[0], b->value[1], b->nr[0])
			       : interval_apart_plain(b->value[0], b->nr[0], b->value[1], b->nr[1]);
	if (!b->harmonic)
		return ratio_of(b, b->value);
	time[0] = times_of(b->value[0], b->nr[0]);
	time[1] = times_of(b->value[1], b->nr[1]);
	if (time[0] && time[1])
		ret = reversed(ratio_of(b, time));
	free(time[0]);
	free(time[1]);
	return ret;
}

struct interval units_interval(const struct metric *metric, const double *units, size_t n)
{
	struct interval ret = {.log_ratio = NAN, .se = NAN};
	double *times;

	if (metric->zero)
		return interval_mean_plain(units, n);
	if (!metric->harmonic)
		return interval_mean(units, n);
	times = times_of(units, n);
	if (times)
		ret = reversed(interval_mean(times, n));
	free(times);
	return ret;
}

struct interval blocks_interval(const struct blocks *b)
{
	struct interval ret = as_they_are(b);
	struct trend trend;

	if (!b->paired && blocks_trend(b, &trend))
		trend_take_out(&trend, &ret);
	return ret;
}

double *blocks_deviations(const struct blocks *b)
{
	size_t n = b->nr[0], i, k;
	double *ret = b->paired && have_logarithms(b) ? calloc(n, sizeof(*ret)) : NULL, mean;
	double *share;

	for (k = 0; ret && k < 2; k++) {
		share = b->harmonic ? times_of(b->value[k], n) : b->value[k];
		mean = share ? stats_mean(share, n) : NAN;
		for (i = 0; share && i < n; i++)
			ret[i] += (k ? 1 : -1) * share[i] / mean;
		if (b->harmonic)
			free(share);
	}
	return ret;
}

/* Of each pair; malloc'ed. */
static double *differences(const struct blocks *b)
{
	double *ret = calloc(b->nr[0] + 1, sizeof(*ret));
	bool logarithms = have_logarithms(b);
	size_t i;

	for (i = 0; ret && i < b->nr[0]; i++)
		ret[i] = logarithms ? log(b->value[1][i] / b->value[0][i])
				    : b->value[1][i] - b->value[0][i];
	return ret;
}

struct ranks blocks_ranks(const struct blocks *b)
{
	size_t m = b->nr[0], n = b->nr[1];
	struct ranks ret = {.p = NAN};
	double *difference;

	if (!b->paired) {
		ret.p = mann_whitney(b->value[0], m, b->value[1], n);
		ret.least = 2 / exp(gsl_sf_lnchoose((unsigned int)(m + n), (unsigned int)m));
		return ret;
	}
	difference = differences(b);
	if (difference)
		ret = (struct ranks){signed_rank(difference, n), exp2(1 - (double)n)};
	free(difference);
	return ret;
}

void blocks_free(struct blocks *b)
{
	free(b->value[0]);
	free(b->value[1]);
	free(b->at[0]);
	free(b->at[1]);
}
