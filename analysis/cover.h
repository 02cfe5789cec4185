/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One table of a cover letter, as table_cover.c fills it and cover.c prints it.
 */
#ifndef ANALYSIS_COVER_H
#define ANALYSIS_COVER_H

#include <stdio.h>

#include "analysis/points.h"
#include "analysis/results.h"

/* What the two columns of a group are. */
enum what {
	TIME,
	RATE,
	LATENCY
};

struct group {
	char head[POINT_TEXT];
	size_t point;
	int side;	  /* of the cells, RESULT_OP for TIME */
	const char *role; /* NULL for TIME */
};

/* One table being made. */
struct cover {
	FILE *out;
	const struct results *r;
	size_t base;
	const char *title;
	enum what what;
	const char *above; /* what all its points have in common */
	struct group *group;
	size_t nr_groups;
	size_t *row;		       /* kernels, the base first */
	size_t first_width, col_width; /* set by cover_print() */
};

/* Prints the groups, in as many tables as the width of a mail asks for, and what they mean. */
void cover_print(struct cover *c);

#endif
