// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/pairs.h"
#include "analysis/compare/units.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/functions.h"
#include "analysis/tables/schedules.h"
#include "analysis/text/grid.h"
#include "analysis/text/numbers.h"

struct exact {
	FILE *out;
	const struct results *r;
	size_t base;
	struct basis basis;
	bool compares, one_boot; /* anywhere in the tables */
};

static const char *label_of(const struct exact *x, size_t kernel)
{
	return x->r->kernels[kernel].label;
}

/* "fork: size 256M, order-0 (pte-map), place core" */
static void print_head(const struct exact *x, size_t point)
{
	json_t *json = x->r->points[point];
	char op[POINT_TEXT], *list;
	struct params params;

	params_of(&params, &json, 1);
	list = params_common(&params, json);
	fputc('\n', x->out);
	text_wrapf(x->out, 4, "%s: %s", point_op(json, op), list ? list : "");
	free(list);
}

static bool is_something(double mean)
{
	return !isnan(mean) && mean != 0;
}

static void put_mean(struct grid *g, const struct difference *d, unsigned int side)
{
	char text[NUMBER_TEXT];

	grid_put(g, "%s", number_count(d->mean[side], text));
	grid_put(g, "%s", number_percent(d->rel_sd[side], false, text));
}

static void put_change(struct grid *g, const struct difference *d)
{
	char text[NUMBER_TEXT];

	if (isinf(d->change))
		grid_put(g, "new");
	else
		grid_put(g, "%s", number_percent(d->change, true, text));
	grid_put(g, "%s", number_percent(d->change_sd, false, text));
	grid_put(g, "%s", outcome_name(d->outcome));
}

/* The rows of a pair, or of its base alone: of a model, or of all that was counted. */
static void put_rows(struct grid *g, const struct metrics *metrics, const struct pair *pair,
		     bool alone, bool modelled)
{
	enum metric_group before = modelled ? METRIC_OF_MODEL : METRIC_OF_COUNT;
	struct difference d;
	size_t i;

	for (i = 0; i < metrics->nr; i++) {
		const struct metric *m = metrics->of[i];

		if (modelled ? m->group != METRIC_OF_MODEL
			     : m->group < METRIC_OF_COUNT || m->group > METRIC_OF_REST || m->detail)
			continue;
		pair_difference(pair, m, &d);
		if (!is_something(d.mean[0]) && !is_something(d.mean[1]))
			continue;
		/* Memory, and what is not the op's own, stand under a blank row each. */
		if (m->group != before && g->nr_rows)
			grid_row(g);
		before = m->group;
		grid_row(g);
		grid_put(g, "%s", m->name);
		put_mean(g, &d, 0);
		if (alone)
			continue;
		put_mean(g, &d, 1);
		if (metric_repeats(m))
			put_change(g, &d);
	}
}

static void print_grid(struct exact *x, const struct pair *pair, size_t other, bool modelled)
{
	bool alone = other == x->base;
	struct grid g = {0};

	grid_column(&g, "", true);
	grid_column(&g, alone ? "per op" : label_of(x, x->base), false);
	grid_column(&g, "stdev", false);
	if (!alone) {
		grid_column(&g, label_of(x, other), false);
		grid_column(&g, "stdev", false);
		grid_column(&g, "change", false);
		grid_column(&g, "stdev", false);
		grid_column(&g, "verdict", true);
	}
	put_rows(&g, &x->r->metrics, pair, alone, modelled);
	if (modelled && g.nr_rows)
		fprintf(x->out, "\nmodelled, by %.*s\n", (int)strcspn(x->r->caches, ":"),
			x->r->caches);
	if (g.nr_rows || !modelled) {
		grid_fit(&g, x->out, 1, alone ? 0 : 3);
		grid_print(&g, x->out);
	}
	grid_free(&g);
}

/* What is missing of a kernel, or rests on fewer runs. */
static void print_trouble(const struct exact *x, size_t kernel, size_t point)
{
	const struct result_cell *cell = results_cell(x->r, kernel, point);
	char *trouble = cell_trouble(cell);
	size_t i;

	if (trouble)
		text_wrapf(x->out, 4, "  %s: %s", label_of(x, kernel), trouble);
	free(trouble);
	for (i = 0; cell && i < cell->warnings.nr; i++)
		text_wrapf(x->out, 4, "  %s: %s", label_of(x, kernel), cell->warnings.text[i]);
}

/* Boots without a counterpart; where there is no pair at all, the verdict says so. */
static void print_lone(const struct exact *x, size_t of, size_t other, size_t point)
{
	char *lone = pair_lone(results_cell(x->r, of, point), results_cell(x->r, other, point));
	bool several = lone && strchr(lone, ',');

	if (lone)
		text_wrapf(x->out, 4,
			   "  %s: boot%s %s left out, as %s has no such boot to pair it with",
			   label_of(x, of), several ? "s" : "", lone, label_of(x, other));
	free(lone);
}

static void print_notes(struct exact *x, const struct pair *pair, size_t other, size_t point)
{
	bool one = cell_boots(&pair->cell[0]) == 1;

	if (other != x->base)
		print_trouble(x, other, point);
	if (pair->paired && other != x->base) {
		print_lone(x, x->base, other, point);
		print_lone(x, other, x->base, point);
	}
	x->one_boot |= pair->paired && one;
}

/* A kernel against the base, or the base alone. */
static void print_pair(struct exact *x, size_t other, size_t point)
{
	const struct result_cell *base = results_cell(x->r, x->base, point);
	struct pair pair;

	pair_cells(&pair, base, results_cell(x->r, other, point));
	if (pair.cell[0].nr || pair.cell[1].nr) {
		x->compares |= other != x->base && pair.paired;
		basis_add(&x->basis, &pair.cell[0]);
		basis_add(&x->basis, &pair.cell[1]);
		print_grid(x, &pair, other, false);
		if (x->r->caches)
			print_grid(x, &pair, other, true);
		if (results_scheduled(x->r, x->base))
			schedules_print(x->out, x->r, x->base, other, &pair);
	}
	print_notes(x, &pair, other, point);
	pair_free(&pair);
}

static void print_point(struct exact *x, size_t point)
{
	size_t k, printed = 0;

	print_head(x, point);
	for (k = 0; k < x->r->nr_kernels; k++) {
		if (k == x->base && x->r->nr_kernels > 1)
			continue;
		if (printed++)
			fputc('\n', x->out);
		print_pair(x, k, point);
	}
	print_trouble(x, x->base, point);
}

static void print_intervals(const struct exact *x)
{
	text_wrapf(x->out, 2,
		   "change: of the differences, boot by boot, in %% of %s's mean, with their "
		   "stdev. Boot k of each kernel has the same memory size and seeds.",
		   label_of(x, x->base));
	if (x->basis.boots[1] > 1)
		text_wrapf(x->out, 2,
			   "more, less: the %.0f %% confidence interval (Student's t) of the mean "
			   "difference leaves out 0, and it is %.2f %% or more, which is what "
			   "exact mode resolves, of %d boots or more where a count varies. no "
			   "difference: the interval is within that. inconclusive: neither.",
			   PAIRS_CONFIDENCE * 100, PAIRS_RESOLUTION * 100, PAIRS_VARY);
}

static void print_legend(const struct exact *x)
{
	char text[BASIS_TEXT];

	fputc('\n', x->out);
	if (!x->basis.cells) {
		text_wrapf(x->out, 2, "No run was ok, so there are no numbers.");
		return;
	}
	text_wrapf(x->out, 2,
		   x->r->caches
			   ? "exact: counted by the emulator, not timed; nothing of caches, TLBs "
			     "or time is in these rows."
			   : "exact: counted by the emulator, not timed: no caches, no TLB "
			     "misses, no time.");
	text_wrapf(x->out, 2, "Each number: of one op, mean over %s, of verified runs only.",
		   basis_text(&x->basis, text));
	text_wrapf(
		x->out, 2,
		"kernel-insns: instructions executed in the kernel, without those of interrupts; "
		"the rows below it are among them. Atomics are loads and stores as well.");
	if (metrics_find(&x->r->metrics, "lines"))
		text_wrapf(
			x->out, 2,
			"lines: of 64 bytes of memory that the kernel touches in an op, each once, "
			"without interrupts; lines-KIND: those of that kind of data "
			"(docs/exact.md); accesses: to all of them.");
	if (x->r->caches)
		text_wrapf(x->out, 2,
			   "modelled: what the kernel's accesses of an op miss in a model of "
			   "caches and "
			   "TLBs, not in a machine: LRU, no prefetching, no instructions, no time "
			   "(docs/exact.md). walks: misses of the last TLB; long-walks: of these, "
			   "with "
			   "more than one table to read.");
	if (results_scheduled(x->r, x->base))
		schedules_legend(x->out);
	text_wrapf(x->out, 2,
		   "stdev: sample standard deviation (n-1) of boot means, in %% of "
		   "their mean.");
	if (x->compares)
		print_intervals(x);
	if (x->one_boot)
		text_wrapf(x->out, 2,
			   "one boot: a single perturbation of memory size and seeds has "
			   "no stdev and no interval; `run --boots 5` measures five.");
}

static bool has_functions(const struct results *r)
{
	const struct result_cell *cell;
	size_t k, p, i;

	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				if (json_object_size(cell->runs[i].functions))
					return true;
		}
	}
	return false;
}

void table_no_functions(FILE *out)
{
	fprintf(out, "\nNo functions: none of the runs says which it executed.\n");
}

/* Of each point: which functions, by instructions or by lines. */
static void print_points_functions(const struct exact *x, size_t most, bool lines)
{
	size_t p, k, printed;

	for (p = 0; p < x->r->nr_points; p++) {
		print_head(x, p);
		for (k = 0, printed = 0; k < x->r->nr_kernels; k++) {
			if (k == x->base && x->r->nr_kernels > 1)
				continue;
			if (printed++)
				fputc('\n', x->out);
			functions_of_pair(x->out, x->r, x->base, k, p, most, lines);
		}
	}
}

static void print_functions(const struct exact *x, size_t most)
{
	if (!has_functions(x->r)) {
		table_no_functions(x->out);
		return;
	}
	fputc('\n', x->out);
	text_wrapf(x->out, 2,
		   "Kernel functions: an op's instructions in each, with what is inlined there, "
		   "without those of functions it calls; \"-\": never executed. calls: how often "
		   "it is entered.");
	print_points_functions(x, most, false);
}

static void print_lines(const struct exact *x, size_t most)
{
	fputc('\n', x->out);
	if (!metrics_find(&x->r->metrics, "lines")) {
		text_wrapf(x->out, 2,
			   "No lines: none of these journals has any. Measure again with `run "
			   "--lines`, which counts those that are touched.");
		return;
	}
	text_wrapf(x->out, 2,
		   "Kernel functions by lines: of those that an op touches, how many each was the "
		   "first to touch.");
	print_points_functions(x, most, true);
}

/* "v6.12 against v6.1 on ARM Neoverse N1 VM, exact" */
static void print_title(const struct exact *x, const char *title)
{
	char cpu[FACTS_TITLE];
	size_t k, printed = 0;

	for (k = 0; k < x->r->nr_kernels; k++)
		if (k != x->base)
			fprintf(x->out, "%s%s", printed++ ? ", " : "", label_of(x, k));
	fprintf(x->out, "%s%s on %s, exact\n", printed ? " against " : "", label_of(x, x->base),
		title ? title : facts_title(x->r->kernels[x->base].machine, cpu));
}

void table_exact(FILE *out, const struct results *results, size_t base, const char *title,
		 size_t functions, size_t lines)
{
	struct exact x = {.out = out, .r = results, .base = base};
	size_t i;

	print_title(&x, title);
	for (i = 0; i < results->nr_points; i++)
		print_point(&x, i);
	print_legend(&x);
	if (functions)
		print_functions(&x, functions);
	if (lines)
		print_lines(&x, lines);
}
