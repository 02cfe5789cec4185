/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a point's ops have executed each instruction.
 */
#ifndef ANALYSIS_CALLS_CODE_H
#define ANALYSIS_CALLS_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/calls/tree.h"
#include "analysis/results/cell.h"

struct code {
	struct code_insn {
		uint64_t addr;
		uint32_t function; /* the number of its name in the tree */
		double executed;
	} * insn; /* by function, then by address */
	size_t nr;
};

/*
 * The ok runs of a cell, all their ops summed up; tree is theirs. Empty, and false, if not all runs
 * say so, or without memory.
 */
bool code_of(struct code *ret, struct call_tree *tree, const struct result_cell *cell);
void code_free(struct code *code);

#endif
