// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The roles of contended points.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/results/results.h"

const double result_quantiles[RESULT_QUANTILES] = {0.5, 0.99};

int cell_side(const struct result_cell *cell, const char *role)
{
	unsigned int s;

	for (s = 0; cell && s < cell->nr_sides; s++)
		if (!strcmp(cell->sides[s].role, role))
			return (int)s;
	return -1;
}

/* The side of that role, which is added if it is new; NULL if there is no room. */
static struct result_side *take_side(struct result_cell *cell, const char *role, int workers)
{
	int known = cell_side(cell, role);
	struct result_side *more;

	if (known >= 0)
		return &cell->sides[known];
	if (cell->nr_sides == RESULT_SIDES)
		return NULL;
	more = realloc(cell->sides, (cell->nr_sides + 1) * sizeof(*more));
	if (!more)
		return NULL;
	cell->sides = more;
	more += cell->nr_sides++;
	*more = (struct result_side){.role = strdup(role), .workers = workers};
	return more;
}

static void add_latency(struct result_cell *cell, struct result_side *side, const json_t *json,
			double quantile[RESULT_QUANTILES])
{
	struct hist hist;
	unsigned int q;

	if (!json)
		return;
	if (!hist_from_json(&hist, json)) {
		warnings_add(&cell->warnings, "latency of %s in one run cannot be read",
			     side->role);
		return;
	}
	for (q = 0; q < RESULT_QUANTILES; q++)
		quantile[q] = hist_quantile(&hist, result_quantiles[q]);
	if (!side->latency.unit_ns)
		side->latency = hist;
	else if (!hist_merge(&side->latency, &hist))
		warnings_add(&cell->warnings,
			     "latency of %s: runs with another clock resolution are left out",
			     side->role);
}

void sides_take(struct result_cell *cell, struct result_run *run, const struct run_record *rec)
{
	struct result_side *side;
	const char *role;
	json_t *json;
	double busy;
	int workers;

	json_object_foreach(rec->sides, role, json) {
		workers = (int)json_integer_value(json_object_get(json, "workers"));
		busy = record_sum(json_object_get(json, "busy_ns"));
		if (workers < 1 || !(side = take_side(cell, role, workers)))
			continue;
		if (busy > 0)
			run->rate[side - cell->sides] =
				record_sum(json_object_get(json, "ops")) / (busy / workers) * 1e9;
		add_latency(cell, side, json_object_get(rec->latency, role),
			    run->latency[side - cell->sides]);
	}
}
