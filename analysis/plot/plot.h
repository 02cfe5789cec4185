/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pictures of results: panels of lines, computed here, drawn by gnuplot. It is given numbers and
 * labels on its standard input, and decides nothing.
 */
#ifndef ANALYSIS_PLOT_PLOT_H
#define ANALYSIS_PLOT_PLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "analysis/results/results.h"

enum plot_kind {
	PLOT_THREADS,
	PLOT_ORDER,
	PLOT_RUNS,
	PLOT_LATENCY,
	PLOT_SERIES,
	NR_PLOT_KINDS
};

#define PLOT_ANY NR_PLOT_KINDS /* what suits each benchmark */

/* The kind of that name, or NR_PLOT_KINDS. */
enum plot_kind plot_kind_find(const char *name);
const char *plot_kind_name(enum plot_kind kind);

/* What it shows, in a line. */
const char *plot_kind_summary(enum plot_kind kind);

struct plot_point {
	double x, y;	  /* y: NaN interrupts the line */
	double low, high; /* NaN: no interval */
};

enum plot_look {
	PLOT_LINE,
	PLOT_BOX
}; /* of a box y is the median, low and high are quartiles */

struct plot_line {
	char *label; /* NULL: not in the legend */
	enum plot_look look;
	unsigned int style; /* lines of one style belong together */
	struct plot_point *at;
	size_t nr;
};

struct plot_tic {
	double at;
	char *text;
};

struct plot_panel {
	enum plot_kind kind;
	char *title;
	char *x_label, *y_label; /* with units */
	bool log_x, log_y;
	struct plot_tic *tic; /* of the x axis; none: numbers */
	size_t nr_tics;
	struct plot_line *line;
	size_t nr_lines;
};

struct plot {
	struct plot_panel *panel;
	size_t nr;
};

/* Adds panels to a plot, which is zeroed to start: of these metrics, or if there are none of what
 * suits. None are added if nothing varies in the way that the kind shows. */
void plot_add(struct plot *plot, const struct results *results, enum plot_kind kind,
	      const struct metric *const *metrics, size_t nr_metrics);
void plot_free(struct plot *plot);

/* What the lines of a kind are, in one sentence. */
const char *plot_meaning(enum plot_kind kind);

enum plot_medium {
	PLOT_PNG,
	PLOT_SVG,
	PLOT_TEXT, /* no title, label of the y axis or legend: plot_draw() prints these itself */
};

/* What gnuplot is given to draw nr panels. */
void plot_script(FILE *out, const struct plot_panel *panel, size_t nr, enum plot_medium medium);

/* Whether the labels of the x axis are too long for text: numbers from 1 stand in their place. */
bool plot_numbers_tics(const struct plot_panel *panel);

/*
 * Draws on a stream. Prints one line and returns another status than EXIT_OK, having written
 * nothing: EXIT_CANNOT_RUN if gnuplot is missing, EXIT_FAILED if it fails.
 */
int plot_draw(FILE *out, const struct plot *plot, enum plot_medium medium);

/*
 * For those that make panels. All allocate, and do nothing without memory; texts are malloc'ed and
 * taken.
 */
struct plot_panel *plot_add_panel(struct plot *plot, enum plot_kind kind, char *title);
struct plot_line *plot_add_line(struct plot_panel *panel, enum plot_look look, char *label,
				unsigned int style);
void plot_add_point(struct plot_line *line, struct plot_point point);
void plot_add_tic(struct plot_panel *panel, double at, const char *text);

/* Takes back the last line if it has no points. */
void plot_drop_empty(struct plot_panel *panel);

/* Takes back the last panel. */
void plot_drop_panel(struct plot *plot);

/* Takes back those from number `first` on in which nothing can be drawn. */
void plot_drop_blank(struct plot *plot, size_t first);

/*
 * Scales all y of times (ns), counts or rates so that they are short, and names them with their
 * unit: "time of one op" and "ns" give "time of one op, ms".
 */
void plot_scale(struct plot_panel *panel, const char *what, const char *unit);

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

/*
 * Each adds its panels. x is the parameter that varies; of contended points each role has lines.
 */
void plot_by_parameter(struct plot *plot, const struct plot_points *points, enum plot_kind kind,
		       const char *x);
void plot_runs(struct plot *plot, const struct plot_points *points);
void plot_latency(struct plot *plot, const struct plot_points *points);
void plot_series(struct plot *plot, const struct plot_points *points);

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
