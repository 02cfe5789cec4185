/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of a cell: of calls that were counted or, where it was timed, of samples.
 */
#ifndef ANALYSIS_CALLS_CELL_H
#define ANALYSIS_CALLS_CELL_H

#include "analysis/calls/tree.h"
#include "analysis/results/results.h"

/* Whether all ok runs of a cell, which may be NULL, have calls, and there is one; or any samples.
 */
bool call_tree_known(const struct result_cell *cell);

/*
 * A tree of the ok runs of a cell, on side 0: all their ops summed up, or the mean of one op, which
 * of samples is their shares in %. NULL without memory, or if nothing is known.
 */
struct call_tree *call_tree_of(const struct result_cell *cell, bool summed);

#endif
