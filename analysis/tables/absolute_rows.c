// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/absolute_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/metric_text.h"
#include "analysis/tables/given_up.h"
#include "common/units.h"

const struct result_cell *absolute_cell(const struct absolute *b, size_t i)
{
	return results_cell(b->r, b->kernel, b->point[i]);
}

/* The mark of a footnote, "" if all runs of the cell are ok. Warnings of the cell are notes too. */
void absolute_mark(struct absolute *b, const struct result_cell *cell)
{
	char *trouble = cell_trouble(cell);
	char mark[64] = "";
	size_t i, used = 0;

	if (trouble)
		warnings_add(&b->foot, "%s", trouble);
	for (i = 0; i < !!trouble + cell->warnings.nr; i++) {
		if (i >= !!trouble)
			warnings_add(&b->foot, "%s", cell->warnings.text[i - !!trouble]);
		if (used < sizeof(mark))
			used += (size_t)snprintf(mark + used, sizeof(mark) - used, "[%zu]",
						 b->foot.nr);
	}
	grid_put(&b->grid, "%s", mark);
	free(trouble);
}

void absolute_percent(struct absolute *b, double fraction)
{
	if (isnan(fraction))
		grid_put(&b->grid, "-");
	else
		grid_put(&b->grid, "%.1f%%", fraction * 100);
}

/* The status in place of numbers. Returns false if the cell has numbers. */
bool absolute_trouble(struct absolute *b, const struct result_cell *cell)
{
	char *trouble;

	if (cell && cell->nr_ok)
		return false;
	trouble = cell_trouble(cell);
	grid_span(&b->grid, trouble ? trouble : "?");
	free(trouble);
	return true;
}

void legend_cell(struct legend *legend, const struct result_cell *cell)
{
	basis_add(&legend->basis, cell);
	legend->emulated += cell->source == SOURCE_EMULATED;
}

static bool is_one(const json_t *point, const char *name)
{
	const json_t *value = json_object_get(point, name);

	return !value || json_integer_value(value) == 1;
}

/* Does any row know which path its faults took? */
static bool has_paths(const struct absolute *b)
{
	size_t i;

	for (i = 0; i < b->nr; i++)
		if (!isnan(given_up_path(b->r, absolute_cell(b, i))))
			return true;
	return false;
}

/* What the kernel clears or copies, GB/s; NaN: it does not. */
static double throughput_of(const struct absolute *b, const struct result_cell *cell)
{
	const struct metric *m = metrics_find(&b->r->metrics, "throughput");

	return cell && cell->nr_ok && m ? cell_mean(cell, m) : NAN;
}

static bool has_throughput(const struct absolute *b)
{
	size_t i;

	for (i = 0; i < b->nr; i++)
		if (!isnan(throughput_of(b, absolute_cell(b, i))))
			return true;
	return false;
}

static void put_throughput(struct absolute *b, const struct result_cell *cell,
			   struct legend *legend)
{
	double gbs = throughput_of(b, cell);

	if (!has_throughput(b))
		return;
	if (isnan(gbs))
		grid_put(&b->grid, "-");
	else
		grid_put(&b->grid, "%.*f", gbs < 9.995 ? 2 : 1, gbs);
	legend->bytes = true;
}

static void put_path(struct absolute *b, const struct result_cell *cell, struct legend *legend)
{
	if (!has_paths(b))
		return;
	absolute_percent(b, given_up_path(b->r, cell));
	legend->paths = true;
}

/* A line below a row, from its first number on. */
static void put_given_up(struct absolute *b, const struct result_cell *cell)
{
	char *text = given_up_text(b->r, cell);
	size_t c;

	if (!text)
		return;
	grid_row(&b->grid);
	for (c = 0; c < b->params.nr; c++)
		if (b->params.varies[c])
			grid_put(&b->grid, "%s", "");
	grid_span(&b->grid, text);
	free(text);
}

static void put_time(struct absolute *b, const struct result_cell *cell, const json_t *point,
		     struct legend *legend)
{
	bool many = cell->per_count > 1;
	bool storm = many || !is_one(point, "threads") || !is_one(point, "processes");
	double per = cell_mean(cell, metrics_find(&b->r->metrics, "time/unit"));
	char text[UNITS_TEXT];

	grid_put(&b->grid, "%s", units_ns(cell_mean(cell, cell->op), text));
	absolute_percent(b, cell_rel_sd(cell, cell->op));
	if (many)
		grid_put(&b->grid, "%.*f", per < 99.95 ? 1 : 0, per);
	else
		grid_put(&b->grid, "%s", "");
	if (storm)
		grid_put(&b->grid, "%s",
			 units_count(cell_mean(cell, metrics_find(&b->r->metrics, "rate")), text));
	else
		grid_put(&b->grid, "%s", "");
	put_throughput(b, cell, legend);
	put_path(b, cell, legend);
	grid_put(&b->grid, "%zu/%zu", cell->nr_ok, cell->nr);
	absolute_mark(b, cell);
	legend->times = true;
	legend->per |= many;
	legend->rates |= storm;
}

const char *absolute_per(const struct absolute *b)
{
	const struct result_cell *cell;
	const char *per = NULL;
	size_t i;

	for (i = 0; i < b->nr; i++) {
		cell = absolute_cell(b, i);
		if (!cell || !cell->per)
			continue;
		if (per && strcmp(per, cell->per))
			return "unit";
		per = cell->per;
	}
	return per ? per : "op";
}

void absolute_times(struct absolute *b, struct legend *legend)
{
	char per_head[POINT_TEXT], rate_head[POINT_TEXT], text[POINT_TEXT];
	size_t i, c;

	snprintf(per_head, sizeof(per_head), "ns/%s", absolute_per(b));
	snprintf(rate_head, sizeof(rate_head), "%.70s/s", per_many(absolute_per(b), text));
	for (c = 0; c < b->params.nr; c++)
		if (b->params.varies[c])
			grid_column(&b->grid, b->params.name[c], c == 0);
	grid_column(&b->grid, "time/op", false);
	grid_column(&b->grid, "stdev", false);
	grid_column(&b->grid, per_head, false);
	grid_column(&b->grid, rate_head, false);
	if (has_throughput(b))
		grid_column(&b->grid, "GB/s", false);
	if (has_paths(b))
		grid_column(&b->grid, "no-mmap_lock", false);
	grid_column(&b->grid, "runs", false);
	grid_column(&b->grid, "", true);
	for (i = 0; i < b->nr; i++) {
		const json_t *point = b->r->points[b->point[i]];

		grid_row(&b->grid);
		for (c = 0; c < b->params.nr; c++)
			if (b->params.varies[c])
				grid_put(&b->grid, "%s",
					 point_value(point, b->params.name[c], text));
		if (absolute_trouble(b, absolute_cell(b, i)))
			continue;
		put_time(b, absolute_cell(b, i), point, legend);
		legend_cell(legend, absolute_cell(b, i));
		put_given_up(b, absolute_cell(b, i));
	}
	grid_print(&b->grid, b->out);
}
