// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/repeats.h"

#include <math.h>

#include "analysis/text/numbers.h"

static void warn_cell(struct result_cell *cell)
{
	size_t i, nr = 0, rising = 0, falling = 0;
	const struct result_run *run;
	double apart = 0;
	char text[NUMBER_TEXT];

	for (i = 0; i < cell->nr; i++) {
		run = &cell->runs[i];
		if (run->status != RUN_OK || run->iterations < 2)
			continue;
		nr++;
		rising += run->trend > 0;
		falling += run->trend < 0;
		apart += (run->max - run->min) / run_value(run, cell->op);
	}
	if (!nr || !(apart / (double)nr >= REPEATS_LEAST))
		return;
	warnings_add(&cell->warnings,
		     "counts do not repeat within a run: its ops differ by %s of the mean%s",
		     number_percent(apart / (double)nr, false, text),
		     rising == nr    ? ", and rise from each to the next (drift)"
		     : falling == nr ? ", and fall from each to the next (drift)"
				     : "");
}

void repeats_warn(struct results *r)
{
	struct result_cell *cell;
	size_t k, point;

	for (k = 0; k < r->nr_kernels; k++) {
		for (point = 0; point < r->kernels[k].nr_cells; point++) {
			cell = r->kernels[k].cells[point];
			if (cell && cell->source == SOURCE_EXACT)
				warn_cell(cell);
		}
	}
}
