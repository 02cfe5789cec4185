/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of the kernel test robot's mail share.
 */
#ifndef ANALYSIS_TABLES_PUBLISHED_LKP_H
#define ANALYSIS_TABLES_PUBLISHED_LKP_H

#include "analysis/tables/cover_print.h"
#include "analysis/tables/published/layout.h"

/* "fork.order-9.", "fault/write.threads-4.": what the names of a point's rows begin with. */
void lkp_put_point(FILE *out, const json_t *point, const char *key);

/*
 * "1a2b3c4d5e ("mm: subject")" where the commit is known, of which so many digits are put, else
 * "v6.12 (6.12.117, debian:...)".
 */
void lkp_put_kernel(FILE *out, const struct result_kernel *kernel, int digits);

/* Facts of a kernel in the robot's words, malloc'ed; NULL where its journal does not say. */
typedef char *lkp_fact(const struct result_kernel *kernel);
lkp_fact lkp_compiler, lkp_config, lkp_governor, lkp_machine;

/* A mean and, where it is above 2 %, its stdev relative to it, as its tables have them. */
void lkp_put_value(FILE *out, const struct sample *s);

/*
 * The lines over a pair's table: names of what both kernels had in common, in order, and its
 * values; then the two commits.
 */
void lkp_put_axes(const struct cover *c, size_t row);

/*
 * Rows of the call trees of a group, base and row, where both were followed or sampled: shares of
 * an op's instructions, or of samples, by call trace, function with what it calls, and function
 * alone. How many paths and functions were left out is added to *left_out. False if there is no
 * tree.
 */
bool lkp_put_profile(const struct cover *c, size_t row, const struct group *g, size_t *left_out);
#define LKP_PROFILE_LEAST 0.05 /* points: what moved less is left out */
#define LKP_PROFILE_ROWS  15   /* of each kind, at most */

#endif
