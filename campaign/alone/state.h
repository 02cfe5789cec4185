/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a journal says of a campaign on a machine that is alone with it, beside what was measured:
 * which kernel it was told to start, and what came of that.
 */
#ifndef CAMPAIGN_ALONE_STATE_H
#define CAMPAIGN_ALONE_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/plan.h"

#define ALONE_ID  65  /* of a boot, with its NUL */
#define ALONE_WHY 512 /* of a reason, likewise */

/* Each time that the machine is told to start a kernel. */
struct alone_try {
	bool open; /* nothing came of it yet, as far as the journal knows */
	size_t kernel;
	int boot;
	double when;	     /* s since 1970 */
	char from[ALONE_ID]; /* the boot in which it was told */
	char id[ALONE_ID];   /* the one in which something of it was measured; "": none */
};

struct alone_kernel {
	int tries; /* since a boot of it was complete; of this campaign */
	bool given_up;
	char why[ALONE_WHY]; /* of the last that came to nothing; "": there is none */
};

struct alone_state {
	const char *const *labels;
	size_t nr;
	struct alone_kernel of[PLAN_MAX_KERNELS];
	struct alone_try last;
	bool begun;		  /* it has no end yet */
	double since;		  /* it was begun, s since 1970 */
	char status[32];	  /* with which the last one ended; "": none has */
	int homes;		  /* how often it was told to start its own kernel in the end */
	char home_from[ALONE_ID]; /* in which boot the last time */
};

/*
 * Takes a line of the journal. labels, which outlive it, are the nr kernels'. Zero it to start, but
 * for these.
 */
void alone_state_take(struct alone_state *s, const json_t *record);

/* Reads a journal. False with one line printed. */
bool alone_state_read(struct alone_state *ret, const char *path, const char *const *labels,
		      size_t nr);

#endif
