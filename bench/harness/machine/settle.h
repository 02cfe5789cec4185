/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that was booted comes to rest before it is measured: what its boot has started has
 * ended, and no CPU is held back because it is hot.
 */
#ifndef BENCH_HARNESS_MACHINE_SETTLE_H
#define BENCH_HARNESS_MACHINE_SETTLE_H

#include <jansson.h>
#include <stdbool.h>

#include "common/plan.h"

/* What was seen in a second. */
struct settle_look {
	double up_s;	 /* since the boot */
	double waited_s; /* since it was first looked at */
	double busy;	 /* CPUs that others kept busy in it */
	int cpus;
	bool throttled; /* a CPU was held back */
};

/* Zero it to start. */
struct settle {
	double quiet_s;	 /* for which it was at rest */
	const char *end; /* "quiet", or what kept it from that: "busy", "throttled"; NULL: wait */
	struct settle_look last;
};

#define SETTLE_QUIET_S 5 /* that it has to be at rest */

/* Takes a look, of one second, into account. */
void settle_take(struct settle *s, const struct plan_settle *wanted, struct settle_look look);

/*
 * Waits. False if the other side of fd has gone, which says nothing meanwhile. facts get
 * "settle.waited_s", "settle.up_s" (seconds since the boot when it was measured), "settle.busy"
 * (CPUs, of the last second) and "settle.end".
 */
bool settle_wait(const struct plan_settle *wanted, int fd, json_t *facts);

#endif
