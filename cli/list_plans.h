/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plans that come with faultbench, as `faultbench list --plans` shows them.
 */
#ifndef CLI_LIST_PLANS_H
#define CLI_LIST_PLANS_H

#include <jansson.h>
#include <stdio.h>

/*
 * [{"name", "summary" (or null), "points", "runs", "boots", "memory" (bytes, about, of the largest
 * point)}], by name; NULL with one line printed if one cannot be read.
 */
json_t *list_plans(void);

/* The same as a table. */
void list_plans_print(FILE *out, const json_t *list);

#endif
