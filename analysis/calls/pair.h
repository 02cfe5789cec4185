/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_CALLS_PAIR_H
#define ANALYSIS_CALLS_PAIR_H

#include "analysis/calls/cell.h"

/*
 * A tree of one op of the base (side 0) and of another kernel (side 1), means over the boots that
 * they have both, of samples over all boots, put together as align.h says; of the base alone where
 * other is NULL. NULL if they have none, or not all have calls, or one has calls and the other
 * samples, or samples of another event.
 */
struct call_tree *call_tree_pair(const struct result_cell *base, const struct result_cell *other);

/*
 * The same for each unit of inference of one side (1: other) that has samples, beside all of the
 * other side's: a list, malloc'ed.
 */
struct call_tree **call_tree_units(const struct result_cell *base, const struct result_cell *other,
				   unsigned int side, size_t *ret_nr);

#endif
