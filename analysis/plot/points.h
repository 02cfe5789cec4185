/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The points of one benchmark, of which panels are made.
 */
#ifndef ANALYSIS_PLOT_POINTS_H
#define ANALYSIS_PLOT_POINTS_H

#include <stddef.h>

#include "analysis/plot/panel.h"
#include "analysis/results/results.h"

/* Points of one benchmark. */
struct plot_points {
	const struct results *r;
	size_t *point;
	size_t nr;
	const struct metric *metric; /* to be drawn; NULL: what suits them */
};

/*
 * "fork: size 1G, place core; Intel Xeon VM, emulated": what these points have in common; the
 * kernel too where there is but one. malloc'ed.
 */
char *plot_title(const struct plot_points *points);

/* Do the points differ in the parameter of that name? */
bool plot_varies(const struct plot_points *points, const char *name);

/* The parameter that says how many take part and varies, or NULL. */
const char *plot_crew(const struct plot_points *points);

#define PLOT_METRICS 8

/*
 * What lines are of: the metric of the points, or the rates of the roles of contended points; of
 * others one, what an op is measured by on the first kernel that has it, NULL if none has. Returns
 * how many there are.
 */
size_t plot_metrics(const struct plot_points *points, const struct metric *ret[PLOT_METRICS]);

/* Scales the panel, and names its y axis. */
void plot_scale_metric(struct plot_panel *panel, const struct plot_points *points,
		       const struct metric *metric);

/* "baseline, faulters": what of that varies; malloc'ed. Either may be NULL. */
char *plot_label(const char *kernel, const char *role);

#endif
