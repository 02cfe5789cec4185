/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines that are made up, for campaigns: a boot is a child that says what a worker would, or
 * dies.
 */
#ifndef TESTS_UNIT_MADEUP_H
#define TESTS_UNIT_MADEUP_H

#include <stddef.h>

#include "campaign/asked.h"
#include "common/plan.h"
#include "runners/machine.h"

#define MOST_HOSTS 3

/* What is made up of a machine. */
struct made_up {
	int lives;	    /* boots until it is dead; -1: it lives */
	const char *cpu;    /* its model */
	const char *leaves; /* a file that its boots make, */
	const char *awaits; /* or wait for; or NULL */
	int boots;	    /* so far */
};

/* A campaign, its machines, and one that counts, for a test. */
struct stage {
	struct plan plan;
	struct made_up made[MOST_HOSTS], counting;
	struct machine hosts[MOST_HOSTS], exact;
	struct campaign_kernel kernels[2];
	struct campaign c, beside;
	char *folder, *path;
};

/* One with so many hosts that share its boots, 4 of two kernels, each of 2 runs. */
void stage_set(struct stage *s, size_t nr_hosts);

/* Something that counts beside it. */
void stage_add_counting(struct stage *s);

void stage_free(struct stage *s);

#endif
