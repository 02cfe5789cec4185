/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of results: which panels there are.
 */
#ifndef ANALYSIS_PLOT_PLOT_H
#define ANALYSIS_PLOT_PLOT_H

#include <stddef.h>

#include "analysis/plot/panel.h"
#include "analysis/results/results.h"

/* Adds panels to a plot, which is zeroed to start: of these metrics, or if there are none of what
 * suits. None are added if nothing varies in the way that the kind shows. */
void plot_add(struct plot *plot, const struct results *results, enum plot_kind kind,
	      const struct metric *const *metrics, size_t nr_metrics);

#endif
