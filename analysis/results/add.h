/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a journal says, added to results, for load.c.
 */
#ifndef ANALYSIS_RESULTS_ADD_H
#define ANALYSIS_RESULTS_ADD_H

#include "analysis/results/results.h"

/* The kernel of that label, which is added if it is new; NULL without memory. */
struct result_kernel *add_kernel(struct results *results, const char *label);

/* The number of a point, which is added if it is new; -1 without memory. */
long add_point(struct results *results, json_t *point);

/* The cell of a run, which is added if it is new; NULL without memory. */
struct result_cell *add_cell(struct results *results, const struct run_record *rec,
			     long *ret_point);

/*
 * A run of the part that is read (results->boots) to its cell. What is there already counts once,
 * and is counted as such (result_kernel.twice): a run of the same part, and the same result of the
 * same boot from another. Several sessions of one boot are told apart by when their runs started,
 * and numbered on; stride is the number of runs that a session has. paths are those of the
 * journals. False with one line printed without memory, or if one boot has two results.
 */
bool add_run(struct results *results, struct result_cell *cell, const struct run_record *rec,
	     size_t stride, char *const *paths);

/*
 * What verdicts go by, a fraction at `at` (`unset` or NaN: none yet): the first plan's that says it
 * under this key. One that says another is warned of.
 */
void add_setting(struct results *results, const char *key, const json_t *json, double unset,
		 double *at);

#endif
