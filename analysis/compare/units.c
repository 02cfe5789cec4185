// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/units.h"

#include <math.h>
#include <stdlib.h>

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
	size_t i;

	*ret = (struct sequence){0};
	if (!cell || !cell->nr_ok)
		return;
	ret->run = calloc(cell->nr_ok, sizeof(*ret->run));
	for (i = 0; ret->run && i < cell->nr; i++)
		if (cell->runs[i].status == RUN_OK)
			ret->run[ret->nr++] = &cell->runs[i];
	if (ret->nr)
		qsort(ret->run, ret->nr, sizeof(*ret->run), in_order);
	for (i = 0; i < ret->nr; i++)
		ret->boots += sequence_starts_boot(ret, i);
}

void sequence_free(struct sequence *s)
{
	free(s->run);
	*s = (struct sequence){0};
}

size_t sequence_units(const struct sequence *s, const struct metric *metric, bool by_boot,
		      struct unit *units)
{
	size_t i, end, nr = 0, runs;
	double value;

	for (i = 0; i < s->nr; i = end) {
		struct unit unit = {.boot = s->run[i]->boot, .run = by_boot ? -1 : s->run[i]->run};

		unit.from = s->run[i]->started;
		for (end = i, runs = 0; end < s->nr; end++) {
			if (end > i && (!by_boot || sequence_starts_boot(s, end)))
				break;
			value = run_value(s->run[end], metric);
			if (metric_has(metric, value)) {
				unit.value += metric->harmonic ? 1 / value : value;
				runs++;
			}
			unit.to = s->run[end]->started;
		}
		unit.value =
			metric->harmonic ? (double)runs / unit.value : unit.value / (double)runs;
		if (runs && isfinite(unit.value))
			units[nr++] = unit;
	}
	return nr;
}
