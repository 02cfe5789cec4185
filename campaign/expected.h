/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker may send next. The kernel under test, and all that runs on it, is a stranger: it
 * was asked for certain runs of one boot, in an order, and nothing else is taken from it.
 */
#ifndef CAMPAIGN_EXPECTED_H
#define CAMPAIGN_EXPECTED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/plan.h"

struct expected {
	const struct plan *plan;
	const json_t *request; /* what the worker was asked (bench/harness/main.c) */
	const char *release;   /* of the kernel that was started; NULL: whichever runs there */
	size_t next;	       /* of its todo */
	bool machine;	       /* its record has come */
};

/* release may be NULL; all is borrowed. */
void expected_begin(struct expected *e, const struct plan *plan, const json_t *request,
		    const char *release);

/*
 * Whether the record, which is whole (record_fault()), is the one that has to come now: "machine",
 * of the kernel that was started, first, then each run that is asked for, and at last "end";
 * "progress" of the run that is next, in between. Takes note of it. False with the reason in why.
 */
bool expected_take(struct expected *e, const json_t *record, char *why, size_t room);

#endif
