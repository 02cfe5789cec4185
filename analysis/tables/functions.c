// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/pairs.h"
#include "analysis/compare/units.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

/* One table being printed. What is not listed is kept as what remains of the total. */
struct listing {
	struct grid grid;
	unsigned int sides; /* 1 or 2 */
	double total[2];
	long long rest[2];
};

static struct function *take_function(struct functions *f, const char *name)
{
	const json_t *known = json_object_get(f->index, name);
	struct function *more;

	if (known)
		return &f->list[json_integer_value(known)];
	if (!f->index)
		f->index = json_object();
	if (f->nr == f->room) {
		more = realloc(f->list, (f->room * 2 + 64) * sizeof(*more));
		if (!more)
			return NULL;
		f->list = more;
		f->room = f->room * 2 + 64;
	}
	f->list[f->nr] = (struct function){.name = name};
	json_object_set_new(f->index, name, json_integer((json_int_t)f->nr));
	return &f->list[f->nr++];
}

void functions_add(struct functions *f, unsigned int side, const json_t *functions, double weight)
{
	const char *name, *part = f->lines ? f->lines : "insn";
	struct function *function;
	json_t *json;

	json_object_foreach((json_t *)functions, name, json) {
		function = take_function(f, name);
		if (!function)
			continue;
		function->there[side] |= !f->lines || json_object_get(json, part);
		function->part[side] += weight * json_number_value(json_object_get(json, part));
		if (!f->lines)
			function->calls[side] +=
				weight * json_number_value(json_object_get(json, "calls"));
	}
}

bool functions_add_cell(struct functions *f, unsigned int side, const struct result_cell *cell)
{
	const struct result_run *run;
	bool all = cell->nr_ok > 0;
	struct sequence s;
	size_t i, k, end;
	double runs; /* of all boots, if all had as many as this one */

	sequence_of(&s, cell);
	for (i = 0; i < s.nr; i = end) {
		end = sequence_end(&s, i, true);
		runs = (double)(s.boots * (end - i));
		for (k = i; k < end; k++) {
			run = s.run[k];
			all &= json_object_size(run->functions) > 0;
			functions_add(f, side, run->functions,
				      1 / (runs * (double)run->iterations));
		}
	}
	sequence_free(&s);
	return all;
}

static double change(const struct function *f)
{
	return fabs(f->part[1] - f->part[0]);
}

static int by_change(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (change(x) != change(y))
		return change(x) > change(y) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* A column of instructions, or lines, and the one of calls that belongs to it; "" if that is
 * unknown. */
static void put_side(struct listing *l, const char *insn, double calls)
{
	char text[NUMBER_TEXT];

	grid_put(&l->grid, "%s", insn);
	if (l->sides == 2)
		grid_put(&l->grid, "%s", calls > 0 ? number_count(calls, text) : "");
}

static void put_share(struct listing *l, double insn, double calls)
{
	char text[NUMBER_TEXT];

	grid_put(&l->grid, "%s", number_percent(insn / l->total[0], false, text));
	grid_put(&l->grid, "%s", calls > 0 ? number_count(calls, text) : "");
}

static void put_function(struct listing *l, const struct function *f)
{
	long long insn[2] = {llround(f->part[0]), llround(f->part[1])};
	char text[NUMBER_TEXT];
	unsigned int i;

	grid_row(&l->grid);
	grid_put(&l->grid, "%s", f->name);
	for (i = 0; i < l->sides; i++) {
		l->rest[i] -= insn[i];
		put_side(l, f->there[i] ? number_grouped(insn[i], false, text) : "-", f->calls[i]);
	}
	if (l->sides == 2)
		grid_put(&l->grid, "%s", number_grouped(insn[1] - insn[0], true, text));
	else
		put_share(l, f->part[0], f->calls[0]);
}

/* The others, or the total. */
static void put_sum(struct listing *l, const char *name, const long long insn[2])
{
	char text[NUMBER_TEXT];
	unsigned int i;

	grid_row(&l->grid);
	grid_put(&l->grid, "%s", name);
	for (i = 0; i < l->sides; i++)
		put_side(l, number_grouped(insn[i], false, text), 0);
	if (l->sides == 2)
		grid_put(&l->grid, "%s", number_grouped(insn[1] - insn[0], true, text));
	else
		put_share(l, (double)insn[0], 0);
}

static void set_columns(struct listing *l, const char *const label[2])
{
	unsigned int i;

	grid_column(&l->grid, "function", true);
	for (i = 0; i < l->sides; i++) {
		grid_column(&l->grid, label[i], false);
		if (l->sides == 2)
			grid_column(&l->grid, "calls", false);
	}
	grid_column(&l->grid, l->sides == 2 ? "difference" : "share", false);
	if (l->sides == 1)
		grid_column(&l->grid, "calls", false);
}

/* What belongs to no function: there should be nothing. */
static double unnamed(const struct functions *f, unsigned int side, double total)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < f->nr; i++)
		sum += f->list[i].part[side];
	return total - sum;
}

void functions_print(FILE *out, struct functions *f, const char *const label[2],
		     const double total[2], size_t most, unsigned int indent)
{
	struct listing l = {
		.sides = label[1] ? 2 : 1, .total = {total[0], total[1]}, .grid.indent = indent};
	long long sums[2] = {llround(total[0]), l.sides == 2 ? llround(total[1]) : 0};
	char others[64];
	unsigned int s;
	size_t i;

	memcpy(l.rest, sums, sizeof(sums));
	set_columns(&l, label);
	if (f->nr)
		qsort(f->list, f->nr, sizeof(*f->list), by_change);
	for (i = 0; i < f->nr && i < most && change(&f->list[i]) >= 0.5; i++)
		put_function(&l, &f->list[i]);
	snprintf(others, sizeof(others), "%zu other%s", f->nr - i, f->nr - i == 1 ? "" : "s");
	if (i < f->nr || l.rest[0] || l.rest[1])
		put_sum(&l, i < f->nr ? others : "rounding", l.rest);
	put_sum(&l, "total", sums);
	grid_fit(&l.grid, out, 1, l.sides == 2 ? 3 : 0);
	grid_print(&l.grid, out);
	for (s = 0; s < l.sides; s++)
		if (fabs(unnamed(f, s, total[s])) >= 0.5)
			text_wrapf(out, 4, "  %s: %.0f %s of the total are in no function",
				   label[s], unnamed(f, s, total[s]),
				   f->lines ? f->lines : "instructions");
	grid_free(&l.grid);
}

void functions_free(struct functions *f)
{
	free(f->list);
	json_decref(f->index);
	*f = (struct functions){0};
}

void functions_of_pair(FILE *out, const struct results *r, size_t base, size_t other, size_t point,
		       size_t most, bool lines)
{
	bool alone = other == base, known;
	const char *name = r->kernels[other].label;
	const char *label[2] = {alone ? "per op" : r->kernels[base].label, alone ? NULL : name};
	const struct metric *all = lines ? metrics_find(&r->metrics, "lines") : NULL;
	struct functions f = {.lines = lines ? "lines" : NULL};
	double total[2];
	struct pair pair;

	pair_cells(&pair, results_cell(r, base, point), results_cell(r, other, point));
	total[0] = cell_mean(&pair.cell[0], lines ? all : pair.cell[0].op);
	total[1] = cell_mean(&pair.cell[1], lines ? all : pair.cell[1].op);
	known = functions_add_cell(&f, 0, &pair.cell[0]);
	if (!alone)
		known &= functions_add_cell(&f, 1, &pair.cell[1]);
	if (lines)
		known = isfinite(total[0]) && (alone || isfinite(total[1]));
	if (!pair.paired)
		text_wrapf(out, 2, "%s: no boot to show", name);
	else if (known)
		functions_print(out, &f, label, total, most, 0);
	else
		text_wrapf(out, 2, "%s: not all its runs and the base's have %s", name,
			   lines ? "lines: `run --lines` counts them" : "functions");
	functions_free(&f);
	pair_free(&pair);
}
