// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MMTests' compare-kernels.sh: Hmean of rates, Amean of times, and the change in the direction that
 * is better; * around a change that Welch's test finds (bin/lib/MMTests/Stat.pm).
 */
#include <math.h>
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"

#define VALUE_WIDTH 12
#define LEVEL	    0.05

/* "faults/sec-4", "munmap-order-9", "ops/sec-4-faulters" */
static void put_name(const struct cover *c, const struct group *g, const struct metric *m,
		     char text[2 * POINT_TEXT])
{
	char value[POINT_TEXT], op[POINT_TEXT], many[POINT_TEXT];
	const json_t *point = c->r->points[g->point];
	const struct metric *metric = layout_metric(c, m);

	if (!c->key)
		snprintf(value, sizeof(value), "%s", g->head);
	else
		point_value(point, c->key, value);
	if (metric_is_rate(metric))
		snprintf(op, sizeof(op), "%.41s/%s", per_many(cover_per(c), many),
			 strchr(metric->name, '/') ? "worker" : "sec");
	else if (metric->main && metric->role)
		strcpy(op, "ops/sec");
	else
		snprintf(op, sizeof(op), "%.70s",
			 metric->main ? point_variant(point) : metric->name);
	snprintf(text, 2 * POINT_TEXT, "%.40s-%s%s%.60s", op,
		 !c->key || !strcmp(c->key, "threads") ? "" : c->key,
		 !c->key || !strcmp(c->key, "threads") ? "" : "-", value);
	point_dashed(text);
}

/* Of rates, Hmean; of what may be 0 there is none. */
static bool is_rate(const struct cover *c, const struct metric *m)
{
	return layout_more_is_better(c, m) && !layout_metric(c, m)->zero;
}

static double mean_of(const struct cover *c, const struct sample *s, const struct metric *m)
{
	return is_rate(c, m) ? s->hmean : s->mean;
}

/* MMTests' pdiff and pndiff: positive is better, whatever is measured; of what is neither, more. */
static double gain(const struct cover *c, double base, double other, const struct metric *m)
{
	return layout_metric(c, m)->better != METRIC_LESS ? other / base * 100 - 100
							  : 100 - other / base * 100;
}

/* The mean over one kernel, and the gain on the base where there is one. */
static void print_value(const struct cover *c, const struct sample *s, const struct metric *m,
			double percent, bool sure)
{
	fprintf(c->out, " %*.2f ", VALUE_WIDTH, mean_of(c, s, m) * layout_table_scale(c, m).by);
	if (isfinite(percent))
		fprintf(c->out, "%c%7.2f%%%c", sure ? '*' : '(',
			fabs(percent) < 0.005 ? 0 : percent, sure ? '*' : ')');
	else
		fprintf(c->out, "(%8s)", "-");
}

static bool differs(const struct sample *a, const struct sample *b)
{
	struct stats_group x = {a->mean, a->sd, a->n}, y = {b->mean, b->sd, b->n};

	return a->timed && b->timed && stats_welch(x, y, LEVEL);
}

static int name_width(const struct cover *c, const struct metric *const *metrics, size_t nr)
{
	char name[2 * POINT_TEXT];
	size_t width = 0, g, m;

	for (m = 0; m < nr; m++) {
		for (g = 0; g < c->nr_groups; g++) {
			put_name(c, &c->group[g], metrics[m], name);
			width = strlen(name) > width ? strlen(name) : width;
		}
	}
	return (int)width;
}

static void print_row(struct cover *c, size_t row, const struct group *g, const struct metric *m,
		      int width)
{
	struct compared p = layout_compare(c, row, g, m);
	double percent = gain(c, mean_of(c, &p.base, m), mean_of(c, &p.other, m), m);
	char name[2 * POINT_TEXT];

	put_name(c, g, m, name);
	fprintf(c->out, "%-9s %-*s", is_rate(c, m) ? "Hmean" : "Amean", width, name);
	if (p.base.n)
		print_value(c, &p.base, m, 0, false);
	else
		fprintf(c->out, " %*s %10s", VALUE_WIDTH, p.base.word, "");
	if (p.other.n)
		print_value(c, &p.other, m, percent, differs(&p.base, &p.other));
	else
		fprintf(c->out, " %*s", VALUE_WIDTH, p.other.word);
	fputc('\n', c->out);
}

static void print_pair(struct cover *c, size_t row)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), g, m;
	int width = name_width(c, metrics, nr);

	fprintf(c->out, "%*s %*s %*s\n", width + 10, "", VALUE_WIDTH + 11,
		c->r->kernels[c->base].label, VALUE_WIDTH + 11, c->r->kernels[c->row[row]].label);
	for (m = 0; m < nr; m++)
		for (g = 0; g < c->nr_groups; g++)
			print_row(c, row, &c->group[g], metrics[m], width);
}

static const char *better_text(const struct metric *m)
{
	if (m->better == METRIC_NEITHER)
		return metric_sign(m);
	return m->zero ? "positive is better" : "positive is faster, of times as well";
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics);
	const char *unit = layout_table_scale(c, metrics[0]).unit;
	char what[2 * POINT_TEXT], many[POINT_TEXT];

	if (is_rate(c, metrics[0]))
		text_wrapf(c->out, 0, "Hmean: harmonic mean over %s means; %s.", basis_unit(basis),
			   layout_what(c, metrics[0], what));
	else
		text_wrapf(c->out, 0, "Amean: arithmetic mean over %s means; %s%s%s.",
			   basis_unit(basis), layout_what(c, metrics[0], what), *unit ? ", " : "",
			   unit);
	if (nr > 1)
		text_wrapf(c->out, 0,
			   "%s/worker: a second of the workers' time inside the op, waiting "
			   "included; MMTests' faults/cpu divides by CPU time.",
			   per_many(cover_per(c), many));
	text_wrapf(c->out, 0,
		   "%%: relative to %s's; %s. In *: the means differ by Welch's test at "
		   "%.0f %%; never under emulation.",
		   c->r->kernels[c->base].label, better_text(layout_metric(c, metrics[0])),
		   LEVEL * 100);
}

void format_mmtests(struct cover *c)
{
	layout_head(c, NULL);
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
