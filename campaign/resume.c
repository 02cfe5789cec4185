// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/resume.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/journal.h"
#include "common/msg.h"
#include "common/record.h"

struct reading {
	struct resume *r;
	const char *path;
};

static char *point_text(const json_t *point)
{
	return json_dumps(point, JSON_COMPACT | JSON_SORT_KEYS);
}

/* As it stands in a journal, which has fewer digits than a double; malloc'ed. */
static char *value_text(const json_t *value)
{
	return value ? json_dumps(value, RECORD_DUMP | JSON_ENCODE_ANY | JSON_SORT_KEYS)
		     : strdup("missing");
}

/* Names the first thing in which the journal's plan differs from ours. */
static bool same_plan(const struct reading *reading, const json_t *theirs)
{
	static const char *const keys[] = {"schema",	  "name",   "runs",   "boots",	"seed",
					   "counters",	  "points", "until",  "settle", "lines",
					   "cache_model", "calls",  "profile"};
	json_t *ours = plan_to_json(reading->r->plan);
	char *was, *is;
	bool same = true;
	size_t i;

	for (i = 0; same && i < sizeof(keys) / sizeof(keys[0]); i++) {
		was = value_text(json_object_get(theirs, keys[i]));
		is = value_text(json_object_get(ours, keys[i]));
		same = !strcmp(was, is);
		if (!same && (!strcmp(keys[i], "points") || strlen(was) > 60))
			err("%s: holds another plan (its %s differ); give another --out",
			    reading->path, keys[i]);
		else if (!same)
			err("%s: holds another plan (%s is %s there, %s here); give another --out",
			    reading->path, keys[i], was, is);
		free(was);
		free(is);
	}
	json_decref(ours);
	return same;
}

/* Puts what is known of a kernel's boot into a list by boot; value may be NULL. */
static void put_boot(json_t *lists, const char *kernel, size_t boot, json_t *value)
{
	json_t *list = json_object_get(lists, kernel);

	if (!list) {
		list = json_array();
		json_object_set_new(lists, kernel, list);
	}
	while (json_array_size(list) <= boot)
		json_array_append_new(list, json_null());
	if (value)
		json_array_set(list, boot, value);
}

static void take_machine(struct resume *r, const json_t *json)
{
	const char *kernel = json_string_value(json_object_get(json, "kernel"));
	size_t boot = (size_t)json_integer_value(json_object_get(json, "boot"));
	json_t *facts = json_object_get(json, "facts");

	if (!kernel || boot > RECORD_MOST_COUNT)
		return;
	put_boot(r->boots, kernel, boot, json_object_get(facts, "kernel.boot_id"));
	put_boot(r->hosts, kernel, boot, json_object_get(facts, "machine.host"));
	if (facts && !json_object_get(r->facts, kernel))
		json_object_set(r->facts, kernel, facts);
	if (facts && !json_object_get(r->facts, ""))
		json_object_set(r->facts, "", facts);
}

#define SAME_MEMORY 0.02 /* what firmware and kernel take of it differs a little */

static bool same_fact(const char *name, const json_t *a, const json_t *b)
{
	double x = json_number_value(a), y = json_number_value(b);

	if (!a || !b || strcmp(name, "mem.total_kB") != 0)
		return !a || !b || json_equal(a, b);
	return fabs(x - y) <= SAME_MEMORY * fmax(x, y);
}

bool resume_unequal(const struct resume *r, const json_t *machine, char *why, size_t room)
{
	static const char *const names[] = {"cpu.model", "kernel.machine", "mem.page_size",
					    "mem.total_kB"};
	const char *kernel = json_string_value(json_object_get(machine, "kernel"));
	const json_t *facts = json_object_get(machine, "facts"), *first, *was, *is;
	char *a, *b;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		/* Kernels may have pages of different sizes. */
		first = json_object_get(r->facts,
					kernel && !strcmp(names[i], "mem.page_size") ? kernel : "");
		was = json_object_get(first, names[i]);
		is = json_object_get(facts, names[i]);
		if (same_fact(names[i], was, is))
			continue;
		a = value_text(was);
		b = value_text(is);
		snprintf(why, room, "%s is %s here, and %s on %s", names[i], b, a,
			 json_string_value(json_object_get(first, "machine.host")) ?: "the first");
		free(a);
		free(b);
		return true;
	}
	return false;
}

const char *resume_host(const struct resume *r, const char *kernel, size_t boot)
{
	return json_string_value(json_array_get(json_object_get(r->hosts, kernel), boot));
}

/* The name of a run among those done; malloc'ed. */
static char *run_key(const char *kernel, long boot, long run, long point)
{
	char *key;

	return asprintf(&key, "%s\n%ld %ld %ld", kernel, boot, run, point) < 0 ? NULL : key;
}

/* The name of a record of type "run", or NULL if it is none of the plan's. */
static char *key_of(const struct resume *r, const json_t *run)
{
	const char *kernel = json_string_value(json_object_get(run, "kernel"));
	char *text = point_text(json_object_get(run, "point")), *key = NULL;
	json_t *point = json_object_get(r->index, text ? text : "");

	if (point && kernel)
		key = run_key(kernel, (long)json_integer_value(json_object_get(run, "boot")),
			      (long)json_integer_value(json_object_get(run, "run")),
			      (long)json_integer_value(point));
	free(text);
	return key;
}

static void take_run(struct resume *r, const json_t *json)
{
	char *key = key_of(r, json);

	if (key)
		json_object_set_new(r->done, key, json_true());
	free(key);
}

bool resume_has(const struct resume *r, const json_t *run)
{
	char *key = key_of(r, run);
	bool has = key && json_object_get(r->done, key);

	free(key);
	return has;
}

static void take_kernel(struct resume *r, const json_t *json)
{
	const char *label = json_string_value(json_object_get(json, "label"));

	if (label)
		json_object_set(r->kernels, label, (json_t *)json);
}

bool resume_same_kernel(const struct resume *r, const char *path, const struct kernel_record *about)
{
	const json_t *was = json_object_get(r->kernels, about->label);
	const char *old = json_string_value(json_object_get(was, "sha256"));

	return !old || !about->sha256 || !strcmp(old, about->sha256) ||
	       err("%s: holds another kernel '%s' (image %.12s, this one is %.12s); give another "
		   "--out",
		   path, about->label, old, about->sha256);
}

bool resume_knows_kernel(const struct resume *r, const struct kernel_record *about)
{
	json_t *json = kernel_record_to_json(about);
	bool known = json_equal(json_object_get(r->kernels, about->label), json);

	json_decref(json);
	return known;
}

void resume_take(struct resume *r, const json_t *record)
{
	const char *type = json_string_value(json_object_get(record, "type"));

	if (!strcmp(type, "kernel"))
		take_kernel(r, record);
	else if (!strcmp(type, "machine"))
		take_machine(r, record);
	else if (!strcmp(type, "run"))
		take_run(r, record);
	else if (!strcmp(type, "until"))
		json_array_append(r->looks, (json_t *)record);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	struct reading *reading = arg;

	if (lineno == 1 && strcmp(type, "plan"))
		return err("%s:1: a journal begins with its plan; this is '%s'", reading->path,
			   type);
	if (record_is_counted(json) != reading->r->counted && strcmp(type, "kernel"))
		return true;
	if (!strcmp(type, "plan")) {
		reading->r->has_plan = true;
		return same_plan(reading, json);
	}
	resume_take(reading->r, json);
	return true;
}

bool resume_read(struct resume *r, const char *path, const struct plan *plan, bool counted)
{
	struct reading reading = {.r = r, .path = path};
	char *text;
	size_t i;

	*r = (struct resume){
		.plan = plan,
		.counted = counted,
		.index = json_object(),
		.done = json_object(),
		.boots = json_object(),
		.hosts = json_object(),
		.facts = json_object(),
		.kernels = json_object(),
		.looks = json_array(),
		.enough = calloc(plan->nr_points, sizeof(int)),
	};
	for (i = 0; r->enough && i < plan->nr_points; i++) {
		r->enough[i] = INT_MAX;
		text = point_text(plan->points[i].point);
		json_object_set_new(r->index, text, json_integer((json_int_t)i));
		free(text);
	}
	if (r->enough ? journal_read(path, take_line, &reading) : err("out of memory"))
		return true;
	resume_free(r);
	return false;
}

bool resume_possible(const char *path, const struct plan *plan)
{
	struct journal journal;
	struct resume r;
	bool ok;

	if (!journal_open(&journal, path))
		return false;
	ok = resume_read(&r, path, plan, false);
	if (ok)
		resume_free(&r);
	if (journal.made)
		unlink(path);
	journal_close(&journal);
	return ok;
}

/* Is a run of a point owed at all? */
static bool is_owed(const struct resume *r, int boot, struct plan_step at)
{
	return (r->by_boot ? boot : at.run) < r->enough[at.point];
}

size_t resume_total(const struct resume *r, int boot)
{
	size_t nr = (size_t)r->plan->runs * r->plan->nr_points, total = 0, step;

	for (step = 0; step < nr; step++)
		total += is_owed(r, boot, plan_step(r->plan, step));
	return total;
}

void resume_say(const struct resume *r, const char *path, const char *kernel, int boot,
		const json_t *todo)
{
	size_t total = resume_total(r, boot), left = json_array_size(todo);

	if (left && left < total)
		note("%s: going on with boot %d of %s, %zu runs are there, %zu to go", path, boot,
		     kernel, total - left, left);
}

json_t *resume_missing(const struct resume *r, const char *kernel, int boot)
{
	size_t nr = (size_t)r->plan->runs * r->plan->nr_points, step;
	json_t *todo = json_array();
	struct plan_step at;
	char *key;

	for (step = 0; step < nr; step++) {
		at = plan_step(r->plan, step);
		key = run_key(kernel, boot, at.run, (long)at.point);
		if (is_owed(r, boot, at) && !json_object_get(r->done, key))
			json_array_append_new(todo, json_integer((json_int_t)step));
		free(key);
	}
	return todo;
}

size_t resume_local_turn(const struct resume *r, const char *const *kernels, size_t nr,
			 const char *boot_id)
{
	json_t *id;
	size_t k, i, turn;
	int boot;

	for (k = 0; k < nr; k++)
		json_array_foreach(json_object_get(r->boots, kernels[k]), i, id)
			if (json_is_string(id) && !strcmp(json_string_value(id), boot_id))
				return k;
	for (turn = 0;; turn++) {
		k = plan_turn(r->plan, nr, turn, &boot);
		if (json_array_size(json_object_get(r->boots, kernels[k])) <= (size_t)boot)
			return k;
	}
}

int resume_local_boot(const struct resume *r, const char *kernel, const char *boot_id,
		      json_t **ret_todo)
{
	json_t *boots = json_object_get(r->boots, kernel), *id, *todo;
	int complete = 0, nr = (int)json_array_size(boots), boot = nr;
	size_t i;

	json_array_foreach(boots, i, id) {
		todo = resume_missing(r, kernel, (int)i);
		complete += !json_array_size(todo);
		json_decref(todo);
		if (json_is_string(id) && !strcmp(json_string_value(id), boot_id))
			boot = (int)i;
	}
	if (boot == nr && complete >= r->plan->boots)
		*ret_todo = json_array();
	else
		*ret_todo = resume_missing(r, kernel, boot);
	if (boot == nr && nr > complete && json_array_size(*ret_todo) && !(r->plan->until > 0))
		note("an earlier boot of %s was left unfinished; this is another boot, so it "
		     "starts "
		     "as boot %d",
		     kernel, boot);
	return boot;
}

void resume_free(struct resume *r)
{
	json_decref(r->index);
	json_decref(r->done);
	json_decref(r->boots);
	json_decref(r->hosts);
	json_decref(r->facts);
	json_decref(r->kernels);
	json_decref(r->looks);
	free(r->enough);
	*r = (struct resume){0};
}
