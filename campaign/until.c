// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/until.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/stopping.h"
#include "campaign/progress.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/seconds.h"
#include "common/units.h"

/* What a look found, by the plan's points. */
struct look {
	struct until_point *points;
	const char **state;
	size_t nr, nothing, wide;
	size_t widest;	 /* of those too wide, else of all; nr if there is none */
	const char *end; /* NULL: it goes on */
	double spent_s;
};

/* The number of units to look at next. */
static int next_units(const struct until *u)
{
	int next = until_next(u->units, u->least);

	return next < u->most ? next : u->most;
}

/* A look of an earlier session at the same kernels: which points had enough, and when. */
static void take_look(struct until *u, const json_t *look)
{
	int units = (int)json_integer_value(json_object_get(look, "units"));
	const char *state;
	json_t *point;
	size_t i;

	u->last = look;
	u->earlier_s = json_number_value(json_object_get(look, "spent_s"));
	u->unit_s = json_number_value(json_object_get(look, "unit_s"));
	if (units > u->units)
		u->units = units;
	json_array_foreach(json_object_get(look, "points"), i, point) {
		state = json_string_value(json_object_get(point, "state"));
		if (i < u->plan->nr_points && state && strcmp(state, "wide") && !u->together &&
		    units < u->resume->enough[i] && units >= u->least)
			u->resume->enough[i] = units;
	}
}

static bool is_ours(const struct until *u, const json_t *look)
{
	const char *kernel = json_string_value(json_object_get(look, "kernel"));

	return kernel && u->kernel ? !strcmp(kernel, u->kernel) : kernel == u->kernel;
}

static bool take_looks(struct until *u)
{
	const char *rule;
	json_t *look;
	size_t i;

	json_array_foreach(u->resume->looks, i, look) {
		rule = json_string_value(json_object_get(look, "rule"));
		if (!rule || strcmp(rule, UNTIL_RULE))
			return err("%s: went by the rule '%s', and this faultbench has '%s'; give "
				   "another --out",
				   u->path, rule ? rule : "", UNTIL_RULE);
		if (is_ours(u, look))
			take_look(u, look);
	}
	/* That look is over: it was in the middle of what comes next. */
	if (u->last && !json_object_get(u->last, "end")) {
		u->before = u->units;
		u->units = next_units(u);
	}
	return true;
}

bool until_begin(struct until *u, const struct plan *plan, const char *path, const char *kernel,
		 bool by_boot, bool exact, struct resume *resume)
{
	*u = (struct until){
		.plan = plan,
		.path = path,
		.resume = resume,
		.kernel = kernel,
		.by_boot = by_boot,
		.together = exact,
		.most = UNTIL_MOST_RUNS,
		.least = UNTIL_RUNS,
		.began_s = seconds_now(),
	};
	if (u->by_boot) {
		u->least = u->together ? UNTIL_COUNTS : UNTIL_BOOTS;
		u->most = UNTIL_MOST_BOOTS;
	}
	u->units = u->by_boot ? plan->boots : plan->runs;
	u->most = u->units > u->most ? u->units : u->most;
	u->part_s = u->began_s;
	resume->by_boot = u->by_boot;
	return take_looks(u);
}

static bool is_narrow(const struct until *u, const struct until_point *point)
{
	return u->units >= u->least && point->units >= (size_t)u->least &&
	       point->half <= u->plan->until;
}

/* Is point i wider than the widest so far? Those that are too wide come first. */
static bool is_widest(const struct look *look, size_t i, bool wide)
{
	const struct until_point *p = &look->points[i], *w = &look->points[look->widest];

	if (p->nothing || (look->wide && !wide))
		return false;
	return look->widest == look->nr || (wide && !look->wide) ||
	       (!isnan(w->half) && !(p->half <= w->half));
}

static void judge(struct until *u, struct look *look, size_t i)
{
	const struct until_point *p = &look->points[i];
	int *enough = &u->resume->enough[i];
	bool wide = !p->nothing && *enough == INT_MAX && !is_narrow(u, p);

	look->state[i] = wide ? "wide" : p->nothing ? "nothing" : "narrow";
	look->nothing += p->nothing;
	if (is_widest(look, i, wide))
		look->widest = i;
	look->wide += wide;
	if (!wide && *enough == INT_MAX && !u->together && u->units >= u->least)
		*enough = u->units;
}

static const char *why_ended(const struct until *u, const struct look *look)
{
	double budget = u->plan->budget_s;

	if (look->nothing == look->nr)
		return "nothing";
	if (!look->wide)
		return "narrow";
	if (u->units >= u->most)
		return "most";
	/* Nothing is begun that will not end within it. */
	return look->spent_s + u->unit_s * (next_units(u) - u->units) > budget ? "budget" : NULL;
}

static bool look_at(struct until *u, struct look *look)
{
	char *paths[] = {(char *)u->path};
	struct results results;
	size_t i;
	bool ok;

	*look = (struct look){.nr = u->plan->nr_points};
	if (!results_load(&results, paths, 1))
		return false;
	look->points = calloc(results.nr_points + look->nr, sizeof(*look->points));
	look->state = calloc(look->nr, sizeof(*look->state));
	/* The plan, a journal's first line, gave the points their order. */
	ok = look->points && look->state && results.nr_points >= look->nr &&
	     until_look(&results, u->kernel ? results_kernel(&results, u->kernel) : -1, u->by_boot,
			look->points);
	results_free(&results);
	if (!ok)
		return err("%s: its points cannot be looked at", u->path);
	look->widest = look->nr;
	for (i = 0; i < look->nr; i++)
		judge(u, look, i);
	look->spent_s = u->earlier_s + seconds_now() - u->began_s;
	look->end = why_ended(u, look);
	return true;
}

static json_t *look_json(const struct until *u, const struct look *look)
{
	json_t *json, *points = json_array();
	size_t i;

	for (i = 0; i < look->nr; i++)
		json_array_append_new(points, json_pack("{s:I,s:o,s:s}", "units",
							(json_int_t)look->points[i].units, "half",
							isfinite(look->points[i].half)
								? json_real(look->points[i].half)
								: json_null(),
							"state", look->state[i]));
	json = json_pack("{s:s,s:s,s:f,s:s,s:i,s:i,s:s*,s:i,s:o,s:i,s:o,s:o,s:s*}", "type", "until",
			 "rule", UNTIL_RULE, "target", u->plan->until, "unit",
			 u->by_boot ? "boot" : "run", "least", u->least, "most", u->most, "kernel",
			 u->kernel, "units", u->units, "points", points, "budget_s",
			 u->plan->budget_s, "spent_s", record_seconds(look->spent_s), "unit_s",
			 record_seconds(u->unit_s), "end", look->end);
	return json;
}

/* The number of units that the point takes for the target, by what is known of its noise; or NaN.
 */
static double needs(const struct until *u, const struct until_point *p)
{
	double share = p->half / u->plan->until;

	return fmax(u->least, ceil((double)p->units * share * share));
}

/* " and takes about 92", or that it ends before. */
static const char *needs_text(const struct until *u, const struct until_point *p, char text[64])
{
	if (needs(u, p) > u->most)
		snprintf(text, 64, " and takes more than %d, where it ends", u->most);
	else
		snprintf(text, 64, " and takes about %.0f", needs(u, p));
	return text;
}

/* "fork/fork order=9 has +-1.2% of 16 runs and takes about 92", malloc'ed. */
static char *point_text(const struct until *u, const struct look *look, size_t i)
{
	const struct plan *plan = u->plan;
	char *name = progress_point_name(plan, plan->points[i].point), *text = NULL, more[64];
	const struct until_point *p = &look->points[i];
	const char *unit = u->by_boot ? "boots" : "runs";
	int put;

	if (!isfinite(p->half))
		put = asprintf(&text, "%s has no interval yet", name);
	else
		put = asprintf(&text, "%s has +-%.2g%% of %zu %s%s", name, 100 * p->half, p->units,
			       unit, p->half > plan->until ? needs_text(u, p, more) : "");
	free(name);
	return put < 0 ? NULL : text;
}

/* "; 12m more": how long so many units take, or all there can be; empty if that is not known. */
static const char *time_text(const struct until *u, double units, char text[64])
{
	double s = u->unit_s * (fmin(units, u->most) - u->units);
	double unit = s < 120 ? 1 : s < 7200 ? 60 : 3600;
	char duration[UNITS_TEXT];

	*text = '\0';
	if (s > 0 && s < 3600 * 1000)
		snprintf(text, 64, "; %s more",
			 units_duration((int)(unit * ceil(s / unit)), duration));
	return text;
}

/* Why it ended with points that are too wide, and what they are. */
static void say_wide(const struct until *u, const struct look *look, const char *head)
{
	char budget[UNITS_TEXT], *text;
	size_t i;

	units_duration(u->plan->budget_s, budget);
	if (!strcmp(look->end, "budget"))
		note("%s: the budget of %s ends it with %zu of %zu points too wide (a longer "
		     "--budget goes on):",
		     head, budget, look->wide, look->nr);
	else
		note("%s: no more are made, with %zu of %zu points too wide:", head, look->wide,
		     look->nr);
	for (i = 0; i < look->nr; i++) {
		if (strcmp(look->state[i], "wide"))
			continue;
		text = point_text(u, look, i);
		fprintf(stderr, "    %s\n", text ? text : "");
		free(text);
	}
}

static void say(const struct until *u, const struct look *look)
{
	char head[128], time[64], nothing[64] = "", *text = NULL;

	snprintf(head, sizeof(head), "until %.3g%%: %d %s%s", 100 * u->plan->until, u->units,
		 u->by_boot ? "boot" : "run", u->units == 1 ? "" : "s");
	if (look->nothing)
		snprintf(nothing, sizeof(nothing), "; %zu with nothing to compare", look->nothing);
	if (look->widest < look->nr)
		text = point_text(u, look, look->widest);
	if (look->wide && look->end)
		say_wide(u, look, head);
	else if (look->wide && u->units < u->least)
		note("%s, and %d are the least%s%s", head, u->least, nothing,
		     time_text(u, u->least, time));
	else if (look->wide)
		note("%s: %zu of %zu points too wide%s: %s%s", head, look->wide, look->nr, nothing,
		     text ? text : "", time_text(u, needs(u, &look->points[look->widest]), time));
	else if (text)
		note("%s: all points are narrow enough%s: %s", head, nothing, text);
	else
		note("%s: no point has anything to compare", head);
	free(text);
}

/* Is it what the journal's last look says already? */
static bool is_said(const struct until *u, size_t taken)
{
	return u->last && taken == u->taken && json_object_get(u->last, "end") &&
	       json_integer_value(json_object_get(u->last, "units")) == u->units;
}

bool until_goes_on(struct until *u, struct journal *journal, size_t taken, int *ret_status)
{
	struct look look;
	json_t *record;
	bool goes_on = false;

	*ret_status = EXIT_FAILED;
	if (taken > u->taken && u->units > u->before)
		u->unit_s = (seconds_now() - u->part_s) / (u->units - u->before);
	if (!look_at(u, &look))
		goto out;
	say(u, &look);
	record = look_json(u, &look);
	if (!is_said(u, taken) && !journal_append(journal, record)) {
		json_decref(record);
		goto out;
	}
	json_decref(record);
	*ret_status = look.wide && look.end ? EXIT_INCONCLUSIVE : EXIT_OK;
	goes_on = !look.end;
	u->before = u->units;
	u->units = next_units(u);
	u->taken = taken;
	u->part_s = seconds_now();
out:
	free(look.points);
	free(look.state);
	return goes_on;
}
