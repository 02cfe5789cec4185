// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/absolute_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/tables/given_up.h"
#include "common/units.h"

/* A latency that the clock cannot tell from 0 is not claimed. */
static void put_latency(struct absolute *b, double ns, double resolution)
{
	char text[UNITS_TEXT];

	if (ns < resolution)
		grid_put(&b->grid, "<%.0f ns", resolution);
	else
		grid_put(&b->grid, "%s", units_ns(ns, text));
}

/* Do ops of any point consist of several of what its variant is about? */
static bool has_units(const struct absolute *b)
{
	const struct result_cell *cell;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		cell = absolute_cell(b, i);
		if (cell && cell->nr_ok && cell->nr_roles && cell->per_count > 1)
			return true;
	}
	return false;
}

/* Ops of the role named first alone consist of them. */
static void put_unit(struct absolute *b, const struct result_cell *cell, unsigned int s,
		     struct legend *legend)
{
	double ns = cell_mean(cell, metrics_find(&b->r->metrics, "time/unit"));
	char text[UNITS_TEXT];

	if (!has_units(b))
		return;
	grid_put(&b->grid, "%s", s || isnan(ns) ? "" : units_ns(ns, text));
	legend->units = true;
}

static void put_role(struct absolute *b, const struct result_cell *cell, unsigned int s,
		     struct legend *legend)
{
	static const double quantiles[] = {0.5, 0.99, 0.999};
	const struct result_role *role = &cell->roles[s];
	char text[UNITS_TEXT];
	unsigned int q;

	grid_put(&b->grid, "%d %.*s%s", role->workers,
		 (int)strlen(role->role) - (role->workers == 1), role->role,
		 cell->nr_roles == 1 ? " alone" : "");
	grid_put(&b->grid, "%s", units_count(cell_mean(cell, role->rate), text));
	absolute_percent(b, cell_rel_sd(cell, role->rate));
	put_unit(b, cell, s, legend);
	for (q = 0; q < 3; q++)
		put_latency(b, hist_quantile(&role->latency, quantiles[q]), legend->resolution_ns);
	put_latency(b, role->latency.count ? (double)role->latency.max_ns : NAN,
		    legend->resolution_ns);
	if (s)
		return;
	grid_put(&b->grid, "%zu/%zu", cell->nr_ok, cell->nr);
	absolute_mark(b, cell);
}

/* Is the parameter the number of workers of a role, which the rows name anyway? */
bool absolute_names_role(const struct absolute *b, const char *name)
{
	const struct result_cell *cell;
	unsigned int s;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		cell = absolute_cell(b, i);
		for (s = 0; cell && s < cell->nr_roles; s++)
			if (!strcmp(cell->roles[s].role, name))
				return true;
	}
	return false;
}

/* "4 faulters, 1 writer" of a point without numbers. */
static void put_roles(struct absolute *b, const json_t *point)
{
	char list[2 * POINT_TEXT] = "", text[POINT_TEXT];
	size_t c, used = 0;

	for (c = 0; c < b->params.nr && used < sizeof(list); c++)
		if (absolute_names_role(b, b->params.name[c]))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
						 used ? ", " : "",
						 point_param(point, b->params.name[c], text));
	grid_put(&b->grid, "%s", list);
}

static void put_varying(struct absolute *b, const json_t *point)
{
	char text[POINT_TEXT];
	size_t c;

	for (c = 0; c < b->params.nr; c++)
		if (b->params.varies[c] && !absolute_names_role(b, b->params.name[c]))
			grid_put(&b->grid, "%s",
				 point ? point_value(point, b->params.name[c], text) : "");
}

/* Below the roles of a point: the path of its faults, whoever they were of. */
static void put_path(struct absolute *b, const struct result_cell *cell, struct legend *legend)
{
	double path = given_up_path(b->r, cell);
	char *text = given_up_text(b->r, cell), *line;

	if (!isnan(path) && asprintf(&line, "no-mmap_lock %.1f%%%s%s", path * 100, text ? "; " : "",
				     text ? text : "") >= 0) {
		grid_row(&b->grid);
		put_varying(b, NULL);
		grid_span(&b->grid, line);
		free(line);
		legend->paths = true;
	}
	free(text);
}

static void contend_row(struct absolute *b, size_t i, struct legend *legend)
{
	const struct result_cell *cell = absolute_cell(b, i);
	const json_t *point = b->r->points[b->point[i]];
	unsigned int s;

	if (i)
		grid_row(&b->grid); /* roles of one point stand together */
	for (s = 0; cell && cell->nr_ok && s < cell->nr_roles; s++) {
		grid_row(&b->grid);
		put_varying(b, s ? NULL : point);
		put_role(b, cell, s, legend);
	}
	if (cell && cell->nr_ok) {
		put_path(b, cell, legend);
		legend_cell(legend, cell);
		legend->latency = true;
		return;
	}
	grid_row(&b->grid);
	put_varying(b, point);
	put_roles(b, point);
	absolute_trouble(b, cell);
}

void absolute_contended(struct absolute *b, struct legend *legend)
{
	static const char *const heads[] = {"ops/s", "stdev", "",    "median",
					    "p99",   "p99.9", "max", "runs"};
	char unit[POINT_TEXT];
	size_t i, c;

	for (c = 0; c < b->params.nr; c++)
		if (b->params.varies[c] && !absolute_names_role(b, b->params.name[c]))
			grid_column(&b->grid, b->params.name[c], false);
	grid_column(&b->grid, "workers", true);
	snprintf(unit, sizeof(unit), "per %s", absolute_per(b));
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (*heads[i] || has_units(b))
			grid_column(&b->grid, *heads[i] ? heads[i] : unit, false);
	grid_column(&b->grid, "", true);
	for (i = 0; i < b->nr; i++)
		contend_row(b, i, legend);
	grid_print(&b->grid, b->out);
}
