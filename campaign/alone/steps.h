/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be done of a plan in one boot of the machine that it is carried out on.
 */
#ifndef CAMPAIGN_ALONE_STEPS_H
#define CAMPAIGN_ALONE_STEPS_H

#include "campaign/asked.h"

/* How far it is. */
struct alone_outcome {
	bool over;	 /* nothing is left that can be had */
	size_t given_up; /* kernels */
	char why[512];	 /* of the last of them, with its label */
};

/*
 * Carries out what this boot is for. With campaign->alone it then has the machine start the next
 * kernel, which ends us; without, it says which is next. Returns an exit status as campaign_run()
 * does.
 */
int alone_steps(const struct campaign *campaign, struct alone_outcome *ret);

#endif
