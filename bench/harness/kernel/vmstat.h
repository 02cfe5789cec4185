/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/vmstat around operations: how per-VMA-lock hits, speculative faults, THP splits and NUMA
 * hints come out of any kernel. The counts are the whole system's.
 */
#ifndef BENCH_HARNESS_KERNEL_VMSTAT_H
#define BENCH_HARNESS_KERNEL_VMSTAT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct vmstat;

/* Opens it; NULL if there is none. Nothing is allocated after this. */
struct vmstat *vmstat_open(void);

/* Takes the values before an op; adds the change since then. */
void vmstat_before(struct vmstat *v);
void vmstat_after(struct vmstat *v);

/* Forgets what was added so far. */
void vmstat_reset(struct vmstat *v);

/* {key: change}, for every key that moved. */
json_t *vmstat_to_json(const struct vmstat *v);

/* One key's present value, or -1. Not for use around an op. */
long vmstat_now(const char *key);

#endif
