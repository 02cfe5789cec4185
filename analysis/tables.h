/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which tables results are shown as: by what they hold, not by who asks. `run`, `compare` and
 * `report` print these.
 */
#ifndef ANALYSIS_TABLES_H
#define ANALYSIS_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/results/results.h"
#include "analysis/tables/published/formats.h"

/* What is shown, and what was asked for; the rest is 0. */
struct tables {
	const struct results *results;
	size_t base;
	bool base_named;		     /* by the user: a series then is kernels like others */
	const char *title;		     /* of the machine; NULL: its CPU's name */
	const struct format *format;	     /* NULL: what suits the results */
	size_t functions;		     /* exact: at most so many, 0 for none */
	size_t lines;			     /* likewise of functions by lines that they touch */
	const struct metric *const *metrics; /* a table of each, in place of all others */
	size_t nr_metrics;
};

/* Times of kernels that are no series have a table of their own, without which one kernel has none.
 */
bool tables_has_absolute(const struct tables *t);
bool tables_has_relative(const struct tables *t);

/* Absolute numbers; counters with them if they are in no relative table. */
void tables_absolute(FILE *out, const struct tables *t);

/* Kernels relative to one of them, without what else differs between the machines. */
void tables_relative(FILE *out, const struct tables *t);

/* That, what else differs, and a word where functions were asked for that no run has. */
void tables_compare(FILE *out, const struct tables *t);

/* All there are, absolute numbers first. */
void tables_all(FILE *out, const struct tables *t);

#endif
