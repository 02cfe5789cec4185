/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What journals of parts of a campaign hold, read into one.
 */
#ifndef CAMPAIGN_COLLECT_COLLECTION_H
#define CAMPAIGN_COLLECT_COLLECTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/plan.h"

/* One boot of one kernel, from one journal or several. */
struct collected_boot {
	char *label, *identity;
	int number; /* the journal's, then the collected one's */
	json_t *machines, *rest;
	json_t **runs;	    /* by step of the plan; NULL: not there */
	const char **paths; /* where they were found */
};

struct collection {
	json_t *plan_json; /* without "kernels" */
	struct plan plan;
	size_t nr_steps;
	json_t *steps; /* {point as text and run: step} */
	json_t *labels, *commands;
	json_t *kernels, *kernel_paths; /* {label: its record}, {label: where it was found} */
	struct collected_boot *boots;
	size_t nr;
	const char *first; /* journal */

	/* Of the journal that is being read. */
	const char *path;
	json_t *here; /* {"label\nboot": index of the boot} */
};

/* An empty one; collection_free() frees what it holds. */
struct collection collection_new(void);

/* Adds a journal, whose path outlives it. False, with one line, if it is not of this campaign. */
bool collection_read(struct collection *c, const char *path);

void collection_free(struct collection *c);

#endif
