// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables.h"

#include "analysis/results/machine_facts.h"
#include "analysis/tables/absolute.h"
#include "analysis/tables/counters.h"
#include "analysis/tables/cover.h"
#include "analysis/tables/exact.h"
#include "analysis/tables/series.h"

static bool is_series(const struct tables *t)
{
	return !t->format && !t->base_named && series_in(t->results);
}

static bool any_counter(const struct results *r)
{
	size_t i;

	for (i = 0; i < r->metrics.nr; i++)
		if (r->metrics.of[i]->group == METRIC_OF_COUNTER)
			return true;
	return false;
}

/*
 * A series has too many kernels for it, a published layout what it is published with, and exact
 * runs have counters only if their plan asks for them.
 */
static bool has_counters(const struct tables *t)
{
	return !t->nr_metrics && !t->format && !is_series(t) &&
	       (!results_exact(t->results) || any_counter(t->results));
}

static void print_counters(FILE *out, const struct tables *t)
{
	if (!has_counters(t))
		return;
	if (t->results->nr_kernels > 1)
		table_counter_changes(out, t->results, t->base);
	else
		table_counters(out, t->results);
}

bool tables_has_absolute(const struct tables *t)
{
	return !t->nr_metrics && !t->format && !results_exact(t->results) && !is_series(t);
}

bool tables_has_relative(const struct tables *t)
{
	return !tables_has_absolute(t) || t->results->nr_kernels > 1;
}

void tables_absolute(FILE *out, const struct tables *t)
{
	table_absolute(out, t->results);
	if (!tables_has_relative(t))
		print_counters(out, t);
}

static void print_metrics(FILE *out, const struct tables *t)
{
	size_t i;

	for (i = 0; i < t->nr_metrics; i++) {
		if (i)
			fputc('\n', out);
		table_cover(out, t->results, t->base, t->title, t->metrics[i],
			    t->format ? t->format->layout : NULL);
	}
}

static void print_published(FILE *out, const struct tables *t)
{
	if (t->format->head)
		t->format->head(out, t->results, t->base);
	table_cover(out, t->results, t->base, t->title, NULL, t->format->layout);
}

void tables_relative(FILE *out, const struct tables *t)
{
	if (t->nr_metrics)
		print_metrics(out, t);
	else if (t->format)
		print_published(out, t);
	else if (is_series(t))
		table_series(out, t->results, t->title, t->functions);
	else if (results_exact(t->results))
		table_exact(out, t->results, t->base, t->title, t->functions, t->lines);
	else
		table_cover(out, t->results, t->base, t->title, NULL, NULL);
	print_counters(out, t);
}

void tables_compare(FILE *out, const struct tables *t)
{
	tables_relative(out, t);
	facts_differences(out, t->results, t->base);
	if (!results_exact(t->results) && t->functions)
		table_no_functions(out);
}

void tables_all(FILE *out, const struct tables *t)
{
	if (tables_has_absolute(t))
		tables_absolute(out, t);
	if (tables_has_absolute(t) && tables_has_relative(t))
		fputc('\n', out);
	if (tables_has_relative(t))
		tables_compare(out, t);
	else if (t->functions)
		table_no_functions(out);
}
