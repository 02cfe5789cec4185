// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A frame is a box for each path, upon its caller's, as wide as the instructions that it and all
 * that it calls took, on the kernel on which they are more: so that what is new and what is gone
 * are both seen. How much more or less is a colour, a pattern that is denser for more of it, and a
 * number.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/flame.h"
#include "analysis/text/numbers.h"
#include "analysis/text/xml.h"

#define WIDTH  1200.0
#define MARGIN 10.0
#define ROW    17.0
#define CHAR   6.4  /* of a letter, about */
#define HEAD   64.0 /* title and legend */

/* Letters upon a pattern. */
#define HALO " paint-order=\"stroke\" stroke=\"#fff\" stroke-opacity=\"0.75\" stroke-width=\"2.5\""

/* How frames look: of a kernel alone, of two that do not differ, then of those that do. */
enum look {
	ALONE,
	SAME,
	LESS,
	MORE = LESS + 3
};

/* From these parts of the op on a difference is a look further. */
static const double steps[] = {0.0002, 0.01, 0.1};

struct flame {
	FILE *out;
	const struct plot_panel *panel;
	double *width; /* of nodes, instructions */
	double scale;  /* px an instruction */
	double bottom; /* px, of the root's frame */
	double total;  /* instructions of an op, of the larger kernel */
};

/* Parents are before their children. */
static double *widths(const struct call_tree *t)
{
	double *width = calloc(t->nr, sizeof(*width));
	uint32_t i;

	for (i = t->nr; width && i-- > 0;) {
		width[i] += fmax(t->node[i].own[0], t->node[i].own[1]);
		if (i)
			width[t->node[i].parent] += width[i];
	}
	return width;
}

static bool is_drawn(const struct flame *f, uint32_t node)
{
	return f->width[node] >= FLAME_LEAST * f->width[0];
}

/* Rows of frames that are drawn. */
static unsigned int rows_of(const struct flame *f)
{
	const struct call_tree *t = f->panel->tree;
	unsigned int *depth = calloc(t->nr, sizeof(*depth)), most = 1;
	uint32_t i;

	for (i = 1; depth && i < t->nr; i++) {
		depth[i] = depth[t->node[i].parent] + 1;
		if (is_drawn(f, i) && depth[i] + 1 > most)
			most = depth[i] + 1;
	}
	free(depth);
	return most;
}

static enum look look_of(const struct flame *f, const struct call_node *n)
{
	double difference = n->all[1] - n->all[0];
	unsigned int step;

	if (!f->panel->side[1])
		return ALONE;
	for (step = 3; step && fabs(difference) < steps[step - 1] * f->total; step--)
		;
	return !step ? SAME : (difference > 0 ? MORE : LESS) + step - 1;
}

static void put_style(FILE *out)
{
	static const char *const fill[] = {"#dbe9f6", "#a3c8ea", "#5d9fdc",
					   "#fde6cf", "#f9bd84", "#f08a36"};
	static const int apart[] = {12, 8, 5};
	unsigned int i;

	fputs("<defs>\n", out);
	for (i = 0; i < 6; i++) {
		fprintf(out,
			"<pattern id=\"f%u\" width=\"%d\" height=\"%d\" "
			"patternUnits=\"userSpaceOnUse\"%s><rect width=\"%d\" height=\"%d\" "
			"fill=\"%s\"/>",
			LESS + i, apart[i % 3], apart[i % 3],
			i < 3 ? "" : " patternTransform=\"rotate(45)\"", apart[i % 3], apart[i % 3],
			fill[i]);
		if (i < 3)
			fputs("<circle cx=\"2\" cy=\"2\" r=\"1\" fill=\"#000\" "
			      "fill-opacity=\"0.5\"/></pattern>\n",
			      out);
		else
			fprintf(out,
				"<rect width=\"1\" height=\"%d\" fill=\"#000\" "
				"fill-opacity=\"0.4\"/></pattern>\n",
				apart[i % 3]);
	}
	fputs("</defs>\n", out);
}

static void put_fill(FILE *out, enum look look)
{
	if (look <= SAME)
		fprintf(out, " fill=\"%s\"", look == SAME ? "#f2f2f2" : "#f3e5c0");
	else
		fprintf(out, " fill=\"url(#f%u)\"", look);
}

static void put_text(FILE *out, double x, double y, const char *how, const char *text)
{
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, how);
	xml_put(out, text);
	fputs("</text>\n", out);
}

static const char *name_of(const struct flame *f, uint32_t node)
{
	return node ? f->panel->tree->name[f->panel->tree->node[node].function] : "op";
}

/* "5.235M, 7.027M +34.24%" */
static void put_numbers(FILE *out, const struct flame *f, const double insns[2])
{
	char text[NUMBER_TEXT], change[40];

	fprintf(out, "%s", flame_number(f->panel, insns[0], text));
	if (f->panel->side[1])
		fprintf(out, " -> %s %s", flame_number(f->panel, insns[1], text),
			flame_change(f->panel, insns, change));
}

static void put_counted(const struct flame *f, const struct call_node *n, unsigned int side)
{
	char text[NUMBER_TEXT];

	fprintf(f->out, ": %s instructions", number_grouped(llround(n->all[side]), false, text));
	fprintf(f->out, ", %s in itself", number_grouped(llround(n->own[side]), false, text));
	if (n->parent != CALLS_NONE)
		fprintf(f->out, ", %s calls", number_count(n->calls[side], text));
}

static void put_difference(const struct flame *f, const struct call_node *n)
{
	char text[NUMBER_TEXT], change[40];

	if (f->panel->tree->event) {
		fprintf(f->out, "\n%s points", flame_change(f->panel, n->all, change));
		return;
	}
	fprintf(f->out, "\n%s, ", number_grouped(llround(n->all[1] - n->all[0]), true, text));
	fprintf(f->out, "%s; ", flame_change(f->panel, n->all, change));
	fprintf(f->out, "the op %s", flame_change(f->panel, f->panel->tree->node->all, change));
}

/* What is read where the pointer rests. */
static void put_tip(const struct flame *f, uint32_t node)
{
	const struct call_node *n = &f->panel->tree->node[node];
	unsigned int side, sides = f->panel->side[1] ? 2 : 1;

	fputs("<title>", f->out);
	xml_put(f->out, name_of(f, node));
	for (side = 0; side < sides; side++) {
		fputs("\n", f->out);
		xml_put(f->out, f->panel->side[side]);
		if (f->panel->tree->event)
			fprintf(f->out, ": %.2f%% of samples, %.2f%% in itself", n->all[side],
				n->own[side]);
		else
			put_counted(f, n, side);
	}
	if (sides == 2)
		put_difference(f, n);
	if (n->parts) {
		fputs("\nwith, of one kernel only: ", f->out);
		xml_put(f->out, n->parts);
	}
	fputs("</title>", f->out);
}

/* As much as has room: the name, or its beginning, and the numbers. */
static void put_label(const struct flame *f, uint32_t node, double x, double y, double width)
{
	const char *name = name_of(f, node);
	size_t room = width < 4 * CHAR ? 0 : (size_t)((width - 6) / CHAR), len, i;
	char *numbers = NULL, *label = NULL;
	size_t size;
	FILE *text = open_memstream(&numbers, &size);

	if (text) {
		put_numbers(text, f, f->panel->tree->node[node].all);
		fclose(text);
	}
	text = open_memstream(&label, &size);
	len = strlen(name);
	for (i = 0; text && i < len && i < room; i++)
		fputc(room < len && i + 2 >= room ? '.' : name[i], text);
	if (text && numbers && room >= len + 2 + strlen(numbers))
		fprintf(text, "  %s", numbers);
	if (text)
		fclose(text);
	if (label && room > 2)
		put_text(f->out, x + 3, y + ROW - 5, HALO, label);
	free(numbers);
	free(label);
}

static void put_frame(const struct flame *f, uint32_t node, double x, unsigned int row)
{
	const struct call_tree *t = f->panel->tree;
	double width = f->width[node] * f->scale, y = f->bottom - ROW * row;
	uint32_t child;

	fprintf(f->out,
		"<g><rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" stroke=\"#555\" "
		"stroke-width=\"0.4\"",
		x, y, width, ROW - 1);
	put_fill(f->out, look_of(f, &t->node[node]));
	fputs("/>", f->out);
	put_tip(f, node);
	put_label(f, node, x, y, width);
	fputs("</g>\n", f->out);
	for (child = t->node[node].child; child != CALLS_NONE; child = t->node[child].sibling) {
		if (is_drawn(f, child))
			put_frame(f, child, x, row + 1);
		x += f->width[child] * f->scale;
	}
}

static double put_key(const struct flame *f, double x, double y, enum look look, const char *text)
{
	fprintf(f->out,
		"<rect x=\"%.1f\" y=\"%.1f\" width=\"24\" height=\"12\" stroke=\"#555\" "
		"stroke-width=\"0.4\"",
		x, y - 10);
	put_fill(f->out, look);
	fputs("/>\n", f->out);
	put_text(f->out, x + 30, y, "", text);
	return x + 54 + CHAR * (double)strlen(text);
}

static void put_legend(const struct flame *f, double y)
{
	double x = MARGIN;

	if (!f->panel->side[1]) {
		put_text(f->out, x, y, "",
			 f->panel->tree->event ? "samples, in % of all" : "instructions of one op");
		return;
	}
	x = put_key(f, x, y, LESS, "less");
	x = put_key(f, x, y, LESS + 1, "by 1 % of the op");
	x = put_key(f, x, y, LESS + 2, "by 10 %");
	x = put_key(f, x, y, SAME, "no difference");
	x = put_key(f, x, y, MORE, "more");
	x = put_key(f, x, y, MORE + 1, "by 1 % of the op");
	put_key(f, x, y, MORE + 2, "by 10 %");
}

static void put_panel(struct flame *f, double top, unsigned int rows)
{
	f->bottom = top + HEAD + ROW * (rows - 1);
	f->scale = f->width[0] > 0 ? (WIDTH - 2 * MARGIN) / f->width[0] : 0;
	put_text(f->out, MARGIN, top + 20, " font-weight=\"bold\"", f->panel->title);
	put_legend(f, top + 44);
	put_frame(f, 0, MARGIN, 0);
}

void flame_svg(FILE *out, const struct plot_panel *panel, size_t nr)
{
	unsigned int *rows = calloc(nr + 1, sizeof(*rows));
	struct flame *f = calloc(nr + 1, sizeof(*f));
	const struct call_node *root;
	double height = 0, top = 0;
	size_t i;

	for (i = 0; rows && f && i < nr; i++) {
		root = &panel[i].tree->node[0];
		f[i] = (struct flame){.out = out,
				      .panel = &panel[i],
				      .width = widths(panel[i].tree),
				      .total = fmax(root->all[0], root->all[1])};
		rows[i] = f[i].width ? rows_of(&f[i]) : 0;
		height += rows[i] ? HEAD + ROW * rows[i] + MARGIN : 0;
	}
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- " FLAME_MARK
		" -->\n<svg width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
		"xmlns=\"http://www.w3.org/2000/svg\">\n<desc>" FLAME_MARK "</desc>\n",
		WIDTH, height, WIDTH, height);
	put_style(out);
	fprintf(out,
		"<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>\n<g font-size=\"11\" "
		"font-family=\"DejaVu Sans, Verdana, sans-serif\" fill=\"#000\">\n",
		WIDTH, height);
	for (i = 0; rows && f && i < nr; i++) {
		if (!rows[i])
			continue;
		put_panel(&f[i], top, rows[i]);
		top += HEAD + ROW * rows[i] + MARGIN;
		free(f[i].width);
	}
	fputs("</g>\n</svg>\n", out);
	free(rows);
	free(f);
}
