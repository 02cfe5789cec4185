// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/list_plans.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/text/grid.h"
#include "campaign/catalogue.h"
#include "campaign/fit.h"
#include "campaign/shipped.h"
#include "common/units.h"

#define GIB (1LL << 30)

/* "260M", "1.1G": rounded up, so that whoever has as much has enough. */
static const char *about(int64_t bytes, char text[UNITS_TEXT])
{
	if (bytes < GIB)
		snprintf(text, UNITS_TEXT, "%lldM",
			 (long long)((bytes + (10 << 20) - 1) / (10 << 20) * 10));
	else
		snprintf(text, UNITS_TEXT, "%.1fG", (double)((bytes * 10 + GIB - 1) / GIB) / 10);
	return text;
}

/* The plan of that name read, or false with one line printed. */
static bool read_shipped(struct plan *plan, const char *name)
{
	char *path = shipped_find("plans", name);
	bool ok = path && catalogue_read_plan(plan, path, NULL, 0);

	free(path);
	if (!ok || measure_check(plan))
		return ok;
	plan_free(plan);
	return false;
}

static json_t *describe(const struct plan *plan)
{
	return json_pack("{ss ss? si si si sI}", "name", plan->name, "summary", plan->summary,
			 "points", (int)plan->nr_points, "runs", plan->runs, "boots", plan->boots,
			 "memory", (json_int_t)measure_memory(plan));
}

json_t *list_plans(void)
{
	json_t *list = json_array(), *names = shipped_names("plans"), *name;
	struct plan plan;
	size_t i;

	json_array_foreach(names, i, name) {
		if (!read_shipped(&plan, json_string_value(name)))
			break;
		json_array_append_new(list, describe(&plan));
		plan_free(&plan);
	}
	if (!names || i < json_array_size(names)) {
		json_decref(list);
		list = NULL;
	}
	json_decref(names);
	return list;
}

void list_plans_print(FILE *out, const json_t *list)
{
	char text[UNITS_TEXT];
	struct grid g = {0};
	json_t *plan;
	size_t i;

	grid_column(&g, "plan", true);
	grid_column(&g, "points", false);
	grid_column(&g, "memory", false);
	grid_column(&g, "", true);
	json_array_foreach(list, i, plan) {
		const char *summary = json_string_value(json_object_get(plan, "summary"));

		grid_row(&g);
		grid_put(&g, "%s", json_string_value(json_object_get(plan, "name")));
		grid_put(&g, "%lld", json_integer_value(json_object_get(plan, "points")));
		grid_put(&g, "%s",
			 about(json_integer_value(json_object_get(plan, "memory")), text));
		if (summary)
			grid_span(&g, summary);
	}
	grid_print(&g, out);
	grid_free(&g);
	fputc('\n', out);
	text_wrapf(out, 0,
		   "memory: about what the largest point needs, besides the kernel and the "
		   "worker. `faultbench run NAME` carries one out, and with --dry-run prints its "
		   "points.");
}
