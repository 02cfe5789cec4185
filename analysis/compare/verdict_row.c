// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/verdict_row.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/bands.h"
#include "analysis/compare/blocks.h"
#include "analysis/compare/confidence.h"
#include "analysis/compare/pairs.h"
#include "analysis/results/machine_facts.h"
#include "analysis/stats/permutation.h"
#include "analysis/stats/summary.h"

#define ROUNDED 1e-12
#define ALPHA	(1 - INTERVAL_CONFIDENCE)

struct power *check_power(struct check *check, bool paired, double alpha, double pilot_df)
{
	double df = floor(pilot_df);
	struct power *p, *more;
	size_t i;

	for (i = 0; i < check->nr_power; i++) {
		p = &check->power[i];
		if (p->paired == paired && p->alpha == alpha && p->pilot_df == df)
			return p;
	}
	more = realloc(check->power, (check->nr_power + 1) * sizeof(*more));
	if (!more)
		return NULL;
	check->power = more;
	more += check->nr_power++;
	power_init(more, paired, alpha, df);
	return more;
}

bool check_is_aa(const struct check *check, const struct check_row *row)
{
	const char *base = check->results->kernels[check->base].label;
	const char *label = check->results->kernels[row->kernel].label;

	return !strncmp(label, base, strlen(base)) && !strcmp(label + strlen(base), "'");
}

static void say_why(struct check_row *row, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void say_why(struct check_row *row, const char *fmt, ...)
{
	va_list ap;

	if (row->why)
		return;
	va_start(ap, fmt);
	if (vasprintf(&row->why, fmt, ap) < 0)
		row->why = NULL;
	va_end(ap);
}

/* Fills in the values that are compared, and says how they were measured. */
static void arrange(struct check_row *row, const struct blocks *b)
{
	size_t i;

	row->paired = b->paired;
	if (row->by_boot && !row->paired)
		diagnoses_add(&row->diagnoses, DIAGNOSIS_NOT_INTERLEAVED, NULL, 0,
			      "the two kernels' boots were not in turn: what changed meanwhile is "
			      "in the difference");
	if (b->left_out)
		diagnoses_add(&row->diagnoses, DIAGNOSIS_LEFT_OUT, NULL, (double)b->left_out,
			      "%zu boot%s that the other kernel has not %s left out", b->left_out,
			      b->left_out == 1 ? "" : "s", b->left_out == 1 ? "is" : "are");
	for (i = 0; i < 2; i++) {
		row->units[i] = b->nr[i];
		row->mean[i] = metric_mean(row->metric, b->value[i], b->nr[i]);
	}
}

static bool more_is_better(const struct check_row *row)
{
	return row->metric->better == METRIC_MORE;
}

/* The size of a change for the worse that must not be missed, as a log ratio. */
static double worse_bound(const struct check_row *row)
{
	return more_is_better(row) ? -log1p(row->low_bound) : log1p(row->high_bound);
}

static void fill_power(struct check *check, struct check_row *row, const struct interval *i)
{
	struct power *power =
		check_power(check, row->paired, 1 - until_nominal(check->results), i->df);
	double noise = interval_noise(i);

	row->noise = noise;
	row->df = i->df;
	if (!power)
		return;
	row->detectable = expm1(power_effect(power, (size_t)i->n) * noise) + row->grain;
	row->needs = 0;
	if (worse_bound(row) > row->grain)
		row->needs =
			power_units(power, (worse_bound(row) - row->grain) / noise, INTERVAL_UNITS);
}

static bool is_latency(const struct check_row *row)
{
	return row->metric->kind == METRIC_SAMPLED;
}

/* How far a latency can be from what its bucket says, relative to it: of either side. */
static double grain(const struct check *check, const struct check_row *row)
{
	double resolution =
		fact_number(check->results->kernels[check->base].machine, "clock.resolution_ns");
	double least = fmin(row->mean[0], row->mean[1]), of_bucket = 1.0 / HIST_SUB;

	if (!is_latency(row))
		return 0;
	return resolution > of_bucket * least ? resolution / least : of_bucket;
}

/* A latency that the clock cannot tell from 0 is none. */
static void look_at_clock(const struct check *check, struct check_row *row)
{
	double resolution =
		fact_number(check->results->kernels[check->base].machine, "clock.resolution_ns");

	if (is_latency(row) && (row->mean[0] < resolution || row->mean[1] < resolution))
		say_why(row, "below the clock's resolution (%.0f ns)", resolution);
}

/* Says so if ranks and means do not agree whether there is a difference. */
static void compare_ranks(struct check_row *row, double alpha)
{
	/* Of values that are all the same nothing but what was rounded is left. */
	bool differs = row->low > ROUNDED || row->high < -ROUNDED;

	if (differs != (row->mann_whitney < alpha))
		diagnoses_add(&row->diagnoses, DIAGNOSIS_RANKS, NULL, row->mann_whitney,
			      "the interval has %s, but Mann-Whitney's p is %.2g",
			      differs ? "no 0 in it" : "a 0 in it", row->mann_whitney);
}

static void fill_interval(struct check *check, struct check_row *row, const struct blocks *s)
{
	double g = grain(check, row);
	size_t least = s->nr[0] < s->nr[1] ? s->nr[0] : s->nr[1];
	double confidence = until_nominal(check->results);
	struct interval i;

	i = blocks_interval(s);
	row->change = interval_change(&i);
	row->needs = INTERVAL_UNITS;
	if (i.df > 0) {
		row->low = (1 + interval_low(&i, confidence)) * (1 - g) - 1;
		row->high = (1 + interval_high(&i, confidence)) * (1 + g) - 1;
		/* What is significant at the nominal level is so at ALPHA. */
		row->p = fmin(1, ALPHA / (1 - confidence) *
					 interval_p(&i, (1 + row->low_bound) / (1 + g) - 1,
						    (1 + row->high_bound) / (1 - g) - 1));
		row->mann_whitney = mann_whitney(s->value[0], s->nr[0], s->value[1], s->nr[1]);
		row->grain = g;
		fill_power(check, row, &i);
		if (check->relabel && check_is_aa(check, row))
			row->alarms = relabel_alarms(s->value[0], s->nr[0], s->value[1], s->nr[1],
						     row->paired);
	}
	if (least >= INTERVAL_UNITS) {
		compare_ranks(row, 1 - confidence);
		return;
	}
	row->p = NAN;
	say_why(row, "%zu %s%s a side; a verdict takes %d at least", least,
		row->by_boot ? "boot" : "run", least == 1 ? "" : "s", INTERVAL_UNITS);
}

static void fill_times(struct check *check, struct check_row *row, const struct sequence s[2],
		       const char *const label[2])
{
	struct blocks blocks;

	if (blocks_of(&blocks, s, row->metric)) {
		row->by_boot = blocks.by_boot;
		if (!row->by_boot)
			diagnoses_add(&row->diagnoses, DIAGNOSIS_ONE_BOOT, NULL, 0,
				      "one boot: what another boot or build would change is not in "
				      "the interval");
		arrange(row, &blocks);
		look_at_clock(check, row);
		if (blocks.nr[0] && blocks.nr[1])
			fill_interval(check, row, &blocks);
		else
			say_why(row, row->metric->zero ? "no values to compare"
						       : "no values above 0 to compare");
		if (!row->metric->zero)
			diagnose(&row->diagnoses, label, s, row->metric);
	}
	blocks_free(&blocks);
}

/* Counts have their own test (pairs.h); it judges already. */
static void fill_counts(struct check_row *row, const struct result_cell *const cell[2])
{
	struct difference d;
	struct pair pair;

	pair_cells(&pair, cell[0], cell[1]);
	pair_difference(&pair, row->metric, &d);
	row->by_boot = row->paired = pair.paired;
	row->units[0] = cell_boots(&pair.cell[0]);
	row->units[1] = cell_boots(&pair.cell[1]);
	row->mean[0] = d.mean[0];
	row->mean[1] = d.mean[1];
	row->change = d.change;
	row->low = d.change - d.change_half;
	row->high = d.change + d.change_half;
	if (isinf(d.change))
		row->low = row->high = d.change;
	if (d.outcome == OUTCOME_NOT_PAIRED || d.outcome == OUTCOME_ONE_BOOT)
		say_why(row, "%s: no interval", outcome_name(d.outcome));
	if (d.outcome == OUTCOME_SAME && row->high < row->high_bound)
		row->verdict = VERDICT_OK;
	pair_free(&pair);
}

/* Whoever reads an interval must know that it ended where it was narrow. */
static void say_until(const struct check *check, struct check_row *row)
{
	double until = check->results->until;

	if (!(until > 0))
		return;
	if (row->exact)
		diagnoses_add(&row->diagnoses, DIAGNOSIS_UNTIL, NULL, until,
			      "how many boots there are was left to the data (until %.3g %%)",
			      100 * until);
	else
		diagnoses_add(&row->diagnoses, DIAGNOSIS_UNTIL, NULL, until,
			      "how many boots or runs there are was left to the data (until %.3g "
			      "%%): the interval is as wide as one of %.0f %% would be otherwise",
			      100 * until, 100 * UNTIL_CONFIDENCE);
}

void check_row_fill(struct check *check, struct check_row *row,
		    const struct result_cell *const cell[2], const char *const label[2])
{
	struct sequence s[2];
	double low, high;

	if (row->metric == cell[0]->op && bands_at(check->results, row->point, &low, &high)) {
		row->low_bound = fmin(row->low_bound, low);
		row->high_bound = fmax(row->high_bound, high);
	}
	say_until(check, row);
	if (row->exact) {
		fill_counts(row, cell);
		return;
	}
	sequence_of(&s[0], cell[0]);
	sequence_of(&s[1], cell[1]);
	fill_times(check, row, s, label);
	sequence_free(&s[0]);
	sequence_free(&s[1]);
}

static bool adjusted(const struct check_row *row)
{
	return !row->exact && !row->why && !isnan(row->p);
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
	if (!row->exact && !(row->p <= ALPHA))
		return 0;
	if (row->low > row->high_bound)
		return 1;
	return row->high < row->low_bound ? -1 : 0;
}

/* Is a change for the worse as large as that ruled out, or where none is, any change? */
static bool rules_out(const struct check_row *row, double low, double high)
{
	if (row->metric->better == METRIC_NEITHER)
		return row->low > low && row->high < high;
	return more_is_better(row) ? row->low > low : row->high < high;
}

/* Says so where the point's band is wider than the threshold, and if the verdict is owed to it. */
static void say_band(const struct check *check, struct check_row *row)
{
	double threshold = check->threshold, low, high;
	bool owed = row->verdict == VERDICT_OK && !rules_out(row, -threshold, threshold);

	if (row->low_bound >= -threshold && row->high_bound <= threshold)
		return;
	bands_at(check->results, row->point, &low, &high);
	diagnoses_add(&row->diagnoses, DIAGNOSIS_BAND, NULL, more_is_better(row) ? -low : high,
		      "it moves by %+.2g .. %+.2g %% anyway%s", 100 * low, 100 * high,
		      owed ? ", so it is ok; by the threshold alone it is not" : "");
}

static void judge(struct check_row *row)
{
	bool excluded = rules_out(row, row->low_bound, row->high_bound);
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
		row->verdict = VERDICT_OK;
	else if (row->low > row->high_bound || row->high < row->low_bound)
		say_why(row, "beyond the threshold if it were the only point, but not among all of "
			     "this check (Holm)");
	else
		say_why(row, "a change%s of %.3g %% is neither shown nor ruled out",
			neither ? "" : " for the worse",
			100 * (more_is_better(row) ? -row->low_bound : row->high_bound));
}

void check_judge(struct check *check)
{
	size_t i;

	adjust(check);
	for (i = 0; i < check->nr_rows; i++) {
		judge(&check->rows[i]);
		say_band(check, &check->rows[i]);
	}
}
