// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table a point, a row a kernel: how replies to the fork batching series reported what they saw.
 */
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

static void print_row(struct cover *c, size_t row, const struct group *g, int width)
{
	struct compared p = layout_compare(c, row, g, NULL);
	int decimals = metric_repeats(c->metric) ? 2 : 1; /* what exact mode resolves */
	char mean[NUMBER_TEXT], sd[NUMBER_TEXT];

	number_fixed(p.change, decimals, false, mean);
	number_fixed(p.other.sd / p.other.mean, decimals, false, sd);
	fprintf(c->out, "| %-*s | %8s | %7s |\n", width, c->r->kernels[c->row[row]].label,
		p.other.n ? mean : p.other.word, p.other.n ? sd : p.other.word);
}

static void print_point(struct cover *c, const struct group *g)
{
	int width = (int)strlen("kernel"), len;
	size_t row;

	for (row = 0; row < c->nr_rows; row++) {
		len = (int)strlen(c->r->kernels[c->row[row]].label);
		width = len > width ? len : width;
	}
	layout_head(c, g);
	fprintf(c->out, "\n| %-*s | mean_rel | std_rel |\n|:", width, "kernel");
	text_rule(c->out, (size_t)width + 1);
	fprintf(c->out, "|---------:|--------:|\n");
	for (row = 0; row < c->nr_rows; row++)
		print_row(c, row, g, width);
	fputc('\n', c->out);
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	char what[2 * POINT_TEXT];

	text_wrapf(c->out, 0, "mean_rel: %s, the %s relative to %s's; %s.",
		   layout_what(c, NULL, what), layout_mean(c, NULL), c->r->kernels[c->base].label,
		   metric_sign(c->metric));
	layout_stdev(c, basis, "std_rel", true);
}

void format_rel(struct cover *c)
{
	size_t g;

	for (g = 0; g < c->nr_groups; g++)
		print_point(c, &c->group[g]);
	cover_under(c, print_meaning);
}
