/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who called whom in an op, drawn without gnuplot: as an SVG that needs no script and can be read
 * in grey, or as a text.
 */
#ifndef ANALYSIS_PLOT_FLAME_H
#define ANALYSIS_PLOT_FLAME_H

#include <stdio.h>

#include "analysis/plot/panel.h"
#include "analysis/text/numbers.h"

#define FLAME_MARK "faultbench flame graph" /* that such a file is known by */

/* A frame less than this part of the picture's width is too narrow to be drawn. */
#define FLAME_LEAST 0.0004

/* Draws panels, all of kind PLOT_FLAME, one below the other. */
void flame_svg(FILE *out, const struct plot_panel *panel, size_t nr);
void flame_text(FILE *out, const struct plot_panel *panel);

/* Instructions, "4.378M", or a share of samples, "73.21%". */
const char *flame_number(const struct plot_panel *panel, double value, char text[NUMBER_TEXT]);

/*
 * "+34.21%", "new" or "gone"; of samples the difference in points, "+3.21"; "" where there is but
 * one kernel.
 */
const char *flame_change(const struct plot_panel *panel, const double values[2], char text[40]);

#endif
