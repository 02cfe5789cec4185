/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine says of itself when it is asked.
 */
#ifndef RUNNERS_SWITCH_HOST_H
#define RUNNERS_SWITCH_HOST_H

#include <stdbool.h>

#include "runners/switch/reach.h"

struct host {
	char uname[33];	     /* uname -m */
	long long page_size; /* bytes */
	int cpus;
	long long memory_kib;
	char boot_id[65];
	char entry[129]; /* of ours that it was started from (entry.h); "-": from none */
	char release[129];
};

/* False if it does not answer; why, a line, says why. */
bool host_ask(const struct reach *r, struct host *ret, char why[256]);

#endif
