/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The metrics that some results have: rows of the table (metric.h), and for each role rows of its
 * own.
 */
#ifndef ANALYSIS_RESULTS_METRICS_H
#define ANALYSIS_RESULTS_METRICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/metric.h"

#define METRICS_MOST 1024 /* more are in no journal that a worker wrote */

struct metrics {
	struct metric **of; /* in the order of tables, once all journals are read */
	size_t nr;
	json_t *index; /* name: number in of */
	double *value; /* of the run being taken, by slot */
	size_t nr_values;
	size_t left_out; /* values that were one metric too many */
};

/* With the first of the table, the time of an op, whether or not a run has it. False without
 * memory. */
bool metrics_init(struct metrics *metrics);
void metrics_free(struct metrics *metrics);

/*
 * Take the values of one ok run: all that are of no role; those of a role, which `from` has;
 * metrics_keep() then gives them by slot, malloc'ed, NULL if there are none.
 */
void metrics_take(struct metrics *metrics, const struct metric_from *from);
void metrics_take_role(struct metrics *metrics, const char *role, const struct metric_from *from);

/* And one of its counters or, with "vmstat:" before its key, of what moved, which is from->entry.
 * Returns the metric, NULL if it cannot be one. */
const struct metric *metrics_take_entry(struct metrics *metrics, enum metric_group group,
					const char *name, const struct metric_from *from);

double *metrics_keep(struct metrics *metrics, size_t *ret_nr);

/* Puts them into the order of the table. */
void metrics_sort(struct metrics *metrics);

/* The metric of that name; of a role and that rest of its name. NULL if no run has it. */
const struct metric *metrics_find(const struct metrics *metrics, const char *name);
const struct metric *metrics_of_role(const struct metrics *metrics, const char *role,
				     const char *what);

/*
 * The metric that a user names: by its name; by its role and an alias, "faulters.p50"; or, with
 * "/unit" behind what is counted of an op, that of one of what an op consists of, which is added
 * if it is new. NULL if there is none.
 */
const struct metric *metrics_select(struct metrics *metrics, const char *name);

/* Prints one line that names those there are. Returns false. */
bool metrics_refuse(const struct metrics *metrics, const char *name);

#endif
