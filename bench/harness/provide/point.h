/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a point of the plan to what a benchmark reads, and what it needs of the machine.
 */
#ifndef BENCH_HARNESS_PROVIDE_POINT_H
#define BENCH_HARNESS_PROVIDE_POINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/bench.h"

/*
 * Finds the family and variant and reads every parameter; nothing is set up. False with the reason
 * if the point is not one of this worker's.
 */
bool point_read(struct bench_run *run, const json_t *point, char *why, size_t room);

/* The family that a point names; NULL if there is none such. */
const struct bench *point_bench(const json_t *point);

/* Whether a point that does not say it has its default (bench.h). */
bool point_is_tacit(const struct bench *bench, const struct bench_param *param);

/* What a parameter's kind is called in the catalogue. */
const char *point_kind_name(enum bench_kind kind);

/* The first parameter of a kind that a family, which may be NULL, has; or NULL. */
const struct bench_param *point_param(const struct bench *bench, enum bench_kind kind);

/* What the family and the variant need: enum bench_need. */
unsigned long point_needs(const struct bench_run *run);

/*
 * Whether this machine can carry the point out now: needs, CPUs, memory, folio order. False with
 * the reason. Changes nothing.
 */
bool point_possible(const struct bench_run *run, const char *place, char *why, size_t room);

/*
 * Has the kernel give folios of the point's order, if that is not so, or only_ask: says whether it
 * could. False with the reason.
 */
bool point_enable_order(const struct bench_run *run, bool only_ask, char *why, size_t room);

#endif
