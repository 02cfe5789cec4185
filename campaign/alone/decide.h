/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be done next on a machine that is alone with its plan, by what the journal holds and
 * in which boot it is. Whenever it was cut off, the same question has the same answer.
 */
#ifndef CAMPAIGN_ALONE_DECIDE_H
#define CAMPAIGN_ALONE_DECIDE_H

#include <stdbool.h>

#include "campaign/alone/state.h"
#include "campaign/resume.h"
#include "campaign/turn.h"

enum alone_act {
	ALONE_DONE,    /* nothing is left that can be had */
	ALONE_HOME,    /* likewise, but the machine runs a kernel that it was told to start */
	ALONE_ENDED,   /* all of the turn is there, and only its end was not written */
	ALONE_MEASURE, /* this boot is that of the turn */
	ALONE_START,   /* the turn's kernel is to be started, */
	ALONE_LOST,    /* what was tried came to nothing, as `why` says, */
	ALONE_GIVE_UP, /* and so the turn's kernel is not tried any more */
	ALONE_WAIT,    /* attended: the turn's kernel is for its user to start */
};

struct alone_where {
	const char *const *labels;
	const bool *skip; /* kernels that are not to be had; NULL: all are */
	size_t nr;
	const char *boot_id; /* of the boot that the machine is in */
	int tries;	     /* at most in a row, of a kernel; 0: attended, nothing is tried */
	/* Whether a kernel runs; *ret_is, new, is what does, NULL if that cannot be told. */
	bool (*runs)(void *arg, size_t kernel, char **ret_is);
	void *arg;
};

struct alone_move {
	enum alone_act act;
	struct turn turn; /* but of DONE and HOME; todo is the caller's */
	char why[ALONE_WHY];
};

void alone_decide(const struct resume *r, const struct alone_state *s,
		  const struct alone_where *where, struct alone_move *ret);

#endif
