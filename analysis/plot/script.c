// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What gnuplot is given. Labels are data of others: none of their characters is one that means
 * something to gnuplot, and terminals take no markup.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/plot/draw.h"

/* Of one panel: pixels, or columns and lines. */
#define WIDTH	     800
#define HEIGHT	     420
#define TEXT_WIDTH   78
#define TEXT_HEIGHT  22
#define TEXT_LABELS  60 /* columns for the labels of the x axis */
#define TEXT_LABEL   14 /* and for each where only some are shown */
#define LABEL_LENGTH 26 /* characters of one in a picture */
#define KEY_LENGTH   50 /* in its legend, which gnuplot leaves out where one is too long */
#define TITLE_LENGTH 84 /* characters that fit above a panel */

/* Okabe and Ito's colours, which differ for the colour-blind too; lines and
 * points differ as well, for prints in grey. */
static const struct {
	const char *colour;
	int dash, point;
} styles[] = {
	{"#000000", 1, 7},  {"#d55e00", 2, 5}, {"#0072b2", 4, 9}, {"#009e73", 3, 11},
	{"#cc79a7", 5, 13}, {"#56b4e9", 1, 6}, {"#e69f00", 2, 4}, {"#999999", 4, 8},
};

#define NR_STYLES (sizeof(styles) / sizeof(styles[0]))

/*
 * A string: what is not plainly text is written as octal numbers, so that no label has quotes,
 * backquotes or backslashes that gnuplot could read. A digit behind a number would be one of its
 * digits. Labels of tics are formats.
 */
static void put_text(FILE *out, const char *text, bool format)
{
	bool plain = true;
	unsigned char c;

	fputc('"', out);
	for (; text && (c = (unsigned char)*text); text++) {
		plain = (isalpha(c) || (isdigit(c) && plain) || c >= 0x80 ||
			 strchr(" .,:()/+=_-", c));
		if (plain)
			fputc(c, out);
		else
			fprintf(out, format && c == '%' ? "\\%03o\\%03o" : "\\%03o", c, c);
	}
	fputc('"', out);
}

/* The first or last `most` characters of a text at the most: where they end, or begin. */
static const char *first_characters(const char *text, size_t most)
{
	for (; *text && ((*text & 0xc0) == 0x80 || most--); text++)
		;
	return text;
}

static const char *last_characters(const char *text, size_t most)
{
	const char *from = text + strlen(text);

	while (from > text && most)
		most -= (*--from & 0xc0) != 0x80;
	return from;
}

/* A label: labels that differ do so at their starts or ends, so a long one lacks its middle. */
static void put_label(FILE *out, const char *text, size_t most, bool format)
{
	const char *start = first_characters(text, (most - 2) / 2);
	const char *end = last_characters(text, (most - 2) / 2);
	char *cut = NULL;

	if (*first_characters(text, most) &&
	    asprintf(&cut, "%.*s..%s", (int)(start - text), text, end) > 0)
		text = cut;
	put_text(out, text, format);
	free(cut);
}

/* A title in lines. */
static void put_title(FILE *out, const char *title)
{
	size_t used = 0, word;

	fputs("set title ", out);
	while (title && strlen(title) > TITLE_LENGTH) {
		char line[TITLE_LENGTH + 1];

		for (used = TITLE_LENGTH; used && title[used] != ' '; used--)
			;
		for (word = used ? used : TITLE_LENGTH; !used && (title[word] & 0xc0) == 0x80;)
			word--;
		memcpy(line, title, word);
		line[word] = '\0';
		put_text(out, line, false);
		fputs(".\"\\n\".", out);
		title += word + (used > 0);
	}
	put_text(out, title, false);
	fputc('\n', out);
}

/* Lines over the same categories stand a little apart, so that none hides another. */
static double beside(const struct plot_panel *panel, size_t line)
{
	double step = fmin(fmin(0.14, fmax(0.05, 0.016 * (double)panel->nr_tics)),
			   0.6 / (double)panel->nr_lines);

	if (panel->kind != PLOT_ORDER && panel->kind != PLOT_SERIES)
		return 0;
	return step * ((double)line - (double)(panel->nr_lines - 1) / 2);
}

static void put_data(FILE *out, const struct plot_panel *of, size_t panel, size_t nr)
{
	const struct plot_line *line = &of->line[nr];
	const struct plot_point *p;
	double aside = beside(of, nr);
	size_t i;

	fprintf(out, "$p%zu_%zu << END\n", panel, nr);
	for (i = 0; i < line->nr; i++) {
		p = &line->at[i];
		if (isfinite(p->y))
			fprintf(out, "%.9g %.9g\n", p->x + aside, p->y);
		else
			fputc('\n', out);
	}
	fprintf(out, "END\n$i%zu_%zu << END\n", panel, nr);
	for (i = 0; i < line->nr; i++) {
		p = &line->at[i];
		if (isfinite(p->low) && isfinite(p->high) && isfinite(p->y))
			fprintf(out, "%.9g %.9g %.9g %.9g\n", p->x + aside, p->y, p->low, p->high);
	}
	fputs("END\n", out);
}

static bool has_intervals(const struct plot_line *line)
{
	size_t i;

	for (i = 0; i < line->nr; i++)
		if (isfinite(line->at[i].low) && isfinite(line->at[i].high))
			return true;
	return false;
}

/* Lines, also those of the same colour, have different points. */
static int point_of(unsigned int style)
{
	return styles[(style + style / NR_STYLES) % NR_STYLES].point;
}

/* A box; in text only its median. */
static void put_box(FILE *out, const struct plot_line *line, size_t panel, size_t i,
		    enum plot_medium medium)
{
	const char *colour = styles[line->style % NR_STYLES].colour;

	if (medium != PLOT_TEXT)
		fprintf(out,
			"$i%zu_%zu using 1:3:3:4:4:(0.8) with candlesticks fs empty lc rgb '%s' "
			"notitle, ",
			panel, i, colour);
	fprintf(out, "$i%zu_%zu using ($1-0.4):2:(0.8):(0) with vectors nohead", panel, i);
	if (medium != PLOT_TEXT)
		fprintf(out, " lw 3 lc rgb '%s'", colour);
	fputs(" notitle", out);
}

/* Points joined by lines; in text a letter is a point. Runs are joined within boots only. */
static void put_line(FILE *out, const struct plot_panel *of, size_t panel, size_t i,
		     enum plot_medium medium)
{
	const struct plot_line *line = &of->line[i];
	unsigned int style = line->style % NR_STYLES;
	char look[80];

	if (medium == PLOT_TEXT)
		snprintf(look, sizeof(look), "pt %u", line->style % 26 + 1);
	else
		snprintf(look, sizeof(look), "lc rgb '%s' pt %d ps 1 lw 1.5", styles[style].colour,
			 point_of(line->style));
	fprintf(out, "$p%zu_%zu using 1:2 with %s %s", panel, i,
		medium == PLOT_TEXT ? "points" : "linespoints", look);
	if (medium != PLOT_TEXT)
		fprintf(out, " dt %d", of->kind == PLOT_RUNS ? 1 : styles[style].dash);
	if (line->label && medium != PLOT_TEXT) {
		fputs(" title ", out);
		put_label(out, line->label, KEY_LENGTH, false);
	} else {
		fputs(" notitle", out);
	}
	if (has_intervals(line))
		fprintf(out, ", $i%zu_%zu using 1:2:3:4 with yerrorbars %s notitle", panel, i,
			look);
}

/* How many columns the labels take, and the longest of them. */
static size_t tics_length(const struct plot_panel *panel, size_t *ret_longest)
{
	size_t i, length = 0, all = 0;

	*ret_longest = 0;
	for (i = 0; i < panel->nr_tics; i++) {
		length = strlen(panel->tic[i].text);
		*ret_longest = length > *ret_longest ? length : *ret_longest;
		all += length + 2;
	}
	return all;
}

bool plot_numbers_tics(const struct plot_panel *panel)
{
	size_t longest, all = tics_length(panel, &longest);

	return all > TEXT_LABELS && (panel->kind == PLOT_RUNS || longest > TEXT_LABEL);
}

/* One label: in a picture what fits of it, in text all of it or its number. */
static void put_tic(FILE *out, const struct plot_panel *panel, size_t i, enum plot_medium medium)
{
	const char *text = panel->tic[i].text;

	if (medium == PLOT_TEXT && plot_numbers_tics(panel))
		fprintf(out, "\"%zu\"", i + 1);
	else if (medium != PLOT_TEXT)
		put_label(out, text, LABEL_LENGTH, true);
	else
		put_text(out, text, true);
	fprintf(out, " %.9g", panel->tic[i].at);
}

/* As many of the labels as there is room for. */
static void put_tics(FILE *out, const struct plot_panel *panel, enum plot_medium medium)
{
	size_t i, longest, all = tics_length(panel, &longest), each = 1;

	if (medium == PLOT_TEXT && plot_numbers_tics(panel))
		all = 4 * panel->nr_tics;
	if (medium == PLOT_TEXT && all > TEXT_LABELS)
		each = (all + TEXT_LABELS - 1) / TEXT_LABELS;
	fprintf(out, "set xtics %snomirror (",
		medium != PLOT_TEXT && all > TITLE_LENGTH ? "rotate by 45 right " : "norotate ");
	for (i = 0; i < panel->nr_tics; i += each) {
		fputs(i ? ", " : "", out);
		put_tic(out, panel, i, medium);
	}
	fputs(")\n", out);
}

/* Categories stand apart from the frame. */
static void put_x_range(FILE *out, const struct plot_panel *panel)
{
	double first = panel->tic[0].at, last = panel->tic[panel->nr_tics - 1].at, margin;

	if (panel->kind == PLOT_LATENCY)
		fputs("set xrange [0:*]\n", out);
	else if (panel->log_x)
		fprintf(out, "set xrange [%.9g:%.9g]\n", first / 1.2, last * 1.2);
	else {
		margin = panel->kind == PLOT_THREADS ? (last - first) / 16 : 0.5;
		fprintf(out, "set xrange [%.9g:%.9g]\n", first - margin, last + margin);
	}
}

static void put_panel(FILE *out, const struct plot_panel *panel, size_t nr, enum plot_medium medium)
{
	size_t i;

	for (i = 0; i < panel->nr_lines; i++)
		put_data(out, panel, nr, i);
	if (medium != PLOT_TEXT) {
		put_title(out, panel->title);
		fputs("set ylabel ", out);
		put_text(out, panel->y_label, false);
		fputc('\n', out);
	}
	fputs("set xlabel ", out);
	put_text(out, panel->x_label, false);
	fprintf(out, "\nunset logscale\n%s%s", panel->log_x ? "set logscale x 2\n" : "",
		panel->log_y ? "set logscale y\n" : "");
	put_tics(out, panel, medium);
	put_x_range(out, panel);
	fprintf(out, "set yrange [%s:*]\n",
		!panel->log_y && (panel->kind == PLOT_THREADS || panel->kind == PLOT_ORDER) ? "0"
											    : "*");
	fprintf(out, "%sset xzeroaxis\nplot ", panel->kind == PLOT_SERIES ? "" : "un");
	for (i = 0; i < panel->nr_lines; i++) {
		fputs(i ? ", " : "", out);
		if (panel->line[i].look == PLOT_BOX)
			put_box(out, &panel->line[i], nr, i, medium);
		else
			put_line(out, panel, nr, i, medium);
	}
	fputc('\n', out);
}

void plot_script(FILE *out, const struct plot_panel *panel, size_t nr, enum plot_medium medium)
{
	size_t columns = nr > 3 ? 2 : 1, rows = (nr + columns - 1) / columns, i;

	fputs("set encoding utf8\n", out);
	if (medium == PLOT_TEXT)
		fprintf(out, "set terminal dumb size %d,%d noenhanced mono\n", TEXT_WIDTH,
			TEXT_HEIGHT);
	else
		fprintf(out, "set terminal %s size %zu,%zu noenhanced font 'sans,%d'%s\n",
			medium == PLOT_PNG ? "pngcairo" : "svg", WIDTH * columns, HEIGHT * rows, 11,
			medium == PLOT_PNG ? "" : " background '#ffffff'");
	fputs("set key outside bottom center horizontal height 0.7\nset border 3\nset ytics "
	      "nomirror\n",
	      out);
	if (medium != PLOT_TEXT)
		fprintf(out,
			"set grid y lt 1 lw 0.5 lc rgb '#cccccc'\nset multiplot layout %zu,%zu\n",
			rows, columns);
	for (i = 0; i < nr; i++)
		put_panel(out, &panel[i], i, medium);
	if (medium != PLOT_TEXT)
		fputs("unset multiplot\n", out);
}
