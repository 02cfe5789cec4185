/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANALYSIS_CALLS_PAIR_H
#define ANALYSIS_CALLS_PAIR_H

#include "analysis/calls/cell.h"

/*
 * A tree of one op of the base (side 0) and of another kernel (side 1), means over the boots that
 * they have both, put together as align.h says; of the base alone where other is NULL. Samples are
 * of all boots, and put together by name. NULL if they have none, or not all have calls, or one has
 * calls and the other samples, or samples of another event.
 */
struct call_tree *call_tree_pair(const struct result_cell *base, const struct result_cell *other);

#endif
