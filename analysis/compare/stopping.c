// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/stopping.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/blocks.h"
#include "analysis/compare/pairs.h"
#include "analysis/compare/verdict.h"
#include "analysis/stats/interval.h"
#include "analysis/stats/power.h"

int until_next(int units, int least)
{
	int next = units + (units < 16 ? 1 : units / 8);

	return next < least ? least : next;
}

struct until_promise until_promise(double half, double threshold)
{
	struct power power = {{POWER_BEYOND, true, 1 - UNTIL_CONFIDENCE, INFINITY, 0}, {0}};
	struct power_design ok = {POWER_OK, true, 1 - UNTIL_CONFIDENCE, INFINITY, 0};
	struct until_promise ret = {isnan(threshold) ? CHECK_THRESHOLD : threshold, NAN, NAN};
	double noise =
		log1p(half) / gsl_cdf_tdist_Qinv(ok.alpha / 2, UNTIL_BOOTS - 1) * sqrt(UNTIL_BOOTS);

	ret.finds = expm1(log1p(ret.threshold) + power_far(&power, UNTIL_BOOTS) * noise);
	ret.ok = power_of(&ok, log1p(ret.threshold) / noise, UNTIL_BOOTS);
	return ret;
}

/* One more interval of a point, whose ends are low and high, relative to 1. */
static void take(struct until_point *point, double low, double high, size_t units)
{
	double half = sqrt(high / low) - 1;

	if (point->nothing || units < point->units)
		point->units = units;
	if (point->nothing || isnan(half) || half > point->half)
		point->half = half;
	point->nothing = false;
}

static void take_row(struct until_point *point, const struct check_row *row, bool by_boot)
{
	bool usable = row->by_boot == by_boot;
	size_t units = row->units[0] < row->units[1] ? row->units[0] : row->units[1];

	if (!row->metric->main)
		return;
	if (isfinite(row->change))
		take(point, usable ? 1 + row->low : NAN, 1 + row->high, usable ? units : 1);
}

static bool look_at_changes(const struct results *results, bool by_boot, struct until_point *ret)
{
	struct check check = {.results = results, .threshold = CHECK_THRESHOLD};
	size_t i;

	if (!check_make(&check))
		return false;
	for (i = 0; i < check.nr_rows; i++)
		take_row(&ret[check.rows[i].point], &check.rows[i], by_boot);
	check_free(&check);
	return true;
}

/* One value of one kernel. */
static bool take_mean(struct until_point *point, const struct result_cell *cell,
		      const struct metric *metric, bool by_boot)
{
	double confidence = cell->source == SOURCE_EXACT ? PAIRS_CONFIDENCE : UNTIL_CONFIDENCE;
	double *units = calloc(cell->nr_ok, sizeof(*units));
	struct interval interval;
	size_t nr;

	if (!units)
		return false;
	nr = cell_units(cell, metric, units);
	if (by_boot == (cell_boots(cell) > 1)) {
		interval = units_interval(metric, units, nr);
		take(point, 1 + interval_low(&interval, confidence),
		     1 + interval_high(&interval, confidence), nr);
	} else {
		take(point, NAN, NAN, 1);
	}
	free(units);
	return true;
}

static bool look_at_means(const struct results *results, size_t kernel, bool by_boot,
			  struct until_point *ret)
{
	const struct result_cell *cell;
	unsigned int s;
	bool ok = true;
	size_t p;

	for (p = 0; ok && p < results->nr_points; p++) {
		cell = results_cell(results, kernel, p);
		if (!cell || !cell->nr_ok)
			continue;
		if (!cell->nr_roles)
			ok = take_mean(&ret[p], cell, cell->op, by_boot);
		for (s = 0; ok && s < cell->nr_roles; s++)
			ok = take_mean(&ret[p], cell, cell->roles[s].rate, by_boot);
	}
	return ok;
}

bool until_look(const struct results *results, long kernel, bool by_boot, struct until_point *ret)
{
	size_t p;

	for (p = 0; p < results->nr_points; p++)
		ret[p] = (struct until_point){.half = NAN, .nothing = true};
	return kernel < 0 ? look_at_changes(results, by_boot, ret)
			  : look_at_means(results, (size_t)kernel, by_boot, ret);
}
