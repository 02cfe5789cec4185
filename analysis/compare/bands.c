// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/bands.h"

#include <math.h>
#include <stdio.h>

#include "analysis/compare/change.h"
#include "analysis/compare/units.h"
#include "analysis/results/results.h"

/* The base of the series; nr_kernels if these are none. */
static size_t base_of(const struct results *r)
{
	size_t k;

	for (k = 0; k < r->nr_kernels; k++)
		if (kernel_record_is_base(&r->kernels[k].about))
			break;
	return k;
}

void bands_layouts(const struct results *r, size_t point, const struct metric *metric,
		   struct band *ret)
{
	const struct result_cell *cell[2];
	size_t base = metric ? base_of(r) : r->nr_kernels, k;
	struct change c;

	*ret = (struct band){0};
	for (k = 0; base < r->nr_kernels && k < r->nr_kernels; k++) {
		if (!bands_is_layout(r, k))
			continue;
		cell[0] = results_cell(r, base, point);
		cell[1] = results_cell(r, k, point);
		c = change_of(r, cell, metric);
		if (cell_boots(cell[0]) < 2 || cell_boots(cell[1]) < 2 || !isfinite(c.low) ||
		    !isfinite(c.high))
			continue;
		ret->layouts++;
		ret->low = fmin(ret->low, c.high);
		ret->high = fmax(ret->high, c.low);
	}
}

bool bands_at(const struct results *results, size_t point, struct band *ret)
{
	bool known = bands_of(results, point, ret);
	struct band layouts;

	bands_layouts(results, point, results_op(results, point), &layouts);
	ret->low = fmin(ret->low, layouts.low);
	ret->high = fmax(ret->high, layouts.high);
	ret->layouts = layouts.layouts;
	return known || ret->layouts;
}

static void put_number_of(FILE *out, const char *before, size_t nr, const char *what)
{
	fprintf(out, "%s%zu %s%s", before, nr, what, nr == 1 ? "" : "s");
}

char *band_text(const struct band *band)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%+.2g .. %+.2g %% anyway", 100 * band->low, 100 * band->high);
	if (band->releases)
		put_number_of(out, " (", band->releases, "release");
	if (band->layouts)
		put_number_of(out, band->releases ? ", " : " (", band->layouts, "layout");
	if (band->releases || band->layouts)
		fputc(')', out);
	fclose(out);
	return text;
}
