// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/verdicts/power.h"
#include "analysis/compare/verdict_row.h"

#include <math.h>
#include <stdlib.h>

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

/* The units a side with which check says that, of a change so far away. */
static void put_units(struct grid *g, struct check *check, const struct power_design *design,
		      double far)
{
	struct power *power = check_power(check, design);
	size_t needs = power ? power_units(power, far, INTERVAL_UNITS) : 0;

	if (!(far > 0))
		grid_put(g, "never");
	else if (needs)
		grid_put(g, "%zu", needs);
	else
		grid_put(g, "> %d", POWER_MOST);
}

static void put_row(struct grid *g, struct check *check, const struct check_row *row, double effect)
{
	struct power_design beyond = check_row_design(check, row, POWER_BEYOND), one = beyond;
	struct power_design ok = check_row_design(check, row, POWER_OK);
	char *name = check_row_name(check, row);
	struct power *power;

	one.alpha /= (double)(check->judged + !check->judged);
	power = check_power(check, &one);
	grid_row(g);
	grid_put(g, "%s", name ? name : "");
	grid_put(g, "%.2f%%", 100 * expm1(interval_noise(&row->interval)));
	grid_put(g, "%.2f%%", 100 * row->detectable);
	grid_put(g, "%.2f%%",
		 100 * check_row_change(row,
					power ? power_far(power, (size_t)row->interval.n) : NAN));
	put_units(g, check, &beyond, check_row_far(row, effect));
	put_units(g, check, &ok, check_row_far(row, 0));
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

static void print_meaning(FILE *out, const struct check *check, const struct sums *sums,
			  double effect)
{
	const char *unit = sums->runs ? "runs" : "boots";

	fputc('\n', out);
	if (sums->units[0] == sums->units[1])
		fprintf(out, "%zu %s a side.\n", sums->units[0], unit);
	else
		fprintf(out, "%zu-%zu %s a side.\n", sums->units[0], sums->units[1], unit);
	text_wrapf(out, 0,
		   "noise: standard deviation of the difference of two %s. finds: the smallest "
		   "change for the worse that check calls a regression, beyond %.3g %%, in 4 of 5 "
		   "cases; as one: as one of all points of a check, at worst (Holm). for %.3g%%: "
		   "%s a side until it calls such a change a regression in 4 of 5 cases; for ok: "
		   "until it calls no change ok in as many%s.%s%s",
		   unit, check->threshold * 100, effect * 100, unit,
		   effect <= check->threshold ? "; never: what is within the threshold is none"
		   : sums->grain	      ? "; never: the resolution of latencies is coarser"
					      : "",
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

/* A promise is of the noise that was there: of the row with the fewest runs, what may not have
 * been. */
static void print_unseen(FILE *out, const struct check *check)
{
	const struct tail *least = NULL, *t;
	char *text;
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		t = &check->rows[i].tail;
		if (t->runs && (!least || t->runs < least->runs))
			least = t;
	}
	text = least ? tail_unseen(least) : NULL;
	if (text)
		text_wrapf(out, 0, "All of this is for noise that was met here: %s.", text);
	free(text);
}

static void print_left_out(FILE *out, const struct check *check)
{
	char *name;
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		if (check->rows[i].interval.df > 0)
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

	effect = isnan(effect) ? RULES_OUT_FAR * check->threshold : effect;
	snprintf(head, sizeof(head), "for %.3g%%", effect * 100);
	grid_column(&grid, "point", true);
	grid_column(&grid, "noise", false);
	grid_column(&grid, "finds", false);
	grid_column(&grid, "as one", false);
	grid_column(&grid, head, false);
	grid_column(&grid, "for ok", false);
	grid_column(&grid, "alarms", false);
	for (i = 0; i < check->nr_rows; i++) {
		if (!(check->rows[i].interval.df > 0))
			continue;
		put_row(&grid, check, &check->rows[i], effect);
		take(&sums, &check->rows[i]);
	}
	if (sums.rows)
		grid_print(&grid, out);
	print_left_out(out, check);
	if (sums.rows)
		print_meaning(out, check, &sums, effect);
	if (sums.rows)
		print_unseen(out, check);
	grid_free(&grid);
	return sums.rows;
}
