/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a campaign is asked for.
 */
#ifndef CAMPAIGN_ASKED_H
#define CAMPAIGN_ASKED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/kernel_record.h"
#include "common/plan.h"
#include "runners/machine.h"

struct campaign_kernel {
	const char *label;
	struct runner_kernel start; /* where the machine starts kernels; */
	const char *dir, *sums;	    /* there what is in its folder: kernels/sums.h */
	struct kernel_record about; /* there; with `skip`, it only has its place in the tables */
};

/*
 * Of the boots in the planned order every of-th, from the nr-th on (from 1); of 0: all. Where the
 * machine starts no kernels there is nothing to divide.
 */
struct campaign_shard {
	unsigned int nr, of;
};

/* How a machine that is alone with its plan goes on by itself. */
struct campaign_alone {
	json_t *words;	    /* of the command line: the subcommand's name first */
	bool begins;	    /* it does not go on */
	int tries;	    /* at most in a row, of a kernel that comes to nothing */
	const char *at_end; /* for a shell, in the end; or NULL */
};

struct campaign {
	const struct plan *plan;
	const char *path; /* of the journal */
	const struct machine *machine;
	const struct machine *hosts;	 /* several that are equal and share its boots, of which
					    `machine` is the first; NULL: it is the only one */
	size_t nr_hosts;		 /* 0: likewise */
	const struct campaign *beside;	 /* what is counted of the same kernels, into the same
					    journal; NULL: nothing */
	bool counted;			 /* it is that */
	struct campaign_kernel *kernels; /* in the order they were given; where the machine
					    starts none, its own: one, or one as two */
	size_t nr_kernels;
	const char *title; /* of the machine, in its records; NULL: none is given */
	int jobs;	   /* boots at the same time, at least 1 */
	bool wait;	   /* for others that measure on this machine */
	struct campaign_shard shard;
	const bool *only;  /* boots of the planned order, by place; NULL: all */
	const char *cache; /* units/unit.h: a folder of results; NULL: none */
	bool images;	   /* it is there for kernels of one image, and for this campaign alone */
	const struct campaign_alone *alone; /* NULL: its user starts kernels */
	json_t *command; /* the "command" record (common/record.h) of who asked for it */
};

#endif
