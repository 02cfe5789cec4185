/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this machine and its kernel are like: everything a reader of the numbers may ask about.
 */
#ifndef BENCH_HARNESS_MACHINE_FACTS_H
#define BENCH_HARNESS_MACHINE_FACTS_H

#include <jansson.h>

#include "bench/harness/kernel/clock.h"

/*
 * All but those of the clock: a new flat object {dotted name: text or number}; a number's unit is
 * in its name, and a sysctl's name is the sysctl's behind "sysctl.". What this machine has not is
 * absent. What it must have but does not let us read is null. "unreadable" is then ["name:
 * reason"]. Never NULL but for want of memory; needs no privilege, no external command, and only
 * /proc and /sys.
 */
json_t *facts_collect(void);

/*
 * Adds those of the clock, once it is measured: the kernel may change its mind about which one it
 * uses a second after booting.
 */
void facts_add_clock(json_t *facts, const struct bench_clock *clock);

/*
 * The configuration of the running kernel, {"source": path, "symbols": {"CONFIG_X":
 * "y"|"m"|value}}, symbols that are not set left out. NULL if none is readable.
 */
json_t *facts_config(void);

#endif
