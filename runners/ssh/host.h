/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host says of itself when it is asked.
 */
#ifndef RUNNERS_SSH_HOST_H
#define RUNNERS_SSH_HOST_H

#include <stdbool.h>

#include "runners/machine.h"

struct host {
	char uname[33];	     /* uname -m */
	long long page_size; /* bytes */
	int cpus;
	long long memory_kib;
	double uptime_s;
	char boot_id[65];
	char release[129];
};

/* False if it does not answer; why, a line, says why. */
bool host_ask(const struct machine *m, struct host *ret, char why[256]);

#endif
