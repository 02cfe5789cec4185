// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/lkp/lkp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/lkp/words.h"
#include "common/ini_file.h"
#include "common/msg.h"
#include "common/plan_resolve.h"
#include "common/plan_values.h"
#include "common/units.h"

#define MOST_TASKS  4096
#define MOST_OTHERS 400 /* bytes of those that are listed */
#define WHO	    80

struct reading {
	struct lkp_words words;
	struct ini_file ini;
	const json_t *catalogue;
	const char *point;   /* of the section that is being made, */
	const json_t *bench; /* and its family in the catalogue */
	json_t *differs;
	int64_t tasks; /* 0: a share of the CPUs */
	int64_t share; /* %, of them; 0: none */
};

/* Once, of however many sections. */
static void differs(struct reading *r, json_t *text)
{
	json_t *said;
	size_t i;

	json_array_foreach(r->differs, i, said) {
		if (!json_equal(said, text))
			continue;
		json_decref(text);
		return;
	}
	json_array_append_new(r->differs, text);
}

static bool read_mode(struct reading *r)
{
	const char *mode = r->words.mode;

	return !mode || lkp_is_mode(mode) ||
	       err("%s: mode=%.20s: must be process, thread or both", r->ini.path, mode);
}

/* How many tasks there were. */
static bool read_tasks(struct reading *r)
{
	const char *nr = r->words.nr;
	size_t len = nr ? strlen(nr) : 0;
	char *number = len ? strndup(nr, len - (nr[len - 1] == '%')) : NULL;
	bool share = len && nr[len - 1] == '%', ok = true;

	r->tasks = 1;
	if (!nr && !r->words.suite->one_task)
		differs(r, json_string("how many tasks is not said: one here"));
	else if (share)
		ok = units_parse_int(number ? number : "", 1, 100000, &r->share);
	else if (nr)
		ok = units_parse_int(nr, 1, MOST_TASKS, &r->tasks);
	free(number);
	if (!ok)
		return err("%s: nr_task=%.20s: must be a whole number from 1 to %d, or a share as "
			   "50%%",
			   r->ini.path, nr, MOST_TASKS);
	if (r->share > 100)
		differs(r, json_sprintf("nr_task=%s: more tasks than CPUs; one a CPU here", nr));
	r->share = r->share > 100 ? 100 : r->share;
	r->tasks = share ? 0 : r->tasks;
	return true;
}

static bool has_param(const struct reading *r, const char *name)
{
	return plan_by_name(json_object_get(r->bench, "params"), name);
}

static bool set(struct reading *r, const char *section, const char *key, const char *value)
{
	return ini_file_set(&r->ini, section, key, value, 1);
}

/* Which point it is, by what tasks are. */
static void choose_point(struct reading *r, bool threads)
{
	const struct lkp_name *name = r->words.name;
	char bench[64];

	r->point = threads && name->of_threads ? name->of_threads : name->point;
	snprintf(bench, sizeof(bench), "%.*s", (int)strcspn(r->point, "/"), r->point);
	r->bench = plan_by_name(r->catalogue, bench);
}

/* "BENCH/VARIANT key=value ..." into a section. */
static bool set_point(struct reading *r, const char *section)
{
	char *copy = strdup(r->point), *rest = NULL, *word, *value;
	bool ok = copy;

	for (word = copy ? strtok_r(copy, " ", &rest) : NULL; word && ok;
	     word = strtok_r(NULL, " ", &rest)) {
		value = strpbrk(word, "/=");
		*value++ = '\0';
		if (word == copy)
			ok = set(r, section, "bench", word) && set(r, section, "variant", value);
		else
			ok = set(r, section, word, value);
	}
	free(copy);
	return ok;
}

/* What all have together, where it is not so much a task, which is as it was there. */
static void note_size(struct reading *r, const struct plan *plan)
{
	const json_t *size = json_object_get(plan->points[0].point, "size");
	char text[UNITS_TEXT];

	if (json_is_integer(size))
		differs(r, json_sprintf("size: all tasks together have %s, whatever it was there",
					units_bytes(json_integer_value(size), text)));
}

/* Its tasks, as threads of one process or as processes. */
static bool set_tasks(struct reading *r, const char *section, const char *key)
{
	char text[32];

	if (r->share)
		snprintf(text, sizeof(text), "%lld%%", (long long)r->share);
	else
		snprintf(text, sizeof(text), "%lld", (long long)r->tasks);
	return set(r, section, key, r->share == 100 ? "all" : text);
}

/* Each task has a CPU: cores first, as will-it-scale has it. */
static bool set_place(struct reading *r, const char *section)
{
	if (!r->words.suite->pins && r->tasks != 1)
		differs(r, json_string("tasks have a CPU each; there they run where they are put"));
	return set(r, section, "place", "cpus");
}

/* How many threads there are is said by the key for those that do what is timed. */
static const char *crew_key(const struct reading *r, bool threads)
{
	return !threads ? "processes" : has_param(r, "shooters") ? "shooters" : "threads";
}

static bool add_section(struct reading *r, const char *section, bool threads)
{
	const char *key;

	choose_point(r, threads);
	differs(r, json_sprintf("%s is %.*s here", r->ini.path, (int)strcspn(r->point, " "),
				r->point));
	if (!set_point(r, section))
		return false;
	key = crew_key(r, threads);
	if (has_param(r, key) && !r->words.name->one_task)
		return set_tasks(r, section, key) && set_place(r, section);
	if (r->tasks != 1)
		differs(r,
			json_sprintf("nr_task=%s: %s is done by one task", r->words.nr, r->point));
	return true;
}

/* "thread", "process" or "both"; NULL: the report does not say, and it matters. */
static const char *mode_of(struct reading *r, bool many)
{
	const struct lkp_name *name = r->words.name;

	if (name->threads || name->processes)
		return name->threads ? "thread" : "process";
	if (many && r->words.mode && name->one_heap && strcmp(r->words.mode, "process")) {
		differs(r, json_sprintf("mode=%s: a process has one heap, so tasks are processes, "
					"which wait for no lock of each other",
					r->words.mode));
		return "process";
	}
	if (many && !r->words.mode)
		differs(r, json_string("mode is not said: processes here"));
	return r->words.mode;
}

/* Whether tasks are threads, processes, or one after the other. */
static bool add_sections(struct reading *r)
{
	const char *mode;
	bool many;

	choose_point(r, false);
	many = r->tasks != 1 && !r->words.suite->one_task && !r->words.name->one_task &&
	       has_param(r, "processes");
	mode = mode_of(r, many);

	if (many && mode && !strcmp(mode, "both"))
		return add_section(r, "threads", true) && add_section(r, "processes", false);
	return add_section(r, r->words.name->test, mode && !strcmp(mode, "thread"));
}

/* What the plan is called, and with it the journal: of letters that a file's name can have. */
static char *name_of(const struct reading *r)
{
	const struct lkp_words *w = &r->words;
	char *name;

	if (asprintf(&name, "lkp-%s-%s%s%s-%lld%s", w->suite->name, w->name->test,
		     w->mode ? "-" : "", w->mode ? w->mode : "",
		     (long long)(r->share ? r->share : r->tasks), r->share ? "pc" : "") < 0)
		return NULL;
	return name;
}

/* What is said of the report that nothing here follows from. */
static void note_others(struct reading *r)
{
	char list[MOST_OTHERS] = "";
	size_t i, len = 0;
	json_t *other;

	if (r->words.runtime)
		differs(r, json_sprintf("runtime %.20s: here so many runs and iterations",
					r->words.runtime));
	json_array_foreach(r->words.others, i, other) {
		const char *word = json_string_value(other);

		if (len + strlen(word) + 16 > sizeof(list))
			break;
		len += (size_t)sprintf(list + len, "%s%s", i ? ", " : "", word);
	}
	if (i < json_array_size(r->words.others))
		sprintf(list + len, "%s...", len ? ", " : "");
	if (*list)
		differs(r, json_sprintf("of no meaning here: %s", list));
}

static bool refuse_name(const struct reading *r)
{
	const struct lkp_name *name = r->words.name;

	return err("%s: no point does that: %s; %s%s", r->ini.path, name->lacks,
		   name->point ? "the nearest is " : "none is near it",
		   name->point ? name->point : "");
}

static bool make(struct reading *r, struct plan *plan, const json_t *catalogue,
		 char *const *overrides, size_t nr_overrides)
{
	size_t i;

	if (r->words.name->lacks)
		return refuse_name(r);
	r->catalogue = catalogue;
	if (!read_mode(r) || !read_tasks(r) || !add_sections(r))
		return false;
	for (i = 0; i < LKP_DIFFERS && r->words.name->differs[i]; i++)
		differs(r, json_string(r->words.name->differs[i]));
	if (r->words.suite->differs)
		differs(r, json_string(r->words.suite->differs));
	note_others(r);
	*plan = (struct plan){.name = name_of(r)};
	if (!plan_resolve(plan, &r->ini, catalogue, overrides, nr_overrides))
		return false;
	note_size(r, plan);
	return true;
}

bool lkp_plan(struct plan *plan, const char *words, const json_t *catalogue, char *const *overrides,
	      size_t nr_overrides, json_t **ret_differs)
{
	struct reading r = {.differs = json_array()};
	char who[WHO] = "lkp";
	bool ok = lkp_words_read(&r.words, words);

	if (ok) {
		snprintf(who, sizeof(who), LKP_PREFIX "%s%s%s", r.words.suite->name,
			 r.words.test ? "/" : "", r.words.test ? r.words.test : "");
		r.ini.path = strdup(who);
		ok = make(&r, plan, catalogue, overrides, nr_overrides);
	}
	ini_file_free(&r.ini);
	lkp_words_free(&r.words);
	if (!ok) {
		json_decref(r.differs);
		return false;
	}
	*ret_differs = r.differs;
	return true;
}

static json_t *describe(const struct lkp_suite *suite, const struct lkp_name *name)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < LKP_DIFFERS && name->differs[i]; i++)
		json_array_append_new(list, json_string(name->differs[i]));
	return json_pack("{ss ss ss? ss? ss? so}", "testcase", suite->name, "test", name->test,
			 "point", name->point, "of_threads", name->of_threads, "lacks", name->lacks,
			 "differs", list);
}

json_t *lkp_list(void)
{
	const struct lkp_suite *s;
	const struct lkp_name *n;
	json_t *list = json_array();

	for (s = lkp_suites; s->name; s++)
		for (n = s->names; n->test; n++)
			json_array_append_new(list, describe(s, n));
	return list;
}
