/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run whose program is executed anew for each iteration (NEED_EXEC): the records of many
 * processes, of one iteration each, become one.
 */
#ifndef BENCH_HARNESS_TIMING_COMBINE_H
#define BENCH_HARNESS_TIMING_COMBINE_H

#include "common/record.h"

/*
 * Takes over *one, which is empty afterwards, into *sum: as it is if *sum is empty or *one not ok.
 * Else samples are continued, and what was counted is added up; of the rest the newer is kept.
 */
void combine(struct run_record *sum, struct run_record *one);

/*
 * When all are in *sum: that so many different images of the program carried them out, which it
 * says in "verified" and, if it is not so, by becoming void.
 */
void combine_end(struct run_record *sum, int images);

#endif
