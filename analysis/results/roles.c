// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The roles of contended points.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/results/results.h"

static struct result_role *find_role(const struct result_cell *cell, const char *role)
{
	unsigned int s;

	for (s = 0; cell && s < cell->nr_roles; s++)
		if (!strcmp(cell->roles[s].role, role))
			return &cell->roles[s];
	return NULL;
}

const struct result_role *cell_role(const struct result_cell *cell, const char *role)
{
	return find_role(cell, role);
}

/* The role of that name, which is added if it is new; NULL if there is no room. */
static struct result_role *take_role(struct result_cell *cell, const char *role, int workers)
{
	struct result_role *more = find_role(cell, role);

	if (more || cell->nr_roles == RESULT_ROLES)
		return more;
	more = realloc(cell->roles, (cell->nr_roles + 1) * sizeof(*more));
	if (!more)
		return NULL;
	cell->roles = more;
	more += cell->nr_roles++;
	*more = (struct result_role){.role = strdup(role), .workers = workers};
	return more;
}

/* Reads a run's latencies, and adds them to the role's. False if there are none. */
static bool take_latency(struct result_cell *cell, struct result_role *role, const json_t *json,
			 struct hist *ret)
{
	if (!json)
		return false;
	if (!hist_from_json(ret, json)) {
		warnings_add(&cell->warnings, "latency of %s in one run cannot be read",
			     role->role);
		return false;
	}
	if (!role->latency.unit_ns)
		role->latency = *ret;
	else if (!hist_merge(&role->latency, ret))
		warnings_add(&cell->warnings,
			     "latency of %s: runs with other buckets or another clock are left out",
			     role->role);
	return true;
}

void roles_take(struct metrics *metrics, struct result_cell *cell, struct metric_from *from)
{
	struct result_role *role;
	struct hist hist;
	const char *name;
	int workers;
	json_t *json;

	json_object_foreach(from->rec->sides, name, json) {
		workers = (int)json_integer_value(json_object_get(json, "workers"));
		if (workers < 1 || !(role = take_role(cell, name, workers)))
			continue;
		from->role = json;
		from->latency = NULL;
		if (take_latency(cell, role, json_object_get(from->rec->latency, name), &hist))
			from->latency = &hist;
		metrics_take_role(metrics, name, from);
		role->rate = metrics_of_role(metrics, name, "rate");
	}
}
