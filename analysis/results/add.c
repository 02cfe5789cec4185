// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/add.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/folio_state.h"
#include "analysis/results/point_names.h"
#include "analysis/text/numbers.h"
#include "common/msg.h"

struct result_kernel *add_kernel(struct results *results, const char *label)
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

long add_point(struct results *results, json_t *point)
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

struct result_cell *add_cell(struct results *results, const struct run_record *rec, long *ret_point)
{
	struct result_kernel *kernel = add_kernel(results, rec->kernel);

	*ret_point = add_point(results, rec->point);
	return kernel && *ret_point >= 0 ? take_cell(kernel, (size_t)*ret_point) : NULL;
}

/* Any two that differ would be one. */
static int trend_of(const uint64_t *samples, size_t n)
{
	size_t i, more = 0, less = 0;

	for (i = 1; i < n; i++) {
		more += samples[i] > samples[i - 1];
		less += samples[i] < samples[i - 1];
	}
	return n < 3 ? 0 : more == n - 1 ? 1 : less == n - 1 ? -1 : 0;
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
	run->trend = trend_of(rec->samples, n);
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
	run->calls = json_incref(rec->calls);
	run->profile = json_incref(rec->profile);
	add_notes(cell, rec);
}

/* Does a run that is there say what this one does? Counts repeat; times have each their moment. */
static bool same_result(const struct result_cell *cell, const struct result_run *there,
			const struct result_run *run, const struct metric_from *from)
{
	const struct run_record *rec = from->rec;

	if (there->source && rec->source && there->source != rec->source)
		return true;
	if (there->status != RUN_OK || rec->status != RUN_OK)
		return there->started == rec->started || there->source == SOURCE_EXACT ||
		       rec->source == SOURCE_EXACT;
	return (rec->source == SOURCE_EXACT || there->started == rec->started) &&
	       there->iterations == run->iterations &&
	       (!run->iterations || (there->min == run->min && there->max == run->max &&
				     run_value(there, cell->op) == from->mean));
}

/*
 * Finds which run of which boot it is, as results number them for now: ret->boot and ret->run.
 * Returns whether it is new; *ret_other is the run of another part that has its place and says
 * something else, which is an error, or NULL.
 */
static bool find_place(struct results *results, struct result_cell *cell, struct result_run *ret,
		       const struct metric_from *from, size_t stride,
		       const struct result_run **ret_other)
{
	const struct run_record *rec = from->rec;
	const struct result_run *there;
	long found;

	*ret_other = NULL;
	while ((found = cell_find_run(cell, ret->boot, ret->run)) >= 0) {
		there = &cell->runs[found];
		if ((there->part == ret->part && there->number == ret->number) ||
		    same_result(cell, there, ret, from))
			return false;
		if (!results->boots.of[ret->boot].id) {
			ret->boot = (int)boots_split(&results->boots, rec->kernel, rec->boot);
			return true;
		}
		if (rec->source == SOURCE_EXACT || there->started == rec->started) {
			*ret_other = there;
			return false;
		}
		ret->run += (int)stride;
	}
	return true;
}

static bool say_two(const struct result_run *there, const struct result_run *run,
		    const struct run_record *rec, char *const *paths)
{
	char point[POINT_TEXT];

	return err("%s: run %d of '%s', %s, is another result than that in %s, of the same boot: "
		   "one of the two is not what was measured, or does not repeat",
		   paths[run->journal], rec->run, rec->kernel, point_op(rec->point, point),
		   paths[there->journal]);
}

/* What a model says, if it is the one that the first such run had: two have nothing in common. */
static const json_t *same_model(struct results *results, const struct run_record *rec)
{
	const char *caches = json_string_value(json_object_get(rec->modelled, "caches"));

	if (!caches)
		return NULL;
	if (!results->caches)
		results->caches = strdup(caches);
	if (results->caches && !strcmp(results->caches, caches))
		return rec->modelled;
	if (!results->other_caches)
		warnings_add(
			&results->warnings,
			"'%s' and maybe others: what caches other than %s miss, here %s, is left "
			"out",
			rec->kernel, results->caches ? results->caches : "?", caches);
	results->other_caches = true;
	return NULL;
}

static bool keep_run(struct results *results, struct result_cell *cell,
		     const struct result_run *run, struct metric_from *from)
{
	const struct run_record *rec = from->rec;
	struct result_run *added = cell_add_run(cell, run);
	struct result_boot *boot = &results->boots.of[run->boot];

	if (!added)
		return err("out of memory");
	added->reason = rec->reason ? strdup(rec->reason) : NULL;
	added->state =
		states_share(results->states, cell->nr > 1 ? added[-1].state : NULL, rec->state);
	if (rec->started > 0 && (!(boot->started > 0) || rec->started < boot->started))
		boot->started = rec->started;
	boot->runs++;
	if (rec->status != RUN_OK)
		return true;
	boot->ok++;
	if (!results->source || rec->source == SOURCE_TIMED)
		results->source = rec->source;
	from->modelled = same_model(results, rec);
	add_ok(&results->metrics, cell, added, from);
	return true;
}

bool add_run(struct results *results, struct result_cell *cell, const struct run_record *rec,
	     size_t stride, char *const *paths)
{
	struct result_run run = {
		.boot = (int)boots_find(&results->boots, rec->kernel, rec->boot),
		.run = rec->run,
		.number = rec->run,
		.part = (unsigned int)results->boots.part,
		.journal = (unsigned int)results->boots.journal,
		.status = rec->status,
		.source = rec->source,
		.started = rec->started,
		.verified = json_object_size(rec->verified) > 0,
	};
	struct metric_from from = summarise(&run, rec);
	const struct result_run *other;

	if (run.boot < 0)
		return err("out of memory");
	if (find_place(results, cell, &run, &from, stride ? stride : 1, &other))
		return run.boot >= 0 ? keep_run(results, cell, &run, &from) : err("out of memory");
	if (other)
		return say_two(other, &run, rec, paths);
	add_kernel(results, rec->kernel)->twice++;
	return true;
}

void add_setting(struct results *results, const char *key, const json_t *json, double unset,
		 double *at)
{
	char was[NUMBER_TEXT], is[NUMBER_TEXT];
	double value = json_number_value(json);

	if (!json)
		return;
	if (isnan(*at) || *at == unset) {
		*at = value;
		return;
	}
	if (value == *at)
		return;
	number_percent(*at, false, was);
	number_percent(value, false, is);
	warnings_add(&results->warnings,
		     "plans have different values of %s, %s and %s: the first one's counts", key,
		     was, is);
}
