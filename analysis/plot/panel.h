/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Panels of lines, computed from results, drawn by gnuplot.
 */
#ifndef ANALYSIS_PLOT_PANEL_H
#define ANALYSIS_PLOT_PANEL_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/calls/tree.h"
#include "analysis/plot/kinds.h"

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
	struct call_tree *tree; /* of PLOT_FLAME, which has no lines */
	char *side[2];		/* labels of its kernels; the second NULL: there is one */
};

struct plot {
	struct plot_panel *panel;
	size_t nr;
};

void plot_free(struct plot *plot);

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

#endif
