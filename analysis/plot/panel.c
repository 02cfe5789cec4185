// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Panels being made.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/panel.h"

/* Values whose largest is so many times their smallest are drawn on a log axis. */
#define PLOT_LOG_FROM 30

static void panel_free(struct plot_panel *panel)
{
	size_t i;

	for (i = 0; i < panel->nr_lines; i++) {
		free(panel->line[i].label);
		free(panel->line[i].at);
	}
	for (i = 0; i < panel->nr_tics; i++)
		free(panel->tic[i].text);
	free(panel->line);
	free(panel->tic);
	free(panel->title);
	free(panel->x_label);
	free(panel->y_label);
	call_tree_free(panel->tree);
	free(panel->side[0]);
	free(panel->side[1]);
}

void plot_free(struct plot *plot)
{
	while (plot->nr)
		plot_drop_panel(plot);
	free(plot->panel);
	*plot = (struct plot){0};
}

void plot_drop_panel(struct plot *plot)
{
	panel_free(&plot->panel[--plot->nr]);
}

struct plot_panel *plot_add_panel(struct plot *plot, enum plot_kind kind, char *title)
{
	struct plot_panel *more = realloc(plot->panel, (plot->nr + 1) * sizeof(*more));

	if (!more) {
		free(title);
		return NULL;
	}
	plot->panel = more;
	more += plot->nr++;
	*more = (struct plot_panel){.kind = kind, .title = title};
	return more;
}

struct plot_line *plot_add_line(struct plot_panel *panel, enum plot_look look, char *label,
				unsigned int style)
{
	struct plot_line *more = realloc(panel->line, (panel->nr_lines + 1) * sizeof(*more));

	if (!more) {
		free(label);
		return NULL;
	}
	panel->line = more;
	more += panel->nr_lines++;
	*more = (struct plot_line){.look = look, .label = label, .style = style};
	return more;
}

void plot_drop_empty(struct plot_panel *panel)
{
	if (panel->nr_lines && !panel->line[panel->nr_lines - 1].nr)
		free(panel->line[--panel->nr_lines].label);
}

void plot_add_point(struct plot_line *line, struct plot_point point)
{
	struct plot_point *more;

	if (!line)
		return;
	more = realloc(line->at, (line->nr + 1) * sizeof(*more));
	if (!more)
		return;
	line->at = more;
	more[line->nr++] = point;
}

void plot_add_tic(struct plot_panel *panel, double at, const char *text)
{
	struct plot_tic *more = realloc(panel->tic, (panel->nr_tics + 1) * sizeof(*more));

	if (!more)
		return;
	panel->tic = more;
	more += panel->nr_tics;
	*more = (struct plot_tic){.at = at, .text = strdup(text)};
	panel->nr_tics += more->text != NULL;
}

static bool is_blank(const struct plot_panel *panel)
{
	size_t l, i;

	for (l = 0; l < panel->nr_lines; l++)
		for (i = 0; i < panel->line[l].nr; i++)
			if (isfinite(panel->line[l].at[i].y))
				return false;
	return !panel->tree;
}

void plot_drop_blank(struct plot *plot, size_t first)
{
	size_t i, kept = first;

	for (i = first; i < plot->nr; i++) {
		if (is_blank(&plot->panel[i]))
			panel_free(&plot->panel[i]);
		else
			plot->panel[kept++] = plot->panel[i];
	}
	plot->nr = kept;
}

/* The largest and the smallest y. */
static void extremes(const struct plot_panel *panel, double *ret_min, double *ret_max)
{
	size_t l, i;

	*ret_min = INFINITY;
	*ret_max = -INFINITY;
	for (l = 0; l < panel->nr_lines; l++) {
		for (i = 0; i < panel->line[l].nr; i++) {
			*ret_min = fmin(*ret_min, panel->line[l].at[i].y);
			*ret_max = fmax(*ret_max, panel->line[l].at[i].y);
		}
	}
}

static void multiply(struct plot_panel *panel, double by)
{
	struct plot_point *p;
	size_t l, i;

	for (l = 0; l < panel->nr_lines; l++) {
		for (i = 0; i < panel->line[l].nr; i++) {
			p = &panel->line[l].at[i];
			p->y *= by;
			p->low *= by;
			p->high *= by;
		}
	}
}

void plot_scale(struct plot_panel *panel, const char *what, const char *unit)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	static const char *const counts[] = {"", "thousands", "millions", "billions"};
	bool time = !strcmp(unit, "ns");
	const char *shown;
	unsigned int step = 0;
	double min, max;

	extremes(panel, &min, &max);
	panel->log_y = min > 0 && max / min >= PLOT_LOG_FROM;
	while (step < 3 && max >= 1000 * pow(1000, step))
		step++;
	multiply(panel, pow(1000, -(double)step));
	shown = time ? times[step] : counts[step];
	free(panel->y_label);
	if (asprintf(&panel->y_label, "%s%s%s", what, *shown ? ", " : "", shown) < 0)
		panel->y_label = NULL;
}
