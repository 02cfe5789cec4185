/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a journal already holds of a plan, so that a run can go on where it was cut off.
 */
#ifndef CLI_RESUME_H
#define CLI_RESUME_H

#include <jansson.h>
#include <stdbool.h>

#include "common/plan.h"

struct resume {
	bool has_plan; /* the journal is not empty */
	int boot;      /* number of this boot of the kernel, from 0 */
	json_t *todo;  /* steps of the plan's order that this boot still owes; [] if none */
	int done;      /* runs in the journal, of this kernel and boot */
};

/*
 * Reads the journal at path (it may be empty) against the plan. kernel is the label, boot_id the
 * kernel's name for the present boot. Prints one line and returns false if it is not a journal or
 * holds another plan.
 */
bool resume_read(struct resume *r, const char *path, const struct plan *plan, const char *kernel,
		 const char *boot_id);

void resume_free(struct resume *r);

#endif
