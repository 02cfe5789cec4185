// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one cell of the results says.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/results.h"
#include "analysis/stats/summary.h"

static void forget_ok(struct result_cell *cell)
{
	unsigned int s;
	size_t i;

	for (s = 0; s < cell->nr_roles; s++)
		free(cell->roles[s].role);
	free(cell->roles);
	for (i = 0; i < cell->nr_counters; i++)
		free(cell->counters[i].refused);
	free(cell->counters);
	free(cell->source);
	free(cell->per);
	warnings_free(&cell->warnings);
	cell->roles = NULL;
	cell->source = cell->per = NULL;
	cell->op = NULL;
	cell->nr_roles = 0;
	cell->counters = NULL;
	cell->nr_counters = 0;
	cell->nr_ok = 0;
}

void cell_void(struct result_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nr; i++)
		if (cell->runs[i].status == RUN_OK)
			cell->runs[i].status = RUN_VOID;
	forget_ok(cell);
}

void cell_free(struct result_cell *cell)
{
	size_t i;

	if (!cell)
		return;
	for (i = 0; i < cell->nr; i++) {
		free(cell->runs[i].reason);
		free(cell->runs[i].value);
		json_decref(cell->runs[i].functions);
		json_decref(cell->runs[i].state);
	}
	forget_ok(cell);
	free(cell->runs);
	free(cell->differs);
	free(cell);
}

const struct metric *cell_op(const struct result_cell *cell)
{
	return cell ? cell->op : NULL;
}

double run_value(const struct result_run *run, const struct metric *metric)
{
	double value = NAN;

	if (metric && metric->slot < run->nr_values)
		value = run->value[metric->slot];
	if (metric && metric->moved && isnan(value) && run->vmstat)
		value = 0;
	return metric && metric->per_unit ? value / run->units : value;
}

double metric_mean(const struct metric *metric, const double *values, size_t n)
{
	return metric->harmonic ? stats_hmean(values, n) : stats_mean(values, n);
}

/* Is it the first ok run of its boot? */
static bool starts_boot(const struct result_cell *cell, size_t run)
{
	size_t i;

	for (i = 0; i < run; i++)
		if (cell->runs[i].status == RUN_OK && cell->runs[i].boot == cell->runs[run].boot)
			return false;
	return cell->runs[run].status == RUN_OK;
}

size_t cell_boots(const struct result_cell *cell)
{
	size_t i, boots = 0;

	for (i = 0; i < cell->nr; i++)
		boots += starts_boot(cell, i);
	return boots;
}

/* Mean over the ok runs of one boot that have the value; NaN if none has. */
static double boot_mean(const struct result_cell *cell, const struct metric *metric, int boot)
{
	double sum = 0, value;
	size_t i, n = 0;

	for (i = 0; i < cell->nr; i++) {
		value = run_value(&cell->runs[i], metric);
		if (cell->runs[i].status == RUN_OK && cell->runs[i].boot == boot && !isnan(value)) {
			sum += metric->harmonic ? 1 / value : value;
			n++;
		}
	}
	if (!n)
		return NAN;
	return metric->harmonic ? (double)n / sum : sum / (double)n;
}

size_t cell_units(const struct result_cell *cell, const struct metric *metric, double *units)
{
	bool by_boot;
	double value;
	size_t i, n = 0;

	if (!cell || !metric)
		return 0;
	by_boot = cell_boots(cell) > 1;
	for (i = 0; i < cell->nr; i++) {
		if (cell->runs[i].status != RUN_OK || (by_boot && !starts_boot(cell, i)))
			continue;
		value = by_boot ? boot_mean(cell, metric, cell->runs[i].boot)
				: run_value(&cell->runs[i], metric);
		if (!isnan(value))
			units[n++] = value;
	}
	return n;
}

/* The units, malloc'ed; NULL if there is none. */
static double *units_of(const struct result_cell *cell, const struct metric *metric, size_t *ret_n)
{
	double *units = cell && cell->nr_ok ? calloc(cell->nr_ok, sizeof(*units)) : NULL;

	*ret_n = units ? cell_units(cell, metric, units) : 0;
	if (*ret_n)
		return units;
	free(units);
	return NULL;
}

double cell_mean(const struct result_cell *cell, const struct metric *metric)
{
	size_t n;
	double *units = units_of(cell, metric, &n);
	double mean = units ? metric_mean(metric, units, n) : NAN;

	free(units);
	return mean;
}

double cell_rel_sd(const struct result_cell *cell, const struct metric *metric)
{
	size_t n;
	double *units = units_of(cell, metric, &n);
	double sd = units ? stats_rel_sd(units, n) : NAN;

	free(units);
	return sd;
}

static void widen(size_t range[2], size_t value, bool first)
{
	if (first || value < range[0])
		range[0] = value;
	if (first || value > range[1])
		range[1] = value;
}

static size_t runs_of_boot(const struct result_cell *cell, int boot)
{
	size_t i, n = 0;

	for (i = 0; i < cell->nr; i++)
		n += cell->runs[i].status == RUN_OK && cell->runs[i].boot == boot;
	return n;
}

double cell_weight(const struct result_cell *cell, const struct result_run *run)
{
	size_t runs = cell_boots(cell) * runs_of_boot(cell, run->boot);

	return 1 / ((double)runs * (double)run->iterations);
}

void basis_add(struct basis *basis, const struct result_cell *cell)
{
	bool first = !basis->cells;
	size_t i;

	if (!cell || !cell->nr_ok)
		return;
	widen(basis->boots, cell_boots(cell), first);
	for (i = 0; i < cell->nr; i++) {
		if (cell->runs[i].status != RUN_OK)
			continue;
		widen(basis->runs, runs_of_boot(cell, cell->runs[i].boot), first);
		widen(basis->iterations, cell->runs[i].iterations, first);
		first = false;
	}
	basis->cells++;
}

static int put_range(char *text, size_t room, const size_t range[2], const char *what)
{
	const char *plural = range[1] == 1 ? "" : "s";

	if (range[0] == range[1])
		return snprintf(text, room, "%zu %s%s", range[0], what, plural);
	return snprintf(text, room, "%zu-%zu %s%s", range[0], range[1], what, plural);
}

const char *basis_text(const struct basis *basis, char text[BASIS_TEXT])
{
	int used = put_range(text, BASIS_TEXT, basis->boots, "boot");

	used += snprintf(text + used, BASIS_TEXT - (size_t)used, " x ");
	used += put_range(text + used, BASIS_TEXT - (size_t)used, basis->runs, "run");
	used += snprintf(text + used, BASIS_TEXT - (size_t)used, " x ");
	put_range(text + used, BASIS_TEXT - (size_t)used, basis->iterations, "iteration");
	return text;
}

const char *basis_unit(const struct basis *basis)
{
	if (basis->boots[1] < 2)
		return "run";
	return basis->boots[0] > 1 ? "boot" : "boot (or, of one boot, run)";
}

bool cell_skipped(const struct result_cell *cell)
{
	size_t i;

	for (i = 0; cell && i < cell->nr; i++)
		if (cell->runs[i].status != RUN_SKIPPED)
			return false;
	return cell && cell->nr;
}

char *cell_trouble(const struct result_cell *cell)
{
	const struct result_run *bad;
	const char *reason;
	char *text;
	size_t i;

	if (!cell || !cell->nr)
		return strdup("not measured");
	if (cell->differs)
		return asprintf(&text, "void: %s", cell->differs) < 0 ? NULL : text;
	if (cell->nr_ok == cell->nr)
		return NULL;
	for (i = 0; cell->runs[i].status == RUN_OK; i++)
		;
	bad = &cell->runs[i];
	reason = bad->reason ? bad->reason : "no reason given";
	if (!cell->nr_ok)
		i = (size_t)asprintf(&text, "%s: %s", run_status_name(bad->status), reason);
	else
		i = (size_t)asprintf(&text, "%zu of %zu runs left out, the first %s: %s",
				     cell->nr - cell->nr_ok, cell->nr, run_status_name(bad->status),
				     reason);
	return i == (size_t)-1 ? NULL : text;
}
