/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program of one file that carries out one point: put together from the sources of bench/.
 */
#ifndef CLI_EMIT_PROGRAM_H
#define CLI_EMIT_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/plan.h"

#define EMIT_MARK "All are sources of faultbench " /* in the head of each */

/*
 * bench: the family's entry in the catalogue; full: with all checks that a program can have by
 * itself. False with one line printed.
 */
bool emit_program(FILE *out, const struct plan_point *point, const json_t *bench, bool full);

#endif
