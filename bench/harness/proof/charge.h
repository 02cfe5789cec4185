/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether memory is charged to the control groups that were made for the run, or to none, as its
 * point says.
 */
#ifndef BENCH_HARNESS_PROOF_CHARGE_H
#define BENCH_HARNESS_PROOF_CHARGE_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/bench.h"

/* What has been seen, in bytes. */
struct charge {
	long before;   /* charged before the op */
	long promised; /* by how much an op moves that at least, up or down; 0: nothing is said */
	bool small;    /* it does move that, by less than can be told */
	long min, max; /* by how much an op has moved that */
	long least;    /* that was ever charged after an op */
	bool seen;
};

/* Call them before and after an op whose memory is of those groups. */
void charge_before(struct charge *c);
/* False, with the reason, if it is not charged as the states before and after promise. */
bool charge_after(struct charge *c, const struct bench_run *run, char *why, size_t room);

/* {"wanted", "seen"} in words. */
json_t *charge_to_json(const struct charge *c, const struct bench_run *run);

#endif
