// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * BASE, NEW and delta with the stdev in parentheses: the layout of the speculative page fault
 * series.
 */
#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

/* "14.208 (0.156)" */
static void put_value(struct grid *grid, const struct sample *s, const struct scale *scale)
{
	if (!s->n)
		grid_put(grid, "%s", s->word);
	else if (s->n < 2)
		grid_put(grid, "%.*f (-)", scale->decimals, s->mean * scale->by);
	else
		grid_put(grid, "%.*f (%.*f)", scale->decimals, s->mean * scale->by, scale->decimals,
			 s->sd * scale->by);
}

static void put_row(struct grid *grid, struct cover *c, size_t row, const struct group *g,
		    const struct metric *m)
{
	struct compared p = layout_compare(c, row, g, m);
	struct scale scale = layout_scale(c, m, &p);
	char text[POINT_TEXT], delta[NUMBER_TEXT];

	grid_row(grid);
	grid_put(grid, "%s, %s%s%s", g->head, layout_unit(c, m, scale.unit, text),
		 c->metric->main || !*scale.unit ? "" : ", ", c->metric->main ? "" : scale.unit);
	put_value(grid, &p.base, &scale);
	put_value(grid, &p.other, &scale);
	grid_put(grid, "%s", number_fixed(p.change, 2, true, delta));
}

static void print_pair(struct cover *c, size_t row)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), g, m;
	struct grid grid = {0};

	grid_column(&grid, "", true);
	grid_column(&grid, c->r->kernels[c->base].label, false);
	grid_column(&grid, c->r->kernels[c->row[row]].label, false);
	grid_column(&grid, "delta", false);
	for (m = 0; m < nr; m++)
		for (g = 0; g < c->nr_groups; g++)
			put_row(&grid, c, row, &c->group[g], metrics[m]);
	grid_fit(&grid, c->out, 1, 2);
	grid_print(&grid, c->out);
	grid_free(&grid);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), m;
	char text[4 * POINT_TEXT];

	for (m = 0; m < nr; m++) {
		layout_name_unit(c, metrics[m], "Numbers", text);
		text_wrapf(c->out, 0, "%s, %s (stdev).", text, layout_mean(c, metrics[m]));
	}
	layout_stdev(c, basis, "stdev", false);
	text_wrapf(c->out, 0, "delta: of the means, relative to %s's; %s.",
		   c->r->kernels[c->base].label, metric_sign(layout_metric(c, metrics[0])));
}

void format_base_delta(struct cover *c)
{
	layout_head(c, NULL);
	fputc('\n', c->out);
	layout_pairs(c, print_pair, print_meaning);
}
