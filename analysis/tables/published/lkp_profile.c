// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * perf-profile's rows, from samples as there, or from calls that were counted one by one. A name
 * begins with the function and goes on with its callers, as there; values are shares of samples, or
 * of an op's instructions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/pair.h"
#include "analysis/calls/sampled.h"
#include "analysis/stats/summary.h"
#include "analysis/tables/published/lkp.h"

#define TRACE 5 /* functions of a call trace, at most */

/* A node, or all nodes of one name. */
struct line {
	uint32_t node;
	uint32_t function[TRACE]; /* from the node up; the rest CALLS_NONE */
	double share[2];
};

static const struct kind {
	const char *name;
	unsigned int functions; /* in a name */
	bool own;		/* without what it calls */
} kinds[] = {
	{"calltrace", TRACE, false},
	{"children", 1, false},
	{"self", 1, true},
};

/* A group of the base and of another kernel. */
struct compared_calls {
	const struct cover *c;
	const struct group *g;
	struct call_tree *tree;
	struct call_tree **units[2]; /* of samples; else NULL */
	size_t nr_units[2];
};

static void trace_of(const struct call_tree *t, uint32_t node, const struct kind *kind,
		     uint32_t ret[TRACE])
{
	unsigned int i;

	memset(ret, 0xff, TRACE * sizeof(*ret));
	for (i = 0; i < kind->functions && node; i++) {
		ret[i] = t->node[node].function;
		node = t->node[node].parent;
	}
}

/* Is it below a node of the same name, which has counted it already? */
static bool is_counted(const struct call_tree *t, const struct line *line, const struct kind *kind)
{
	uint32_t above[TRACE], node = t->node[line->node].parent;

	for (; node && !kind->own; node = t->node[node].parent) {
		if (t->node[node].function != line->function[0])
			continue;
		trace_of(t, node, kind, above);
		if (!memcmp(above, line->function, sizeof(above)))
			return true;
	}
	return false;
}

static int by_trace(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return memcmp(x->function, y->function, sizeof(x->function));
}

static double change_of(const struct line *line)
{
	return line->share[1] - line->share[0];
}

static int by_size(const void *a, const void *b)
{
	double x = fabs(change_of(a)), y = fabs(change_of(b));

	return x > y ? -1 : x < y ? 1 : by_trace(a, b);
}

static int by_change(const void *a, const void *b)
{
	double x = change_of(a), y = change_of(b);

	return x < y ? -1 : x > y ? 1 : by_trace(a, b);
}

/* Lines of one name become one; returns how many are left. */
static size_t merge(struct line *lines, size_t nr)
{
	size_t i, to = 0;

	qsort(lines, nr, sizeof(*lines), by_trace);
	for (i = 0; i < nr; i++) {
		if (to && !by_trace(&lines[to - 1], &lines[i])) {
			lines[to - 1].share[0] += lines[i].share[0];
			lines[to - 1].share[1] += lines[i].share[1];
		} else {
			lines[to++] = lines[i];
		}
	}
	return to;
}

static size_t take_lines(const struct call_tree *t, const struct kind *kind, struct line *lines)
{
	const double *all = t->node[0].all;
	unsigned int side;
	size_t nr = 0;
	uint32_t i;

	for (i = 1; i < t->nr; i++) {
		struct line *l = &lines[nr];
		const double *value = kind->own ? t->node[i].own : t->node[i].all;

		*l = (struct line){.node = i};
		trace_of(t, i, kind, l->function);
		if (is_counted(t, l, kind))
			continue;
		for (side = 0; side < 2; side++)
			l->share[side] = all[side] > 0 ? 100 * value[side] / all[side] : 0;
		nr++;
	}
	return merge(lines, nr);
}

/* Whether a node of another tree has the line's name, and is not below one that has it. */
static bool is_of(const struct call_tree *u, uint32_t node, const struct call_tree *t,
		  const struct line *l, const struct kind *kind)
{
	struct line own = {.node = node};
	unsigned int i;

	if (strcmp(u->name[u->node[node].function], t->name[l->function[0]]))
		return false;
	trace_of(u, node, kind, own.function);
	for (i = 0; i < kind->functions; i++)
		if ((own.function[i] == CALLS_NONE) != (l->function[i] == CALLS_NONE) ||
		    (own.function[i] != CALLS_NONE &&
		     strcmp(u->name[own.function[i]], t->name[l->function[i]])))
			return false;
	return !is_counted(u, &own, kind);
}

/* Its share in each unit of a side. */
static struct sample sample_of(const struct compared_calls *p, unsigned int side,
			       const struct line *l, const struct kind *kind)
{
	size_t nr = p->nr_units[side], u;
	double *share = calloc(nr + 1, sizeof(*share));
	struct sample s = {.n = share ? nr : 0, .mean = l->share[side], .word = "-"};
	const struct call_tree *unit;
	uint32_t i;

	for (u = 0; share && u < nr; u++) {
		unit = p->units[side][u];
		for (i = 1; i < unit->nr; i++)
			if (is_of(unit, i, p->tree, l, kind))
				share[u] += kind->own ? unit->node[i].own[side]
						      : unit->node[i].all[side];
	}
	s.sd = s.n ? stats_sd(share, nr) : 0;
	free(share);
	return s;
}

static void put_numbers(const struct compared_calls *p, const struct kind *kind,
			const struct line *l)
{
	struct sample s[2];

	if (!p->tree->event) {
		fprintf(p->c->out, "%10.2f      %+10.1f  %10.2f        ", l->share[0], change_of(l),
			l->share[1]);
		return;
	}
	s[0] = sample_of(p, 0, l, kind);
	s[1] = sample_of(p, 1, l, kind);
	lkp_put_value(p->c->out, &s[0]);
	fprintf(p->c->out, "%+10.1f  ", change_of(l));
	lkp_put_value(p->c->out, &s[1]);
	fputs("  ", p->c->out);
}

/* As the robot names events; ours of cycles skids like any other, though. */
static const char *event_of(const struct call_tree *t)
{
	if (!t->event)
		return "insns";
	return strcmp(t->event, "cycles") ? t->event : "cycles-pp";
}

static void put_line(const struct compared_calls *p, const struct kind *kind, const struct line *l)
{
	const struct cover *c = p->c;
	unsigned int i;

	put_numbers(p, kind, l);
	lkp_put_point(c->out, c->r->points[p->g->point], c->key);
	fprintf(c->out, "perf-profile.%s.%s", kind->name, event_of(p->tree));
	for (i = 0; i < kind->functions && l->function[i] != CALLS_NONE; i++)
		fprintf(c->out, ".%s", p->tree->name[l->function[i]]);
	fputc('\n', c->out);
}

/* The lines that moved most, in the order of their changes. Returns how many are left out. */
static size_t put_kind(const struct compared_calls *p, const struct kind *kind, struct line *lines)
{
	size_t nr = take_lines(p->tree, kind, lines), shown = 0, i;

	qsort(lines, nr, sizeof(*lines), by_size);
	while (shown < nr && shown < LKP_PROFILE_ROWS &&
	       fabs(change_of(&lines[shown])) >= LKP_PROFILE_LEAST)
		shown++;
	qsort(lines, shown, sizeof(*lines), by_change);
	for (i = 0; i < shown; i++)
		put_line(p, kind, &lines[i]);
	return nr - shown;
}

static void free_units(struct compared_calls *p)
{
	unsigned int side;

	for (side = 0; side < 2; side++) {
		while (p->nr_units[side])
			call_tree_free(p->units[side][--p->nr_units[side]]);
		free(p->units[side]);
	}
}

/* Where samples were asked for: why there is none to compare. */
static void say_why(const struct cover *c, size_t row, const struct group *g)
{
	size_t kernel[2] = {c->base, c->row[row]};
	const struct result_cell *cell[2];
	const char *why[2];
	unsigned int k;

	for (k = 0; k < 2; k++) {
		cell[k] = results_cell(c->r, kernel[k], g->point);
		why[k] = sampled_why_not(cell[k]);
		if (!why[k])
			continue;
		fputs("  (", c->out);
		lkp_put_point(c->out, c->r->points[g->point], c->key);
		fprintf(c->out, "perf-profile: none of %s: %s)\n", c->r->kernels[kernel[k]].label,
			why[k]);
	}
	if (sampled_event(cell[0]) && sampled_event(cell[1]))
		fprintf(c->out, "  (no perf-profile: samples of %s and of %s do not compare)\n",
			sampled_event(cell[0]), sampled_event(cell[1]));
}

bool lkp_put_profile(const struct cover *c, size_t row, const struct group *g, size_t *left_out)
{
	const struct result_cell *base = results_cell(c->r, c->base, g->point);
	const struct result_cell *other = results_cell(c->r, c->row[row], g->point);
	bool known = call_tree_known(base) && call_tree_known(other);
	struct compared_calls p = {c, g, known ? call_tree_pair(base, other) : NULL, {0}, {0}};
	struct line *lines = p.tree ? calloc(p.tree->nr, sizeof(*lines)) : NULL;
	size_t k;

	if (lines && p.tree->event) {
		p.units[0] = call_tree_units(base, other, 0, &p.nr_units[0]);
		p.units[1] = call_tree_units(base, other, 1, &p.nr_units[1]);
	}
	for (k = 0; lines && k < sizeof(kinds) / sizeof(kinds[0]); k++)
		*left_out += put_kind(&p, &kinds[k], lines);
	if (!p.tree)
		say_why(c, row, g);
	free_units(&p);
	call_tree_free(p.tree);
	free(lines);
	return lines != NULL;
}
