/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bands (analysis/results/bands.h) that other layouts of the base of a series give.
 */
#ifndef ANALYSIS_COMPARE_BANDS_H
#define ANALYSIS_COMPARE_BANDS_H

#include <stdbool.h>
#include <stddef.h>

struct metric;
struct results;

/*
 * What a metric of a point does in those kernels: their changes relative to the base, low <= 0 <=
 * high. Returns how many of them have it.
 */
size_t bands_layouts(const struct results *results, size_t point, const struct metric *metric,
		     double *ret_low, double *ret_high);

/*
 * The band of a point, of what an op of it is measured by: what is known of it, and what those
 * kernels do; low <= 0 <= high, both 0 if there is none. Returns whether there is one.
 */
bool bands_at(const struct results *results, size_t point, double *ret_low, double *ret_high);

#endif
