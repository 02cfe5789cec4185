/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom at a point, by path: of one kernel, or of two in one tree. Functions of one name
 * are one.
 */
#ifndef ANALYSIS_CALLS_TREE_H
#define ANALYSIS_CALLS_TREE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALLS_NONE UINT32_MAX

struct call_node {
	uint32_t parent, function; /* of the root, node 0: CALLS_NONE */
	uint32_t child, sibling;   /* the first one and the next one, CALLS_NONE; by name */
	double own[2], all[2];	   /* instructions, or samples, without and with what it calls */
	double calls[2];
	char *parts; /* what of one kernel only is in there (align.h); or NULL */
};

/* A number for each pair of numbers. */
struct call_pairs {
	struct call_pair {
		uint32_t a, b, value;
	} * slot;
	size_t nr_slots, nr;
};

/* Finds the pair's value; if it is not there, takes it in with this one. NULL without memory. */
uint32_t *call_pairs_take(struct call_pairs *pairs, uint32_t a, uint32_t b, uint32_t value);
void call_pairs_free(struct call_pairs *pairs);

struct call_tree {
	struct call_node *node; /* a parent is before its children */
	uint32_t nr, room;
	char **name; /* of functions */
	uint32_t nr_names, names_room;
	json_t *index; /* name: number */
	struct call_pairs children;
	double ops[2], cut[2], odd[2]; /* of a side; cut and odd as in struct run_record */
	char *event; /* NULL: own and all are instructions, counted; else they are samples of this
			event ("cycles", "cpu-clock"), or in % of all, and calls are not known */
};

/* The number of a name, and of a node's child of that function; CALLS_NONE without memory. */
uint32_t call_tree_name(struct call_tree *tree, const char *name);
uint32_t call_tree_child(struct call_tree *tree, uint32_t parent, uint32_t function);

/*
 * For those that make trees: an empty one, NULL without memory; and the tree, with its nodes linked
 * and summed up, if all is there that it was to have, else NULL, and it is gone.
 */
struct call_tree *call_tree_new(void);
struct call_tree *call_tree_done(struct call_tree *tree, bool ok);

void call_tree_free(struct call_tree *tree);

#endif
