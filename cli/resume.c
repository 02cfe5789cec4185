// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/resume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/journal.h"
#include "common/msg.h"

struct reading {
	struct resume *r;
	const char *path;
	const struct plan *plan;
	const char *kernel;
	const char *boot_id;
	json_t *index;	 /* {point as text: its number in the plan} */
	json_t *done;	 /* {"boot run point": true} of this kernel */
	int boots;	 /* boots of this kernel in the journal */
	bool known_boot; /* r->boot is this boot */
};

static char *point_text(const json_t *point)
{
	return json_dumps(point, JSON_COMPACT | JSON_SORT_KEYS);
}

/* Names the first thing in which the journal's plan differs from ours. */
static bool same_plan(const struct reading *reading, const json_t *theirs)
{
	static const char *const keys[] = {"schema", "name", "runs", "boots", "counters", "points"};
	json_t *ours = plan_to_json(reading->plan), *a, *b;
	char *was = NULL, *is = NULL;
	bool same = true;
	size_t i;

	for (i = 0; same && i < sizeof(keys) / sizeof(keys[0]); i++) {
		a = json_object_get(theirs, keys[i]);
		b = json_object_get(ours, keys[i]);
		if (json_equal(a, b))
			continue;
		same = false;
		was = json_dumps(a, JSON_ENCODE_ANY | JSON_COMPACT);
		is = json_dumps(b, JSON_ENCODE_ANY | JSON_COMPACT);
		if (!strcmp(keys[i], "points") || strlen(was ? was : "") > 60)
			err("%s: holds another plan (its %s differ); give another --out",
			    reading->path, keys[i]);
		else
			err("%s: holds another plan (%s is %s there, %s here); give another --out",
			    reading->path, keys[i], was, is);
	}
	free(was);
	free(is);
	json_decref(ours);
	return same;
}

static void take_machine(struct reading *reading, const json_t *json)
{
	const char *kernel = json_string_value(json_object_get(json, "kernel"));
	json_t *facts = json_object_get(json, "facts");
	const char *id = json_string_value(json_object_get(facts, "kernel.boot_id"));
	int boot = (int)json_integer_value(json_object_get(json, "boot"));

	if (!kernel || strcmp(kernel, reading->kernel))
		return;
	if (boot >= reading->boots)
		reading->boots = boot + 1;
	if (id && !strcmp(id, reading->boot_id)) {
		reading->known_boot = true;
		reading->r->boot = boot;
	}
}

static void take_run(struct reading *reading, const json_t *json)
{
	const char *kernel = json_string_value(json_object_get(json, "kernel"));
	char *text = point_text(json_object_get(json, "point")), key[96];
	json_t *point = json_object_get(reading->index, text ? text : "");

	if (point && kernel && !strcmp(kernel, reading->kernel)) {
		snprintf(key, sizeof(key), "%lld %lld %lld",
			 (long long)json_integer_value(json_object_get(json, "boot")),
			 (long long)json_integer_value(json_object_get(json, "run")),
			 (long long)json_integer_value(point));
		json_object_set_new(reading->done, key, json_true());
	}
	free(text);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	struct reading *reading = arg;

	if (lineno == 1 && strcmp(type, "plan"))
		return err("%s:1: a journal begins with its plan; this is '%s'", reading->path,
			   type);
	if (!strcmp(type, "plan")) {
		reading->r->has_plan = true;
		return same_plan(reading, json);
	}
	if (!strcmp(type, "machine"))
		take_machine(reading, json);
	else if (!strcmp(type, "run"))
		take_run(reading, json);
	return true;
}

/* The steps of one boot that are not done. */
static json_t *missing(const struct reading *reading, int boot)
{
	size_t nr = (size_t)reading->plan->runs * reading->plan->nr_points, step;
	json_t *todo = json_array();
	struct plan_step at;
	char key[96];

	for (step = 0; step < nr; step++) {
		at = plan_step(reading->plan, step);
		snprintf(key, sizeof(key), "%d %d %zu", boot, at.run, at.point);
		if (!json_object_get(reading->done, key))
			json_array_append_new(todo, json_integer((json_int_t)step));
	}
	return todo;
}

/* Which boot this is, and what it owes: nothing, if enough boots are complete without it. */
static void settle(struct reading *reading)
{
	struct resume *r = reading->r;
	int boot, complete = 0;
	json_t *todo;

	for (boot = 0; boot < reading->boots; boot++) {
		todo = missing(reading, boot);
		complete += !json_array_size(todo);
		json_decref(todo);
	}
	if (!reading->known_boot)
		r->boot = reading->boots;
	if (!reading->known_boot && complete >= reading->plan->boots)
		r->todo = json_array();
	else
		r->todo = missing(reading, r->boot);
	if (!reading->known_boot && reading->boots > complete && json_array_size(r->todo))
		note("%s: an earlier boot of %s was left unfinished; this is another boot, so it "
		     "starts as boot %d",
		     reading->path, reading->kernel, r->boot);
	r->done = (int)((size_t)reading->plan->runs * reading->plan->nr_points -
			json_array_size(r->todo));
}

bool resume_read(struct resume *r, const char *path, const struct plan *plan, const char *kernel,
		 const char *boot_id)
{
	struct reading reading = {
		.r = r,
		.path = path,
		.plan = plan,
		.kernel = kernel,
		.boot_id = boot_id,
		.index = json_object(),
		.done = json_object(),
	};
	char *text;
	size_t i;
	bool ok;

	*r = (struct resume){0};
	for (i = 0; i < plan->nr_points; i++) {
		text = point_text(plan->points[i].point);
		json_object_set_new(reading.index, text, json_integer((json_int_t)i));
		free(text);
	}
	ok = journal_read(path, take_line, &reading);
	if (ok)
		settle(&reading);
	json_decref(reading.index);
	json_decref(reading.done);
	return ok;
}

void resume_free(struct resume *r)
{
	json_decref(r->todo);
	r->todo = NULL;
}
