// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The perf counters of runs and what moved in /proc/vmstat.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/results/point_names.h"
#include "analysis/results/results.h"

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

static void take_state(struct result_counter *counter, const json_t *entry)
{
	const char *refused = json_string_value(json_object_get(entry, "refused"));
	const char *mode = json_string_value(json_object_get(entry, "mode"));

	if (refused && !counter->refused)
		counter->refused = strdup(refused);
	counter->enabled += json_number_value(json_object_get(entry, "enabled"));
	counter->running += json_number_value(json_object_get(entry, "running"));
	counter->user |= mode && !strcmp(mode, "user");
	counter->machine |= mode && !strcmp(mode, "machine");
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
		metric = metrics_take_entry(metrics, METRIC_OF_COUNTER, name, from);
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
