/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which boot of which kernel is to be carried out next, and what it still owes.
 */
#ifndef CAMPAIGN_TURN_H
#define CAMPAIGN_TURN_H

#include <jansson.h>
#include <stddef.h>

#include "campaign/resume.h"
#include "runners/machine.h"

struct turn {
	size_t kernel; /* its index in labels */
	int boot;
	json_t *todo; /* a new array: the steps that are missing, [] if none */
};

/*
 * Turn `number` of a machine that starts kernels: by the plan, every kernel's boot 0, then every
 * kernel's boot 1. labels are the nr kernels'.
 */
void turn_planned(const struct resume *r, const char *const *labels, size_t nr, size_t number,
		  struct turn *ret);

/* The turn of another machine: the boot it is in, of the kernel that this one is for. */
void turn_present(const struct resume *r, const char *const *labels, size_t nr,
		  const struct machine *machine, struct turn *ret);

#endif
