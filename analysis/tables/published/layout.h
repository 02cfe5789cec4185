/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the layouts of published tables share. Each prints one table of table_cover(): its rows are
 * the kernels, its groups what varies (struct cover).
 */
#ifndef ANALYSIS_TABLES_PUBLISHED_LAYOUT_H
#define ANALYSIS_TABLES_PUBLISHED_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/tables/cover_print.h"

/*
 * What a number of a group is of: a metric of all groups, or NULL for each group's own.
 */
#define LAYOUT_METRICS 2

/*
 * The metrics of a table, in ret: rates if its workers together do many things in an op, such as
 * faults, and per worker if there are several; else NULL. Returns how many there are, at least 1.
 */
size_t layout_metrics(const struct cover *c, const struct metric *ret[LAYOUT_METRICS]);

/* That metric, or one that is like each group's own. */
const struct metric *layout_metric(const struct cover *c, const struct metric *m);

/* Is a higher number the better one? */
bool layout_more_is_better(const struct cover *c, const struct metric *m);

/* What a number is: "time of one op", "faults a second, all workers together", ... */
const char *layout_what(const struct cover *c, const struct metric *m, char text[2 * POINT_TEXT]);

/* "mean"; "harmonic mean" of rates, which is that of the times behind them. */
const char *layout_mean(const struct cover *c, const struct metric *m);

/* The units of inference of one group in one row: run or boot means. */
struct sample {
	size_t n; /* 0: the numbers are NaN */
	double mean, hmean, sd, min, max, median;
	bool timed;	  /* not under emulation, and not counted */
	const char *word; /* what stands in place of the numbers if n is 0: "void", "-" */
};

/* A group in the base's row and in another one. */
struct compared {
	struct sample base, other;
	double change; /* of the means, a fraction of the base's; NaN if they cannot be compared */
};

/*
 * Compares a row with the base, which it may be itself. Of counts only boots that both have are
 * taken: boot k of all kernels is the same perturbation.
 */
struct compared layout_compare(const struct cover *c, size_t row, const struct group *g,
			       const struct metric *m);

/* How values of that size are printed: times `by`, with so many decimals. */
struct scale {
	double by;
	const char *unit; /* of an op's time or count */
	int decimals;
};

/* For a pair, whose base decides if it has numbers; for a table, whose smallest does. */
struct scale layout_scale(const struct cover *c, const struct metric *m, const struct compared *p);
struct scale layout_table_scale(const struct cover *c, const struct metric *m);

/* "faults/s: faults a second, all workers together": a number by its unit, and what it is. */
void layout_name_unit(const struct cover *c, const struct metric *m, const char *of_op,
		      char text[4 * POINT_TEXT]);

/* "ops/s", "faults/s", "faults/worker-s", "cycles:k"; of an op's time or count the given unit. */
const char *layout_unit(const struct cover *c, const struct metric *m, const char *of_op,
			char text[POINT_TEXT]);

/* The line above a table: op, machine, what all its points have in common, and where given a
 * group's head.
 */
void layout_head(const struct cover *c, const struct group *g);

/*
 * Calls one() for each row but the base's, with a blank line after each, then cover_under(). Prints
 * instead that there is nothing to compare if there is no other.
 */
void layout_pairs(struct cover *c, void (*one)(struct cover *c, size_t row),
		  void (*meaning)(const struct cover *c, const struct basis *basis));

/* The line on the stdev, by its name in the table; relative: it is in % of the mean. */
void layout_stdev(const struct cover *c, const struct basis *basis, const char *name,
		  bool relative);

#endif
