/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes with faultbench beside benchmarks, as `faultbench list` shows it.
 */
#ifndef CLI_LIST_SHIPPED_H
#define CLI_LIST_SHIPPED_H

#include <jansson.h>
#include <stdio.h>

/*
 * [{"name", "summary" (or null), "points", "runs", "boots", "memory" (bytes, about, of the largest
 * point)}], by name; NULL with one line printed if one cannot be read.
 */
json_t *list_plans(void);

/* The same as a table. */
void list_plans_print(FILE *out, const json_t *list);

/*
 * [{"name", "arch" (or null), "summary"}] of the machines, or of the variants of kernels, by name;
 * NULL with one line printed if one cannot be read.
 */
json_t *list_machines(void);
json_t *list_variants(void);

/* What lkp_list() says (campaign/lkp/lkp.h), a paragraph each. */
void list_lkp_print(FILE *out, const json_t *list);

/* Either as a table, headed by what they are. */
void list_named_print(FILE *out, const char *what, const json_t *list);

#endif
