// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/collect/collection.h"

#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "common/journal.h"
#include "common/msg.h"
#include "common/record.h"

static const char *text_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

static bool has(const json_t *array, const json_t *value)
{
	json_t *each;
	size_t i;

	json_array_foreach(array, i, each)
		if (json_equal(each, value))
			return true;
	return false;
}

static char *step_key(const json_t *point, int run)
{
	char *text = json_dumps(point, JSON_COMPACT | JSON_SORT_KEYS), *key;

	key = files_text("%s\n%d", text ? text : "", run);
	free(text);
	return key;
}

static bool begin_plan(struct collection *c, const json_t *json)
{
	struct plan_step at;
	char *key;
	size_t i;

	if (!plan_from_json(&c->plan, json))
		return err("%s:1: not a plan that is known here", c->path);
	if (c->plan.until > 0)
		return err("%s: of a plan with until, whose boots are as many as one machine "
			   "needed; name a number (--boots) to divide it",
			   c->path);
	c->first = c->path;
	c->nr_steps = c->plan.nr_points * (size_t)c->plan.runs;
	for (i = 0; i < c->nr_steps; i++) {
		at = plan_step(&c->plan, i);
		key = step_key(c->plan.points[at.point].point, at.run);
		json_object_set_new(c->steps, key, json_integer((json_int_t)i));
		free(key);
	}
	return true;
}

static bool take_plan(struct collection *c, const json_t *json)
{
	json_t *plan = json_copy((json_t *)json), *label;
	bool ok = true;
	size_t i;

	json_array_foreach(json_object_get(json, "kernels"), i, label)
		if (!has(c->labels, label))
			json_array_append(c->labels, label);
	json_object_del(plan, "kernels");
	if (!c->plan_json)
		ok = begin_plan(c, json);
	else if (!json_equal(plan, c->plan_json))
		ok = err("%s: holds another plan than %s", c->path, c->first);
	if (ok && !c->plan_json)
		c->plan_json = json_incref(plan);
	json_decref(plan);
	return ok;
}

/* Who asked for it, with which words, is of a part; what it was asked of is of the whole. */
static bool take_command(struct collection *c, const json_t *json)
{
	json_t *command = json_copy((json_t *)json);

	json_object_set_new(command, "words", json_pack("[s]", "collect"));
	if (!has(c->commands, command))
		json_array_append(c->commands, command);
	json_decref(command);
	return true;
}

static bool take_kernel(struct collection *c, const json_t *json)
{
	const char *label = text_of(json, "label");
	const json_t *was = json_object_get(c->kernels, label);

	if (was && strcmp(text_of(was, "sha256"), text_of(json, "sha256")))
		return err("%s: holds another kernel '%s' than %s (image %.12s, %.12s there)",
			   c->path, label, text_of(c->kernel_paths, label), text_of(json, "sha256"),
			   text_of(was, "sha256"));
	if (!was) {
		json_object_set(c->kernels, label, (json_t *)json);
		json_object_set_new(c->kernel_paths, label, json_string(c->path));
	}
	return true;
}

/* What a boot is known by: the perturbation, the kernel's boot_id, or else where it stands. */
static char *identity_of(const struct collection *c, const json_t *json, int number)
{
	const json_t *perturbation = json_object_get(json, "perturbation");
	const char *id = text_of(json_object_get(json, "facts"), "kernel.boot_id");
	char *text, *ret;

	if (!perturbation)
		return *id ? files_text("%s", id) : files_text("%s %d", c->path, number);
	text = json_dumps(perturbation, JSON_COMPACT | JSON_SORT_KEYS);
	ret = files_text("%s", text ? text : "");
	free(text);
	return ret;
}

/* A boot of that identity, new if there is none; its index. */
static size_t find_boot(struct collection *c, const char *label, const char *identity, int number)
{
	struct collected_boot *boot;
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (!strcmp(c->boots[i].label, label) && !strcmp(c->boots[i].identity, identity))
			return i;
	boot = realloc(c->boots, (c->nr + 1) * sizeof(*boot));
	if (!boot)
		abort();
	c->boots = boot;
	boot += c->nr;
	*boot = (struct collected_boot){
		.label = files_text("%s", label),
		.identity = files_text("%s", identity),
		.number = number,
		.machines = json_array(),
		.rest = json_array(),
		.runs = calloc(c->nr_steps + 1, sizeof(json_t *)),
		.paths = calloc(c->nr_steps + 1, sizeof(char *)),
	};
	if (!boot->runs || !boot->paths)
		abort();
	return c->nr++;
}

/* The boot that a record of this journal is of. */
static struct collected_boot *boot_of(struct collection *c, const json_t *json)
{
	int number = (int)json_integer_value(json_object_get(json, "boot"));
	char *key = files_text("%s\n%d", text_of(json, "kernel"), number), *identity;
	json_t *index = json_object_get(c->here, key);
	size_t i;

	if (!index) {
		identity = identity_of(c, json, number);
		i = find_boot(c, text_of(json, "kernel"), identity, number);
		free(identity);
		index = json_integer((json_int_t)i);
		json_object_set_new(c->here, key, index);
	}
	i = (size_t)json_integer_value(index);
	free(key);
	return &c->boots[i];
}

static bool same_but_number(const json_t *a, const json_t *b)
{
	json_t *renamed = json_copy((json_t *)a);
	bool same;

	json_object_set(renamed, "boot", json_object_get(b, "boot"));
	same = json_equal(renamed, b);
	json_decref(renamed);
	return same;
}

static bool take_run(struct collection *c, struct collected_boot *boot, json_t *run)
{
	int nr = (int)json_integer_value(json_object_get(run, "run"));
	char *key = step_key(json_object_get(run, "point"), nr);
	const json_t *step = json_object_get(c->steps, key);
	json_t **at = &boot->runs[step ? json_integer_value(step) : 0];
	const char **path = &boot->paths[at - boot->runs];
	bool ok = true;

	free(key);
	if (!step)
		return err("%s: a run of boot %d of %s is none of its plan", c->path, boot->number,
			   boot->label);
	if (*at && !same_but_number(*at, run))
		ok = err("%s: has another result than %s for run %d of %s/%s in the same boot of "
			 "%s",
			 c->path, *path, nr, text_of(json_object_get(run, "point"), "bench"),
			 text_of(json_object_get(run, "point"), "variant"), boot->label);
	if (!*at) {
		*at = json_incref(run);
		*path = c->path;
	}
	return ok;
}

static void add_new(json_t *array, const json_t *record)
{
	json_t *each;
	size_t i;

	json_array_foreach(array, i, each)
		if (same_but_number(each, record))
			return;
	json_array_append(array, (json_t *)record);
}

/* Of what repeats nobody has to know when and where it was measured. */
static bool repeats(const struct collected_boot *boot)
{
	return json_object_get(json_array_get(boot->machines, 0), "perturbation");
}

static bool take_of_boot(struct collection *c, const char *type, const json_t *json)
{
	struct collected_boot *boot = boot_of(c, json);
	json_t *record = record_repeatable(json);
	bool ok = true;

	if (!strcmp(type, "run"))
		ok = take_run(c, boot, record);
	else if (strcmp(type, "unit") || !repeats(boot))
		add_new(strcmp(type, "machine") ? boot->rest : boot->machines, record);
	json_decref(record);
	return ok;
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = text_of(json, "type");
	struct collection *c = arg;

	if (lineno == 1 && strcmp(type, "plan"))
		return err("%s:1: a journal begins with its plan", c->path);
	if (record_is_counted(json))
		return err("%s:%zu: counts beside times (--exact-too), which have a plan of their "
			   "own and are not collected; compare, check and report take such "
			   "journals as they are",
			   c->path, lineno);
	if (lineno > 1 && !strcmp(type, "plan"))
		return err("%s:%zu: a second plan, and what is collected is one; compare, check "
			   "and report take journals of several as they are",
			   c->path, lineno);
	if (!strcmp(type, "plan"))
		return take_plan(c, json);
	if (!strcmp(type, "command"))
		return take_command(c, json);
	if (!strcmp(type, "kernel"))
		return take_kernel(c, json);
	if (record_fault(json))
		return err("%s:%zu: %s", c->path, lineno, record_fault(json));
	return take_of_boot(c, type, json);
}

bool collection_read(struct collection *c, const char *path)
{
	bool ok;

	c->path = path;
	c->here = json_object();
	ok = journal_read(path, take_line, c);
	json_decref(c->here);
	return ok;
}

struct collection collection_new(void)
{
	return (struct collection){.steps = json_object(),
				   .labels = json_array(),
				   .commands = json_array(),
				   .kernels = json_object(),
				   .kernel_paths = json_object()};
}

void collection_free(struct collection *c)
{
	struct collected_boot *boot;
	size_t i, k;

	for (i = 0; i < c->nr; i++) {
		boot = &c->boots[i];
		for (k = 0; k < c->nr_steps; k++)
			json_decref(boot->runs[k]);
		json_decref(boot->machines);
		json_decref(boot->rest);
		free(boot->runs);
		free(boot->paths);
		free(boot->identity);
		free(boot->label);
	}
	free(c->boots);
	plan_free(&c->plan);
	json_decref(c->plan_json);
	json_decref(c->steps);
	json_decref(c->labels);
	json_decref(c->commands);
	json_decref(c->kernels);
	json_decref(c->kernel_paths);
}
