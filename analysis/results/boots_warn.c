// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/boots_warn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/text/numbers.h"

#define REPEATS_LEAST 0.005 /* of an op: its instructions repeat within that */

/* Whether these are the same runs. The ids are. */
static bool same_runs(const struct result_boot *a, const struct result_boot *b)
{
	return strcmp(a->label, b->label) && a->started == b->started;
}

static void warn_shared(struct results *r)
{
	json_t *ids = json_object(), *there;
	const struct result_boot *a, *b;
	size_t i;

	for (i = 0; i < r->boots.nr; i++) {
		b = &r->boots.of[i];
		there = b->id ? json_object_get(ids, b->id) : NULL;
		a = there ? &r->boots.of[json_integer_value(there)] : NULL;
		if (a && same_runs(a, b)) {
			warnings_add(&r->warnings,
				     "boot %d of '%s' is boot %d of '%s': the same runs under two "
				     "names, which say nothing of a difference",
				     b->number, b->label, a->number, a->label);
			break;
		}
		if (b->id && !there)
			json_object_set_new(ids, b->id, json_integer((json_int_t)i));
	}
	json_decref(ids);
}

static void day_of(double when, char text[16])
{
	time_t s = (time_t)when;
	struct tm tm;

	*text = '\0';
	if (gmtime_r(&s, &tm))
		strftime(text, 16, "%F", &tm);
}

static void warn_known(struct results *r)
{
	double first = 0, last = 0, when;
	char from[16], until[16];
	size_t nr = 0, i;

	for (i = 0; i < r->boots.nr; i++) {
		when = r->boots.of[i].known;
		if (!(when > 0))
			continue;
		first = nr && first < when ? first : when;
		last = nr && last > when ? last : when;
		nr++;
	}
	if (!nr)
		return;
	day_of(first, from);
	day_of(last, until);
	warnings_add(&r->warnings,
		     "%zu of %zu boots were not measured with the others but are from a cache of "
		     "results, of %s%s%s",
		     nr, r->boots.nr, from, strcmp(from, until) ? " to " : "",
		     strcmp(from, until) ? until : "");
}

/* A kernel's mean is then over hosts as well, and so is its spread. */
static void warn_hosts(struct results *r)
{
	json_t *hosts = json_object(), *value;
	const char *name;
	char *text = NULL;
	size_t size, i;
	FILE *out;

	for (i = 0; i < r->boots.nr; i++)
		if (r->boots.of[i].host)
			json_object_set_new(hosts, r->boots.of[i].host, json_true());
	out = json_object_size(hosts) > 1 ? open_memstream(&text, &size) : NULL;
	if (out) {
		json_object_foreach(hosts, name, value)
			fprintf(out, "%s%s", ftell(out) ? ", " : "", name);
		fclose(out);
		warnings_add(&r->warnings,
			     "boots are of %zu hosts (%s): means and stdevs have these in them; "
			     "`check` compares boots of one host only",
			     json_object_size(hosts), text);
		free(text);
	}
	json_decref(hosts);
}

static void warn_cell(struct result_cell *cell)
{
	size_t i, nr = 0, rising = 0, falling = 0;
	const struct result_run *run;
	double apart = 0;
	char text[NUMBER_TEXT];

	for (i = 0; i < cell->nr; i++) {
		run = &cell->runs[i];
		if (run->status != RUN_OK || run->iterations < 2)
			continue;
		nr++;
		rising += run->trend > 0;
		falling += run->trend < 0;
		apart += (run->max - run->min) / run_value(run, cell->op);
	}
	if (!nr || !(apart / (double)nr >= REPEATS_LEAST))
		return;
	warnings_add(&cell->warnings,
		     "counts do not repeat within a run: its ops differ by %s of the mean%s",
		     number_percent(apart / (double)nr, false, text),
		     rising == nr    ? ", and rise from each to the next (drift)"
		     : falling == nr ? ", and fall from each to the next (drift)"
				     : "");
}

/* Whether the ops of counted runs do the same, which means over them do not show. */
static void warn_repeats(struct results *r)
{
	struct result_cell *cell;
	size_t k, point;

	for (k = 0; k < r->nr_kernels; k++) {
		for (point = 0; point < r->kernels[k].nr_cells; point++) {
			cell = r->kernels[k].cells[point];
			if (cell && cell->source == SOURCE_EXACT && !results_scheduled(r, k))
				warn_cell(cell);
		}
	}
}

static void warn_lone(struct results *r)
{
	const char *label;
	size_t k, i, nr;

	for (k = 0; k < r->nr_kernels; k++) {
		label = r->kernels[k].label;
		for (i = nr = 0; i < r->boots.nr; i++)
			nr += r->boots.of[i].lone && !strcmp(r->boots.of[i].label, label);
		if (nr)
			warnings_add(
				&r->warnings,
				"%zu boot%s of '%s' %s of a perturbation that is not known, or "
				"there twice, and paired with none",
				nr, nr == 1 ? "" : "s", label, nr == 1 ? "is" : "are");
	}
}

#define MOST_FACTS 4 /* that are named */

/* The machine or its settings were others in some boots, which are in one mean. */
static void warn_varied(struct results *r, const struct result_kernel *kernel)
{
	size_t nr = json_object_size(kernel->varied), size, i = 0;
	char *text = NULL, more[40] = "";
	json_t *values;
	const char *name;
	FILE *out = nr ? open_memstream(&text, &size) : NULL;

	if (!out)
		return;
	json_object_foreach(kernel->varied, name, values) {
		if (i++ < MOST_FACTS)
			fprintf(out, "%s%s", i > 1 ? ", " : "", name);
		if (i <= MOST_FACTS && json_is_string(json_array_get(values, 0)) &&
		    json_is_string(json_array_get(values, 1)))
			fprintf(out, " (%.30s, %.30s)",
				json_string_value(json_array_get(values, 0)),
				json_string_value(json_array_get(values, 1)));
	}
	fclose(out);
	if (nr > MOST_FACTS)
		snprintf(more, sizeof(more), " and %zu more", nr - MOST_FACTS);
	warnings_add(&r->warnings, "boots of '%s' differ in %s%s: its numbers are of all of them",
		     kernel->label, text, more);
	free(text);
}

/* Whether a run has a value of that group. */
static bool counts(const struct results *r, const struct result_run *run, enum metric_group group)
{
	size_t i;

	for (i = 0; i < r->metrics.nr; i++)
		if (r->metrics.of[i]->group == group && !isnan(run_value(run, r->metrics.of[i])))
			return true;
	return false;
}

/* Guests in which more is looked for do more, which is in all counts. */
static void warn_option(struct results *r, enum metric_group group, const char *option)
{
	const char *label[2] = {NULL, NULL}; /* of runs without, with */
	const struct result_cell *cell;
	size_t k, p, i;

	for (k = 0; k < r->nr_kernels; k++) {
		for (p = 0; p < r->kernels[k].nr_cells; p++) {
			cell = r->kernels[k].cells[p];
			for (i = 0; cell && i < cell->nr; i++)
				if (cell->runs[i].status == RUN_OK)
					label[counts(r, &cell->runs[i], group)] =
						r->kernels[k].label;
		}
	}
	if (label[0] && label[1])
		warnings_add(&r->warnings,
			     "runs of '%s' were counted with %s, and runs of '%s' without, where "
			     "a guest does less: a difference may be that",
			     label[1], option, label[0]);
}

void boots_warn(struct results *r)
{
	size_t k;

	warn_repeats(r);
	for (k = 0; k < r->nr_kernels; k++)
		warn_varied(r, &r->kernels[k]);
	if (r->source == SOURCE_EXACT) {
		warn_lone(r);
		warn_option(r, METRIC_OF_LINES, "--lines");
		warn_option(r, METRIC_OF_MODEL, "--cache-model");
		return;
	}
	warn_shared(r);
	warn_known(r);
	warn_hosts(r);
}
