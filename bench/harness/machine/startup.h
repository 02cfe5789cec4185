/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first seconds of a VM whose only program we are: when its steps happened, and when its kernel
 * is through with the work it does after booting.
 */
#ifndef BENCH_HARNESS_MACHINE_STARTUP_H
#define BENCH_HARNESS_MACHINE_STARTUP_H

#include <jansson.h>

/* From here on what else runs is watched. What we do until startup_settle() does not count. */
void startup_watch(void);

/*
 * Waits until the kernel is idle: until nothing but us has run for 0.3 s since startup_watch(), and
 * not even we for the last 0.1 s of it, and the clock is the one that stays; at most 10 s (what
 * comes then is measured all the same).
 */
void startup_settle(void);

/* A new object: a machine record's "startup" (common/record.h), as far as the guest knows it. */
json_t *startup_json(void);

#endif
