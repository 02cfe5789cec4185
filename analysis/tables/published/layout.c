// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/published/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/pairs.h"
#include "analysis/results/metric_text.h"
#include "analysis/stats/summary.h"
#include "analysis/text/grid.h"

/* The most workers of any point of the table; 0 for a benchmark that has no such parameter. */
static json_int_t workers_of(const struct cover *c)
{
	json_int_t most = 0, nr;
	const json_t *point;
	size_t g;

	for (g = 0; g < c->nr_groups; g++) {
		point = c->r->points[c->group[g].point];
		nr = json_integer_value(json_object_get(point, "threads")) *
		     json_integer_value(json_object_get(point, "processes"));
		most = nr > most ? nr : most;
	}
	return most;
}

size_t layout_metrics(const struct cover *c, const struct metric *ret[LAYOUT_METRICS])
{
	const struct result_cell *cell = cover_some_cell(c);
	json_int_t workers = workers_of(c);
	bool rates = metric_is_time(c->metric) && workers && cell && cell->per_count > 1;

	ret[0] = rates ? metrics_find(&c->r->metrics, "rate") : NULL;
	ret[1] = rates ? metrics_find(&c->r->metrics, "rate/worker") : NULL;
	return rates && workers > 1 ? 2 : 1;
}

const struct metric *layout_metric(const struct cover *c, const struct metric *m)
{
	return m ? m : c->metric;
}

bool layout_more_is_better(const struct cover *c, const struct metric *m)
{
	return layout_metric(c, m)->better == METRIC_MORE;
}

const char *layout_mean(const struct cover *c, const struct metric *m)
{
	return layout_metric(c, m)->harmonic ? "harmonic mean" : "mean";
}

const char *layout_what(const struct cover *c, const struct metric *m, char text[2 * POINT_TEXT])
{
	return metric_about(layout_metric(c, m), cover_per(c), text);
}

/* The word for a cell without numbers. */
static const char *word_of(const struct cover *c, size_t row, const struct result_cell *cell)
{
	if (cover_skip(c, row))
		return "skip";
	return cell && cell->nr && !cell->nr_ok ? run_status_name(cell->runs[0].status) : "-";
}

static void summarise(struct sample *s, const struct metric *m, double *values)
{
	s->mean = metric_mean(m, values, s->n);
	s->hmean = stats_hmean(values, s->n);
	s->sd = stats_sd(values, s->n);
	stats_sort(values, s->n);
	s->min = s->n ? values[0] : NAN;
	s->max = s->n ? values[s->n - 1] : NAN;
	s->median = stats_quantile(values, s->n, 0.5);
}

/* A sample of a cell, which may be one that holds only some of the runs of the row's. */
static struct sample sample_of(const struct cover *c, size_t row, const struct result_cell *cell,
			       const struct group *g, const struct metric *m)
{
	double *values = calloc(cell ? cell->nr_ok + 1 : 1, sizeof(*values));
	struct sample s = {.word = word_of(c, row, cell)};

	if (values && cell && cell->nr_ok && !cover_skip(c, row)) {
		s.n = cell_units(cell, m ? m : g->metric, values);
		s.timed = cell->source == SOURCE_TIMED;
	}
	summarise(&s, m ? m : g->metric, values);
	free(values);
	return s;
}

struct compared layout_compare(const struct cover *c, size_t row, const struct group *g,
			       const struct metric *m)
{
	const struct result_cell *base = results_cell(c->r, c->base, g->point);
	const struct result_cell *other = results_cell(c->r, c->row[row], g->point);
	struct pair pair = {.paired = true};
	struct compared p;

	if (metric_repeats(c->metric) && base && base->nr_ok && other && other->nr_ok) {
		pair_cells(&pair, base, other);
		base = &pair.cell[0];
		other = &pair.cell[1];
	}
	p.base = sample_of(c, 0, base, g, m);
	p.other = sample_of(c, row, other, g, m);
	p.change = pair.paired ? p.other.mean / p.base.mean - 1 : NAN;
	pair_free(&pair);
	return p;
}

/* Two; of what is less than a tenth as many as its second digit needs: what is there is not 0.00.
 */
static int decimals_of(double value)
{
	if (value >= 1e4)
		return 0;
	return value > 0 && value < 0.1 ? (int)fmin(1 - floor(log10(value)), 9) : 2;
}

static struct scale scale_of(const struct metric *m, double value)
{
	static const struct scale times[] = {{1e-9, "s", 3}, {1e-6, "ms", 3}, {1e-3, "us", 3}};
	unsigned int i;

	if (metric_repeats(m))
		return (struct scale){1, m->main ? "insns" : "", 0};
	if (!strcmp(m->unit, "fraction"))
		return (struct scale){100, "%", 2};
	if (strcmp(m->unit, "ns"))
		return (struct scale){1, "", decimals_of(value)};
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		if (value * times[i].by >= 1)
			return times[i];
	return (struct scale){1, "ns", 1};
}

struct scale layout_table_scale(const struct cover *c, const struct metric *m)
{
	double least = INFINITY;
	struct compared p;
	size_t g, k;

	for (g = 0; g < c->nr_groups; g++) {
		for (k = 0; k < c->nr_rows; k++) {
			p = layout_compare(c, k, &c->group[g], m);
			if (p.base.n && p.base.mean > 0)
				least = fmin(least, p.base.mean);
			if (p.other.n && p.other.mean > 0)
				least = fmin(least, p.other.mean);
		}
	}
	return scale_of(layout_metric(c, m), isfinite(least) ? least : 0);
}

struct scale layout_scale(const struct cover *c, const struct metric *m, const struct compared *p)
{
	if (!p->base.n && !p->other.n)
		return layout_table_scale(c, m);
	return scale_of(layout_metric(c, m), p->base.n ? p->base.mean : p->other.mean);
}

const char *layout_unit(const struct cover *c, const struct metric *m, const char *of_op,
			char text[POINT_TEXT])
{
	const struct metric *metric = layout_metric(c, m);
	char many[POINT_TEXT];

	if (metric_is_rate(metric))
		snprintf(text, POINT_TEXT, "%.41s/%ss", per_many(cover_per(c), many),
			 strchr(metric->name, '/') ? "worker-" : "");
	else if (metric->main)
		snprintf(text, POINT_TEXT, "%.70s", metric->role ? metric->unit : of_op);
	else
		snprintf(text, POINT_TEXT, "%.70s",
			 metric->group == METRIC_OF_OP && metric->harmonic ? metric->unit
									   : metric->name);
	return text;
}

void layout_name_unit(const struct cover *c, const struct metric *m, const char *of_op,
		      char text[4 * POINT_TEXT])
{
	char what[2 * POINT_TEXT], unit[POINT_TEXT];
	bool named = !layout_metric(c, m)->about; /* what it is begins with its name */

	snprintf(text, 4 * POINT_TEXT, "%s%s%s", named ? "" : layout_unit(c, m, of_op, unit),
		 named ? "" : ": ", layout_what(c, m, what));
}

void layout_head(const struct cover *c, const struct group *g)
{
	char op[POINT_TEXT];

	text_wrapf(c->out, 4, "%s on %s: %s%s%s", point_op(c->r->points[c->group[0].point], op),
		   c->title, c->above, g && *c->above ? ", " : "", g ? g->head : "");
}

void layout_pairs(struct cover *c, void (*one)(struct cover *c, size_t row),
		  void (*meaning)(const struct cover *c, const struct basis *basis))
{
	size_t row;

	if (c->nr_rows < 2) {
		text_wrapf(c->out, 0, "This layout compares two kernels, and there is only %s.",
			   c->r->kernels[c->base].label);
		return;
	}
	for (row = 1; row < c->nr_rows; row++) {
		one(c, row);
		fputc('\n', c->out);
	}
	cover_under(c, meaning);
}

void layout_stdev(const struct cover *c, const struct basis *basis, const char *name, bool relative)
{
	text_wrapf(c->out, 0, "%s: sample standard deviation (n-1) of %s means%s%s.", name,
		   basis_unit(basis), relative ? ", in % of their mean" : "",
		   metric_repeats(c->metric)
			   ? "; each boot is another perturbation, and only those of both count"
			   : "");
}
