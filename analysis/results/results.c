// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

long results_kernel(const struct results *results, const char *label)
{
	size_t i;

	for (i = 0; i < results->nr_kernels; i++)
		if (!strcmp(results->kernels[i].label, label))
			return (long)i;
	return -1;
}

bool results_exact(const struct results *results)
{
	return results->source == SOURCE_EXACT;
}

const struct result_cell *results_cell(const struct results *results, size_t kernel, size_t point)
{
	const struct result_kernel *k = &results->kernels[kernel];

	return point < k->nr_cells ? k->cells[point] : NULL;
}

const struct metric *results_op(const struct results *results, size_t point)
{
	const struct metric *op = NULL;
	size_t k;

	for (k = 0; k < results->nr_kernels && !op; k++)
		op = cell_op(results_cell(results, k, point));
	return op;
}

void results_free(struct results *results)
{
	size_t i, p;

	for (i = 0; i < results->nr_kernels; i++) {
		for (p = 0; p < results->kernels[i].nr_cells; p++)
			cell_free(results->kernels[i].cells[p]);
		free(results->kernels[i].cells);
		free(results->kernels[i].label);
		free(results->kernels[i].given_up);
		json_decref(results->kernels[i].machine);
		kernel_record_free(&results->kernels[i].about);
	}
	for (p = 0; p < results->nr_points; p++)
		json_decref(results->points[p]);
	free(results->kernels);
	free(results->points);
	json_decref(results->index);
	json_decref(results->commands);
	json_decref(results->bands);
	boots_free(&results->boots);
	metrics_free(&results->metrics);
	free(results->caches);
	json_decref(results->states);
	warnings_free(&results->warnings);
	*results = (struct results){0};
}
