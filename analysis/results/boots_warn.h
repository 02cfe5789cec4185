/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reader of times must know of the boots behind them.
 */
#ifndef ANALYSIS_RESULTS_BOOTS_WARN_H
#define ANALYSIS_RESULTS_BOOTS_WARN_H

#include "analysis/results/results.h"

/*
 * Warns if a boot's runs are there under two labels, which says nothing of a difference, and of
 * boots that were not measured then but taken from a cache of results. Not of counts, which repeat.
 */
void boots_warn(struct results *r);

#endif
