/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a point as a plan has it to the one that a machine can have: what a plan leaves to the
 * machine are texts where numbers will be.
 *
 *   size       "4M+" in bytes: so much, rounded up to a whole number of folios, or of whatever
 *              else the family wants whole
 *              "1M/worker" in bytes: so much for each worker that the point comes to; also with a +
 *   threads,   "all": as many as have a CPU each, beside the other workers of the point
 *   processes  "half", "25%": so many of those, at least one
 *              "8/all": 8, or the point is none of this machine's if that is more than "all"
 */
#ifndef BENCH_HARNESS_PROVIDE_RESOLVE_H
#define BENCH_HARNESS_PROVIDE_RESOLVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/* In what the point's values contradict each other, or the size of pages; NULL: in nothing. */
const char *resolve_refusal(const struct bench_run *run, char *why, size_t room);

/*
 * Replaces those texts in point, and reads it. cpus: how many the machine has, 0 if it is this one.
 * *ret_none, and nothing else, is set if it is none of the machine's. False with the reason.
 */
bool resolve_point(struct bench_run *run, json_t *point, unsigned int cpus, bool *ret_none,
		   char *why, size_t room);

#endif
