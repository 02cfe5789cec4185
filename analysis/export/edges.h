/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom without paths, as Callgrind's profile has it: only functions, what each executed
 * itself, and which it called. Readers take what a function executed with all that it called for
 * the sum of the calls of it. So an instruction is in one call of each function on the path to it,
 * the first; then it counts once for each, also where functions call themselves or each other.
 */
#ifndef ANALYSIS_EXPORT_EDGES_H
#define ANALYSIS_EXPORT_EDGES_H

#include <stdint.h>

#include "analysis/calls/tree.h"

struct edges {
	/* A function that calls another, by the numbers of their names; the root's is behind them.
	 */
	struct edge {
		uint32_t from, to;
		double calls, insns;
	} * edge; /* by caller, then by what it calls */
	uint32_t nr, room;
	struct call_pairs index;
};

struct edges edges_of(const struct call_tree *tree);
void edges_free(struct edges *edges);

#endif
