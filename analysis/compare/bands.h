/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bands (analysis/results/bands.h) that other layouts of the base of a series give.
 */
#ifndef ANALYSIS_COMPARE_BANDS_H
#define ANALYSIS_COMPARE_BANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/bands.h"

struct metric;
struct results;

/*
 * What a metric of a point does in those kernels, each as far as its interval (change_of()) shows
 * that it differs from the base: a boot that went wrong widens nothing, and neither do kernels of
 * one boot. ret->layouts: how many have an interval; metric NULL, there is no ok run: none.
 */
void bands_layouts(const struct results *results, size_t point, const struct metric *metric,
		   struct band *ret);

/*
 * The band of a point, of what an op of it is measured by: what is known of it, and what those
 * kernels do. Returns whether there is one.
 */
bool bands_at(const struct results *results, size_t point, struct band *ret);

/* "-1.2 .. +3 % anyway (8 releases, 2 layouts)", malloc'ed. */
char *band_text(const struct band *band);

#endif
