// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/plan_head.h"

#include <stdlib.h>
#include <string.h>

#include "common/clean.h"
#include "common/default_counters.h"
#include "common/plan_values.h"
#include "common/units.h"

bool plan_head_knows(const char *key)
{
	static const char *const keys[] = {"summary",	"runs",	       "boots",	  "seed",
					   "threshold", "iterations",  "warmup",  "time-limit",
					   "counters",	"until",       "budget",  "lines",
					   "calls",	"cache-model", "profile", "settle"};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

static bool read_summary(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *s = ini_file_find(ini, "plan", "summary");

	if (s && !plan_is_utf8(s->value))
		return plan_bad_value(ini, s, "...", "not UTF-8");
	plan->summary = s ? clean_text(s->value) : NULL;
	return true;
}

static bool read_threshold(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *s = ini_file_find(ini, "plan", "threshold");

	plan->threshold = -1;
	return !s || units_parse_percent(s->value, &plan->threshold) ||
	       plan_bad_value(ini, s, s->value, "must be a percentage from 0% to 100%, such as 2%");
}

static bool read_until(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *until = ini_file_find(ini, "plan", "until");
	struct ini_setting *budget = ini_file_find(ini, "plan", "budget");

	if (until && !(units_parse_percent(until->value, &plan->until) && plan->until > 0))
		return plan_bad_value(ini, until, until->value,
				      "must be a percentage above 0% up to 100%, such as 0.5%");
	if (budget && !until)
		return plan_bad_value(ini, budget, budget->value,
				      "there is no `until` that it would end");
	if (until)
		plan->budget_s = PLAN_BUDGET_S;
	return !budget || units_parse_duration(budget->value, &plan->budget_s) ||
	       plan_bad_value(ini, budget, budget->value,
			      "must be a time such as 90s, 30m or 2h, at most 1000h");
}

static bool read_yes(struct ini_file *ini, const char *key, bool *ret)
{
	struct ini_setting *s = ini_file_find(ini, "plan", key);

	*ret = s && !strcmp(s->value, "yes");
	return !s || *ret || !strcmp(s->value, "no") ||
	       plan_bad_value(ini, s, s->value, "must be yes or no");
}

static bool read_cache_model(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *s = ini_file_find(ini, "plan", "cache-model");

	plan->cache_model = s && strcmp(s->value, "none") ? strdup(s->value) : NULL;
	return true;
}

/* "30s" or "30s, 10m". */
static bool read_settle(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *s = ini_file_find(ini, "plan", "settle");
	struct plan_settle *settle = &plan->settle;
	char *list, *rest, *least, *most;
	bool ok;

	if (!s || !strcmp(s->value, "none")) {
		plan->settle_named = s;
		return true;
	}
	plan->settle_named = true;
	list = rest = strdup(s->value);
	least = plan_next_item(&rest);
	most = plan_next_item(&rest);
	ok = least && units_parse_duration(least, &settle->least_s) && !plan_next_item(&rest);
	settle->most_s =
		settle->least_s > PLAN_SETTLE_MOST_S ? settle->least_s : PLAN_SETTLE_MOST_S;
	ok = ok && (!most || units_parse_duration(most, &settle->most_s)) &&
	     settle->least_s <= settle->most_s;
	free(list);
	return ok ||
	       plan_bad_value(ini, s, s->value,
			      "must be none, or one or two times such as 30s, 10m: how long it "
			      "is up at least, and how long is waited at most");
}

#define INNER '\1' /* for the commas in an event of a PMU, "cpu/event=0x3c,umask=1/k" */

static void hide_inner(char *list)
{
	bool inside = false;

	for (; *list; list++) {
		inside ^= *list == '/';
		if (*list == ',' && inside)
			*list = INNER;
	}
}

static char *next_counter(char **list)
{
	char *item = plan_next_item(list), *p = item;

	while (p && (p = strchr(p, INNER)))
		*p = ',';
	return item;
}

static bool read_counters(struct plan *plan, struct ini_file *ini)
{
	struct ini_setting *s = ini_file_find(ini, "plan", "counters");
	char *list, *rest, *item;
	bool ok = true;
	size_t i;

	plan->counters = json_array();
	plan->counters_named = s;
	for (i = 0; !s && i < NR_DEFAULT_COUNTERS; i++)
		json_array_append_new(plan->counters, json_string(default_counters[i]));
	if (!s || !strcmp(s->value, "none"))
		return true;
	list = rest = strdup(s->value);
	hide_inner(list);
	while (ok && (item = next_counter(&rest))) {
		if (!*item || !clean_is(item))
			ok = plan_bad_value(ini, s, s->value, "an empty name, or one not UTF-8");
		else
			json_array_append_new(plan->counters, json_string(item));
	}
	free(list);
	return ok;
}

bool plan_head_read(struct plan *plan, struct ini_file *ini)
{
	plan->boots_named = ini_file_find(ini, "plan", "boots");
	return read_summary(plan, ini) && plan_int(ini, "plan", "runs", 1, 3, &plan->runs) &&
	       plan_int(ini, "plan", "boots", 1, 1, &plan->boots) &&
	       plan_int(ini, "plan", "seed", 0, 1, &plan->seed) && read_threshold(plan, ini) &&
	       read_until(plan, ini) && read_yes(ini, "lines", &plan->lines) &&
	       read_yes(ini, "calls", &plan->calls) && read_yes(ini, "profile", &plan->profile) &&
	       read_cache_model(plan, ini) && read_settle(plan, ini) && read_counters(plan, ini);
}
