/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Those that make panels, one a file.
 */
#ifndef ANALYSIS_PLOT_MAKERS_H
#define ANALYSIS_PLOT_MAKERS_H

#include "analysis/plot/points.h"

/*
 * Each adds its panels. x is the parameter that varies; of contended points each role has lines.
 */
void plot_by_parameter(struct plot *plot, const struct plot_points *points, enum plot_kind kind,
		       const char *x);
void plot_runs(struct plot *plot, const struct plot_points *points);
void plot_latency(struct plot *plot, const struct plot_points *points);
void plot_flame(struct plot *plot, const struct plot_points *points);
void plot_series(struct plot *plot, const struct plot_points *points);

#endif
