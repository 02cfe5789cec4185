// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel test robot's comparison (lkp-tests, lib/compare.rb): mean, +- stdev in % of it where
 * that is above 2 %, and the change.
 */
#include <math.h>
#include <string.h>

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
	double sd = s->sd / s->mean * 100;

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

/* "fork.order-9.ns/op", "fault/write.threads-4.faults/s" */
static void print_name(const struct cover *c, const struct group *g, enum measure m)
{
	char op[POINT_TEXT], value[POINT_TEXT], unit[POINT_TEXT];
	const json_t *point = c->r->points[g->point];

	snprintf(value, sizeof(value), "%s", g->head);
	if (c->key)
		point_value(point, c->key, value);
	point_dashed(value);
	fprintf(c->out, "  %s.%s%s%s.%s\n", point_op(point, op), c->key ? c->key : "",
		c->key ? "-" : "", value, layout_unit(c, m, UNIT, unit));
}

static void print_row(struct cover *c, size_t row, const struct group *g, enum measure m)
{
	struct compared p = layout_compare(c, row, g, m);
	char change[NUMBER_TEXT];

	print_value(c->out, &p.base);
	fprintf(c->out, "%*s ", CHANGE_WIDTH + 1, number_fixed(p.change, 1, true, change));
	print_value(c->out, &p.other);
	print_name(c, g, m);
}

static void print_pair(struct cover *c, size_t row)
{
	int first = VALUE_WIDTH + SD_WIDTH, second = first + CHANGE_WIDTH + 1;
	const char *base = c->r->kernels[c->base].label;
	const char *other = c->r->kernels[c->row[row]].label;
	enum measure measures[LAYOUT_MEASURES];
	size_t nr = layout_measures(c, measures), g, m;

	fprintf(c->out, "kernel:\n  %s\n  %s\n\n%*.*s %*.*s\n", base, other, first, first, base,
		second, second, other);
	text_rule(c->out, (size_t)first);
	fputc(' ', c->out);
	text_rule(c->out, (size_t)second);
	fprintf(c->out, "\n         %%stddev     %%change         %%stddev\n"
			"             \\          |                \\\n");
	for (m = 0; m < nr; m++)
		for (g = 0; g < c->nr_groups; g++)
			print_row(c, row, &c->group[g], measures[m]);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	enum measure measures[LAYOUT_MEASURES];
	size_t nr = layout_measures(c, measures), m;
	char what[POINT_TEXT], unit[POINT_TEXT];

	for (m = 0; m < nr; m++)
		text_wrapf(c->out, 0, "%s: %s, mean over %s means.",
			   layout_unit(c, measures[m], UNIT, unit),
			   layout_what(c, measures[m], what), basis_unit(basis));
	layout_stdev(c, basis, "%stddev", true);
	text_wrapf(c->out, 0,
		   "It is left out where it is not above %d %%; \"-\": there is one value only. "
		   "%%change: of the means, relative to %s's; %s is faster.",
		   SD_SHOWN, c->r->kernels[c->base].label,
		   layout_more_is_better(c, measures[0]) ? "positive" : "negative");
}

void format_lkp(struct cover *c)
{
	layout_head(c, NULL);
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
