// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/diagnose.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/stats/summary.h"
#include "analysis/stats/trend.h"

#define FEW_BOOTS 4
#define FEW_RUNS  8

const char *diagnosis_name(enum diagnosis_kind kind)
{
	static const char *const names[] = {
		[DIAGNOSIS_DRIFT] = "drift",
		[DIAGNOSIS_BIMODAL] = "bimodal",
		[DIAGNOSIS_FIRST_RUN] = "first-run",
		[DIAGNOSIS_OUTLIERS] = "outliers",
		[DIAGNOSIS_UNVERIFIED] = "unverified",
		[DIAGNOSIS_LEFT_OUT] = "left-out",
		[DIAGNOSIS_NOT_INTERLEAVED] = "not-interleaved",
		[DIAGNOSIS_ONE_BOOT] = "one-boot",
		[DIAGNOSIS_UNTIL] = "until",
		[DIAGNOSIS_BAND] = "band",
		[DIAGNOSIS_DESIGN] = "design",
		[DIAGNOSIS_RANKS] = "ranks",
		[DIAGNOSIS_NOTE] = "note",
	};

	return names[kind];
}

void diagnoses_add(struct diagnoses *list, enum diagnosis_kind kind, const char *label,
		   double value, const char *fmt, ...)
{
	struct diagnosis *more = realloc(list->of, (list->nr + 1) * sizeof(*more));
	va_list ap;

	if (!more)
		return;
	list->of = more;
	more += list->nr;
	*more = (struct diagnosis){.kind = kind, .label = label, .value = value};
	va_start(ap, fmt);
	if (vasprintf(&more->text, fmt, ap) >= 0)
		list->nr++;
	va_end(ap);
}

void diagnoses_free(struct diagnoses *list)
{
	while (list->nr)
		free(list->of[--list->nr].text);
	free(list->of);
	*list = (struct diagnoses){0};
}

/* Of both kernels, logarithms of their units' values over time. Returns how long they took, or NaN.
 */
static double timed_of(struct timed *t, const struct sequence s[2], const struct metric *metric,
		       bool by_boot)
{
	struct unit *units[2];
	double took = NAN;
	size_t i, k;

	for (k = 0; k < 2; k++) {
		units[k] = calloc(s[k].nr + 1, sizeof(struct unit));
		t->value[k] = calloc(s[k].nr + 1, sizeof(double));
		t->at[k] = calloc(s[k].nr + 1, sizeof(double));
	}
	if (units[0] && units[1] && t->value[0] && t->value[1] && t->at[0] && t->at[1]) {
		for (k = 0; k < 2; k++) {
			t->nr[k] = sequence_units_had(&s[k], metric, by_boot, units[k]);
			for (i = 0; i < t->nr[k]; i++)
				t->value[k][i] = log(units[k][i].value);
		}
		took = units_times((const struct unit *const *)units, t->nr, t->at);
	}
	free(units[0]);
	free(units[1]);
	return took;
}

static void diagnose_drift(struct diagnoses *list, const struct sequence s[2],
			   const struct metric *metric)
{
	bool by_boot = s[0].boots >= FEW_BOOTS && s[1].boots >= FEW_BOOTS;
	struct timed t = {0};
	double took = timed_of(&t, s, metric, by_boot), drift;
	struct trend trend;

	trend_of(&trend, &t);
	drift = expm1(trend.slope * took);
	if (trend.p <= DIAGNOSE_ALPHA && fabs(drift) >= DIAGNOSE_LEAST)
		diagnoses_add(list, DIAGNOSIS_DRIFT, NULL, drift,
			      "drift of %+.1f %% from the first to the last %s", drift * 100,
			      by_boot ? "boot" : "run");
	free(t.value[0]);
	free(t.value[1]);
	free(t.at[0]);
	free(t.at[1]);
}

/* Adds log(first run / mean of the others) of each boot of a series. */
static size_t first_runs(const struct sequence *s, const struct metric *metric, double *ret)
{
	size_t i, k, end, nr = 0, others;
	double first, value, sum;

	for (i = 0; i < s->nr; i = end) {
		first = sequence_value(s, i, metric);
		end = sequence_end(s, i, true);
		for (sum = 0, others = 0, k = i + 1; k < end; k++) {
			value = sequence_value(s, k, metric);
			sum += value > 0 ? value : 0;
			others += value > 0;
		}
		if (others && first > 0)
			ret[nr++] = log(first / sum * (double)others);
	}
	return nr;
}

static void diagnose_first_run(struct diagnoses *list, const struct sequence s[2],
			       const struct metric *metric)
{
	double *ratio = calloc(s[0].boots + s[1].boots + 1, sizeof(*ratio)), change, half;
	size_t nr = 0, i;

	for (i = 0; ratio && i < 2; i++)
		nr += first_runs(&s[i], metric, ratio + nr);
	if (nr >= FEW_BOOTS) {
		change = stats_mean(ratio, nr);
		half = gsl_cdf_tdist_Qinv(DIAGNOSE_ALPHA / 2, (double)nr - 1) *
		       stats_sd(ratio, nr) / sqrt((double)nr);
		if (fabs(change) > half && fabs(expm1(change)) >= DIAGNOSE_LEAST)
			diagnoses_add(list, DIAGNOSIS_FIRST_RUN, NULL, expm1(change),
				      "the first run after a boot differs by %+.1f %% from the "
				      "boot's others",
				      expm1(change) * 100);
	}
	free(ratio);
}

double diagnose_two_groups(const double *sorted, size_t n, size_t *ret_cut)
{
	double all = 0, squares = 0, left = 0, best = 0, d, between;
	double mean = stats_mean(sorted, n);
	size_t i;

	*ret_cut = 0;
	for (i = 0; i < n; i++) {
		all += sorted[i];
		squares += (sorted[i] - mean) * (sorted[i] - mean);
	}
	for (i = 1; i + 2 <= n; i++) {
		left += sorted[i - 1];
		if (i < 2)
			continue;
		d = left / (double)i - (all - left) / (double)(n - i);
		between = d * d * (double)i * (double)(n - i) / (double)n;
		if (between > best) {
			best = between;
			*ret_cut = i;
		}
	}
	return squares > 0 ? best / squares : 0;
}

double diagnose_two_groups_limit(size_t n)
{
	return fmax(0.8, M_2_PI + 0.87 / sqrt((double)n));
}

static void diagnose_modes(struct diagnoses *list, const char *label, const double *sorted,
			   size_t nr, double least)
{
	double apart;
	size_t cut;

	if (nr < FEW_RUNS ||
	    diagnose_two_groups(sorted, nr, &cut) <= diagnose_two_groups_limit(nr) || !cut)
		return;
	apart = stats_mean(sorted + cut, nr - cut) / stats_mean(sorted, cut) - 1;
	if (apart >= least)
		diagnoses_add(list, DIAGNOSIS_BIMODAL, label, apart,
			      "two kinds of runs: %zu of %zu are %.1f %% above the others",
			      nr - cut, nr, apart * 100);
}

double diagnose_outlying(size_t n)
{
	double few = 1 / (double)n;

	return gsl_cdf_ugaussian_Qinv(DIAGNOSE_ALPHA / 4 * few) *
	       (1 + 11.5 * few + 200 * few * few * few);
}

/* nr runs of `independent` boots, or of one. */
static void diagnose_outliers(struct diagnoses *list, const char *label, const double *sorted,
			      size_t nr, size_t independent, double least)
{
	double median = stats_quantile(sorted, nr, 0.5), mad, limit;
	double *away = calloc(nr + 1, sizeof(*away));
	size_t i, found = 0;

	for (i = 0; away && i < nr; i++)
		away[i] = fabs(sorted[i] - median);
	if (away && nr >= FEW_RUNS) {
		stats_sort(away, nr);
		mad = stats_quantile(away, nr, 0.5);
		limit = diagnose_outlying(independent > FEW_RUNS ? independent : FEW_RUNS);
		for (i = 0; i < nr; i++)
			found += mad > 0 && 0.6745 * away[i] / mad > limit &&
				 away[i] / median >= least;
	}
	if (found)
		diagnoses_add(list, DIAGNOSIS_OUTLIERS, label, (double)found,
			      "%zu of %zu runs far from the others; they are in the numbers", found,
			      nr);
	free(away);
}

void diagnose(struct diagnoses *list, const char *const label[2], const struct sequence s[2],
	      const struct metric *metric, double grain)
{
	double *values, least = fmax(DIAGNOSE_LEAST, grain);
	double value;
	size_t i, k, nr;

	diagnose_drift(list, s, metric);
	diagnose_first_run(list, s, metric);
	for (i = 0; i < 2; i++) {
		values = calloc(s[i].nr + 1, sizeof(*values));
		for (k = 0, nr = 0; values && k < s[i].nr; k++) {
			value = sequence_value(&s[i], k, metric);
			if (value > 0)
				values[nr++] = value;
		}
		if (nr) {
			stats_sort(values, nr);
			diagnose_modes(list, label[i], values, nr, least);
			diagnose_outliers(list, label[i], values, nr,
					  s[i].boots > 1 ? s[i].boots : nr, least);
		}
		free(values);
	}
}
