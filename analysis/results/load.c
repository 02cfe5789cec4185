// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading journals into results.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/add.h"
#include "analysis/results/bands.h"
#include "analysis/results/boots_warn.h"
#include "analysis/results/folio_given.h"
#include "analysis/results/folio_state.h"
#include "analysis/results/load.h"
#include "analysis/results/machine_facts.h"
#include "analysis/results/page_sizes.h"
#include "analysis/results/results.h"
#include "common/journal.h"
#include "common/msg.h"

struct loading {
	struct results *results;
	char *const *paths;
	const char *path; /* of this journal */
	size_t runs;	  /* in it */
	size_t taken;	  /* of these, that belong to what is read */
	json_t *commands; /* {text: words} of those in it */
	json_t *plan;	  /* of the part of it that is read, or NULL */
	struct origins *origins;
	size_t journal; /* its number */
	source_set section;
	bool counted; /* the record that is read: record_is_counted() */
};

/* Does it belong to what is read? */
static bool belongs(const struct loading *l, const char *kernel, int boot, enum run_source said)
{
	return l->section == SOURCES_ALL ||
	       origins_belongs(l->origins, l->journal, l->section, kernel, boot,
			       l->counted ? SOURCE_EXACT : said);
}

/* A count of a plan; 0 if it does not say. */
static size_t plan_count(const json_t *plan, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(plan, key));

	return count < 1 || count > RECORD_MOST_COUNT ? 0 : (size_t)count;
}

/* Are they times that would come into one mean, but are not of one kind? */
static bool mix(enum run_source a, enum run_source b)
{
	return a != b && a != SOURCE_EXACT && b != SOURCE_EXACT;
}

static bool add(struct loading *l, const struct run_record *rec)
{
	long point;
	struct result_cell *cell = add_cell(l->results, rec, &point);

	if (!cell)
		return err("out of memory");
	if (l->section == SOURCES_ALL)
		origins_note(l->origins, l->journal, l->counted);
	if (rec->status == RUN_OK && l->section == SOURCES_ALL) {
		origins_take(l->origins, l->journal, rec, l->counted, (size_t)point);
		l->origins->mixed |= cell->nr_ok && mix(cell->source, rec->source);
	}
	return add_run(l->results, cell, rec, plan_count(l->plan, "runs"), l->paths);
}

static bool take_run(struct loading *l, const json_t *json, size_t lineno)
{
	struct run_record rec;
	const char *why;
	bool ok = true;

	if (!run_record_from_json(&rec, json, &why))
		return err("%s:%zu: %s", l->path, lineno, why);
	l->runs++;
	if (belongs(l, rec.kernel, rec.boot, rec.source)) {
		ok = add(l, &rec);
		l->taken++;
	}
	run_record_free(&rec);
	return ok;
}

/* A part of a journal is read: how many runs there ought to be, beside those of parts before. */
static void end_part(struct loading *l)
{
	size_t runs = plan_count(l->plan, "runs") * plan_count(l->plan, "boots");
	size_t i, seen, fresh;
	struct result_kernel *kernel;
	json_t *label;

	json_array_foreach(json_object_get(l->plan, "kernels"), i, label) {
		kernel = json_is_string(label) ? add_kernel(l->results, json_string_value(label))
					       : NULL;
		if (!kernel)
			continue;
		boots_count(&l->results->boots, kernel->label, &seen, &fresh);
		if (seen == fresh)
			kernel->planned += runs;
		else
			kernel->planned = runs > kernel->planned ? runs : kernel->planned;
	}
	json_decref(l->plan);
	l->plan = NULL;
}

static bool begin_part(struct loading *l, const json_t *plan)
{
	end_part(l);
	l->plan = json_incref((json_t *)plan);
	l->origins->beside |= l->counted;
	return boots_part(&l->results->boots, (int)l->journal) || err("out of memory");
}

/* The plan gives points and kernels their order, and says which ones ought to be there. */
static bool take_plan(struct loading *l, const json_t *json, size_t lineno)
{
	json_int_t schema = json_integer_value(json_object_get(json, "schema"));
	json_t *entry, *point, *threshold = json_object_get(json, "threshold");
	json_t *until = json_object_get(json, "until");
	size_t i;

	if (schema != RECORD_SCHEMA)
		return err("%s:%zu: a journal of schema %lld; this faultbench reads schema %d",
			   l->path, lineno, (long long)schema, RECORD_SCHEMA);
	if (threshold && !(json_number_value(threshold) >= 0 && json_is_number(threshold)))
		return err("%s:%zu: threshold: must be a fraction, 0 or above", l->path, lineno);
	add_setting(l->results, "threshold", threshold, NAN, &l->results->threshold);
	add_setting(l->results, "until", until, 0, &l->results->until);
	json_array_foreach(json_object_get(json, "points"), i, entry) {
		point = json_object_get(entry, "point");
		if (json_is_string(json_object_get(point, "bench")) &&
		    json_is_string(json_object_get(point, "variant")) &&
		    (l->section == SOURCES_ALL ||
		     origins_has_point(l->origins, l->section, point)) &&
		    add_point(l->results, point) < 0)
			return err("out of memory");
	}
	json_array_foreach(json_object_get(json, "kernels"), i, entry)
		if (json_is_string(entry) && !add_kernel(l->results, json_string_value(entry)))
			return err("out of memory");
	return begin_part(l, json);
}

/* Runs under one label that come from different machines or kernels are not one kernel's. */
static void same(struct results *results, struct result_kernel *kernel, const json_t *json,
		 const char *fact, const char *what)
{
	char *was = fact_text(kernel->machine, fact), *is = fact_text(json, fact);

	if (was && is && strcmp(was, is) && !kernel->mixed) {
		kernel->mixed = what;
		warnings_add(&results->warnings,
			     "runs of '%s' come from different %s (%s, %s): its numbers are mixed",
			     kernel->label, what, was, is);
	}
	free(was);
	free(is);
}

static bool take_machine(struct loading *l, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	int boot = (int)json_integer_value(json_object_get(json, "boot"));
	struct result_kernel *kernel;
	char *id, *host;
	bool ok;

	if (!label || !belongs(l, label, boot, SOURCE_UNKNOWN))
		return true;
	kernel = add_kernel(l->results, label);
	if (!kernel)
		return err("out of memory");
	if (!kernel->machine)
		kernel->machine = json_incref((json_t *)json);
	same(l->results, kernel, json, "cpu.model", "machines");
	same(l->results, kernel, json, "hypervisor", "hypervisors");
	same(l->results, kernel, json, "kernel.release", "kernels");
	same(l->results, kernel, json, "kernel.version", "kernels");
	same(l->results, kernel, json, "boot.kind", "kinds of boot");
	facts_vary(kernel, json);
	if (json_object_get(json, "perturbation")) /* it counts */
		same(l->results, kernel, json, "emulator.version", "versions of QEMU");
	id = fact_text(json, "kernel.boot_id");
	host = fact_text(json, "machine.host");
	ok = boots_machine(&l->results->boots, label, boot, id, host, json) || err("out of memory");
	free(id);
	free(host);
	return ok;
}

/* Of a boot whose results were not measured in that session. */
static bool take_unit(struct loading *l, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	int number = (int)json_integer_value(json_object_get(json, "boot"));
	long boot;

	if (!label || !belongs(l, label, number, SOURCE_UNKNOWN))
		return true;
	boot = boots_find(&l->results->boots, label, number);
	if (boot < 0)
		return err("out of memory");
	l->results->boots.of[boot].known = json_number_value(json_object_get(json, "measured"));
	return true;
}

static bool take_about(struct loading *l, const json_t *json)
{
	struct kernel_record about;
	struct result_kernel *kernel;

	if (!kernel_record_from_json(&about, json))
		return true;
	kernel = add_kernel(l->results, about.label);
	if (!kernel) {
		kernel_record_free(&about);
		return err("out of memory");
	}
	kernel_record_free(&kernel->about);
	kernel->about = about;
	return true;
}

/* A kernel that no more boots were tried of. */
static bool take_failed(struct loading *l, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	const char *why = json_string_value(json_object_get(json, "reason"));
	struct result_kernel *kernel;

	if (!label || !why || !json_is_true(json_object_get(json, "given_up")))
		return true;
	kernel = add_kernel(l->results, label);
	if (!kernel)
		return err("out of memory");
	free(kernel->given_up);
	kernel->given_up = strdup(why);
	return true;
}

/* One that was tried all the same, later. */
static void take_end(struct loading *l, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "kernel"));
	long k = label ? results_kernel(l->results, label) : -1;

	if (k < 0)
		return;
	free(l->results->kernels[k].given_up);
	l->results->kernels[k].given_up = NULL;
}

/* Started again with the same words it is the same command. */
static bool take_command(struct loading *l, const json_t *json)
{
	json_t *words = json_object_get(json, "words");
	char *text = json_is_array(words) ? json_dumps(words, JSON_COMPACT) : NULL;

	if (text)
		json_object_set(l->commands, text, words);
	free(text);
	return true;
}

/* Those of a journal of which nothing is taken are behind no number. */
static void keep_commands(struct loading *l)
{
	if (l->taken)
		json_object_update_missing(l->results->commands, l->commands);
	json_decref(l->commands);
}

static void given_up_warn(struct results *results)
{
	size_t i;

	for (i = 0; i < results->nr_kernels; i++)
		if (results->kernels[i].given_up)
			warnings_add(&results->warnings, "'%s' was %s", results->kernels[i].label,
				     results->kernels[i].given_up);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	struct loading *l = arg;

	l->counted = record_is_counted(json);
	if (!strcmp(type, "run"))
		return take_run(l, json, lineno);
	if (!strcmp(type, "machine"))
		return take_machine(l, json);
	if (!strcmp(type, "unit"))
		return take_unit(l, json);
	if (!strcmp(type, "command"))
		return take_command(l, json);
	if (l->section != SOURCES_ALL && !(l->origins->of[l->journal].has & l->section))
		return true;
	if (!strcmp(type, "plan"))
		return (l->section != SOURCES_ALL &&
			!origins_has_plan(l->origins, l->journal, l->section, l->counted)) ||
		       take_plan(l, json, lineno);
	if (!strcmp(type, "kernel"))
		return take_about(l, json);
	if (!strcmp(type, "boot"))
		return take_failed(l, json);
	if (!strcmp(type, "end"))
		take_end(l, json);
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

	l->commands = json_object();
	if (!begin_part(l, NULL) || !journal_read(path, take_line, l)) {
		json_decref(l->plan);
		json_decref(l->commands);
		return false;
	}
	end_part(l);
	keep_commands(l);
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

static void number_boots(struct results *results)
{
	const struct result_boot *boot;
	struct result_cell *cell;
	size_t i, p, r;

	boots_number(&results->boots);
	for (i = 0; i < results->nr_kernels; i++) {
		for (p = 0; p < results->kernels[i].nr_cells; p++) {
			cell = results->kernels[i].cells[p];
			for (r = 0; cell && r < cell->nr; r++) {
				boot = &results->boots.of[cell->runs[r].boot];
				cell->runs[r].boot = boot->number;
				cell->runs[r].host = boot->host;
			}
		}
	}
}

bool results_read(struct results *ret, char *const *paths, struct origins *origins,
		  source_set section)
{
	size_t i;

	*ret = (struct results){.index = json_object(),
				.commands = json_object(),
				.bands = json_object(),
				.states = json_object(),
				.threshold = NAN};
	if (!metrics_init(&ret->metrics)) {
		results_free(ret);
		return err("out of memory");
	}
	for (i = 0; i < origins->nr; i++) {
		struct loading l = {.results = ret,
				    .paths = paths,
				    .path = paths[i],
				    .origins = origins,
				    .journal = i,
				    .section = section};

		if (!load_one(&l)) {
			results_free(ret);
			return false;
		}
	}
	number_boots(ret);
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
	given_warn(ret);
	pages_warn(ret);
	boots_warn(ret);
	given_up_warn(ret);
	return true;
}
