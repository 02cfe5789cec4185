// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/refused.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/text/grid.h"

/* The names of an object, "a, b". */
static void put_names(FILE *out, const json_t *names)
{
	const char *name;
	json_t *value;
	size_t nr = 0;

	json_object_foreach((json_t *)names, name, value)
		fprintf(out, "%s%s", nr++ ? ", " : "", name);
}

static void print_reason(FILE *out, const char *why, const json_t *one, size_t nr_kernels)
{
	const json_t *kernels = json_object_get(one, "kernels");
	char *text = NULL;
	size_t size;
	FILE *list = open_memstream(&text, &size);

	if (!list)
		return;
	fputs("refused: ", list);
	put_names(list, json_object_get(one, "counters"));
	if (json_object_size(kernels) < nr_kernels) {
		fputs(", on ", list);
		put_names(list, kernels);
	}
	fprintf(list, ": %s", why);
	fclose(list);
	text_wrap(out, 0, 2, text);
	free(text);
}

/* Adds the counters of a cell that never ran, by reason. */
static void take_refused(json_t *reasons, const struct result_cell *cell, const char *label)
{
	const struct result_counter *counter;
	json_t *one;
	size_t i;

	for (i = 0; cell && i < cell->nr_counters; i++) {
		counter = &cell->counters[i];
		if (!counter->refused || counter->running > 0)
			continue;
		one = json_object_get(reasons, counter->refused);
		if (!one) {
			one = json_pack("{s:{},s:{}}", "counters", "kernels");
			json_object_set_new(reasons, counter->refused, one);
		}
		json_object_set_new(json_object_get(one, "counters"), counter->metric->name,
				    json_true());
		json_object_set_new(json_object_get(one, "kernels"), label, json_true());
	}
}

bool table_refused(FILE *out, const struct results *r)
{
	json_t *reasons = json_object(), *one;
	const char *why;
	size_t k, p, nr;

	for (k = 0; k < r->nr_kernels; k++)
		for (p = 0; p < r->nr_points; p++)
			take_refused(reasons, results_cell(r, k, p), r->kernels[k].label);
	nr = json_object_size(reasons);
	if (nr)
		fputc('\n', out);
	json_object_foreach(reasons, why, one)
		print_reason(out, why, one, r->nr_kernels);
	json_decref(reasons);
	return nr;
}

/* Of those that a PMU has. */
static bool is_of_pmu(const struct result_counter *counter)
{
	static const char *const names[] = {"cycles", "instructions"};
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		len = strlen(names[i]);
		if (!strncmp(counter->metric->name, names[i], len) &&
		    strchr(":", counter->metric->name[len]))
			return true;
	}
	return false;
}

/* False: one ran. */
static bool look_at(const struct result_cell *cell, const char **ret)
{
	const struct result_counter *counter;
	size_t i;

	for (i = 0; cell && i < cell->nr_counters; i++) {
		counter = &cell->counters[i];
		if (!is_of_pmu(counter))
			continue;
		if (!counter->refused || counter->running > 0)
			return false;
		*ret = *ret ? *ret : counter->refused;
	}
	return true;
}

const char *refused_pmu(const struct results *r)
{
	const char *why = NULL;
	size_t k, p;

	for (k = 0; k < r->nr_kernels; k++)
		for (p = 0; p < r->nr_points; p++)
			if (!look_at(results_cell(r, k, p), &why))
				return NULL;
	return why;
}
