/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a point says, in words of its user and of its program.
 */
#ifndef CLI_EMIT_POINT_H
#define CLI_EMIT_POINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "cli/emit/chunks.h"
#include "common/plan.h"

#define EMIT_MAX_FILES 96

/* The point, and the files that its program may be made of. */
struct program {
	const struct plan_point *point;
	const json_t *bench, *params;
	const char *variant;
	char *stem; /* the family's file and symbol: "fault_vma" */
	bool crew;  /* more than one worker, or one that is timed op by op */
	bool brief;
	bool exec; /* executed for each iteration */
	struct emit_file files[EMIT_MAX_FILES];
	size_t nr;
};

const char *point_text(const json_t *object, const char *key);

/* What a point does not say has its default; it is not said in words either. */
const json_t *point_value_of(const struct program *p, const json_t *param, bool *ret_said);

/* Workers of a kind that a point asks for, all parameters of that kind together. */
long point_workers(const struct program *p, const char *kind);

#define POINT_ORDER_PMD 64 /* ORDER_PMD of bench.h */

/* A value as the family reads it. */
long point_number(const json_t *param, const json_t *value);

/* A value as a user writes it; and as the family reads it. */
void point_put_value(FILE *out, const json_t *param, const json_t *value);
void point_put_number(FILE *out, const json_t *param, const json_t *value);

/* "fork/fork size=1G order=9" */
void point_put_words(FILE *out, const struct program *p);

/* A sentence or more as lines of a comment. */
void point_put_wrapped(FILE *out, const char *words);

/* What the family and the variant need of a machine: "io_uring, locked memory". */
char *point_needs(const struct program *p);

/*
 * Where its file is, and what that needs, in sentences; "" where it has none. What PMDs map, brief
 * programs alone see without root.
 */
const char *point_file(const struct program *p, bool full);

/* Whether it is executed for each iteration. */
bool point_executes(const struct program *p);

/* Headers of the system, as keys, that what is kept includes. */
json_t *point_includes(const struct program *p);

void point_put_includes(FILE *out, json_t *headers);

/* Whether that is the file of its family. */
bool point_is_family(const struct program *p, const char *path);

#endif
