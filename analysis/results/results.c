// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/results.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/point_names.h"

long results_kernel(const struct results *results, const char *label)
{
	size_t i;

	for (i = 0; i < results->nr_kernels; i++)
		if (!strcmp(results->kernels[i].label, label))
			return (long)i;
	return -1;
}

bool results_exact(const struct results *results)
{
	return results->source == SOURCE_EXACT;
}

const struct result_cell *results_cell(const struct results *results, size_t kernel, size_t point)
{
	const struct result_kernel *k = &results->kernels[kernel];

	return point < k->nr_cells ? k->cells[point] : NULL;
}

const struct metric *results_op(const struct results *results, size_t point)
{
	const struct metric *op = NULL;
	size_t k;

	for (k = 0; k < results->nr_kernels && !op; k++)
		op = cell_op(results_cell(results, k, point));
	return op;
}

void results_free(struct results *results)
{
	size_t i, p;

	for (i = 0; i < results->nr_kernels; i++) {
		for (p = 0; p < results->kernels[i].nr_cells; p++)
			cell_free(results->kernels[i].cells[p]);
		free(results->kernels[i].cells);
		free(results->kernels[i].label);
		free(results->kernels[i].given_up);
		json_decref(results->kernels[i].varied);
		json_decref(results->kernels[i].machine);
		kernel_record_free(&results->kernels[i].about);
	}
	for (p = 0; p < results->nr_points; p++)
		json_decref(results->points[p]);
	free(results->kernels);
	free(results->points);
	json_decref(results->index);
	json_decref(results->commands);
	json_decref(results->bands);
	boots_free(&results->boots);
	metrics_free(&results->metrics);
	free(results->caches);
	json_decref(results->states);
	warnings_free(&results->warnings);
	*results = (struct results){0};
}

bool results_scheduled(const struct results *r, size_t kernel)
{
	return json_object_get(json_object_get(r->kernels[kernel].machine, "perturbation"),
			       "schedule");
}

/* --- perf counters of runs, and what moved in /proc/vmstat --- */

/* What is known of a counter, which is added if it is new; NULL without memory. */
static struct result_counter *take_counter(struct result_cell *cell, const struct metric *metric)
{
	struct result_counter *more;
	size_t i;

	for (i = 0; i < cell->nr_counters; i++)
		if (cell->counters[i].metric == metric)
			return &cell->counters[i];
	more = realloc(cell->counters, (cell->nr_counters + 1) * sizeof(*more));
	if (!more)
		return NULL;
	cell->counters = more;
	more += cell->nr_counters++;
	*more = (struct result_counter){.metric = metric};
	return more;
}

static bool has_mode(const json_t *entry, const char *mode)
{
	const char *is = json_string_value(json_object_get(entry, "mode"));

	return is && !strcmp(is, mode);
}

/*
 * The plan's name; where only faults of user space could be counted, as perf writes that, for they
 * are no number of what others counted by the same name.
 */
static const char *counter_name(const char *name, const json_t *entry, char text[POINT_TEXT])
{
	if (!has_mode(entry, "user"))
		return name;
	snprintf(text, POINT_TEXT, "%.70s%su", name, strchr(name, ':') ? "" : ":");
	return text;
}

static void take_state(struct result_counter *counter, const json_t *entry)
{
	const char *refused = json_string_value(json_object_get(entry, "refused"));

	if (refused && !counter->refused)
		counter->refused = strdup(refused);
	counter->enabled += json_number_value(json_object_get(entry, "enabled"));
	counter->running += json_number_value(json_object_get(entry, "running"));
	counter->machine |= has_mode(entry, "machine");
}

/* Where cores are of several kinds: all runs of a cell should be on the same. */
static void take_cores(struct result_cell *cell, const struct run_record *rec)
{
	const char *cores = json_string_value(json_object_get(rec->placement, "pmu"));

	if (!cores)
		return;
	if (!cell->cores)
		cell->cores = strdup(cores);
	else if (strcmp(cell->cores, cores) != 0)
		warnings_add(&cell->warnings, "runs on other cores than others: of %s, and of %s",
			     cell->cores, cores);
}

void counters_take(struct metrics *metrics, struct result_cell *cell, struct metric_from *from)
{
	struct result_counter *counter;
	const struct metric *metric;
	char key[POINT_TEXT];
	const char *name;
	json_t *entry;

	take_cores(cell, from->rec);
	json_object_foreach(from->rec->counters, name, entry) {
		from->entry = entry;
		metric = metrics_take_entry(metrics, METRIC_OF_COUNTER,
					    counter_name(name, entry, key), from);
		counter = metric ? take_counter(cell, metric) : NULL;
		if (counter)
			take_state(counter, entry);
	}
	json_object_foreach(from->rec->vmstat, name, entry) {
		from->entry = entry;
		snprintf(key, sizeof(key), "vmstat:%s", name);
		metrics_take_entry(metrics, METRIC_OF_VMSTAT, key, from);
	}
	from->entry = NULL;
}

const struct result_counter *cell_counter(const struct result_cell *cell,
					  const struct metric *metric)
{
	size_t i;

	for (i = 0; cell && metric && i < cell->nr_counters; i++)
		if (cell->counters[i].metric->slot == metric->slot)
			return &cell->counters[i];
	return NULL;
}
