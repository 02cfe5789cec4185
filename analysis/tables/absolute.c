// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/absolute.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/tables/absolute_rows.h"

/* A family is contended where any of its points has roles, on whatever kernel. */
static bool contended(const struct results *r, const char *bench)
{
	const struct result_cell *cell;
	size_t k, p;

	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->nr_points; p++) {
			cell = results_cell(r, k, p);
			if (cell && cell->nr_roles && !strcmp(point_bench(r->points[p]), bench))
				return true;
		}
	}
	return false;
}

/* Is p in the table that begins with first? */
static bool same_table(const struct results *r, size_t first, size_t p, bool by_variant)
{
	const json_t *a = r->points[first], *b = r->points[p];

	return !strcmp(point_bench(a), point_bench(b)) &&
	       (!by_variant || !strcmp(point_variant(a), point_variant(b)));
}

/* "fork: size 1G, core" */
static void print_head(const struct absolute *b, bool roles)
{
	const json_t *first = b->r->points[b->point[0]];
	struct params shown = b->params;
	char op[POINT_TEXT], *common;
	size_t c;

	/* What the rows say of each role is left out here; params_common() skips what varies. */
	for (c = 0; roles && c < shown.nr; c++)
		shown.varies[c] |= absolute_names_role(b, shown.name[c]);
	common = params_common(&shown, first);
	fputc('\n', b->out);
	text_wrapf(b->out, 4, "%s: %s",
		   params_vary(&b->params, "variant") ? point_bench(first) : point_op(first, op),
		   common ? common : "");
	free(common);
}

static void print_rows(struct absolute *b, bool by_variant, struct legend *legend)
{
	json_t **points = calloc(b->nr, sizeof(*points));
	size_t i;

	if (!points)
		return;
	for (i = 0; i < b->nr; i++)
		points[i] = b->r->points[b->point[i]];
	params_of(&b->params, points, b->nr);
	free(points);
	print_head(b, by_variant);
	if (by_variant)
		absolute_contended(b, legend);
	else
		absolute_times(b, legend);
	for (i = 0; i < b->foot.nr; i++)
		text_wrapf(b->out, 4, "[%zu] %s", i + 1, b->foot.text[i]);
	warnings_free(&b->foot);
	grid_free(&b->grid);
}

/* Times of an emulator stand beside no others without saying so. */
static bool is_emulated(const struct results *r, size_t kernel)
{
	const struct result_cell *cell;
	size_t p;

	for (p = 0; p < r->nr_points; p++) {
		cell = results_cell(r, kernel, p);
		if (cell && cell->source == SOURCE_EMULATED)
			return true;
	}
	return false;
}

static void print_kernel(FILE *out, const struct results *r, size_t kernel, struct legend *legend)
{
	size_t *point = calloc(r->nr_points + 1, sizeof(*point)), first, p;
	bool *done = calloc(r->nr_points + 1, sizeof(*done)), by_variant;
	const json_t *machine = r->kernels[kernel].machine;
	char title[FACTS_TITLE];

	legend->resolution_ns = fact_number(machine, "clock.resolution_ns");

	fprintf(out, "%s%s on %s%s\n", kernel ? "\n" : "", r->kernels[kernel].label,
		facts_title(machine, title), is_emulated(r, kernel) ? ", emulated" : "");
	for (first = 0; point && done && first < r->nr_points; first++) {
		struct absolute b = {.out = out, .r = r, .kernel = kernel, .point = point};

		if (done[first])
			continue;
		by_variant = contended(r, point_bench(r->points[first]));
		for (p = first; p < r->nr_points; p++) {
			if (!same_table(r, first, p, by_variant))
				continue;
			done[p] = true;
			point[b.nr++] = p;
		}
		print_rows(&b, by_variant, legend);
	}
	free(point);
	free(done);
}

static void print_legend(FILE *out, const struct results *r, const struct legend *l)
{
	char basis[BASIS_TEXT], *clock = facts_ns(r, "clock.cost_ns");
	size_t i;

	fputc('\n', out);
	if (!l->basis.cells)
		text_wrapf(out, 2, "No run was ok, so there are no numbers.");
	else
		text_wrapf(out, 2, "Each number: %s, of verified runs only.",
			   basis_text(&l->basis, basis));
	if (l->times)
		text_wrapf(out, 2, "time/op: mean of the %s means of one op, wall time.",
			   basis_unit(&l->basis));
	if (l->basis.cells)
		text_wrapf(out, 2,
			   "stdev: sample standard deviation (n-1) of the %s means, in %% of "
			   "their mean.",
			   basis_unit(&l->basis));
	if (l->per)
		text_wrapf(out, 2,
			   "ns/...: time inside the op summed over its workers, divided by how "
			   "many one op consists of.");
	if (l->bytes)
		text_wrapf(out, 2,
			   "GB/s: what the kernel clears or copies in it, all workers together, "
			   "10^9 bytes a second of wall time.");
	if (l->rates)
		text_wrapf(out, 2, ".../s: of all workers together, a second of wall time.");
	if (l->paths)
		text_wrapf(
			out, 2,
			"no-mmap_lock: faults that ended without it (speculatively, or under the "
			"VMA's lock), of those that tried; the whole system's. gave up: reasons of "
			"the others, where the kernel counts them.");
	if (l->latency)
		text_wrapf(out, 2,
			   "ops/s: of all workers of the role, a second of their working time. "
			   "median to max: of single ops of all ok runs.");
	if (l->units)
		text_wrapf(out, 2,
			   "per ...: mean time of an op of the role named first, divided by how "
			   "many it consists of.");
	if (l->latency && clock)
		text_wrapf(out, 2, "Each latency includes one clock read (%s).", clock);
	free(clock);
	if (l->emulated)
		text_wrapf(out, 2,
			   "emulated (%zu of %zu rows): no measure of hardware, no verdict.",
			   l->emulated, l->basis.cells);
	for (i = 0; i < r->warnings.nr; i++)
		text_wrapf(out, 2, "Warning: %s", r->warnings.text[i]);
}

void table_absolute(FILE *out, const struct results *results)
{
	struct legend legend = {0};
	size_t k;

	for (k = 0; k < results->nr_kernels; k++)
		print_kernel(out, results, k, &legend);
	print_legend(out, results, &legend);
}
