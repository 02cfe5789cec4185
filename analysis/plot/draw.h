/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Panels drawn by gnuplot, which is given numbers and labels on its standard input and decides
 * nothing; flame graphs by flame.h.
 */
#ifndef ANALYSIS_PLOT_DRAW_H
#define ANALYSIS_PLOT_DRAW_H

#include <stdio.h>

#include "analysis/plot/panel.h"

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
 * Draws on a stream; flame graphs, with which there are no others, as SVG or text only. Prints one
 * line and returns another status than EXIT_OK, having written nothing: EXIT_CANNOT_RUN if gnuplot
 * is missing, EXIT_FAILED if it fails.
 */
int plot_draw(FILE *out, const struct plot *plot, enum plot_medium medium);

#endif
