/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trees of what was sampled ("profile" of common/record.h): nodes have samples in place of
 * instructions, and nobody knows how often a function was called.
 */
#ifndef ANALYSIS_CALLS_SAMPLED_H
#define ANALYSIS_CALLS_SAMPLED_H

#include "analysis/calls/tree.h"
#include "analysis/results/results.h"

#define SAMPLED_OTHER "[other]" /* samples of paths that had no room in the journal */

/*
 * What was sampled in the ok runs of a cell, which may be NULL: of those that have samples. NULL if
 * none has, or not all of the same event: no two of these are compared.
 */
const char *sampled_event(const struct result_cell *cell);

/* Why there is no such event, where samples were asked for; else NULL. */
const char *sampled_why_not(const struct result_cell *cell);

/*
 * Adds one profile to side 0 of a tree, times weight; its event becomes the tree's. False without
 * memory, or if there are no samples.
 */
bool sampled_add_run(struct call_tree *tree, const json_t *profile, double weight);

/* The runs of a cell: their samples summed up; or shares in %, means over the cell's units. */
bool sampled_add(struct call_tree *tree, const struct result_cell *cell, bool summed);

/*
 * A tree for each unit of inference of a cell that has samples, in %, a list that is malloc'ed. All
 * have all paths of the cell, so that all are put together with others in the same way.
 */
struct call_tree **sampled_units(const struct result_cell *cell, size_t *ret_nr);

#endif
