/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process that stands for a worker on another host: it takes the request, has the worker there
 * carry it out, and passes on records and answers. A connection that is lost is made again.
 */
#ifndef RUNNERS_SSH_CARRIER_H
#define RUNNERS_SSH_CARRIER_H

#include "runners/runner.h"

/* Does that on standard input and output, and ends the process (child_fn, runners/child.h). */
void carry(const struct runner_boot *boot);

#endif
