// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the numbers and words of a check mean, under its tables.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/text/grid.h"
#include "analysis/verdicts/print.h"

bool check_row_needs_more(const struct check_row *row)
{
	return row->verdict == VERDICT_INCONCLUSIVE && row->needs > row->units[0];
}

/* What the rows are of, as far as it occurs. */
struct seen {
	bool exact, timed, roles, counters, boots, runs, blocks, apart, pooled;
	bool band, needs, neither;
};

static void see(struct seen *seen, const struct check *check)
{
	size_t i;

	for (i = 0; i < check->nr_rows; i++) {
		const struct check_row *row = &check->rows[i];

		seen->needs |= check_row_needs_more(row);
		if (isnan(row->change))
			continue;
		seen->exact |= row->exact;
		seen->pooled |= row->pooled > 0;
		seen->timed |= !row->exact;
		seen->boots |= !row->exact && row->by_boot;
		seen->runs |= !row->exact && !row->by_boot;
		seen->blocks |= !row->exact && row->paired;
		seen->apart |= !row->exact && !row->paired;
		seen->roles |= row->metric->role != NULL;
		seen->counters |= row->metric->zero;
		seen->neither |= row->metric->better == METRIC_NEITHER;
		seen->band |=
			row->high_bound > check->threshold || row->low_bound < -check->threshold;
	}
}

static void print_times(FILE *out, const struct seen *seen, const char *base)
{
	const char *method =
		seen->blocks ? "paired t" : "Welch's t, also with the session's trend taken out,";

	text_wrapf(out, 0,
		   "change: of the mean relative to %s's; times: negative is faster, rates: "
		   "positive is faster. interval: where it is with %.0f %% confidence, by %s of "
		   "%s%s%s. finds: the smallest change for the worse that is called a regression "
		   "in 4 of 5 cases%s.",
		   base, INTERVAL_CONFIDENCE * 100,
		   seen->blocks && seen->apart ? "paired t, or Welch's (also without the session's "
						 "trend) where boots are not in turn,"
					       : method,
		   seen->boots ? "boot means" : "run means",
		   seen->boots && seen->runs ? " (of one boot, run means)" : "",
		   seen->pooled ? ", whose noise is estimated from all points together" : "",
		   seen->needs ? "; needs: with so many none at all is called ok in 4 of 5" : "");
	if (seen->roles)
		text_wrapf(
			out, 0,
			"rate: ops/s of all workers of the role. median, p99: of single ops of a "
			"run; intervals include the resolution of latencies.");
	if (seen->counters)
		text_wrapf(
			out, 0,
			"counters, vmstat: of one op. Where a value is not above 0, the interval "
			"is of the difference, relative to %s's mean.",
			base);
}

/* The first row that is ok for the same reason. */
static size_t first_alike(const struct check *check, size_t row)
{
	const char *why = check->rows[row].why;
	size_t i;

	for (i = 0; i < row; i++)
		if (check->rows[i].verdict == VERDICT_OK && check->rows[i].why &&
		    !strcmp(check->rows[i].why, why))
			break;
	return i;
}

/* What is not said where something is ok, once for all rows that say the same. */
static void print_unseen(FILE *out, const struct check *check)
{
	size_t *rows = calloc(check->nr_rows + 1, sizeof(*rows)), i;

	for (i = 0; rows && i < check->nr_rows; i++)
		if (check->rows[i].verdict == VERDICT_OK && check->rows[i].why)
			rows[first_alike(check, i)]++;
	for (i = 0; rows && i < check->nr_rows; i++)
		if (rows[i])
			text_wrapf(out, 0, "%zu ok: %s.", rows[i], check->rows[i].why);
	free(rows);
}

void check_meaning(FILE *out, const struct check *check)
{
	const char *base = check->results->kernels[check->base].label;
	struct seen seen = {0};

	see(&seen, check);
	fputc('\n', out);
	if (seen.timed)
		print_times(out, &seen, base);
	if (check->modelled)
		text_wrapf(out, 0,
			   "change: of what a model of caches and TLBs (%.*s) misses, relative to "
			   "%s's: of "
			   "no machine, and of no time (docs/exact.md). interval: of the paired "
			   "differences "
			   "of boots, 99 %% confidence.",
			   (int)strcspn(check->results->caches, ":"), check->results->caches, base);
	else if (seen.exact)
		text_wrapf(out, 0,
			   "change: of what is executed, relative to %s's. interval: of the paired "
			   "differences of boots, 99 %% confidence; less than 0.02 %% is no "
			   "difference. Kernel instructions decide, and what --metric names.",
			   base);
	text_wrapf(out, 0,
		   "regression, improvement: the whole interval is beyond %.3g %%%s%s. ok: a "
		   "change for the worse of that size is ruled out%s.",
		   check->threshold * 100,
		   seen.band ? ", and beyond what the point moves anyway" : "",
		   check->judged > 1 ? ", also as one of all points of this check (Holm)" : "",
		   seen.timed ? " at 10 %, one of 1.5 times as much at 1 %" : "");
	if (check->count[VERDICT_WITHIN_BAND])
		text_wrapf(
			out, 0,
			"within-band: not ok by %.3g %% alone, but a change for the worse beyond "
			"what the point moves anyway is ruled out.",
			check->threshold * 100);
	print_unseen(out, check);
	if (check->count[VERDICT_FAILS])
		text_wrapf(
			out, 0,
			"fails: runs of this kernel fail significantly more often (Fisher's exact "
			"test, 5 %%).");
	if (seen.neither)
		text_wrapf(out, 0,
			   "differs: the whole interval is beyond %.3g %% either way, of what is "
			   "neither better nor worse by itself.",
			   check->threshold * 100);
}
