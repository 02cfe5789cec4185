// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel test robot's comparison (lkp-tests, lib/compare.rb): mean, +- stdev in % of it where
 * that is above 2 %, and the change.
 */
#include <math.h>
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define VALUE_WIDTH  10
#define SD_WIDTH     6
#define CHANGE_WIDTH 10
#define SD_SHOWN     2 /* % */
#define UNIT	     "ns/op"

static void print_value(FILE *out, const struct sample *s)
{
	double sd = fabs(s->sd / s->mean) * 100;

	if (!s->n) {
		fprintf(out, "%*s%*s", VALUE_WIDTH, s->word, SD_WIDTH, "");
		return;
	}
	if (s->mean < 1000)
		fprintf(out, "%*.2f", VALUE_WIDTH, s->mean);
	else if (s->mean > 1e8)
		fprintf(out, "%*.4g", VALUE_WIDTH, s->mean);
	else
		fprintf(out, "%*.0f", VALUE_WIDTH, s->mean);
	if (s->n < 2)
		fprintf(out, " \302\261   -");
	else if (sd > SD_SHOWN)
		fprintf(out, " \302\261%3.0f%%", sd);
	else
		fprintf(out, "%*s", SD_WIDTH, "");
}

/* "fork.order-9.", "fault/write.threads-4." */
static void print_point(const struct cover *c, const struct group *g)
{
	char op[POINT_TEXT], value[POINT_TEXT];
	const json_t *point = c->r->points[g->point];

	fprintf(c->out, "  %s.", point_op(point, op));
	if (c->key)
		fprintf(c->out, "%s-%s.", c->key, point_value(point, c->key, value));
}

static void print_values(struct cover *c, const struct compared *p)
{
	char change[NUMBER_TEXT];

	print_value(c->out, &p->base);
	fprintf(c->out, "%*s ", CHANGE_WIDTH + 1, number_fixed(p->change, 1, true, change));
	print_value(c->out, &p->other);
}

/* "fork.order-9.ns/op", "fault/write.threads-4.faults/s", "contend/mmap.4-faulters.ops/s" */
static void print_row(struct cover *c, size_t row, const struct group *g, const struct metric *m)
{
	struct compared p = layout_compare(c, row, g, m);
	char role[POINT_TEXT], unit[POINT_TEXT];

	print_values(c, &p);
	print_point(c, g);
	snprintf(role, sizeof(role), "%s", c->key ? "" : g->head);
	point_dashed(role);
	fprintf(c->out, "%s%s%s\n", role, *role ? "." : "", layout_unit(c, m, UNIT, unit));
}

/* Is it the group of its point in which stands what is not of a role? */
static bool is_first(const struct cover *c, size_t g)
{
	return !g || c->group[g].point != c->group[g - 1].point;
}

/* Counters by the names of the robot's monitors, if any run of either kernel counted one. */
static void print_counter(struct cover *c, size_t row, const struct group *g,
			  const struct metric *m)
{
	struct compared p = layout_compare(c, row, g, m);
	const char *key = strchr(m->name, ':');
	bool vmstat = m->group == METRIC_OF_VMSTAT;

	if (!(fabs(p.base.mean) > 0) && !(fabs(p.other.mean) > 0))
		return;
	print_values(c, &p);
	print_point(c, g);
	fprintf(c->out, "%s.%s\n", vmstat ? "proc-vmstat" : "perf-stat",
		vmstat && m->moved ? key + 1 : m->name);
}

static void print_counters(struct cover *c, size_t row)
{
	const struct metrics *metrics = &c->r->metrics;
	size_t g, i;

	for (g = 0; g < c->nr_groups; g++)
		for (i = 0; is_first(c, g) && i < metrics->nr; i++)
			if (metrics->of[i]->shown)
				print_counter(c, row, &c->group[g], metrics->of[i]);
}

/* Of the runs of a point, how many are of that status. */
static size_t count_runs(const struct cover *c, size_t row, const struct group *g,
			 enum run_status status, size_t *ret_all)
{
	const struct result_cell *cell = results_cell(c->r, c->row[row], g->point);
	size_t i, nr = 0;

	*ret_all = cell ? cell->nr : 0;
	for (i = 0; cell && i < cell->nr; i++)
		nr += cell->runs[i].status == status;
	return nr;
}

static void print_failed(const struct cover *c, size_t row, const struct group *g,
			 enum run_status status, bool *head)
{
	size_t all[2], failed[2], i;
	char text[2][32];

	failed[0] = count_runs(c, 0, g, status, &all[0]);
	failed[1] = count_runs(c, row, g, status, &all[1]);
	if (!failed[0] && !failed[1])
		return;
	if (!*head)
		fprintf(c->out, "\n       fail:runs  %%reproduction    fail:runs\n"
				"           |             |             |\n");
	*head = true;
	for (i = 0; i < 2; i++) {
		if (failed[i])
			snprintf(text[i], sizeof(text[i]), "%zu:%zu", failed[i], all[i]);
		else
			snprintf(text[i], sizeof(text[i]), ":%zu", all[i]);
	}
	fprintf(c->out, "%13s %12.0f%% %13s    ", text[0],
		all[0] && all[1] ? 100.0 * (double)failed[1] / (double)all[1] -
					   100.0 * (double)failed[0] / (double)all[0]
				 : 0.0,
		text[1]);
	print_point(c, g);
	fprintf(c->out, "%s\n", run_status_name(status));
}

/* Runs that have no part in the numbers, as the robot reports what did not happen always. */
static void print_fails(const struct cover *c, size_t row)
{
	bool head = false;
	size_t g;

	for (g = 0; g < c->nr_groups; g++) {
		if (!is_first(c, g))
			continue;
		print_failed(c, row, &c->group[g], RUN_FAILED, &head);
		print_failed(c, row, &c->group[g], RUN_VOID, &head);
	}
}

static void print_pair(struct cover *c, size_t row)
{
	int first = VALUE_WIDTH + SD_WIDTH, second = first + CHANGE_WIDTH + 1;
	const char *base = c->r->kernels[c->base].label;
	const char *other = c->r->kernels[c->row[row]].label;
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), g, m;

	fprintf(c->out, "kernel:\n  %s\n  %s\n\n%*.*s %*.*s\n", base, other, first, first, base,
		second, second, other);
	text_rule(c->out, (size_t)first);
	fputc(' ', c->out);
	text_rule(c->out, (size_t)second);
	fprintf(c->out, "\n         %%stddev     %%change         %%stddev\n"
			"             \\          |                \\\n");
	for (m = 0; m < nr; m++)
		for (g = 0; g < c->nr_groups; g++)
			print_row(c, row, &c->group[g], metrics[m]);
	if (c->metric->main) {
		print_counters(c, row);
		print_fails(c, row);
	}
}

static bool has_counters(const struct cover *c)
{
	size_t i;

	for (i = 0; c->metric->main && i < c->r->metrics.nr; i++)
		if (c->r->metrics.of[i]->shown)
			return true;
	return false;
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), m;
	char text[4 * POINT_TEXT];

	for (m = 0; m < nr; m++) {
		layout_name_unit(c, metrics[m], UNIT, text);
		text_wrapf(c->out, 0, "%s, mean over %s means%s.", text, basis_unit(basis),
			   c->metric->main || strcmp(c->metric->unit, "ns") ? "" : ", in ns");
	}
	if (has_counters(c))
		text_wrapf(c->out, 0,
			   "perf-stat, proc-vmstat: of one op, not of a second, clocks in ns; "
			   "those that are 0 "
			   "on both sides are left out.");
	layout_stdev(c, basis, "%stddev", true);
	text_wrapf(c->out, 0,
		   "It is left out where it is not above %d %%; \"-\": there is one value only. "
		   "%%change: of the means, relative to %s's; %s.",
		   SD_SHOWN, c->r->kernels[c->base].label,
		   metric_sign(layout_metric(c, metrics[0])));
}

void format_lkp(struct cover *c)
{
	layout_head(c, NULL);
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
