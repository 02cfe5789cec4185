// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/catalogue.h"
#include "campaign/command.h"
#include "campaign/fit.h"
#include "campaign/lkp/lkp.h"
#include "campaign/lkp/words.h"
#include "campaign/shipped.h"
#include "common/caches/model.h"
#include "common/ini_file.h"
#include "common/msg.h"
#include "common/plan_resolve.h"
#include "common/plan_values.h"

static void add_override(struct measure_words *words, char *override)
{
	char **more = realloc(words->overrides, (words->nr + 1) * sizeof(*more));

	if (!more || !override)
		abort();
	words->overrides = more;
	more[words->nr++] = override;
}

void measure_words_set(struct measure_words *words, const char *override)
{
	add_override(words, strdup(override));
}

/* An override of the plan's key, which has an option of its own. */
void measure_words_plan(struct measure_words *words, const char *key, const char *value)
{
	char *text;

	add_override(words, asprintf(&text, "--%s=%s", key, value) < 0 ? NULL : text);
}

void measure_words_boots(struct measure_words *words, const char *number)
{
	measure_words_plan(words, "boots", number);
	words->boots = true;
}

void measure_words_free(struct measure_words *words)
{
	while (words->nr)
		free(words->overrides[--words->nr]);
	free(words->overrides);
}

#define LEAST_SIZE 4096 /* bytes, of anything */

/*
 * Divides the size of a point, which then is a least one: the machine takes the next that is whole
 * folios, and that the benchmark can have.
 */
static void scale_point(struct plan_point *p, int by)
{
	const json_t *size = json_object_get(p->asked ? p->asked : p->point, "size");
	const char *text = json_string_value(size), *each = text ? strchr(text, '/') : NULL;
	int64_t bytes = text ? strtoll(text, NULL, 10) : json_integer_value(size);

	if (!size)
		return;
	if (!p->asked)
		p->asked = json_deep_copy(p->point);
	bytes = bytes / by > LEAST_SIZE ? bytes / by : LEAST_SIZE;
	json_object_set_new(p->asked, "size",
			    json_sprintf("%lld%s" PLAN_LEAST, (long long)bytes,
					 each ? PLAN_WORKER : ""));
	/* What each worker has is no number of the point's until there are workers. */
	if (each)
		json_object_set(p->point, "size", json_object_get(p->asked, "size"));
	else
		json_object_set_new(p->point, "size", json_integer(bytes));
}

/* Points that are the same then are one, see measure_fit(). */
static void scale_plan(struct plan *plan, int by)
{
	size_t i;

	for (i = 0; i < plan->nr_points && by > 1; i++)
		scale_point(&plan->points[i], by);
}

/* The geometry that the plan's word means, in place of the word. */
static bool find_cache_model(struct plan *plan)
{
	char *path, text[CACHE_MODEL_TEXT];
	struct cache_model model;
	bool ok;

	if (!plan->cache_model)
		return true;
	path = shipped_find("caches", plan->cache_model);
	ok = path && cache_model_read(&model, path);
	free(path);
	if (!ok) {
		plan_free(plan);
		return false;
	}
	free(plan->cache_model);
	plan->cache_model = strdup(cache_model_text(&model, text));
	return plan->cache_model;
}

/* What differs from what a report ran is said, a line each. */
static bool read_report(struct plan *plan, const char *words, const struct measure_words *changed)
{
	json_t *catalogue = catalogue_own(), *differs = NULL, *text;
	bool ok = lkp_plan(plan, words, catalogue, changed->overrides, changed->nr, &differs);
	size_t i;

	json_array_foreach(differs, i, text)
		note("%s", json_string_value(text));
	json_decref(differs);
	json_decref(catalogue);
	return ok;
}

static bool read_file(struct plan *plan, const char *word, const struct measure_words *words)
{
	char *path = shipped_find("plans", word);
	bool ok = path && catalogue_read_plan(plan, path, words->overrides, words->nr);

	free(path);
	return ok;
}

bool measure_plan(struct plan *plan, const char *word, const struct measure_words *words)
{
	if (!word)
		word = "quick";
	if (!(lkp_is(word) ? read_report : read_file)(plan, word, words) || !find_cache_model(plan))
		return false;
	scale_plan(plan, words->scale);
	return true;
}

#define POINT "point" /* the one section that words make */

/* "key=value", or the first word: "BENCH/VARIANT". */
static bool take_word(struct ini_file *ini, const char *word, bool first)
{
	char *key = strdup(word), *value = strchr(key, first ? '/' : '=');
	bool ok;

	if (value)
		*value++ = '\0';
	if (first)
		ok = ini_file_set(ini, POINT, "bench", key, 0) &&
		     (!value || ini_file_set(ini, POINT, "variant", value, 0));
	else if (!value || !*key || !*value)
		ok = err("%s: '%s': must be key=value", ini->path, word);
	else if (ini_file_find(ini, POINT, key))
		ok = err("%s: '%s' twice", ini->path, key);
	else
		ok = ini_file_set(ini, POINT, key, value, 0);
	free(key);
	return ok;
}

bool measure_point(struct plan *ret, const char *who, char *const *words, size_t nr,
		   const json_t *catalogue)
{
	struct ini_file ini = {.path = strdup(who), .words = true};
	bool ok = true;
	size_t i;

	*ret = (struct plan){.name = strdup(who)};
	for (i = 0; i < nr && ok; i++)
		ok = take_word(&ini, words[i], i == 0);
	ok = ok && plan_resolve(ret, &ini, catalogue, NULL, 0) && measure_check(ret);
	ini_file_free(&ini);
	if (!ok)
		plan_free(ret);
	return ok;
}

bool measure_machine_file(struct machine *machine, const char *word)
{
	char *path = word ? shipped_find("machines", word) : NULL;
	bool ok = (path || !word) && machine_read(machine, path);

	free(path);
	return ok;
}

bool measure_machine(struct machine *machine, const char *word)
{
	return measure_machine_file(machine, word) && machine_ask(machine);
}

bool measure_functions(int64_t functions, const struct machine *machine)
{
	return !functions || machine->counts ||
	       err("--functions: the machine %s counts no instructions; one with accel = exact "
		   "does",
		   machine->name);
}

/* How many boots run side by side. */
bool measure_jobs(int *ret_jobs, int64_t jobs, const struct machine *m)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	*ret_jobs = jobs ? (int)jobs : m->counts && m->side_by_side && cpus > 1 ? (int)cpus : 1;
	if (*ret_jobs == 1)
		return true;
	if (!m->side_by_side)
		return err("--jobs %d: this machine runs one kernel", *ret_jobs);
	return !machine_timed(m) ||
	       err("--jobs %d: boots side by side spoil each other's times; %s measures times",
		   *ret_jobs, m->path);
}

struct campaign_kernel measure_kernel(const char *label, const struct kernel *kernel)
{
	return (struct campaign_kernel){
		.label = label,
		.start = {kernel->image, kernel->load, kernel->nr_load, kernel->config,
			  kernel->release, label, kernel->bootable, kernel->whole},
		.dir = kernel->dir,
		.sums = kernel->sums,
		.about = {.label = strdup(label),
			  .arch = strdup(kernel->arch),
			  .release = strdup(kernel->release),
			  .source = command_shorten(kernel->source),
			  .sha256 = strdup(kernel->sha256)},
	};
}
