/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this worker can measure, as data: the catalogue that plans are checked against.
 */
#ifndef HARNESS_DESCRIBE_H
#define HARNESS_DESCRIBE_H

#include <jansson.h>

/*
 * [{"name", "path", "variants": [{"name", "help"}],
 *   "params": [{"name", "kind", "default", "min", "max", "choices"?, "help"}],
 *   "needs": [name], "lacking": why this machine cannot run it, or null,
 *   "orders": {order: null or why not} if it has a folio order}]
 */
json_t *describe_benches(void);

/* [{"point": index, "why"}] for the points of a plan whose parameters contradict each other. */
json_t *describe_refusals(const json_t *plan);

#endif
