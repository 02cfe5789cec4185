// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/campaign.h"
#include "campaign/survey.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "common/record.h"
#include "kernels/work.h"

/* Marks so many of the boots that are done, as far apart as may be. Returns how many. */
static size_t choose(const struct survey *s, size_t sample, bool *only)
{
	size_t done = s->in[UNIT_DONE], nr = 0, chosen = 0, i;

	if (sample > done)
		sample = done;
	for (i = 0; i < s->nr && sample; i++) {
		if (s->of[i].state != UNIT_DONE)
			continue;
		if (nr++ * sample / done == chosen && chosen < sample) {
			only[i] = true;
			chosen++;
		}
	}
	return chosen;
}

/* The name of a field in which two records differ; "" if they do not. */
static const char *differs(const json_t *was, const json_t *now)
{
	const char *key, *found = "";
	json_t *value;

	json_object_foreach((json_t *)was, key, value)
		if (!*found && !json_equal(value, json_object_get(now, key)))
			found = key;
	json_object_foreach((json_t *)now, key, value)
		if (!*found && !json_object_get(was, key))
			found = key;
	return found;
}

/* What a record is of, for a message. */
static void name_record(const json_t *record, char text[256])
{
	const char *type = json_string_value(json_object_get(record, "type"));
	const json_t *point = json_object_get(record, "point");

	snprintf(text, 256, "%s", type);
	if (point)
		snprintf(text, 256, "run %d of %s/%s",
			 (int)json_integer_value(json_object_get(record, "run")),
			 json_string_value(json_object_get(point, "bench")),
			 json_string_value(json_object_get(point, "variant")));
}

/* True if they are the same but for what the host's clock said. Else what differs is said. */
static bool same(const json_t *was, const json_t *now, const char *path, const char *what)
{
	json_t *a, *b;
	char name[256];
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < json_array_size(was) && i < json_array_size(now); i++) {
		a = record_repeatable(json_array_get(was, i));
		b = record_repeatable(json_array_get(now, i));
		name_record(a, name);
		ok = !*differs(a, b) ||
		     err("%s: %s, %s: \"%s\" is another when it is measured again: this key does "
			 "not say all that results follow from",
			 path, what, name, differs(a, b));
		json_decref(a);
		json_decref(b);
	}
	return ok && (json_array_size(was) == json_array_size(now) ||
		      err("%s: %s has %zu records, and %zu when it is measured again", path, what,
			  json_array_size(was), json_array_size(now)));
}

static bool compare_one(const struct campaign *c, const struct surveyed *unit, const char *again)
{
	char *path = unit_path(c->cache, unit->key, ".jsonl"), what[256];
	json_t *was = unit_load(c->cache, unit->key, NULL);
	json_t *now = unit_load(again, unit->key, NULL);
	bool ok;

	snprintf(what, sizeof(what), "boot %d of %s", unit->boot, c->kernels[unit->kernel].label);
	if (!was || !now)
		ok = err("%s: %s is there, and could not be measured again", path, what);
	else
		ok = same(was, now, path, what);
	json_decref(was);
	json_decref(now);
	free(path);
	return ok;
}

/* Carries out those of `only` in the folder and compares them. */
static int measure_again(const struct campaign *c, const struct survey *s, const bool *only,
			 const char *folder)
{
	char *journal = files_text("%s/again.jsonl", folder);
	char *cache = files_text("%s/results", folder);
	struct campaign again = *c;
	size_t i, nr = 0, good = 0;
	int status;

	again.path = journal;
	again.cache = cache;
	again.only = only;
	status = campaign_run(&again);
	if (status == EXIT_OK || status == EXIT_FAILED) {
		for (i = 0; i < s->nr; i++) {
			nr += only[i];
			good += only[i] && compare_one(c, &s->of[i], cache);
		}
		status = good == nr ? EXIT_OK : EXIT_FAILED;
		printf("%s: %zu of %zu results that were measured again are the same\n", c->cache,
		       good, nr);
	}
	free(journal);
	free(cache);
	return status;
}

int units_verify(const struct campaign *c, size_t sample)
{
	int status = EXIT_CANNOT_RUN;
	char *folder = NULL;
	struct survey s;
	bool *only;

	if (!survey_take(c, &s))
		return EXIT_USAGE;
	only = calloc(s.nr + 1, sizeof(*only));
	if (!only)
		abort();
	if (!choose(&s, sample, only))
		err("%s: has no results of this plan", c->cache);
	else if ((folder = work_make()))
		status = measure_again(c, &s, only, folder);
	else
		status = EXIT_FAILED;
	if (folder)
		files_remove(folder);
	free(folder);
	free(only);
	survey_free(&s);
	return status;
}
