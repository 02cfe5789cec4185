// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading journals into results.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/bands.h"
#include "analysis/results/folio_state.h"
#include "analysis/results/load.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/page_sizes.h"
#include "analysis/results/results.h"
#include "common/journal.h"
#include "common/msg.h"

struct loading {
	struct results *results;
	const char *path;
	size_t runs; /* of this journal */
	struct origins *origins;
	size_t journal; /* its number */
	source_set section;
};

/* Does it belong to what is read? */
static bool belongs(const struct loading *l, const char *kernel, int boot, enum run_source said)
{
	return l->section == SOURCES_ALL ||
	       origins_belongs(l->origins, l->journal, l->section, kernel, boot, said);
}

static struct result_kernel *take_kernel(struct results *results, const char *label)
{
	long known = results_kernel(results, label);
	struct result_kernel *more;

	if (known >= 0)
		return &results->kernels[known];
	more = realloc(results->kernels, (results->nr_kernels + 1) * sizeof(*more));
	if (!more)
		return NULL;
	results->kernels = more;
	more += results->nr_kernels;
	*more = (struct result_kernel){.label = strdup(label)};
	if (!more->label)
		return NULL;
	results->nr_kernels++;
	return more;
}

/* The number of a point, which is added if it is new; -1 without memory. */
static long take_point(struct results *results, json_t *point)
{
	char *text = json_dumps(point, JSON_SORT_KEYS | JSON_COMPACT);
	json_t **more, *known;
	long nr = -1;

	if (!text)
		return -1;
	known = json_object_get(results->index, text);
	if (known) {
		nr = (long)json_integer_value(known);
		goto out;
	}
	more = realloc(results->points, (results->nr_points + 1) * sizeof(json_t *));
	if (!more)
		goto out;
	results->points = more;
	nr = (long)results->nr_points++;
	more[nr] = json_incref(point);
	json_object_set_new(results->index, text, json_integer(nr));
out:
	free(text);
	return nr;
}

static struct result_cell *take_cell(struct result_kernel *kernel, size_t point)
{
	struct result_cell **more;

	if (point >= kernel->nr_cells) {
		more = realloc(kernel->cells, (point + 1) * sizeof(*more));
		if (!more)
			return NULL;
		while (kernel->nr_cells <= point)
			more[kernel->nr_cells++] = NULL;
		kernel->cells = more;
	}
	if (!kernel->cells[point])
		kernel->cells[point] = calloc(1, sizeof(struct result_cell));
	return kernel->cells[point];
}

/* What the metrics of a run are taken from; its extremes stay with it. */
static struct metric_from summarise(struct result_run *run, const struct run_record *rec)
{
	double sum = 0, min = INFINITY, max = -INFINITY, value;
	struct metric_from from = {.rec = rec};
	size_t i, n = rec->nr_samples;

	for (i = 0; i < n; i++) {
		value = (double)rec->samples[i];
		sum += value;
		min = value < min ? value : min;
		max = value > max ? value : max;
	}
	run->iterations = n;
	run->min = n ? min : NAN;
	run->max = n ? max : NAN;
	from.mean = n ? sum / (double)n : NAN;
	n = json_array_size(rec->workers_ns);
	from.work = n ? record_sum(rec->workers_ns) / (double)n : from.mean;
	return from;
}

/* Notes say "what: with which numbers"; the first run's stands for all that say the same. */
static void add_notes(struct result_cell *cell, const struct run_record *rec)
{
	const char *text;
	json_t *note;
	size_t i, k;

	json_array_foreach(rec->notes, i, note) {
		text = json_string_value(note);
		for (k = 0; text && k < cell->warnings.nr; k++)
			if (!strncmp(cell->warnings.text[k], text, strcspn(text, ":") + 1))
				text = NULL;
		if (text)
			warnings_add(&cell->warnings, "%s", text);
	}
}

static void add_ok(struct metrics *metrics, struct result_cell *cell, struct result_run *run,
		   struct metric_from *from)
{
	const struct run_record *rec = from->rec;

	if (!cell->nr_ok++) {
		cell->source = rec->source;
		cell->per = strdup(rec->per ? rec->per : "op");
		cell->per_count = rec->per_count > 0 ? rec->per_count : 1;
	}
	metrics_take(metrics, from);
	roles_take(metrics, cell, from);
	counters_take(metrics, cell, from);
	run->vmstat = rec->vmstat != NULL;
	run->units = rec->per_count > 0 ? rec->per_count : 1;
	run->value = metrics_keep(metrics, &run->nr_values);
	if (!cell->op)
		cell->op = metrics_find(metrics,
					rec->source == SOURCE_EXACT ? "kernel-insns" : "time");
	if (json_is_object(rec->functions))
		run->functions = json_incref(rec->functions);
	add_notes(cell, rec);
}

/* Are they times that would come into one mean, but are not of one kind? */
static bool mix(enum run_source a, enum run_source b)
{
	return a != b && a != SOURCE_EXACT && b != SOURCE_EXACT;
}

static bool add_run(struct loading *l, const struct run_record *rec)
{
	struct result_kernel *kernel = take_kernel(l->results, rec->kernel);
	long point = take_point(l->results, rec->point);
	struct result_cell *cell;
	struct metric_from from;
	struct result_run *more;

	if (!kernel || point < 0 || !(cell = take_cell(kernel, (size_t)point)))
		return err("out of memory");
	if (rec->status == RUN_OK && l->section == SOURCES_ALL) {
		origins_take(l->origins, l->journal, rec, (size_t)point);
		l->origins->mixed |= cell->nr_ok && mix(cell->source, rec->source);
	}
	if (cell_has_run(cell, rec->boot, rec->run)) {
		kernel->twice++;
		return true;
	}
	more = realloc(cell->runs, (cell->nr + 1) * sizeof(*more));
	if (!more)
		return err("out of memory");
	cell->runs = more;
	more += cell->nr++;
	*more = (struct result_run){
		.boot = rec->boot,
		.run = rec->run,
		.status = rec->status,
		.source = rec->source,
		.reason = rec->reason ? strdup(rec->reason) : NULL,
		.started = rec->started,
		.verified = json_object_size(rec->verified) > 0,
	};
	more->state =
		states_share(l->results->states, cell->nr > 1 ? more[-1].state : NULL, rec->state);
	from = summarise(more, rec);
	if (rec->status != RUN_OK)
		return true;
	if (!l->results->source || rec->source == SOURCE_TIMED)
		l->results->source = rec->source;
	add_ok(&l->results->metrics, cell, more, &from);
	return true;
}

static bool take_run(struct loading *l, const json_t *json, size_t lineno)
{
	struct run_record rec;
	const char *why;
	bool ok = true;

	if (!run_record_from_json(&rec, json, &why))
		return err("%s:%zu: %s", l->path, lineno, why);
	l->runs++;
	if (belongs(l, rec.kernel, rec.boot, rec.source))
		ok = add_run(l, &rec);
	run_record_free(&rec);
	return ok;
}

/* Of each point and kernel, 0 if the plan does not say. */
static size_t planned_runs(const json_t *plan)
{
	json_int_t runs = json_integer_value(json_object_get(plan, "runs"));
	json_int_t boots = json_integer_value(json_object_get(plan, "boots"));

	if (runs < 1 || runs > RECORD_MOST_COUNT || boots < 1 || boots > RECORD_MOST_COUNT)
		return 0;
	return (size_t)(runs * boots);
}

/* The plan gives points and kernels their order, and says which ones ought to be there. */
static bool take_plan(struct loading *l, const json_t *json, size_t lineno)
{
	json_int_t schema = json_integer_value(json_object_get(json, "schema"));
	json_t *entry, *point, *threshold = json_object_get(json, "threshold");
	json_t *until = json_object_get(json, "until");
	struct result_kernel *kernel;
	size_t i, runs = planned_runs(json);

	if (schema != RECORD_SCHEMA)
		return err("%s:%zu: a journal of schema %lld; this faultbench reads schema %d",
			   l->path, lineno, (long long)schema, RECORD_SCHEMA);
	if (threshold && !(json_number_value(threshold) >= 0 && json_is_number(threshold)))
		return err("%s:%zu: threshold: must be a fraction, 0 or above", l->path, lineno);
	if (isnan(l->results->threshold) && threshold)
		l->results->threshold = json_number_value(threshold);
	if (!(l->results->until > 0))
		l->results->until = json_number_value(until);
	json_array_foreach(json_object_get(json, "points"), i, entry) {
		point = json_object_get(entry, "point");
		if (json_is_string(json_object_get(point, "bench")) &&
		    json_is_string(json_object_get(point, "variant")) &&
		    (l->section == SOURCES_ALL ||
		     origins_has_point(l->origins, l->section, point)) &&
		    take_point(l->results, point) < 0)
			return err("out of memory");
	}
	json_array_foreach(json_object_get(json, "kernels"), i, entry) {
		if (!json_is_string(entry))
			continue;
		kernel = take_kernel(l->results, json_string_value(entry));
		if (!kernel)
			return err("out of memory");
		kernel->planned = runs > kernel->planned ? runs : kernel->planned;
	}
	return true;
}

/* Runs under one label that come from different machines are not one kernel's. */
static void same_machine(struct results *results, struct result_kernel *kernel, const json_t *json)
{
	char *was = fact_text(kernel->machine, "cpu.model"), *is = fact_text(json, "cpu.model");

	if (was && is && strcmp(was, is) && !kernel->mixed) {
		kernel->mixed = true;
		warnings_add(&results->warnings,
			     "runs of '%s' come from different machines (%s, %s): its numbers are "
			     "mixed",
			     kernel->label, was, is);
	}
	free(was);
	free(is);
}

static bool take_machine(struct loading *l, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	int boot = (int)json_integer_value(json_object_get(json, "boot"));
	struct result_kernel *kernel;

	if (!label || !belongs(l, label, boot, SOURCE_UNKNOWN))
		return true;
	kernel = take_kernel(l->results, label);
	if (!kernel)
		return err("out of memory");
	if (!kernel->machine)
		kernel->machine = json_incref((json_t *)json);
	else
		same_machine(l->results, kernel, json);
	return true;
}

static bool take_about(struct loading *l, const json_t *json)
{
	struct kernel_record about;
	struct result_kernel *kernel;

	if (!kernel_record_from_json(&about, json))
		return true;
	kernel = take_kernel(l->results, about.label);
	if (!kernel) {
		kernel_record_free(&about);
		return err("out of memory");
	}
	kernel_record_free(&kernel->about);
	kernel->about = about;
	return true;
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	struct loading *l = arg;

	if (!strcmp(type, "run"))
		return take_run(l, json, lineno);
	if (!strcmp(type, "machine"))
		return take_machine(l, json);
	if (l->section != SOURCES_ALL && !(l->origins->of[l->journal].has & l->section))
		return true;
	if (!strcmp(type, "plan"))
		return take_plan(l, json, lineno);
	if (!strcmp(type, "kernel"))
		return take_about(l, json);
	if (!strcmp(type, "band"))
		return bands_take(l->results->bands, json) ||
		       err("%s:%zu: a band needs a point, and -1 < low <= high <= %d", l->path,
			   lineno, BANDS_MOST);
	return true;
}

static bool load_one(struct loading *l)
{
	struct results *results = l->results;
	const char *path = l->path;
	const char *name = strrchr(path, '/'); /* warnings get into tables that others read */
	size_t i;

	if (!journal_read(path, take_line, l))
		return false;
	if (!l->runs)
		return err("%s: no run in it; `faultbench run PLAN --out %s` measures", path, path);
	for (i = 0; i < results->nr_kernels; i++) {
		struct result_kernel *kernel = &results->kernels[i];

		if (kernel->twice)
			warnings_add(&results->warnings,
				     "%s: %zu run%s of '%s' found a second time; the first counts. "
				     "Different kernels need different labels (run --label).",
				     name ? name + 1 : path, kernel->twice,
				     kernel->twice == 1 ? "" : "s", kernel->label);
		kernel->twice = 0;
	}
	return true;
}

bool results_read(struct results *ret, char *const *paths, struct origins *origins,
		  source_set section)
{
	size_t i;

	*ret = (struct results){.index = json_object(),
				.bands = json_object(),
				.states = json_object(),
				.threshold = NAN};
	if (!metrics_init(&ret->metrics)) {
		results_free(ret);
		return err("out of memory");
	}
	for (i = 0; i < origins->nr; i++) {
		struct loading l = {ret, paths[i], .origins = origins, .journal = i,
				    .section = section};

		if (!load_one(&l)) {
			results_free(ret);
			return false;
		}
	}
	if (section == SOURCES_ALL)
		origins->index = json_incref(ret->index);
	metrics_sort(&ret->metrics);
	if (ret->metrics.left_out)
		warnings_add(
			&ret->warnings,
			"%zu values are left out: more than %d metrics, or names that are none or "
			"stand for something else",
			ret->metrics.left_out, METRICS_MOST);
	states_void(ret);
	pages_warn(ret);
	return true;
}
