// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/judge.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/compare/bands.h"
#include "analysis/compare/confidence.h"
#include "analysis/compare/failures.h"
#include "analysis/compare/pairs.h"
#include "analysis/compare/verdict_row.h"
#include "analysis/stats/interval.h"

#define ALPHA (1 - INTERVAL_CONFIDENCE)

static bool more_is_better(const struct check_row *row)
{
	return row->metric->better == METRIC_MORE;
}

static bool adjusted(const struct check_row *row)
{
	return !row->why && !isnan(row->p);
}

static void adjust(struct check *check)
{
	double *p = calloc(check->nr_rows + 1, sizeof(*p));
	size_t i, nr = 0;

	for (i = 0; p && i < check->nr_rows; i++)
		if (adjusted(&check->rows[i]))
			p[nr++] = check->rows[i].p;
	interval_holm(p, nr);
	check->judged = nr;
	for (i = 0, nr = 0; i < check->nr_rows; i++)
		if (adjusted(&check->rows[i]))
			check->rows[i].p = p ? p[nr++] : 1;
	free(p);
}

/* Is it beyond a bound? 1: more, -1: less, 0: not so that it can be said. */
static int beyond(const struct check_row *row)
{
	if (!(row->p <= ALPHA))
		return 0;
	if (row->low > row->high_bound)
		return 1;
	return row->high < row->low_bound ? -1 : 0;
}

/* Is a change as large as that ruled out? */
static bool rules_out(const struct check *check, const struct check_row *row, double low,
		      double high)
{
	double nominal = until_nominal(check->results), g = row->grain;
	bool ok[2] = {row->low > low, row->high < high};

	if (!row->exact) {
		ok[0] = interval_rules_out(&row->interval, (1 + low) / (1 - g) - 1, -1, nominal);
		ok[1] = interval_rules_out(&row->interval, (1 + high) / (1 + g) - 1, 1, nominal);
	}
	if (row->metric->better == METRIC_NEITHER)
		return ok[0] && ok[1];
	return ok[!more_is_better(row)];
}

/* What the bounds are where no band is known. */
static double threshold_of(const struct check *check, const struct check_row *row)
{
	return row->exact ? fmax(check->threshold, PAIRS_RESOLUTION) : check->threshold;
}

/* Says so where the point's band is wider than the threshold. */
static void say_band(const struct check *check, struct check_row *row)
{
	double threshold = threshold_of(check, row);
	struct band band;
	char *text;

	if (row->low_bound >= -threshold && row->high_bound <= threshold)
		return;
	if (!bands_at(check->results, row->point, &band))
		return;
	text = band_text(&band);
	diagnoses_add(&row->diagnoses, DIAGNOSIS_BAND, NULL,
		      more_is_better(row) ? -band.low : band.high, "it moves by %s",
		      text ? text : "that");
	free(text);
}

/* What is ruled out beyond threshold and band: is it so by the threshold alone? */
static void judge_ruled_out(const struct check *check, struct check_row *row)
{
	double threshold = threshold_of(check, row);
	bool shown = row->low > threshold || row->high < -threshold;

	row->verdict = VERDICT_OK;
	if (rules_out(check, row, fmax(row->low_bound, -threshold),
		      fmin(row->high_bound, threshold)))
		return;
	row->verdict = VERDICT_WITHIN_BAND;
	check_row_why(row,
		      "a change%s of %.3g %% is %s; only what the point moves anyway excuses it",
		      row->metric->better == METRIC_NEITHER ? "" : " for the worse",
		      100 * threshold, shown ? "shown" : "not ruled out");
}

static void judge(const struct check *check, struct check_row *row)
{
	bool excluded = rules_out(check, row, row->low_bound, row->high_bound);
	bool neither = row->metric->better == METRIC_NEITHER;
	int way = beyond(row);

	if (row->why || row->verdict == VERDICT_OK || row->verdict == VERDICT_SKIPPED)
		return;
	if (way && neither)
		row->verdict = VERDICT_DIFFERS;
	else if (way)
		row->verdict =
			(way > 0) == more_is_better(row) ? VERDICT_IMPROVEMENT : VERDICT_REGRESSION;
	else if (excluded)
		judge_ruled_out(check, row);
	else if (row->low > row->high_bound || row->high < row->low_bound)
		check_row_why(
			row, "beyond the threshold if it were the only point, but not among all of "
			     "this check (Holm)");
	else
		check_row_why(row, "a change%s of %.3g %% is neither shown nor ruled out",
			      neither ? "" : " for the worse",
			      100 * (more_is_better(row) ? -row->low_bound : row->high_bound));
}

/* Which points of the kernel of these rows fail more often than on the base. */
static void judge_failures(struct check *check, struct check_row *rows, size_t nr)
{
	struct failures **of = calloc(nr, sizeof(struct failures *));
	size_t i, points = 0;

	for (i = 0; of && i < nr; i++)
		if (!i || rows[i].point != rows[i - 1].point)
			of[points++] = &rows[i].failures;
	if (of)
		failures_judge(of, points, check->results, (size_t[]){check->base, rows->kernel},
			       check->by_run);
	for (i = 1; i < nr; i++)
		if (rows[i].point == rows[i - 1].point)
			rows[i].failures.more = rows[i - 1].failures.more;
	free(of);
}

/* Which rows of the kernel of these have more runs that are far slower than most. */
static void judge_tails(struct check_row *rows, size_t nr)
{
	struct tail **of = calloc(nr, sizeof(struct tail *));
	size_t i;

	for (i = 0; of && i < nr; i++)
		of[i] = &rows[i].tail;
	if (of)
		tail_judge(of, nr);
	free(of);
}

/* A change as one for the worse. */
static double worse(const struct check_row *row, double change)
{
	return more_is_better(row) ? 1 / (1 + change) - 1 : change;
}

/* No mean says that all is well where there are more slow runs, or few that weigh much. */
static void heed_tail(const struct check *check, struct check_row *row)
{
	const struct results *r = check->results;
	const char *label[2] = {r->kernels[check->base].label, r->kernels[row->kernel].label};
	double bound = worse(row, more_is_better(row) ? row->low_bound : row->high_bound);
	char *why;

	if (row->verdict != VERDICT_OK && row->verdict != VERDICT_WITHIN_BAND)
		return;
	why = tail_why(&row->tail, label, worse(row, row->change), RULES_OUT_FAR * bound,
		       check->tail);
	if (!why)
		return;
	free(row->why);
	row->why = why;
	row->verdict = VERDICT_INCONCLUSIVE;
}

/* What did not work leaves no verdict that says all is well. */
static void heed_failures(const struct check *check, struct check_row *row)
{
	const struct results *r = check->results;
	const char *label[2] = {r->kernels[check->base].label, r->kernels[row->kernel].label};
	char *why;

	if (row->verdict == VERDICT_REGRESSION || row->verdict == VERDICT_SKIPPED ||
	    (row->verdict == VERDICT_INCONCLUSIVE && !row->failures.more))
		return;
	why = failures_why(&row->failures, label);
	if (!why)
		return;
	free(row->why);
	row->why = why;
	row->verdict = row->failures.more ? VERDICT_FAILS : VERDICT_INCONCLUSIVE;
}

/* Nor does it of what so few units may have missed. */
static void say_unseen(struct check_row *row)
{
	if (row->verdict == VERDICT_OK && !row->why)
		row->why = tail_unseen(&row->tail);
}

/* Whatever is said of runs is said so. */
static void say_runs(const struct check *check, struct check_row *row)
{
	char *why = row->why;

	if (!check->by_run || row->exact || isnan(row->change))
		return;
	row->why = NULL;
	check_row_why(row,
		      "%s%sof these boots only: what another would change is not in the interval",
		      why ? why : "", why ? "; " : "");
	free(why);
}

void check_judge(struct check *check)
{
	size_t i, end;

	adjust(check);
	for (i = 0; i < check->nr_rows; i = end) {
		for (end = i + 1; end < check->nr_rows; end++)
			if (check->rows[end].kernel != check->rows[i].kernel)
				break;
		judge_failures(check, &check->rows[i], end - i);
		judge_tails(&check->rows[i], end - i);
	}
	for (i = 0; i < check->nr_rows; i++) {
		judge(check, &check->rows[i]);
		heed_tail(check, &check->rows[i]);
		heed_failures(check, &check->rows[i]);
		say_unseen(&check->rows[i]);
		say_runs(check, &check->rows[i]);
		say_band(check, &check->rows[i]);
	}
}
