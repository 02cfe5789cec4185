// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/machine_facts.h"
#include "analysis/results/metric_text.h"
#include "analysis/results/point_names.h"
#include "analysis/tables/refused.h"
#include "analysis/text/grid.h"
#include "analysis/verdicts/print.h"

/* The rows of one kernel and one benchmark: a table. */
struct family {
	FILE *out;
	const struct check *check;
	const struct check_row *rows;
	size_t nr;
	struct params params;
	bool column[POINT_PARAMS]; /* the parameter has one */
	bool roles, quantities, needs;
	struct grid grid;
};

static const json_t *point_of(const struct family *b, const struct check_row *row)
{
	return b->check->results->points[row->point];
}

/* Is the parameter the number of workers of a role? */
static bool names_role(const struct family *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->nr; i++)
		if (b->rows[i].metric->role && !strcmp(b->rows[i].metric->role, name))
			return true;
	return false;
}

/* "faulters 4:1": the role, and the workers of each. */
static void put_role(struct family *b, const struct check_row *row)
{
	char list[2 * POINT_TEXT] = "", text[POINT_TEXT];
	size_t i, used = 0;

	for (i = 0; row->metric->role && i < b->params.nr && used < sizeof(list); i++)
		if (names_role(b, b->params.name[i]))
			used += (size_t)snprintf(
				list + used, sizeof(list) - used, "%s%s", used ? ":" : "",
				point_value(point_of(b, row), b->params.name[i], text));
	grid_put(&b->grid, "%s %s", row->metric->role ? row->metric->role : "", list);
}

static void put_change(struct grid *g, const struct check_row *row)
{
	char text[2 * NUMBER_TEXT];

	if (isfinite(row->change))
		grid_put(g, "%s%%", number_change(row->change, text));
	else
		grid_put(g, "%s", isnan(row->change) ? "-" : "new");
	grid_put(g, "%s", number_interval(row->low, row->high, text));
	if (isfinite(row->detectable))
		grid_put(g, "%s%%", number_change(row->detectable, text) + 1);
	else
		grid_put(g, row->exact ? "" : "-");
}

static void put_mean(struct grid *g, const struct check_row *row)
{
	char text[NUMBER_TEXT];

	grid_put(g, "%s", value_text(row->metric, row->mean[0], text));
}

static void put_row(struct family *b, const struct check_row *row)
{
	const json_t *point = point_of(b, row);
	char text[POINT_TEXT];
	size_t i;

	grid_row(&b->grid);
	for (i = 0; i < b->params.nr; i++)
		if (b->column[i])
			grid_put(&b->grid, "%s", point_value(point, b->params.name[i], text));
	if (b->roles)
		put_role(b, row);
	if (b->quantities)
		grid_put(&b->grid, "%s",
			 isnan(row->mean[1]) && metric_is_time(row->metric)
				 ? "" /* whatever it may be of */
				 : metric_what(row->metric));
	put_mean(&b->grid, row);
	put_change(&b->grid, row);
	if (b->needs && check_row_needs_more(row))
		grid_put(&b->grid, "%zu", row->needs);
	else if (b->needs)
		grid_put(&b->grid, "%s", "");
	grid_put(&b->grid, "%s", verdict_name(row->verdict));
}

/* "order-9 (pte-map), 4 threads": what tells the row from others of the table; malloc'ed. */
static char *short_name(const struct family *b, const struct check_row *row)
{
	char *name = NULL, text[POINT_TEXT], op[POINT_TEXT];
	size_t i, size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		return NULL;
	for (i = 0; i < b->params.nr; i++)
		if (b->params.varies[i])
			fprintf(out, "%s%s", ftell(out) ? ", " : "",
				strcmp(b->params.name[i], "variant")
					? point_param(point_of(b, row), b->params.name[i], text)
					: point_variant(point_of(b, row)));
	if (row->metric->role)
		fprintf(out, "%s%s", ftell(out) ? ", " : "", row->metric->role);
	if (!metric_is_time(row->metric))
		fprintf(out, "%s%s", ftell(out) ? " " : "", metric_what(row->metric));
	if (!ftell(out))
		fprintf(out, "%s", point_op(point_of(b, row), op));
	fclose(out);
	return name;
}

/* A note under a table: what several rows have in common stands once. */
struct note {
	const char *label; /* of a kernel, or NULL */
	const char *text;  /* both borrowed from the row */
	const struct check_row *first;
	size_t rows;
};

static void take_note(struct note *notes, size_t *nr, const struct check_row *row,
		      const char *label, const char *text)
{
	size_t i;

	for (i = 0; i < *nr; i++) {
		if (notes[i].label == label && !strcmp(notes[i].text, text)) {
			notes[i].rows++;
			return;
		}
	}
	notes[(*nr)++] = (struct note){label, text, row, 1};
}

static void print_note(struct family *b, const struct note *note)
{
	char *name = short_name(b, note->first), others[64] = "";

	if (note->rows > 1)
		snprintf(others, sizeof(others), " and %zu more", note->rows - 1);
	text_wrapf(b->out, 4, "  %s%s%s%s: %s",
		   note->rows == b->nr && b->nr > 1 ? "all"
		   : name			    ? name
						    : "",
		   note->rows == b->nr ? "" : others, note->label ? ", " : "",
		   note->label ? note->label : "", note->text);
	free(name);
}

static void print_notes(struct family *b)
{
	size_t room = 0, nr = 0, i, k;
	struct note *notes;

	for (i = 0; i < b->nr; i++)
		room += 1 + b->rows[i].diagnoses.nr;
	notes = calloc(room, sizeof(*notes));
	for (i = 0; notes && i < b->nr; i++) {
		const struct diagnoses *d = &b->rows[i].diagnoses;

		if (b->rows[i].why && b->rows[i].verdict != VERDICT_OK)
			take_note(notes, &nr, &b->rows[i], NULL, b->rows[i].why);
		for (k = 0; k < d->nr; k++)
			take_note(notes, &nr, &b->rows[i], d->of[k].label, d->of[k].text);
	}
	for (i = 0; i < nr; i++)
		print_note(b, &notes[i]);
	free(notes);
}

static void print_head(struct family *b)
{
	char *common = params_common(&b->params, point_of(b, b->rows)), op[POINT_TEXT];
	const char *name = params_vary(&b->params, "variant") ? point_bench(point_of(b, b->rows))
							      : point_op(point_of(b, b->rows), op);

	fputc('\n', b->out);
	text_wrapf(b->out, 4, "%s: %s", name, common ? common : "");
	free(common);
}

static void make_columns(struct family *b)
{
	size_t i;

	for (i = 0; i < b->nr; i++) {
		b->roles |= b->rows[i].metric->role != NULL;
		b->quantities |= !metric_is_time(b->rows[i].metric);
		b->needs |= check_row_needs_more(&b->rows[i]);
	}
	for (i = 0; i < b->params.nr; i++) {
		b->column[i] = b->params.varies[i] && !names_role(b, b->params.name[i]);
		if (b->column[i])
			grid_column(&b->grid, b->params.name[i], false);
	}
	if (b->roles)
		grid_column(&b->grid, "role", true);
	if (b->quantities)
		grid_column(&b->grid, "of", true);
	grid_column(&b->grid, "base", false);
	grid_column(&b->grid, "change", false);
	grid_column(&b->grid, "interval, %", false);
	grid_column(&b->grid, "finds", false);
	if (b->needs)
		grid_column(&b->grid, "needs", false);
	grid_column(&b->grid, "verdict", true);
}

static void print_family(struct family *b)
{
	json_t **points = calloc(b->nr, sizeof(*points));
	size_t i;

	if (!points)
		return;
	for (i = 0; i < b->nr; i++)
		points[i] = b->check->results->points[b->rows[i].point];
	params_of(&b->params, points, b->nr);
	make_columns(b);
	for (i = 0; i < b->nr; i++)
		put_row(b, &b->rows[i]);
	print_head(b);
	grid_print(&b->grid, b->out);
	print_notes(b);
	grid_free(&b->grid);
	free(points);
}

static bool same_family(const struct check *check, const struct check_row *a,
			const struct check_row *b)
{
	const json_t *x = check->results->points[a->point], *y = check->results->points[b->point];

	return a->kernel == b->kernel && !strcmp(point_bench(x), point_bench(y)) &&
	       !a->metric->role == !b->metric->role &&
	       (!a->metric->role || !strcmp(point_variant(x), point_variant(y)));
}

static void print_count(FILE *out, const struct check *check)
{
	unsigned int v, more = 0;

	fprintf(out, "\n%zu verdict%s:", check->nr_rows - check->count[VERDICT_SKIPPED],
		check->nr_rows - check->count[VERDICT_SKIPPED] == 1 ? "" : "s");
	for (v = 0; v < NR_VERDICTS; v++)
		if (check->count[v])
			fprintf(out, "%s %zu %s", more++ ? "," : "", check->count[v],
				verdict_name((enum verdict)v));
	fputc('\n', out);
}

static void print_tables(FILE *out, const struct check *check)
{
	const struct results *r = check->results;
	size_t i, end;

	for (i = 0; i < check->nr_rows; i = end) {
		struct family b = {.out = out, .check = check, .rows = &check->rows[i]};

		if (i && check->rows[i].kernel != check->rows[i - 1].kernel)
			fputc('\n', out);
		if (!i || check->rows[i].kernel != check->rows[i - 1].kernel)
			text_wrapf(out, 4, "%s against %s", r->kernels[check->rows[i].kernel].label,
				   r->kernels[check->base].label);
		for (end = i;
		     end < check->nr_rows && same_family(check, &check->rows[i], &check->rows[end]);
		     end++)
			b.nr++;
		print_family(&b);
	}
	check_meaning(out, check);
	if (check->all)
		table_refused(out, r);
}

void check_verdicts(FILE *out, const struct check *check)
{
	print_tables(out, check);
	print_count(out, check);
}

void check_text(FILE *out, const struct check *checks, size_t nr, const struct check_origin *origin)
{
	size_t i;

	(void)origin;
	for (i = 0; i < nr; i++) {
		if (i)
			fputs("\n\n", out);
		if (checks[i].several)
			text_head(out, check_title(&checks[i]));
		print_tables(out, &checks[i]);
		/* What is modelled is of the runs of the section before it. */
		if (!i || checks[i].results != checks[i - 1].results)
			facts_differences(out, checks[i].results, checks[i].base);
		print_count(out, &checks[i]);
	}
}
