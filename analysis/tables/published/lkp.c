// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel test robot's comparison (lkp-tests, lib/compare.rb): mean, +- stdev in % of it where
 * that is above 2 %, and the change. lkp_head.c has what stands above it in a mail.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/cell.h"
#include "analysis/calls/sampled.h"
#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/tables/published/lkp.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define VALUE_WIDTH  10
#define SD_WIDTH     6
#define CHANGE_WIDTH 10
#define FIRST_WIDTH  (VALUE_WIDTH + SD_WIDTH)
#define SECOND_WIDTH (FIRST_WIDTH + CHANGE_WIDTH + 1)
#define SD_SHOWN     2	 /* % */
#define LARGE	     1e5 /* %: a change that has no room for its digits */
#define AXES_RULE    89

void lkp_put_value(FILE *out, const struct sample *s)
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

/* Of an op's time or count, by how it comes about. */
static const char *unit_of(const struct cover *c)
{
	return metric_repeats(c->metric) ? c->metric->name : "ns/op";
}

static void print_point(const struct cover *c, const struct group *g)
{
	lkp_put_point(c->out, c->r->points[g->point], c->key);
}

static void print_values(struct cover *c, const struct compared *p)
{
	double change = 100 * p->change;

	lkp_put_value(c->out, &p->base);
	if (!isfinite(change))
		fprintf(c->out, "%*s ", CHANGE_WIDTH + 1, "-");
	else
		fprintf(c->out, fabs(change) < LARGE ? "%+*.1f%% " : "%+*.2g%% ", CHANGE_WIDTH,
			change);
	lkp_put_value(c->out, &p->other);
	fputs("  ", c->out);
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
	fprintf(c->out, "%s%s%s\n", role, *role ? "." : "", layout_unit(c, m, unit_of(c), unit));
}

/* Is it the group of its point in which stands what is not of a role? */
static bool is_first(const struct cover *c, size_t g)
{
	return !g || c->group[g].point != c->group[g - 1].point;
}

/* Those of the table; where they are rates, also what an op takes. Returns how many. */
static size_t metrics_of(const struct cover *c, const struct metric *ret[LAYOUT_METRICS + 1])
{
	size_t nr = layout_metrics(c, ret);

	if (ret[0])
		ret[nr++] = NULL;
	return nr;
}

static void print_measured(struct cover *c, size_t row)
{
	const struct metric *metrics[LAYOUT_METRICS + 1];
	size_t nr = metrics_of(c, metrics), g, m;

	for (m = 0; m < nr; m++)
		for (g = 0; g < c->nr_groups; g++)
			print_row(c, row, &c->group[g], metrics[m]);
}

/* The robot's monitor that a metric would be of; "" if of none. */
static const char *monitor_of(const struct metric *m)
{
	return m->group == METRIC_OF_VMSTAT    ? "proc-vmstat."
	       : m->group == METRIC_OF_COUNTER ? "perf-stat."
					       : "";
}

/* Does a row of it follow those of ops and roles? */
static bool is_counter(const struct metric *m)
{
	return m->shown || (metric_repeats(m) && !m->main && !m->detail);
}

/* Behind its monitor. */
static const char *counter_name(const struct metric *m)
{
	bool moved = m->group == METRIC_OF_VMSTAT && m->moved;

	return moved ? strchr(m->name, ':') + 1 : m->name;
}

static bool any_counted(const struct compared *p)
{
	return fabs(p->base.mean) > 0 || fabs(p->other.mean) > 0;
}

/* If any run of either kernel counted one. */
static void print_counter(struct cover *c, size_t row, const struct group *g,
			  const struct metric *m)
{
	struct compared p = layout_compare(c, row, g, m);

	if (!any_counted(&p))
		return;
	print_values(c, &p);
	print_point(c, g);
	fprintf(c->out, "%s%s\n", monitor_of(m), counter_name(m));
}

static void print_counters(struct cover *c, size_t row)
{
	const struct metrics *metrics = &c->r->metrics;
	size_t g, i;

	for (g = 0; g < c->nr_groups; g++)
		for (i = 0; is_first(c, g) && i < metrics->nr; i++)
			if (is_counter(metrics->of[i]))
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

/* "          3:12  ", "           :12  " */
static void print_share(FILE *out, size_t failed, size_t all)
{
	if (failed)
		fprintf(out, "%*zu", VALUE_WIDTH + 1, failed);
	else
		fprintf(out, "%*s", VALUE_WIDTH + 1, "");
	fprintf(out, ":%-*zu", SD_WIDTH - 2, all);
}

static void print_failed(const struct cover *c, size_t row, const struct group *g,
			 enum run_status status, bool *head)
{
	size_t all[2], failed[2];
	double change = NAN;
	char text[NUMBER_TEXT] = "-";

	failed[0] = count_runs(c, 0, g, status, &all[0]);
	failed[1] = count_runs(c, row, g, status, &all[1]);
	if (!failed[0] && !failed[1])
		return;
	if (!*head)
		fprintf(c->out, "       fail:runs  %%reproduction    fail:runs\n"
				"           |             |             |\n");
	*head = true;
	if (all[0] && all[1])
		change = 100.0 * (double)failed[1] / (double)all[1] -
			 100.0 * (double)failed[0] / (double)all[0];
	if (isfinite(change))
		snprintf(text, sizeof(text), "%.0f%%", change);
	print_share(c->out, failed[0], all[0]);
	fprintf(c->out, "%*s ", CHANGE_WIDTH + 1, text);
	print_share(c->out, failed[1], all[1]);
	fputs("  ", c->out);
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

static void print_profiles(struct cover *c, size_t row)
{
	size_t left_out = 0, g;
	bool any = false;

	for (g = 0; g < c->nr_groups; g++)
		if (is_first(c, g))
			any |= lkp_put_profile(c, row, &c->group[g], &left_out);
	if (any)
		fprintf(c->out, "  (and %zu more of perf-profile)\n", left_out);
}

static void print_pair(struct cover *c, size_t row)
{
	int i;

	for (i = 0; i < AXES_RULE; i++)
		fputc('=', c->out);
	fputc('\n', c->out);
	lkp_put_axes(c, row);
	fprintf(c->out, "%*.*s %*.*s\n", FIRST_WIDTH, FIRST_WIDTH, c->r->kernels[c->base].label,
		SECOND_WIDTH, SECOND_WIDTH, c->r->kernels[c->row[row]].label);
	text_rule(c->out, FIRST_WIDTH);
	fputc(' ', c->out);
	text_rule(c->out, SECOND_WIDTH);
	fputc('\n', c->out);
	if (c->metric->main)
		print_fails(c, row);
	fputs("         %stddev     %change         %stddev\n"
	      "             \\          |                \\\n",
	      c->out);
	print_measured(c, row);
	if (!c->metric->main)
		return;
	print_counters(c, row);
	print_profiles(c, row);
}

static bool has_counters(const struct cover *c)
{
	size_t i;

	for (i = 0; c->metric->main && i < c->r->metrics.nr; i++)
		if (is_counter(c->r->metrics.of[i]))
			return true;
	return false;
}

/* A cell of the table whose calls were followed, or that was sampled; NULL if there is none. */
static const struct result_cell *has_calls(const struct cover *c)
{
	const struct result_cell *cell;
	size_t g, k;

	for (g = 0; c->metric->main && g < c->nr_groups; g++) {
		for (k = 0; k < c->nr_rows; k++) {
			cell = results_cell(c->r, c->row[k], c->group[g].point);
			if (call_tree_known(cell))
				return cell;
		}
	}
	return NULL;
}

static void print_profile_meaning(const struct cover *c, const struct result_cell *cell)
{
	text_wrapf(c->out, 0,
		   "perf-profile: %s, in a function and what it calls, as it was called "
		   "(calltrace) or in all (children), or in it alone (self). Changes are in "
		   "points; at most %d of each kind, which moved most, and by %.2f at least.",
		   !sampled_event(cell) ? "counted, not sampled: instructions of one op in % of "
					  "all of them"
		   : strcmp(sampled_event(cell), "cycles")
			   ? "sampled by the kernel's timer (cpu-clock), which sees what runs with "
			     "interrupts off where they are on again; in processes that repeated "
			     "the op after each timed run: in % of their samples"
			   : "sampled by cycles in the kernel (as they come, not precise), in "
			     "processes that repeated the op after each timed run: in % of their "
			     "samples",
		   LKP_PROFILE_ROWS, LKP_PROFILE_LEAST);
}

static void print_others(const struct cover *c)
{
	const struct result_cell *cell = has_calls(c);
	if (has_counters(c))
		text_wrapf(c->out, 0,
			   results_exact(c->r)
				   ? "All counts are of one op; those that are 0 on both sides are "
				     "left out."
				   : "perf-stat, proc-vmstat: of one op, not of a second, clocks "
				     "in ns; those that are 0 on both sides are left out.");
	if (cell)
		print_profile_meaning(c, cell);
}

/* Has it a row in any of the tables? */
static bool has_row(const struct cover *c, const struct metric *m)
{
	struct compared p;
	size_t row, g;

	for (row = 1; row < c->nr_rows; row++) {
		for (g = 0; g < c->nr_groups; g++) {
			p = layout_compare(c, row, &c->group[g], m);
			if (is_first(c, g) && any_counted(&p))
				return true;
		}
	}
	return false;
}

/* The name of a metric behind what its sign says. */
static void put_sign(json_t *signs, const struct metric *m, const char *name)
{
	const char *sign = metric_sign(m);
	json_t *names = json_object_get(signs, sign);

	if (!names) {
		json_object_set_new(signs, sign, json_array());
		names = json_object_get(signs, sign);
	}
	json_array_append_new(names, json_string(name));
}

/* {what a sign says: [metric]}: of a rate positive is faster, of the time behind it negative. */
static json_t *signs_of(const struct cover *c)
{
	const struct metric *metrics[LAYOUT_METRICS + 1];
	size_t nr = metrics_of(c, metrics), m;
	json_t *signs = json_object();
	char unit[POINT_TEXT];

	for (m = 0; m < nr; m++)
		put_sign(signs, layout_metric(c, metrics[m]),
			 layout_unit(c, metrics[m], unit_of(c), unit));
	for (m = 0; c->metric->main && m < c->r->metrics.nr; m++)
		if (is_counter(c->r->metrics.of[m]) && has_row(c, c->r->metrics.of[m]))
			put_sign(signs, c->r->metrics.of[m], counter_name(c->r->metrics.of[m]));
	return signs;
}

/* "; positive is faster", and of which metrics if that is not so of all. */
static void print_signs(const struct cover *c)
{
	json_t *signs = signs_of(c), *names, *name;
	bool several = json_object_size(signs) > 1;
	char *text = NULL;
	const char *sign;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	json_object_foreach(signs, sign, names) {
		fprintf(out, "; %s%s", sign, several ? ": " : "");
		json_array_foreach(names, i, name)
			if (several)
				fprintf(out, "%s%s", i ? ", " : "", json_string_value(name));
	}
	fclose(out);
	text_wrapf(c->out, 0, "%%change: of the means, relative to %s's%s.",
		   c->r->kernels[c->base].label, text);
	free(text);
	json_decref(signs);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const struct metric *metrics[LAYOUT_METRICS + 1];
	size_t nr = metrics_of(c, metrics), m;
	char text[4 * POINT_TEXT];

	for (m = 0; m < nr; m++) {
		layout_name_unit(c, metrics[m], unit_of(c), text);
		text_wrapf(c->out, 0, "%s, %s over %s means%s.", text, layout_mean(c, metrics[m]),
			   basis_unit(basis),
			   c->metric->main || strcmp(c->metric->unit, "ns") ? "" : ", in ns");
	}
	print_others(c);
	layout_stdev(c, basis, "%stddev", true);
	text_wrapf(c->out, 0,
		   "It is left out where it is not above %d %%; \"-\": there is one value only.",
		   SD_SHOWN);
	print_signs(c);
}

void format_lkp(struct cover *c)
{
	layout_pairs(c, print_pair, print_meaning);
}
