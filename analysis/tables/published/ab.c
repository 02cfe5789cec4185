// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A block a metric: two kernels' COUNT to STDDEV and a line of percentages, as application launches
 * were reported in the speculative page fault series.
 */
#include <math.h>
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/layout.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

#define LABEL_WIDTH 14
#define COLUMNS	    5

static void columns_of(const struct sample *s, double ret[COLUMNS])
{
	const double values[COLUMNS] = {s->min, s->max, s->mean, s->median, s->sd};

	memcpy(ret, values, sizeof(values));
}

static void print_line(const struct cover *c, char side, size_t row, const struct sample *s,
		       const struct scale *scale, int width)
{
	double values[COLUMNS];
	unsigned int i;

	fprintf(c->out, "%c %-*s ", side, width, c->r->kernels[c->row[row]].label);
	if (!s->n) {
		fprintf(c->out, "%6s\n", s->word);
		return;
	}
	columns_of(s, values);
	fprintf(c->out, "%6zu", s->n);
	for (i = 0; i < COLUMNS - (s->n < 2); i++)
		fprintf(c->out, " %10.*f", scale->decimals, values[i] * scale->by);
	fprintf(c->out, "%s\n", s->n < 2 ? "          -" : "");
}

static void print_changes(const struct cover *c, const struct compared *p, int width)
{
	char text[NUMBER_TEXT];
	double a[COLUMNS], b[COLUMNS];
	unsigned int i;

	columns_of(&p->base, a);
	columns_of(&p->other, b);
	fprintf(c->out, "%*s", width + 9, "");
	for (i = 0; i < COLUMNS; i++)
		fprintf(c->out, " %10s",
			number_fixed(isnan(p->change) ? NAN : b[i] / a[i] - 1,
				     metric_repeats(c->metric) ? 2 : 1, true, text));
	fputc('\n', c->out);
}

static void print_block(struct cover *c, size_t row, const struct group *g, const struct metric *m)
{
	const char *label[2] = {c->r->kernels[c->base].label, c->r->kernels[c->row[row]].label};
	struct compared p = layout_compare(c, row, g, m);
	struct scale scale = layout_scale(c, m, &p);
	char what[2 * POINT_TEXT];
	size_t width = LABEL_WIDTH;
	bool named;

	width = strlen(label[0]) > width ? strlen(label[0]) : width;
	width = strlen(label[1]) > width ? strlen(label[1]) : width;
	named = *scale.unit && !metric_repeats(layout_metric(c, m));
	layout_head(c, g);
	fprintf(c->out, "%s%s%s\n%*s", layout_what(c, m, what), named ? ", " : "",
		named ? scale.unit : "", (int)width + 3, "");
	fprintf(c->out, "%6s %10s %10s %10s %10s %10s\n", "COUNT", "MIN", "MAX", "MEAN", "MEDIAN",
		"STDDEV");
	print_line(c, 'A', 0, &p.base, &scale, (int)width);
	print_line(c, 'B', row, &p.other, &scale, (int)width);
	print_changes(c, &p, (int)width);
}

static void print_pair(struct cover *c, size_t row)
{
	const struct metric *metrics[LAYOUT_METRICS];
	size_t nr = layout_metrics(c, metrics), g, m;

	for (g = 0; g < c->nr_groups; g++) {
		for (m = 0; m < nr; m++) {
			if (g || m)
				fputc('\n', c->out);
			print_block(c, row, &c->group[g], metrics[m]);
		}
	}
}

static void print_meaning(const struct cover *c, const struct basis *basis)
{
	const struct metric *metrics[LAYOUT_METRICS];

	layout_metrics(c, metrics);
	text_wrapf(c->out, 0, "COUNT: %s means, of which the other columns are%s.",
		   basis_unit(basis),
		   layout_metric(c, metrics[0])->harmonic ? "; MEAN is the harmonic one" : "");
	layout_stdev(c, basis, "STDDEV", false);
	text_wrapf(c->out, 0, "Percentages: B relative to A; %s.",
		   metric_sign(layout_metric(c, metrics[0])));
}

void format_ab(struct cover *c)
{
	layout_pairs(c, print_pair, print_meaning);
}
