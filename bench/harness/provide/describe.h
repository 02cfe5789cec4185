/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this worker can measure, as data: the catalogue that plans are checked against.
 */
#ifndef BENCH_HARNESS_PROVIDE_DESCRIBE_H
#define BENCH_HARNESS_PROVIDE_DESCRIBE_H

#include <jansson.h>
#include <stdbool.h>

/*
 * [{"name", "path", "variants": [{"name", "help", "needs", "lacking"}],
 *   "params": [{"name", "kind", "default", "min", "max", "choices"?, "help"}],
 *   "needs": [name], "lacking": why this machine cannot run it, or null,
 *   "orders": {order: null, or why no variant has it} if it has a folio order}]
 *
 * "lacking" and "orders" only if here is true; without it this is the same on every machine.
 */
json_t *describe_benches(bool here);

/*
 * Of each point of {"plan", "page_size": bytes, "cpus": how many}, in order: [{"point": as this
 * machine, or one whose base pages are that large and that has so many CPUs, would have it
 * (resolve.h), or null if it would not, "memory": bytes it needs (run_memory()), "why": in what its
 * parameters contradict each other, or the machine, or null}]. Without page_size and cpus it is
 * this machine.
 */
json_t *describe_points(const json_t *request);

#endif
