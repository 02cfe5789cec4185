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
#include "analysis/stats/trend.h"

#define ROUNDED 1e-12
#define ALPHA	(1 - INTERVAL_CONFIDENCE)

struct power *check_power(struct check *check, const struct power_design *design)
{
	struct power *p, *more;
	size_t i;

	for (i = 0; i < check->nr_power; i++) {
		p = &check->power[i];
		if (p->design.claim == design->claim && p->design.paired == design->paired &&
		    p->design.alpha == design->alpha && p->design.pilot_df == design->pilot_df &&
		    p->design.pool_df == design->pool_df)
			return p;
	}
	more = realloc(check->power, (check->nr_power + 1) * sizeof(*more));
	if (!more)
		return NULL;
	check->power = more;
	more += check->nr_power++;
	*more = (struct power){.design = *design};
	return more;
}

struct power_design check_row_design(const struct check *check, const struct check_row *row,
				     enum power_claim claim)
{
	return (struct power_design){
		.claim = claim,
		.paired = row->paired,
		.alpha = 1 - until_nominal(check->results),
		.pilot_df = floor(interval_df(&row->interval)),
		.pool_df = claim == POWER_OK ? floor(row->pooled) : 0,
	};
}

bool check_is_aa(const struct check *check, const struct check_row *row)
{
	const char *base = check->results->kernels[check->base].label;
	const char *label = check->results->kernels[row->kernel].label;

	return !strncmp(label, base, strlen(base)) && !strcmp(label + strlen(base), "'");
}

void check_row_why(struct check_row *row, const char *fmt, ...)
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
			      isnan(b->session)
				      ? "runs do not say when they started, so whether boots were "
					"in turn is not known: they are in no blocks"
				      : "the two kernels' boots were not in turn: what changed "
					"meanwhile is in the difference");
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

double check_row_far(const struct check_row *row, double change)
{
	double size = more_is_better(row) ? -log1p(-fmin(change, 1)) : log1p(change);
	double far = change > 0 ? size - worse_bound(row) : worse_bound(row);

	return (far - row->grain) / interval_noise(&row->interval);
}

double check_row_change(const struct check_row *row, double far)
{
	double size = worse_bound(row) + far * interval_noise(&row->interval);

	return (more_is_better(row) ? -expm1(-size) : expm1(size)) + row->grain;
}

static void fill_power(struct check *check, struct check_row *row)
{
	struct power_design beyond = check_row_design(check, row, POWER_BEYOND);
	struct power_design ok = check_row_design(check, row, POWER_OK);
	struct power *power = check_power(check, &beyond);
	double far = check_row_far(row, 0);

	row->needs = 0;
	if (power)
		row->detectable = check_row_change(row, power_far(power, (size_t)row->interval.n));
	power = check_power(check, &ok);
	if (power && far > 0)
		row->needs = power_units(power, far, INTERVAL_UNITS);
}

static bool is_latency(const struct check_row *row)
{
	return row->metric->kind == METRIC_SAMPLED;
}

/*
 * How far the change of a latency can be from what buckets say: by how the values in them are
 * spread, or, if its ticks are finer than the clock, by the clock's resolution.
 */
static double grain(const struct check *check, const struct metric *metric,
		    const struct result_cell *const cell[2])
{
	double resolution =
		fact_number(check->results->kernels[check->base].machine, "clock.resolution_ns");
	double of_both = 0, tick, quantile = metric->arg / 1000.0;
	const struct result_role *role;
	size_t i;

	for (i = 0; metric->kind == METRIC_SAMPLED && i < 2; i++) {
		role = cell_role(cell[i], metric->role);
		if (!role || !role->latency.count)
			continue;
		tick = resolution / hist_quantile(&role->latency, quantile);
		of_both += (double)role->latency.unit_ns < resolution
				   ? tick
				   : hist_quantile_error(&role->latency, quantile);
	}
	return of_both;
}

/* A latency that the clock cannot tell from 0 is none. */
static void look_at_clock(const struct check *check, struct check_row *row)
{
	double resolution =
		fact_number(check->results->kernels[check->base].machine, "clock.resolution_ns");

	if (is_latency(row) && (row->mean[0] < resolution || row->mean[1] < resolution))
		check_row_why(row, "below the clock's resolution (%.0f ns)", resolution);
}

/*
 * Says so if ranks and means do not agree whether there is a difference, and ranks of so few can:
 * the p next to the least is twice it.
 */
static void compare_ranks(struct check_row *row, double alpha)
{
	/* Of values that are all the same nothing but what was rounded is left. */
	bool differs = row->low > ROUNDED || row->high < -ROUNDED;

	if (differs != (row->ranks.p < alpha) &&
	    !(differs && row->ranks.p < 1.5 * row->ranks.least))
		diagnoses_add(&row->diagnoses, DIAGNOSIS_RANKS, NULL, row->ranks.p,
			      "the interval has %s, but %s p is %.2g",
			      differs ? "no 0 in it" : "a 0 in it",
			      row->paired ? "the signed-rank test's" : "Mann-Whitney's",
			      row->ranks.p);
}

/* What kernels that were not measured in turn differ by may be a drift that is seen in them. */
static void heed_trend(const struct check *check, struct check_row *row, const struct blocks *b)
{
	double alpha = fmax(DIAGNOSE_ALPHA, DIAGNOSE_APART / (double)check->results->nr_points);
	struct interval i = {.plain = row->metric->zero, .base = fabs(row->mean[0])};
	struct trend t;
	double apart;

	if (b->paired || !blocks_trend(b, &t) || t.p > alpha)
		return;
	i.log_ratio = t.slope * t.apart;
	apart = interval_change(&i);
	i.log_ratio = t.slope * b->session;
	if (fabs(apart) >= DIAGNOSE_LEAST)
		check_row_why(row,
			      "drift of %+.1f %% over the session, %+.1f %% from one kernel to the "
			      "other: they were not measured in turn",
			      100 * interval_change(&i), 100 * apart);
}

static size_t fewest_units(const struct check_row *row)
{
	return row->units[0] < row->units[1] ? row->units[0] : row->units[1];
}

static void fill_interval(struct check *check, struct check_row *row, const struct blocks *s)
{
	row->interval = blocks_interval(s);
	row->change = interval_change(&row->interval);
	row->needs = INTERVAL_UNITS;
	if (row->interval.df > 0) {
		row->ranks = blocks_ranks(s);
		if (check->relabel && row->by_boot && check_is_aa(check, row))
			row->alarms = relabel_alarms(s->value[0], s->nr[0], s->value[1], s->nr[1],
						     row->paired);
	}
	if (fewest_units(row) < INTERVAL_UNITS)
		return;
	heed_trend(check, row, s);
	if (!row->metric->zero)
		row->deviations = blocks_deviations(s);
}

/*
 * p that the change is within the bounds, before Holm, such that what is significant at the nominal
 * level is so at ALPHA. It has to be by the row's own blocks as well: how likely the largest of
 * many is rests on how well the noise of each is known.
 */
static double settled_p(const struct check *check, const struct check_row *row)
{
	double low = (1 + row->low_bound) / (1 + row->grain) - 1;
	double high = (1 + row->high_bound) / (1 - row->grain) - 1;
	struct interval own = row->interval;
	double p = interval_p(&own, low, high);

	if (row->own_se > 0) {
		own.se = row->own_se;
		own.df -= row->pooled;
		p = fmax(p, interval_p(&own, low, high));
	}
	return fmin(1, ALPHA / (1 - until_nominal(check->results)) * p);
}

void check_row_settle(struct check *check, struct check_row *row)
{
	double g = row->grain, confidence = until_nominal(check->results);
	const struct interval *i = &row->interval;

	if (!(i->df > 0))
		return;
	row->low = (1 + interval_low(i, confidence)) * (1 - g) - 1;
	row->high = (1 + interval_high(i, confidence)) * (1 + g) - 1;
	/* What has no logarithm may be 0, but only a gauge falls by more than all of it (pairs.c).
	 */
	if (i->plain && row->metric->group != METRIC_OF_VMSTAT) {
		row->low = pair_at_most_all(row->low);
		row->high = pair_at_most_all(row->high);
	}
	fill_power(check, row);
	if (!row->by_boot && !check->by_run)
		row->needs = 0;
	if (fewest_units(row) < INTERVAL_UNITS)
		return;
	compare_ranks(row, 1 - confidence);
	if (row->by_boot || check->by_run)
		row->p = settled_p(check, row);
}

/* How many units a verdict takes, and that runs are none of boots unless somebody says so. */
static void heed_units(const struct check *check, struct check_row *row, const struct sequence s[2])
{
	size_t units = fewest_units(row);
	size_t boots = s[0].boots < s[1].boots ? s[0].boots : s[1].boots;

	if (row->by_boot || check->by_run) {
		if (units < INTERVAL_UNITS)
			check_row_why(row, "%zu %s%s a side; a verdict takes %d at least", units,
				      row->by_boot ? "boot" : "run", units == 1 ? "" : "s",
				      INTERVAL_UNITS);
		return;
	}
	row->needs = 0;
	check_row_why(
		row,
		"%zu boot%s a side; a verdict takes %d at least, or --unit runs, of these boots "
		"only",
		boots, boots == 1 ? "" : "s", INTERVAL_UNITS);
}

static void fill_times(struct check *check, struct check_row *row, struct sequence s[2],
		       const char *const label[2])
{
	struct blocks blocks;

	if (blocks_of(&blocks, s, row->metric, check->by_run)) {
		row->by_boot = blocks.by_boot;
		if (!row->by_boot && !check->by_run)
			diagnoses_add(&row->diagnoses, DIAGNOSIS_ONE_BOOT, NULL, 0,
				      "one boot: what another boot or build would change is not in "
				      "the interval");
		arrange(row, &blocks);
		look_at_clock(check, row);
		if (blocks.hosts[0])
			check_row_why(row,
				      "measured on different hosts (%s, %s), and not in blocks of "
				      "boots of one host each",
				      blocks.hosts[0], blocks.hosts[1]);
		else if (blocks.nr[0] && blocks.nr[1])
			fill_interval(check, row, &blocks);
		else
			check_row_why(row, row->metric->zero ? "no values to compare"
							     : "no values above 0 to compare");
		heed_units(check, row, s);
		if (row->paired)
			sequences_level(s, row->metric);
		tail_of(&row->tail, s, row->metric, row->by_boot);
		if (!row->metric->zero)
			diagnose(&row->diagnoses, label, s, row->metric, row->grain);
	}
	blocks_free(&blocks);
}

/* p that the change of counts is within the bounds, at the level of all others. */
static double counts_p(const struct check_row *row, const struct difference *d)
{
	struct interval i = {.log_ratio = d->change,
			     .se = d->change_sd / sqrt((double)d->boots),
			     .df = (double)d->boots - 1,
			     .plain = true,
			     .base = 1};

	if (isinf(d->change))
		return 0;
	return fmin(1, ALPHA / (1 - PAIRS_CONFIDENCE) *
			       interval_p(&i, row->low_bound, row->high_bound));
}

/* Counts have their own test (pairs.h), and a resolution that no threshold makes finer. */
static void fill_counts(struct check_row *row, const struct result_cell *const cell[2])
{
	struct difference d;
	struct pair pair;

	row->low_bound = fmin(row->low_bound, -PAIRS_RESOLUTION);
	row->high_bound = fmax(row->high_bound, PAIRS_RESOLUTION);
	pair_cells(&pair, cell[0], cell[1]);
	pair_difference(&pair, row->metric, &d);
	row->by_boot = row->paired = pair.paired;
	row->units[0] = cell_boots(&pair.cell[0]);
	row->units[1] = cell_boots(&pair.cell[1]);
	row->mean[0] = d.mean[0];
	row->mean[1] = d.mean[1];
	row->change = d.change;
	row->low = d.low;
	row->high = d.high;
	if (isinf(d.change))
		row->low = row->high = d.change;
	if (d.outcome <= OUTCOME_ONE_BOOT)
		check_row_why(row, "%s: no interval", outcome_name(d.outcome));
	else
		row->p = counts_p(row, &d);
	if (!pair_decides(&d))
		check_row_why(row,
			      "%zu boots, from one to the next of which the count varies: a "
			      "verdict takes %d at least",
			      d.boots, PAIRS_VARY);
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
	struct band band;

	if (row->metric == cell[0]->op && bands_at(check->results, row->point, &band)) {
		row->low_bound = fmin(row->low_bound, band.low);
		row->high_bound = fmax(row->high_bound, band.high);
	}
	say_until(check, row);
	row->grain = grain(check, row->metric, cell);
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
