// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/diagnose.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/stats/summary.h"

#define FEW_BOOTS 4
#define FEW_RUNS  8
#define OUTLYING  3.5

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

/* Values of both kernels, relative to the mean of their own, and when they were taken. */
struct course {
	double *at, *value;
	size_t nr;
};

static void course_add(struct course *c, const struct unit *units, size_t nr)
{
	double mean = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		mean += log(units[i].value) / (double)nr;
	for (i = 0; i < nr; i++, c->nr++) {
		c->at[c->nr] = (units[i].from + units[i].to) / 2;
		c->value[c->nr] = log(units[i].value) - mean;
	}
}

/* The change over the time of all values, NaN if it may be none; two means were taken out. */
static double course_drift(const struct course *c)
{
	double mean = stats_mean(c->at, c->nr), first = INFINITY, last = -INFINITY, x, e;
	double xx = 0, xy = 0, rest = 0, slope, df = (double)c->nr - 3;
	size_t i;

	for (i = 0; i < c->nr; i++) {
		x = c->at[i] - mean;
		xx += x * x;
		xy += x * c->value[i];
		first = fmin(first, c->at[i]);
		last = fmax(last, c->at[i]);
	}
	if (df < 1 || !(xx > 0) || !(first > 0))
		return NAN;
	slope = xy / xx;
	for (i = 0; i < c->nr; i++) {
		e = c->value[i] - slope * (c->at[i] - mean);
		rest += e * e;
	}
	if (fabs(slope) < sqrt(rest / df / xx) * gsl_cdf_tdist_Qinv(DIAGNOSE_ALPHA / 2, df))
		return NAN;
	return expm1(slope * (last - first));
}

static void diagnose_drift(struct diagnoses *list, const struct sequence s[2],
			   const struct metric *metric)
{
	bool by_boot = s[0].boots >= FEW_BOOTS && s[1].boots >= FEW_BOOTS;
	size_t room = s[0].nr + s[1].nr + 1, i;
	struct unit *units = calloc(room, sizeof(*units));
	struct course c = {calloc(room, sizeof(double)), calloc(room, sizeof(double)), 0};
	double drift = NAN;

	for (i = 0; units && c.at && c.value && i < 2; i++)
		course_add(&c, units, sequence_units_had(&s[i], metric, by_boot, units));
	if (c.nr)
		drift = course_drift(&c);
	if (fabs(drift) >= DIAGNOSE_LEAST)
		diagnoses_add(list, DIAGNOSIS_DRIFT, NULL, drift,
			      "drift of %+.1f %% from the first to the last %s", drift * 100,
			      by_boot ? "boot" : "run");
	free(c.at);
	free(c.value);
	free(units);
}

/* Adds log(first run / mean of the others) of each boot of a series. */
static size_t first_runs(const struct sequence *s, const struct metric *metric, double *ret)
{
	size_t i, k, end, nr = 0, others;
	double first, value, sum;

	for (i = 0; i < s->nr; i = end) {
		first = run_value(s->run[i], metric);
		end = sequence_end(s, i, true);
		for (sum = 0, others = 0, k = i + 1; k < end; k++) {
			value = run_value(s->run[k], metric);
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

static void diagnose_outliers(struct diagnoses *list, const char *label, const double *sorted,
			      size_t nr, double least)
{
	double median = stats_quantile(sorted, nr, 0.5), mad;
	double *away = calloc(nr + 1, sizeof(*away));
	size_t i, found = 0;

	for (i = 0; away && i < nr; i++)
		away[i] = fabs(sorted[i] - median);
	if (away && nr >= FEW_RUNS) {
		stats_sort(away, nr);
		mad = stats_quantile(away, nr, 0.5);
		for (i = 0; i < nr; i++)
			found += mad > 0 && 0.6745 * away[i] / mad > OUTLYING &&
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
			value = run_value(s[i].run[k], metric);
			if (value > 0)
				values[nr++] = value;
		}
		if (nr) {
			stats_sort(values, nr);
			diagnose_modes(list, label[i], values, nr, least);
			diagnose_outliers(list, label[i], values, nr, least);
		}
		free(values);
	}
}
