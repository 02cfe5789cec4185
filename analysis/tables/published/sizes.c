// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A row a folio size: the layout of the fork and zap batching series' cover letters.
 */
#include <math.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"
#include "common/units.h"

#define VALUE_WIDTH 8

/* "64KiB"; "order-pmd" for THPs, which have the size of an order that PTEs map as well. */
static void put_size(const struct cover *c, const struct group *g, char text[POINT_TEXT])
{
	const json_t *machine = c->r->kernels[c->base].machine;
	const json_t *order = json_object_get(c->r->points[g->point], "order");
	double page = fact_number(machine, "mem.page_size");
	char value[POINT_TEXT];
	int64_t bytes;

	if (json_is_string(order) && units_parse_bytes(json_string_value(order), &bytes))
		snprintf(text, POINT_TEXT, "%lldKiB", (long long)bytes / 1024);
	else if (json_is_integer(order) && isfinite(page))
		snprintf(text, POINT_TEXT, "%.0fKiB",
			 ldexp(page, (int)json_integer_value(order)) / 1024);
	else
		snprintf(text, POINT_TEXT, "order-%s",
			 point_value(c->r->points[g->point], "order", value));
}

/* Seconds with as many decimals as the shorter of a pair needs; counts whole, others with two. */
static void put_value(const struct cover *c, const struct sample *s, const struct compared *p,
		      char text[NUMBER_TEXT])
{
	struct scale scale = layout_scale(c, NULL, p);

	if (!s->n)
		snprintf(text, NUMBER_TEXT, "%s", s->word);
	else if (metric_repeats(c->metric))
		number_grouped(llround(s->mean), false, text);
	else if (!strcmp(c->metric->unit, "ns"))
		snprintf(text, NUMBER_TEXT, "%.*f", fmin(p->base.mean, p->other.mean) < 1e5 ? 9 : 6,
			 s->mean / 1e9);
	else
		snprintf(text, NUMBER_TEXT, "%.*f", scale.decimals, s->mean * scale.by);
}

/* "- 2%", "-16%", "0%": the sign stands apart, as published. */
static void put_change(double fraction, char text[NUMBER_TEXT])
{
	long percent = isfinite(fraction) ? lround(fraction * 100) : 0;

	if (!isfinite(fraction))
		strcpy(text, "-");
	else if (!percent)
		strcpy(text, "0%");
	else
		snprintf(text, NUMBER_TEXT, "%c%2ld%%", percent < 0 ? '-' : '+', labs(percent));
}

/* How wide the values of a row are, its label above them. */
static int width_of(const struct cover *c, size_t row)
{
	int width = VALUE_WIDTH, len = (int)strlen(c->r->kernels[c->row[row]].label);
	char text[NUMBER_TEXT];
	struct compared p;
	size_t g;

	width = len > width ? len : width;
	for (g = 0; g < c->nr_groups; g++) {
		p = layout_compare(c, row, &c->group[g], NULL);
		put_value(c, &p.other, &p, text);
		len = (int)strlen(text);
		width = len > width ? len : width;
	}
	return width;
}

static void print_row(const struct cover *c, size_t row, const struct group *g, const int width[2])
{
	struct compared p = layout_compare(c, row, g, NULL);
	char size[POINT_TEXT], value[2][NUMBER_TEXT], change[NUMBER_TEXT];

	put_size(c, g, size);
	put_value(c, &p.base, &p, value[0]);
	put_value(c, &p.other, &p, value[1]);
	put_change(p.change, change);
	fprintf(c->out, "%10s | %*s | %*s | %6s\n", size, width[0], value[0], width[1], value[1],
		change);
}

static void print_pair(struct cover *c, size_t row)
{
	int width[2] = {width_of(c, 0), width_of(c, row)};
	size_t g;

	fprintf(c->out, "Folio Size | %*s | %*s | Change\n", width[0], c->r->kernels[c->base].label,
		width[1], c->r->kernels[c->row[row]].label);
	text_rule(c->out, (size_t)(width[0] + width[1] + 26));
	fputc('\n', c->out);
	for (g = 0; g < c->nr_groups; g++)
		print_row(c, row, &c->group[g], width);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	char what[2 * POINT_TEXT];

	if (metric_is_time(c->metric))
		text_wrapf(c->out, 0, "Seconds of one op, mean over %s means.", basis_unit(basis));
	else if (c->metric->main)
		text_wrapf(c->out, 0, "Kernel instructions of one op, mean over boots.");
	else
		text_wrapf(c->out, 0, "%s%s, %s over %s means.",
			   !strcmp(c->metric->unit, "ns")	  ? "Seconds: "
			   : !strcmp(c->metric->unit, "fraction") ? "In %: "
								  : "",
			   layout_what(c, NULL, what), layout_mean(c, NULL), basis_unit(basis));
	text_wrapf(c->out, 0,
		   "Change: of the means, relative to %s's; %s. It has no stdev: --format cover "
		   "shows it.",
		   c->r->kernels[c->base].label, metric_sign(c->metric));
}

void format_sizes(struct cover *c)
{
	layout_head(c, NULL);
	if (!c->key || strcmp(c->key, "order")) {
		text_wrapf(c->out, 0, "Folio sizes do not vary here: --format cover shows it.");
		return;
	}
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
