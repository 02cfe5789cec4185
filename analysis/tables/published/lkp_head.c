// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What stands above the tables of the kernel test robot: what was noticed, on which commits, with
 * which parameters, config, compiler and machine; tags; how it is made again. What it calls a
 * regression is what `check` does, so that two tools do not say two things.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/verdict.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/published/formats.h"
#include "analysis/tables/published/lkp.h"
#include "analysis/text/command.h"
#include "analysis/text/grid.h"

#define RULE 98 /* dashes before the details */

struct head {
	FILE *out;
	const struct results *r;
	size_t base;
	const struct check *check;
};

/* The more important verdicts first; 0: it is not told. */
static int weight_of(const struct check_row *row)
{
	return row->verdict == VERDICT_REGRESSION    ? 3
	       : row->verdict == VERDICT_FAILS	     ? 2
	       : row->verdict == VERDICT_IMPROVEMENT ? 1
						     : 0;
}

static bool is_noticed(const struct check_row *row, size_t kernel)
{
	return row->kernel == kernel && weight_of(row) &&
	       (isfinite(row->change) || row->verdict == VERDICT_FAILS);
}

/* Of two that are noticed. */
static bool is_before(const struct check_row *a, const struct check_row *b)
{
	if (a->verdict != b->verdict)
		return weight_of(a) > weight_of(b);
	return fabs(a->change) > fabs(b->change);
}

static const struct check_row *first_of(const struct head *h, size_t kernel)
{
	const struct check_row *first = NULL;
	size_t i;

	for (i = 0; i < h->check->nr_rows; i++)
		if (is_noticed(&h->check->rows[i], kernel) &&
		    (!first || is_before(&h->check->rows[i], first)))
			first = &h->check->rows[i];
	return first;
}

static const struct result_role *role_of(const struct head *h, const struct check_row *row)
{
	return cell_role(results_cell(h->r, row->kernel, row->point), row->metric->role);
}

/* As its row is called: "fault/write.threads-4.ns/op", "contend/mmap.4-faulters.ops/s". */
static void put_name(const struct head *h, const struct check_row *row)
{
	const struct metric *m = row->metric;
	const struct result_role *role = m->role ? role_of(h, row) : NULL;

	lkp_put_point(h->out, h->r->points[row->point],
		      m->role ? NULL : cover_key(h->r, row->point));
	if (role)
		fprintf(h->out, "%d-%.*s.", role->workers,
			(int)strlen(role->role) - (role->workers == 1), role->role);
	if (metric_is_time(m) && !metric_repeats(m))
		fputs("ns/op", h->out);
	else
		fputs(!m->role ? m->name : m->main ? m->unit : metric_what(m), h->out);
}

/* "a 7.7% regression of ...", "more failures of ..." */
static void put_noticed(const struct head *h, const struct check_row *row)
{
	if (row->verdict == VERDICT_FAILS)
		fputs("more failures of ", h->out);
	else
		fprintf(h->out, "a %.1f%% %s of ", fabs(100 * row->change),
			verdict_name(row->verdict));
	put_name(h, row);
}

static void put_others(const struct head *h, size_t kernel, const struct check_row *first)
{
	const struct check_row *row;
	size_t i, nr = 0;

	for (i = 0; i < h->check->nr_rows; i++) {
		row = &h->check->rows[i];
		if (row == first || !is_noticed(row, kernel))
			continue;
		fputs(nr++ ? "and " : "also ", h->out);
		put_noticed(h, row);
		fputc('\n', h->out);
	}
	if (nr)
		fputc('\n', h->out);
}

/* What is told of a kernel, the most important thing first. */
static void put_kernel(const struct head *h, size_t kernel)
{
	const struct check_row *first = first_of(h, kernel);

	fputs("faultbench noticed ", h->out);
	if (first)
		put_noticed(h, first);
	else
		fputs("nothing that its check calls a regression or an improvement", h->out);
	fputs(" on:\n\ncommit: ", h->out);
	lkp_put_kernel(h->out, &h->r->kernels[kernel], INT_MAX);
	fputs("\nbase:   ", h->out);
	lkp_put_kernel(h->out, &h->r->kernels[h->base], INT_MAX);
	fputs("\n\n", h->out);
	put_others(h, kernel, first);
}

/* A fact of all kernels: once if they have it in common, else of each that it is known of. */
static void put_fact(const struct head *h, const char *name, lkp_fact *fact)
{
	char *base = fact(&h->r->kernels[h->base]), *text;
	bool same = base;
	size_t k;

	for (k = 0; k < h->r->nr_kernels; k++) {
		text = fact(&h->r->kernels[k]);
		same = same && (!text || !strcmp(text, base));
		free(text);
	}
	if (same)
		fprintf(h->out, "%s: %s\n", name, base);
	free(base);
	for (k = 0; !same && k < h->r->nr_kernels; k++) {
		text = fact(&h->r->kernels[k]);
		if (text)
			fprintf(h->out, "%s: %s (%s)\n", name, text, h->r->kernels[k].label);
		free(text);
	}
}

static void put_parameters(const struct head *h, size_t point)
{
	json_t *params = h->r->points[point], *value;
	char text[POINT_TEXT];
	const char *name;

	fputs("parameters:\n\n", h->out);
	json_object_foreach(params, name, value)
		if (strcmp(name, "bench"))
			fprintf(h->out, "\t%s: %s\n", strcmp(name, "variant") ? name : "test",
				point_value(params, name, text));
	put_fact(h, "\tcpufreq_governor", lkp_governor);
	fputc('\n', h->out);
}

static bool any_regression(const struct check *check)
{
	return check->count[VERDICT_REGRESSION] || check->count[VERDICT_FAILS];
}

static void put_how(const struct head *h)
{
	const char *text;
	json_t *words;

	if (any_regression(h->check))
		fputs("A fix in a commit of its own takes these tags, with who reports it and "
		      "where:\n"
		      "| Reported-by: NAME <ADDRESS>\n"
		      "| Closes: https://lore.kernel.org/r/MESSAGE-ID\n\n",
		      h->out);
	fputs("To reproduce:\n\n", h->out);
	json_object_foreach(h->r->commands, text, words)
		text_command(h->out, words, NULL);
	if (!json_object_size(h->r->commands))
		fputs("    (the journals have no command line)\n", h->out);
	fputs("\nDetails:\n", h->out);
	text_rule(h->out, RULE);
	fputs(">\n\n", h->out);
}

static void put_all(const struct head *h)
{
	const struct check_row *first = NULL, *row;
	size_t k;

	for (k = 0; k < h->r->nr_kernels; k++) {
		if (k == h->base || h->r->kernels[k].about.skip)
			continue;
		put_kernel(h, k);
		row = first_of(h, k);
		if (row && (!first || is_before(row, first)))
			first = row;
	}
	fprintf(h->out, "testcase: faultbench %s\n",
		point_bench(h->r->points[first ? first->point : 0]));
	put_fact(h, "config", lkp_config);
	put_fact(h, "compiler", lkp_compiler);
	put_fact(h, "test machine", lkp_machine);
	put_parameters(h, first ? first->point : 0);
	put_how(h);
}

void format_lkp_head(FILE *out, const struct results *results, size_t base)
{
	struct check check = {.results = results, .base = base, .threshold = NAN};
	struct head head = {out, results, base, &check};

	if (results->nr_kernels < 2 || !results->nr_points || !check_make(&check))
		return;
	put_all(&head);
	check_free(&check);
}
