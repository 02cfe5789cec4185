// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * perf-profile's rows, from calls that were counted one by one. A name begins with the function and
 * goes on with its callers, as there; values are shares of an op's instructions.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/pair.h"
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

static void put_line(const struct cover *c, const struct group *g, const struct call_tree *t,
		     const struct kind *kind, const struct line *l)
{
	unsigned int i;

	fprintf(c->out, "%10.2f      %+10.1f  %10.2f        ", l->share[0], change_of(l),
		l->share[1]);
	lkp_put_point(c->out, c->r->points[g->point], c->key);
	fprintf(c->out, "perf-profile.%s.insns", kind->name);
	for (i = 0; i < kind->functions && l->function[i] != CALLS_NONE; i++)
		fprintf(c->out, ".%s", t->name[l->function[i]]);
	fputc('\n', c->out);
}

/* The lines that moved most, in the order of their changes. Returns how many are left out. */
static size_t put_kind(const struct cover *c, const struct group *g, const struct call_tree *t,
		       const struct kind *kind, struct line *lines)
{
	size_t nr = take_lines(t, kind, lines), shown = 0, i;

	qsort(lines, nr, sizeof(*lines), by_size);
	while (shown < nr && shown < LKP_PROFILE_ROWS &&
	       fabs(change_of(&lines[shown])) >= LKP_PROFILE_LEAST)
		shown++;
	qsort(lines, shown, sizeof(*lines), by_change);
	for (i = 0; i < shown; i++)
		put_line(c, g, t, kind, &lines[i]);
	return nr - shown;
}

bool lkp_put_profile(const struct cover *c, size_t row, const struct group *g, size_t *left_out)
{
	const struct result_cell *base = results_cell(c->r, c->base, g->point);
	const struct result_cell *other = results_cell(c->r, c->row[row], g->point);
	bool known = call_tree_known(base) && call_tree_known(other);
	struct call_tree *t = known ? call_tree_pair(base, other) : NULL;
	struct line *lines = t ? calloc(t->nr, sizeof(*lines)) : NULL;
	size_t k;

	for (k = 0; lines && k < sizeof(kinds) / sizeof(kinds[0]); k++)
		*left_out += put_kind(c, g, t, &kinds[k], lines);
	call_tree_free(t);
	free(lines);
	return lines != NULL;
}
