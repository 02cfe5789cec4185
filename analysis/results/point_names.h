/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How points and their parameters are named in tables. Points are JSON objects as in the journal;
 * what their parameters mean is the benchmarks' business, so only names are known here.
 */
#ifndef ANALYSIS_RESULTS_POINT_NAMES_H
#define ANALYSIS_RESULTS_POINT_NAMES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define POINT_TEXT   80
#define POINT_PARAMS 24

const char *point_bench(const json_t *point);
const char *point_variant(const json_t *point);

/* "fork" where bench and variant have the same name, else "zap/munmap". */
const char *point_op(const json_t *point, char text[POINT_TEXT]);

/* The value alone, as in a column: "1G", "0", "pmd", "-" if the point has no such parameter. */
const char *point_value(const json_t *point, const char *name, char text[POINT_TEXT]);

/* Makes dashes of the blanks in it, for formats in which a blank ends a name. */
void point_dashed(char *text);

/* Name and value as one says it: "size 1G", "4 threads", "order-9 (pte-map)", "time 200 ms". */
const char *point_param(const json_t *point, const char *name, char text[POINT_TEXT]);

/* The parameters of some points: in the points' order, variant first, place last, bench never. */
struct params {
	const char *name[POINT_PARAMS]; /* borrowed from the points */
	bool varies[POINT_PARAMS];	/* not the same in all points */
	size_t nr;
};

void params_of(struct params *params, json_t *const *points, size_t nr);

/* Is there a parameter of that name (that varies)? */
bool params_has(const struct params *params, const char *name);
bool params_vary(const struct params *params, const char *name);

/* "fork order-9 (pte-map)": what tells the point from others of which these are the parameters;
 * malloc'ed. */
char *params_name(const struct params *params, const json_t *point);

/* The parameters that do not vary, "size 1G, core", without the variant, malloc'ed. */
char *params_common(const struct params *params, const json_t *point);

#endif
