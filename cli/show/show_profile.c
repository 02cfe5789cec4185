// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/show/show_profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/calls/sampled.h"
#include "analysis/text/grid.h"
#include "common/calls/profile.h"
#include "common/units.h"

#define SHOWN 15 /* functions */

struct function {
	const char *name;
	double own, all; /* samples, without and with what it calls */
};

static int by_own(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->own < y->own || x->own > y->own)
		return x->own > y->own ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Of functions that call themselves the first one has all samples. */
static bool is_inner(const struct call_tree *t, uint32_t node)
{
	uint32_t at = t->node[node].parent;

	while (at && t->node[at].function != t->node[node].function)
		at = t->node[at].parent;
	return at;
}

static void put_functions(const struct call_tree *t)
{
	struct function *list = calloc(t->nr_names + 1, sizeof(*list));
	struct grid g = {.indent = 4};
	uint32_t i;

	for (i = 0; list && i < t->nr_names; i++)
		list[i].name = t->name[i];
	for (i = 1; list && i < t->nr; i++) {
		list[t->node[i].function].own += t->node[i].own[0];
		if (!is_inner(t, i))
			list[t->node[i].function].all += t->node[i].all[0];
	}
	if (list)
		qsort(list, t->nr_names, sizeof(*list), by_own);
	grid_column(&g, "function", true);
	grid_column(&g, "samples", false);
	grid_column(&g, "%", false);
	grid_column(&g, "% with callees", false);
	for (i = 0; list && i < t->nr_names && i < SHOWN && list[i].own > 0; i++) {
		grid_row(&g);
		grid_put(&g, "%s", list[i].name);
		grid_put(&g, "%.0f", list[i].own);
		grid_put(&g, "%.2f", 100 * list[i].own / t->node[0].all[0]);
		grid_put(&g, "%.2f", 100 * list[i].all / t->node[0].all[0]);
	}
	grid_print(&g, stdout);
	grid_free(&g);
	free(list);
}

static long long number(const json_t *profile, const char *name)
{
	return json_integer_value(json_object_get(profile, name));
}

static void put_how(const json_t *profile)
{
	const char *event = json_string_value(json_object_get(profile, "event"));
	bool cycles = event && !strcmp(event, "cycles");
	char op[UNITS_TEXT], samples[32] = "no";

	if (number(profile, "samples"))
		snprintf(samples, sizeof(samples), "%lld", number(profile, "samples"));
	text_wrapf(
		stdout, 4,
		"  profile: %s samples in the kernel by %s, one every %lld %s, in %lld ops (%s) "
		"that were repeated after those timed; lost %lld%s, throttled %lld times, not of "
		"an op and left out %lld",
		samples, event ? event : "?", number(profile, "period"), cycles ? "cycles" : "ns",
		number(profile, "iterations"), units_ns((double)number(profile, "op_ns"), op),
		number(profile, "lost"), number(profile, "lost") ? " or more" : "",
		number(profile, "throttled"), number(profile, "outside"));
}

void show_profile(const json_t *profile)
{
	const char *why = profile ? profile_why_not(profile) : NULL;
	struct call_tree *t;

	if (!profile)
		return;
	if (json_object_get(profile, "refused"))
		text_wrapf(stdout, 4, "  profile: none: %s", why);
	else
		put_how(profile);
	if (why)
		return;
	t = call_tree_new();
	t = call_tree_done(t, t && sampled_add_run(t, profile, 1));
	if (t)
		put_functions(t);
	call_tree_free(t);
}
