// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/bands.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/compare/pairs.h"
#include "analysis/results/bands.h"
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

size_t bands_layouts(const struct results *r, size_t point, const struct metric *metric,
		     double *ret_low, double *ret_high)
{
	size_t base = base_of(r), k, nr = 0;
	struct difference d;
	struct pair pair;
	double change;

	*ret_low = *ret_high = 0;
	for (k = 0; base < r->nr_kernels && k < r->nr_kernels; k++) {
		if (!bands_is_layout(r, k))
			continue;
		pair_cells(&pair, results_cell(r, base, point), results_cell(r, k, point));
		pair_difference(&pair, metric, &d);
		pair_free(&pair);
		change = d.mean[1] / d.mean[0] - 1;
		if (!isfinite(change))
			continue;
		*ret_low = fmin(*ret_low, change);
		*ret_high = fmax(*ret_high, change);
		nr++;
	}
	return nr;
}

bool bands_at(const struct results *results, size_t point, double *ret_low, double *ret_high)
{
	bool known = bands_of(results, point, ret_low, ret_high);
	double low, high;

	if (bands_layouts(results, point, results_op(results, point), &low, &high))
		known = true;
	*ret_low = fmin(*ret_low, low);
	*ret_high = fmax(*ret_high, high);
	return known;
}
