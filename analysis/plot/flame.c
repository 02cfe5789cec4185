// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/flame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/pair.h"
#include "analysis/plot/makers.h"
#include "analysis/results/point_names.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"
#include "common/files.h"

#define SHOWN	     0.01 /* of the op: what has less is not in the text */
#define DEEPEST	     24	  /* columns of a text that paths indent */
#define NUMBER_WIDTH 8
#define LEAST_ROOM   48

/* The panel of two kernels, or of one where other is base. */
static void add_panel(struct plot *plot, const struct plot_points *points, size_t point,
		      size_t base, size_t other, const char *name)
{
	const struct results *r = points->r;
	bool alone = base == other;
	struct call_tree *tree = call_tree_pair(results_cell(r, base, point),
						alone ? NULL : results_cell(r, other, point));
	struct plot_panel *panel = NULL;
	char *common = plot_title(points);

	if (tree)
		panel = plot_add_panel(
			plot, PLOT_FLAME,
			files_text("%s, %s%s%s; %s%s%s", name, r->kernels[other].label,
				   alone ? "" : " against ", alone ? "" : r->kernels[base].label,
				   common ? common : "", tree->event ? "; sampled by " : "",
				   tree->event ? tree->event : ""));
	free(common);
	if (!panel) {
		call_tree_free(tree);
		return;
	}
	panel->tree = tree;
	panel->side[0] = strdup(r->kernels[base].label);
	panel->side[1] = alone ? NULL : strdup(r->kernels[other].label);
}

void plot_flame(struct plot *plot, const struct plot_points *points)
{
	const struct results *r = points->r;
	struct params params;
	size_t i, k;
	char *name;

	params_of(&params, r->points, r->nr_points);
	for (i = 0; i < points->nr; i++) {
		name = params_name(&params, r->points[points->point[i]]);
		for (k = r->nr_kernels > 1; k < r->nr_kernels; k++)
			add_panel(plot, points, points->point[i], 0, k, name ? name : "");
		free(name);
	}
}

const char *flame_number(const struct plot_panel *panel, double value, char text[NUMBER_TEXT])
{
	if (!panel->tree->event)
		return number_count(value, text);
	snprintf(text, NUMBER_TEXT, "%.2f%%", value);
	return text;
}

const char *flame_change(const struct plot_panel *panel, const double insns[2], char text[40])
{
	*text = '\0';
	if (!panel->side[1])
		return text;
	if (panel->tree->event) {
		snprintf(text, 40, "%+.2f", insns[1] - insns[0]);
		return text;
	}
	if (insns[0] < 0.5 || insns[1] < 0.5)
		return insns[0] < 0.5 && insns[1] < 0.5 ? text : insns[0] < 0.5 ? "new" : "gone";
	return number_percent(insns[1] / insns[0] - 1, true, text);
}

struct lines {
	const struct plot_panel *panel;
	int room; /* columns that a path has */
	struct grid grid;
	double least;
	size_t left_out;
};

static void put_node(struct lines *l, uint32_t node, unsigned int depth)
{
	const struct call_tree *t = l->panel->tree;
	const struct call_node *n = &t->node[node];
	int indent = (int)(depth < DEEPEST ? depth : DEEPEST) - 1;
	char text[NUMBER_TEXT];
	uint32_t child;

	if (fmax(n->all[0], n->all[1]) < l->least) {
		l->left_out++;
		return;
	}
	if (node) {
		grid_row(&l->grid);
		grid_put(&l->grid, "%*s%.*s", indent, "", l->room - indent, t->name[n->function]);
		grid_put(&l->grid, "%s", flame_number(l->panel, n->all[0], text));
		grid_put(&l->grid, "%s",
			 l->panel->side[1] ? flame_number(l->panel, n->all[1], text) : "");
		grid_put(&l->grid, "%s", flame_change(l->panel, n->all, text));
	}
	for (child = n->child; child != CALLS_NONE; child = t->node[child].sibling)
		put_node(l, child, depth + 1);
}

/* What is left of a line beside the numbers. */
static int room_of(const struct plot_panel *panel)
{
	int room = GRID_WIDTH, side;

	for (side = 0; side < 2; side++)
		if (panel->side[side])
			room -= 2 + (strlen(panel->side[side]) > NUMBER_WIDTH
					     ? (int)strlen(panel->side[side])
					     : NUMBER_WIDTH);
	room -= panel->side[1] ? 2 + NUMBER_WIDTH : 0;
	return room > LEAST_ROOM ? room : LEAST_ROOM;
}

void flame_text(FILE *out, const struct plot_panel *panel)
{
	const struct call_node *root = &panel->tree->node[0];
	bool sampled = panel->tree->event;
	struct lines l = {.panel = panel,
			  .room = room_of(panel),
			  .least = SHOWN * fmax(root->all[0], root->all[1])};

	text_wrapf(out, 2, "%s", panel->title);
	fputc('\n', out);
	grid_column(&l.grid, "calls", true);
	grid_column(&l.grid, panel->side[0], false);
	if (panel->side[1]) {
		grid_column(&l.grid, panel->side[1], false);
		grid_column(&l.grid, "change", false);
	}
	put_node(&l, 0, 0);
	grid_print(&l.grid, out);
	grid_free(&l.grid);
	text_wrapf(
		out, 0,
		"%s in a function and in all that it calls%s. %zu paths have less than %.0f %% of "
		"%s, and are left out with what is below them.",
		sampled ? "Samples" : "Instructions of one op",
		sampled ? ", in % of all; changes are in points" : "", l.left_out, 100 * SHOWN,
		sampled ? "them" : "the op");
}
