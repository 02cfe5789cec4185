// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which points share a table, and what heads its columns.
 */
#include "analysis/tables/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/cover_print.h"
#include "analysis/text/grid.h"

/* Adds a group for each role of a contended point, as any kernel has it. */
static void add_roles(struct cover *c, size_t point)
{
	const struct result_cell *cell;
	const struct result_role *role;
	unsigned int s;
	size_t k;

	for (k = 0; k < c->r->nr_kernels && !c->nr_groups; k++) {
		cell = results_cell(c->r, k, point);
		for (s = 0; cell && s < cell->nr_roles; s++) {
			struct group *g = &c->group[c->nr_groups++];

			role = &cell->roles[s];
			*g = (struct group){.point = point, .metric = role->rate};
			snprintf(g->head, sizeof(g->head), "%d %.*s", role->workers,
				 (int)strlen(role->role) - (role->workers == 1), role->role);
		}
	}
}

static void print_table(struct cover *c)
{
	(c->layout ? c->layout : cover_print)(c);
}

/* A contended point: one table of rates, one of latencies. False if it has no roles. */
static bool cover_contended(struct cover *c, size_t point)
{
	struct params params;
	char *above;

	c->nr_groups = 0;
	add_roles(c, point);
	if (!c->nr_groups)
		return false;
	params_of(&params, &c->r->points[point], 1);
	above = params_common(&params, c->r->points[point]);
	c->above = above ? above : "";
	c->key = NULL;
	c->metric = c->group[0].metric;
	print_table(c);
	if (!c->layout) {
		fputc('\n', c->out);
		c->latency = true;
		cover_print(c);
		c->latency = false;
	}
	free(above);
	return true;
}

/* The parameter that heads the columns: the folio order, or what else alone varies. */
static const char *column_key(const struct params *params)
{
	static const char *const first[] = {"order", "threads", "processes", "size"};
	unsigned int i;
	size_t p;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (params_vary(params, first[i]))
			return first[i];
	for (p = params->nr; p > 0; p--)
		if (params->varies[p - 1])
			return params->name[p - 1];
	return params_has(params, "order") ? "order" : params->name[params->nr - 1];
}

/* Do two points of one op differ in nothing but key? */
static bool same_table(const json_t *a, const json_t *b, const char *key)
{
	json_t *x = json_copy((json_t *)a), *y = json_copy((json_t *)b);
	bool same;

	json_object_del(x, key);
	json_object_del(y, key);
	same = json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return same;
}

static bool same_op(const json_t *a, const json_t *b)
{
	return !strcmp(point_bench(a), point_bench(b)) &&
	       !strcmp(point_variant(a), point_variant(b));
}

const char *cover_key(const struct results *r, size_t first)
{
	json_t **points = calloc(r->nr_points, sizeof(*points));
	struct params params = {0};
	size_t p, nr = 0;

	if (!points)
		return "order";
	for (p = 0; p < r->nr_points; p++)
		if (same_op(r->points[first], r->points[p]))
			points[nr++] = r->points[p];
	params_of(&params, points, nr);
	free(points);
	return column_key(&params);
}

/* Does any kernel have a value of it? */
static bool is_known(const struct cover *c, size_t point, const struct metric *metric)
{
	size_t k;

	for (k = 0; k < c->nr_rows; k++)
		if (!isnan(cell_mean(results_cell(c->r, c->row[k], point), metric)))
			return true;
	return false;
}

/* What the points of a table are measured by. Those without an ok run are no other. */
static const struct metric *op_of_groups(const struct cover *c)
{
	const struct metric *op = NULL;
	size_t g;

	for (g = 0; g < c->nr_groups && !op; g++)
		op = results_op(c->r, c->group[g].point);
	if (!op && results_exact(c->r))
		op = metrics_find(&c->r->metrics, "kernel-insns");
	return op ? op : metrics_find(&c->r->metrics, "time");
}

/*
 * The table in which first is the first column, of points that are not done; marks those that are
 * in it.
 */
static void cover_points(struct cover *c, size_t first, bool *done, const struct metric *wanted)
{
	const char *key = cover_key(c->r, first);
	json_t *common = json_deep_copy(c->r->points[first]);
	struct params params;
	struct group *g;
	char *above;
	size_t p;

	c->nr_groups = 0;
	for (p = first; p < c->r->nr_points; p++) {
		if (done[p] || !same_table(c->r->points[first], c->r->points[p], key))
			continue;
		done[p] = true;
		g = &c->group[c->nr_groups++];
		*g = (struct group){.point = p};
		point_param(c->r->points[p], key, g->head);
	}
	json_object_del(common, key);
	params_of(&params, &common, 1);
	above = params_common(&params, common);
	c->above = above ? above : "";
	c->key = key;
	c->metric = wanted ? wanted : op_of_groups(c);
	for (p = 0; p < c->nr_groups; p++)
		c->group[p].metric = c->metric;
	print_table(c);
	free(above);
	json_decref(common);
}

void cover_all(struct cover *c, const struct metric *wanted)
{
	bool *done = calloc(c->r->nr_points + 1, sizeof(*done));
	size_t i, tables = 0;

	c->group = calloc(c->r->nr_points + RESULT_ROLES, sizeof(*c->group));
	for (i = 0; done && wanted && i < c->r->nr_points; i++)
		done[i] = !is_known(c, i, wanted);
	for (i = 0; done && c->group && i < c->r->nr_points; i++) {
		if (done[i])
			continue;
		if (tables++)
			fputc('\n', c->out);
		if (!wanted && cover_contended(c, i))
			done[i] = true;
		else
			cover_points(c, i, done, wanted);
	}
	if (!tables)
		text_wrapf(c->out, 0, "No run that is ok has a value%s%s.", wanted ? " of " : "",
			   wanted ? wanted->name : "");
	free(c->group);
	free(done);
}

bool cover_rows(struct cover *c)
{
	size_t k;

	c->row = calloc(c->r->nr_kernels + 1, sizeof(*c->row));
	if (!c->row)
		return false;
	c->row[c->nr_rows++] = c->base;
	for (k = 0; k < c->r->nr_kernels; k++)
		if (k != c->base)
			c->row[c->nr_rows++] = k;
	return true;
}

void table_cover(FILE *out, const struct results *results, size_t base, const char *title,
		 const struct metric *metric, cover_layout *layout)
{
	struct cover c = {.out = out,
			  .r = results,
			  .base = base,
			  .title = title,
			  .layout = layout,
			  .absolute = metric && !metric_is_time(metric)};
	char cpu[FACTS_TITLE];

	if (!cover_rows(&c))
		return;
	if (!title)
		c.title = facts_title(results->kernels[base].machine, cpu);
	cover_all(&c, metric);
	free(c.row);
}
