// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/stats/summary.h"

static int in_order(const void *a, const void *b)
{
	const struct result_run *x = *(const struct result_run *const *)a;
	const struct result_run *y = *(const struct result_run *const *)b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	return (x->run > y->run) - (x->run < y->run);
}

bool sequence_starts_boot(const struct sequence *s, size_t run)
{
	return !run || s->run[run]->boot != s->run[run - 1]->boot;
}

void sequence_of(struct sequence *ret, const struct result_cell *cell)
{
	bool sorted = true;
	size_t i;

	*ret = (struct sequence){0};
	if (!cell || !cell->nr_ok)
		return;
	ret->run = calloc(cell->nr_ok, sizeof(*ret->run));
	for (i = 0; ret->run && i < cell->nr; i++) {
		if (cell->runs[i].status != RUN_OK)
			continue;
		ret->run[ret->nr++] = &cell->runs[i];
		sorted &= ret->nr < 2 ||
			  in_order(&ret->run[ret->nr - 2], &ret->run[ret->nr - 1]) <= 0;
	}
	if (!sorted)
		qsort(ret->run, ret->nr, sizeof(*ret->run), in_order);
	for (i = 0; i < ret->nr; i++)
		ret->boots += sequence_starts_boot(ret, i);
}

void sequence_free(struct sequence *s)
{
	free(s->run);
	free(s->level);
	*s = (struct sequence){0};
}

double sequence_value(const struct sequence *s, size_t n, const struct metric *metric)
{
	return run_value(s->run[n], metric) / (s->level ? s->level[n] : 1);
}

size_t sequence_end(const struct sequence *s, size_t run, bool by_boot)
{
	size_t end = run + 1;

	while (by_boot && end < s->nr && !sequence_starts_boot(s, end))
		end++;
	return end;
}

/* Mean over runs that have the value; NaN if none has. */
static double mean_of(const struct sequence *s, size_t from, size_t end,
		      const struct metric *metric)
{
	double sum = 0, value;
	size_t i, n = 0;

	for (i = from; i < end; i++) {
		value = sequence_value(s, i, metric);
		if (isnan(value))
			continue;
		sum += metric->harmonic ? 1 / value : value;
		n++;
	}
	if (!n)
		return NAN;
	return metric->harmonic ? (double)n / sum : sum / (double)n;
}

/* All units with a value, or those with one that the metric has. */
static size_t units_where(const struct sequence *s, const struct metric *metric, bool by_boot,
			  bool all, struct unit *units)
{
	size_t i, end, nr = 0;
	double value;

	for (i = 0; i < s->nr; i = end) {
		end = sequence_end(s, i, by_boot);
		value = mean_of(s, i, end, metric);
		if (isfinite(value) && (all || metric_has(metric, value)))
			units[nr++] = (struct unit){s->run[i]->boot,
						    by_boot ? -1 : s->run[i]->run,
						    value,
						    s->run[i]->host,
						    s->run[i]->started,
						    s->run[end - 1]->started};
	}
	return nr;
}

size_t sequence_units(const struct sequence *s, const struct metric *metric, bool by_boot,
		      struct unit *units)
{
	return units_where(s, metric, by_boot, true, units);
}

size_t sequence_units_had(const struct sequence *s, const struct metric *metric, bool by_boot,
			  struct unit *units)
{
	return units_where(s, metric, by_boot, false, units);
}

/* When the units of one kernel began and ended; from is NaN if of one that is not known. */
static void session_of(const struct unit *units, size_t nr, double *ret_from, double *ret_to)
{
	size_t i;

	*ret_from = INFINITY;
	*ret_to = -INFINITY;
	for (i = 0; i < nr; i++) {
		*ret_from = units[i].from > 0 ? fmin(*ret_from, units[i].from) : NAN;
		*ret_to = fmax(*ret_to, units[i].to);
		if (isnan(*ret_from))
			return;
	}
}

double units_times(const struct unit *const units[2], const size_t nr[2], double *const at[2])
{
	double from[2], to[2], took, all, zero;
	size_t k, i;

	for (k = 0; k < 2; k++)
		session_of(units[k], nr[k], &from[k], &to[k]);
	took = to[0] - from[0] + to[1] - from[1];
	all = fmax(to[0], to[1]) - fmin(from[0], from[1]);
	zero = all > 2 * took ? NAN : fmin(from[0], from[1]);
	for (k = 0; k < 2; k++)
		for (i = 0; i < nr[k]; i++)
			at[k][i] = (units[k][i].from + units[k][i].to) / 2 -
				   (isnan(zero) ? from[k] : zero);
	if (isnan(took))
		return NAN;
	return isnan(zero) ? fmax(to[0] - from[0], to[1] - from[1]) : all;
}

size_t cell_units(const struct result_cell *cell, const struct metric *metric, double *units)
{
	struct unit *all;
	struct sequence s;
	size_t i, nr = 0;

	if (!cell || !metric)
		return 0;
	sequence_of(&s, cell);
	all = calloc(s.nr + 1, sizeof(*all));
	if (all)
		nr = sequence_units(&s, metric, s.boots > 1, all);
	for (i = 0; i < nr; i++)
		units[i] = all[i].value;
	free(all);
	sequence_free(&s);
	return nr;
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

size_t cell_boots(const struct result_cell *cell)
{
	struct sequence s;
	size_t boots;

	sequence_of(&s, cell);
	boots = s.boots;
	sequence_free(&s);
	return boots;
}

static void widen(size_t range[2], size_t value, bool first)
{
	if (first || value < range[0])
		range[0] = value;
	if (first || value > range[1])
		range[1] = value;
}

void basis_add(struct basis *basis, const struct result_cell *cell)
{
	bool first = !basis->cells;
	struct sequence s;
	size_t i, end;

	if (!cell || !cell->nr_ok)
		return;
	sequence_of(&s, cell);
	widen(basis->boots, s.boots, first);
	for (i = 0, end = 0; i < s.nr; i++) {
		if (i == end) {
			end = sequence_end(&s, i, true);
			widen(basis->runs, end - i, first);
		}
		widen(basis->iterations, s.run[i]->iterations, first);
		first = false;
	}
	basis->cells++;
	sequence_free(&s);
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
