/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker is asked for in a boot, and by which name the answer is known.
 */
#ifndef CAMPAIGN_REQUEST_H
#define CAMPAIGN_REQUEST_H

#include <jansson.h>

#include "campaign/asked.h"

/*
 * The request (bench/harness/main.c) for steps of the plan in a boot, as new JSON. The plan is the
 * campaign's, with as many runs as it has come to. Takes no reference away from todo.
 */
json_t *request_make(const struct campaign *c, const struct plan *plan, int boot, json_t *todo);

/*
 * The name of what comes of it in a cache of results (units/unit.h), malloc'ed. NULL, with a
 * message, if it cannot be told, and without one if nothing that this machine measures repeats.
 */
char *request_key(const struct campaign *c, const struct campaign_kernel *kernel,
		  const json_t *request);

#endif
