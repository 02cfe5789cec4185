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

/* ", on v6.1: no PMU": why, and on which kernels, if not on all; malloc'ed. */
static char *where_and_why(const char *why, const json_t *kernels, size_t nr_kernels)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (json_object_size(kernels) < nr_kernels) {
		fputs(", on ", out);
		put_names(out, kernels);
	}
	fprintf(out, ": %s", why);
	fclose(out);
	return text;
}

/* One line for all counters that were refused for that reason on the same kernels. */
static void print_reason(FILE *out, const char *why, const json_t *counters, size_t nr_kernels)
{
	json_t *lines = json_object(), *kernels;
	const char *name, *where;
	char *text = NULL;
	size_t size;
	FILE *list;

	json_object_foreach((json_t *)counters, name, kernels) {
		text = where_and_why(why, kernels, nr_kernels);
		if (text && !json_object_get(lines, text))
			json_object_set_new(lines, text, json_object());
		if (text)
			json_object_set_new(json_object_get(lines, text), name, json_true());
		free(text);
	}
	json_object_foreach(lines, where, kernels) {
		list = open_memstream(&text, &size);
		if (!list)
			break;
		fputs("refused: ", list);
		put_names(list, kernels);
		fputs(where, list);
		fclose(list);
		text_wrap(out, 0, 2, text);
		free(text);
	}
	json_decref(lines);
}

/* The object of that name in another, which is made if it is not there. */
static json_t *object_in(json_t *of, const char *name)
{
	if (!json_object_get(of, name))
		json_object_set_new(of, name, json_object());
	return json_object_get(of, name);
}

/* Adds the counters of a cell that never ran: {why: {counter: {kernel}}}. */
static void take_refused(json_t *reasons, const struct result_cell *cell, const char *label)
{
	const struct result_counter *counter;
	json_t *of;
	size_t i;

	for (i = 0; cell && i < cell->nr_counters; i++) {
		counter = &cell->counters[i];
		if (!counter->refused || counter->running > 0)
			continue;
		of = object_in(object_in(reasons, counter->refused), counter->metric->name);
		json_object_set_new(of, label, json_true());
	}
}

bool table_refused(FILE *out, const struct results *r)
{
	json_t *reasons = json_object(), *counters;
	const char *why;
	size_t k, p, nr;

	for (k = 0; k < r->nr_kernels; k++)
		for (p = 0; p < r->nr_points; p++)
			take_refused(reasons, results_cell(r, k, p), r->kernels[k].label);
	nr = json_object_size(reasons);
	if (nr)
		fputc('\n', out);
	json_object_foreach(reasons, why, counters)
		print_reason(out, why, counters, r->nr_kernels);
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
