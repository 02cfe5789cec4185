/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ok runs of a cell in their order, and the units of inference that they make: the mean of each
 * boot (of its run means), or the runs themselves.
 */
#ifndef ANALYSIS_COMPARE_UNITS_H
#define ANALYSIS_COMPARE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

struct unit {
	int boot, run;	 /* run: -1 if it is a boot */
	double value;	 /* that the metric has (metric_has()) */
	double from, to; /* when its first and last run started, s since 1970; 0 if not known */
};

/* Runs are borrowed from the cell. */
struct sequence {
	const struct result_run **run; /* by boot, then by run */
	size_t nr;
	size_t boots;
};

/* The cell may be NULL. */
void sequence_of(struct sequence *ret, const struct result_cell *cell);
void sequence_free(struct sequence *s);

/* Did the run start its boot? */
bool sequence_starts_boot(const struct sequence *s, size_t run);

/*
 * Values of boots, or of runs. units has room for s->nr; returns how many
 * there are: those without a value that the metric has are left out.
 */
size_t sequence_units(const struct sequence *s, const struct metric *metric, bool by_boot,
		      struct unit *units);

#endif
