// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/list_shipped.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/text/grid.h"
#include "campaign/catalogue.h"
#include "campaign/fit.h"
#include "campaign/shipped.h"
#include "common/files.h"
#include "common/ini_file.h"
#include "common/installed.h"
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

static const char *setting(struct ini_file *ini, const char *section, const char *key)
{
	const struct ini_setting *s = ini_file_find(ini, section, key);

	return s ? s->value : NULL;
}

/* What the files in configs/FOLDER/ say of themselves in one of their sections. */
static json_t *list_named(const char *folder, const char *section)
{
	json_t *names = shipped_names(folder), *list = names ? json_array() : NULL, *name;
	char *path, *file;
	struct ini_file ini;
	size_t i;

	json_array_foreach(names, i, name) {
		file = files_text("%s/%s.ini", folder, json_string_value(name));
		path = installed_config(file);
		free(file);
		if (!path || !ini_file_read(&ini, path)) {
			free(path);
			json_decref(list);
			list = NULL;
			break;
		}
		json_array_append_new(list, json_pack("{sO ss? ss?}", "name", name, "arch",
						      setting(&ini, section, "arch"), "summary",
						      setting(&ini, section, "summary")));
		ini_file_free(&ini);
		free(path);
	}
	json_decref(names);
	return list;
}

json_t *list_machines(void)
{
	return list_named("machines", "machine");
}

json_t *list_variants(void)
{
	return list_named("kernels/variants", "variant");
}

void list_named_print(FILE *out, const char *what, const json_t *list)
{
	static const char *const columns[] = {"name", "arch", "summary"};
	struct grid g = {0};
	const char *text;
	json_t *entry;
	size_t i, k;

	grid_column(&g, what, true);
	grid_column(&g, "arch", true);
	grid_column(&g, "", true);
	json_array_foreach(list, i, entry) {
		grid_row(&g);
		for (k = 0; k < 3; k++) {
			text = json_string_value(json_object_get(entry, columns[k]));
			if (k < 2)
				grid_put(&g, "%s", text ? text : "");
			else
				grid_span(&g, text ? text : "");
		}
	}
	grid_print(&g, out);
	grid_free(&g);
}

/* "`differs`; `differs`", or why there is no point. */
static char *lkp_text(const json_t *entry)
{
	const char *lacks = json_string_value(json_object_get(entry, "lacks"));
	char *text = NULL;
	json_t *differs;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(lacks ? lacks : "", out);
	json_array_foreach(json_object_get(entry, "differs"), i, differs)
		fprintf(out, "%s%s", i ? "; " : "", json_string_value(differs));
	fclose(out);
	return text;
}

/* "cycle/anon size=1G", "zap/pte-dontneed, of threads shootdown/dontneed", "no, nearest ..." */
static void put_lkp_point(FILE *out, const json_t *entry)
{
	const char *point = json_string_value(json_object_get(entry, "point"));
	const char *threads = json_string_value(json_object_get(entry, "of_threads"));
	bool lacks = json_is_string(json_object_get(entry, "lacks"));

	text_wrapf(out, 4, "%s/%s: %s%s%s%s", json_string_value(json_object_get(entry, "testcase")),
		   json_string_value(json_object_get(entry, "test")),
		   !lacks  ? ""
		   : point ? "no, nearest "
			   : "no",
		   point ? point : "", threads ? ", of threads " : "", threads ? threads : "");
}

void list_lkp_print(FILE *out, const json_t *list)
{
	json_t *entry;
	size_t i;
	char *text;

	json_array_foreach(list, i, entry) {
		text = lkp_text(entry);
		put_lkp_point(out, entry);
		if (text)
			text_wrapf(out, 4, "    %s", text);
		free(text);
	}
	fputc('\n', out);
	text_wrapf(out, 0,
		   "`faultbench run lkp:NAME/MODE/NR_TASK` runs the point, and says what differs.");
}
