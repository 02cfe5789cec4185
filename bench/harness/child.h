/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The process of one run: from a request (timing/run.h) to a record.
 */
#ifndef BENCH_HARNESS_CHILD_H
#define BENCH_HARNESS_CHILD_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "common/record.h"

struct child_way {
	clockid_t clock;
	const char *group; /* of memory, to be charged to; empty: where we are */
	int control_fd;	   /* as in struct supervisor */
	int limit_s;	   /* it is killed then */
};

/*
 * Starts the process, waits for its record, and leaves nothing of it behind; however it ended, that
 * is in *rec. False: control_fd closed meanwhile, and it was killed.
 */
bool child_run(const struct child_way *way, const json_t *request, struct run_record *rec);

/* Makes a record one of a run that ended so, for that reason. */
void child_outcome(struct run_record *rec, enum run_status status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
