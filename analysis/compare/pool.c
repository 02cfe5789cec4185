// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/moderated.h"

static bool is_of(const struct check_row *row, const struct check_row *first)
{
	return row->deviations && row->kernel == first->kernel && row->metric == first->metric &&
	       row->units[0] == first->units[0];
}

static void take(struct check_row *row, const struct moderated *m, double n)
{
	double own = row->interval.se * row->interval.se * n, df;

	row->own_se = row->interval.se;
	row->interval.se = sqrt(moderated_variance(m, own, &df) / n);
	row->pooled = df - row->interval.df;
	row->interval.df = df;
}

/* All rows from the first on that belong to it, which are then done with. */
static void pool(struct check_row *first, struct check_row *end)
{
	size_t n = first->units[0], nr = 0;
	double *rows = calloc((size_t)(end - first) * n, sizeof(*rows));
	struct moderated m;
	struct check_row *row;

	for (row = first; rows && row < end; row++)
		if (is_of(row, first))
			memcpy(rows + n * nr++, row->deviations, n * sizeof(*rows));
	if (rows && moderated_of(&m, rows, nr, n))
		for (row = first; row < end; row++)
			if (is_of(row, first))
				take(row, &m, (double)n);
	free(rows);
	for (row = end; row-- > first;) {
		if (!is_of(row, first))
			continue;
		free(row->deviations);
		row->deviations = NULL;
	}
}

void check_pool(struct check *check)
{
	struct check_row *row, *end = check->rows + check->nr_rows;

	for (row = check->rows; row < end; row++)
		if (row->deviations)
			pool(row, end);
}
