// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/verdicts/power.h"
#include "analysis/compare/verdict_row.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/compare/stopping.h"
#include "analysis/text/grid.h"
#include "analysis/verdicts/print.h"

#define ALPHA (1 - INTERVAL_CONFIDENCE)

/* What the rows with numbers come to. */
struct sums {
	size_t rows, aa, aa_alarms, runs;
	bool grain;
	double alarms;
	size_t units[2]; /* least and most a side */
};

static void put_units(struct grid *g, struct power *power, const struct check_row *row,
		      double effect)
{
	double rest = log1p(effect) - row->grain;
	size_t needs = power ? power_units(power, rest / row->noise, INTERVAL_UNITS) : 0;

	if (!(rest > 0))
		grid_put(g, "never");
	else if (needs)
		grid_put(g, "%zu", needs);
	else
		grid_put(g, "> %d", POWER_MOST);
}

static void put_row(struct grid *g, struct check *check, const struct check_row *row, double effect)
{
	size_t units = row->units[0] < row->units[1] ? row->units[0] : row->units[1];
	double alpha = 1 - until_nominal(check->results);
	struct power *power;
	char *name = check_row_name(check, row);

	grid_row(g);
	grid_put(g, "%s", name ? name : "");
	grid_put(g, "%.2f%%", 100 * expm1(row->noise));
	grid_put(g, "%.2f%%", 100 * row->detectable);
	power = check_power(check, row->paired, alpha / (double)(check->judged + !check->judged),
			    row->df);
	if (power)
		grid_put(g, "%.2f%%",
			 100 * (expm1(power_effect(power, units) * row->noise) + row->grain));
	power = check_power(check, row->paired, ALPHA, row->df);
	put_units(g, power, row, effect);
	if (isfinite(row->alarms))
		grid_put(g, "%.1f%%", 100 * row->alarms);
	free(name);
}

static void take(struct sums *sums, const struct check_row *row)
{
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!sums->units[0] || row->units[i] < sums->units[0])
			sums->units[0] = row->units[i];
		if (row->units[i] > sums->units[1])
			sums->units[1] = row->units[i];
	}
	sums->rows++;
	sums->grain |= row->grain > 0;
	sums->runs += !row->by_boot;
	if (isfinite(row->alarms)) {
		sums->alarms += row->alarms;
		sums->aa++;
		sums->aa_alarms += row->low > 0 || row->high < 0;
	}
}

static void print_meaning(FILE *out, const struct sums *sums, double effect)
{
	const char *unit = sums->runs ? "runs" : "boots";

	fputc('\n', out);
	if (sums->units[0] == sums->units[1])
		fprintf(out, "%zu %s a side.\n", sums->units[0], unit);
	else
		fprintf(out, "%zu-%zu %s a side.\n", sums->units[0], sums->units[1], unit);
	text_wrapf(out, 0,
		   "noise: standard deviation of the difference of two %s. finds: the smallest "
		   "change that this design finds in 4 of 5 cases; as one: as one of all "
		   "points of a check, at worst (Holm). for %.3g%%: %s a side that find such a "
		   "change in 4 of 5 cases%s.%s%s",
		   unit, effect * 100, unit,
		   sums->grain ? "; never: the resolution of latencies is coarser" : "",
		   sums->units[0] < INTERVAL_UNITS ? " Below 4 a side check gives no verdict." : "",
		   sums->aa ? " alarms: how often these numbers, with other labels, show a change "
			      "that is not there."
			    : "");
	fputc('\n', out);
	if (sums->runs) {
		text_wrapf(
			out, 0,
			"All of this is of one boot: what boots differ by is not in it, and check "
			"takes %d of them.",
			INTERVAL_UNITS);
		return;
	}
	if (!sums->aa) {
		text_wrapf(out, 0,
			   "False alarms show where one kernel is measured as two: run --aa.");
		return;
	}
	text_wrapf(out, 0,
		   "False alarms: %.1f %% with other labels, %.0f %% is nominal; as labelled, one "
		   "kernel differs from itself at %zu of %zu points.",
		   100 * sums->alarms / (double)sums->aa, 100 * ALPHA, sums->aa_alarms, sums->aa);
}

static void print_left_out(FILE *out, const struct check *check)
{
	char *name;
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		if (check->rows[i].df > 0)
			continue;
		name = check_row_name(check, &check->rows[i]);
		text_wrapf(out, 4, "  %s: %s", name ? name : "", check->rows[i].why);
		free(name);
	}
}

size_t table_power(FILE *out, struct check *check, double effect)
{
	struct sums sums = {0};
	struct grid grid = {0};
	char head[32];
	size_t i;

	snprintf(head, sizeof(head), "for %.3g%%", effect * 100);
	grid_column(&grid, "point", true);
	grid_column(&grid, "noise", false);
	grid_column(&grid, "finds", false);
	grid_column(&grid, "as one", false);
	grid_column(&grid, head, false);
	grid_column(&grid, "alarms", false);
	for (i = 0; i < check->nr_rows; i++) {
		if (!(check->rows[i].df > 0))
			continue;
		put_row(&grid, check, &check->rows[i], effect);
		take(&sums, &check->rows[i]);
	}
	if (sums.rows)
		grid_print(&grid, out);
	print_left_out(out, check);
	if (sums.rows)
		print_meaning(out, &sums, effect);
	grid_free(&grid);
	return sums.rows;
}
