/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "calls" of a run that was counted (common/record.h): trees of who called whom, in which each path
 * has a node.
 */
#ifndef COMMON_CALLS_CALLS_H
#define COMMON_CALLS_CALLS_H

#include <jansson.h>

/* Columns of a node. */
enum {
	CALLS_PARENT,	/* the number of a node before it, or -1 */
	CALLS_FUNCTION, /* the number of its name */
	CALLS_INSNS,	/* executed in it itself */
	CALLS_CALLS,
	NR_CALLS_COLUMNS
};

#define CALLS_UNNAMED "[unnamed]" /* a function that no symbol names */

/* Nodes of a tree, and of a path, at most. */
#define CALLS_NODES 65536
#define CALLS_DEPTH 1024

/* The instructions of all nodes of a tree. */
json_int_t calls_insns(const json_t *tree);

/*
 * What is wrong with "calls", as static text: of a run whose samples, and counts["interrupt"], are
 * these. NULL if nothing is.
 */
const char *calls_fault(const json_t *calls, const json_t *samples, const json_t *interrupts);

#endif
