// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How the journals of a report came to be: command lines and plans.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/report/report.h"
#include "analysis/results/point_names.h"
#include "analysis/text/command.h"
#include "analysis/text/grid.h"
#include "common/journal.h"
#include "common/record.h"

/* Do they ask for the same of every kernel? */
static bool same_plan(const json_t *a, const json_t *b)
{
	json_t *x = json_copy((json_t *)a), *y = json_copy((json_t *)b);
	bool same;

	json_object_del(x, "kernels");
	json_object_del(y, "kernels");
	same = x && y && json_equal(x, y);
	json_decref(x);
	json_decref(y);
	return same;
}

/* Adds a plan that is not there. */
static void add_plan(json_t *plans, const json_t *plan)
{
	json_t *known;
	size_t i;

	json_array_foreach(plans, i, known)
		if (same_plan(known, plan))
			return;
	json_array_append(plans, (json_t *)plan);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	struct report_journal *journal = arg;
	json_t *last;

	(void)lineno;
	if (!strcmp(type, "plan"))
		add_plan(record_is_counted(json) ? journal->counted : journal->plans, json);
	if (strcmp(type, "command"))
		return true;
	/* Started again with the same words it is the same command. */
	last = json_array_get(journal->commands, json_array_size(journal->commands) - 1);
	if (!last || !json_equal(last, json))
		json_array_append(journal->commands, (json_t *)json);
	return true;
}

bool report_journal_read(struct report_journal *ret, const char *path)
{
	ret->commands = json_array();
	ret->plans = json_array();
	ret->counted = json_array();
	return journal_read(path, take_line, ret);
}

static void put_commands(FILE *out, const struct report_journal *journal)
{
	const char *version, *qemu;
	json_t *command;
	size_t i;

	if (!json_array_size(journal->commands))
		fprintf(out, "  command line: not recorded\n");
	json_array_foreach(journal->commands, i, command) {
		version = json_string_value(json_object_get(command, "version"));
		qemu = json_string_value(json_object_get(command, "qemu"));
		text_wrapf(out, 4, "  %s faultbench %s%s%s:", i ? "then by" : "by",
			   version ? version : "(which is not recorded)", qemu ? ", QEMU " : "",
			   qemu ? qemu : "");
		text_command(out, json_object_get(command, "words"), NULL);
	}
}

static long long number(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/* A list of names, "a, b"; nothing if it is empty. */
static void put_counters(FILE *out, const json_t *counters)
{
	json_t *name;
	size_t i;

	json_array_foreach(counters, i, name) {
		fprintf(out, "%s%s", i ? ", " : ", counters ",
			json_is_string(name) ? json_string_value(name) : "?");
	}
}

static void put_points(FILE *out, const json_t *entries)
{
	size_t nr = json_array_size(entries), i;
	json_t **points = calloc(nr + 1, sizeof(*points)), *entry;
	struct params params;
	char *name, *common;

	if (!points || !nr)
		goto out;
	json_array_foreach(entries, i, entry) {
		points[i] = json_object_get(entry, "point");
		if (!json_is_string(json_object_get(points[i], "bench")) ||
		    !json_is_string(json_object_get(points[i], "variant")))
			goto out;
	}
	params_of(&params, points, nr);
	common = params_common(&params, points[0]);
	text_wrapf(out, 6, "    all: %s", common ? common : "");
	free(common);
	json_array_foreach(entries, i, entry) {
		name = params_name(&params, points[i]);
		text_wrapf(out, 6, "    %s: %lld iterations, warm-up %lld", name ? name : "?",
			   number(entry, "iterations"), number(entry, "warmup"));
		free(name);
	}
out:
	free(points);
}

static void put_plan(FILE *out, const json_t *plan, const char *how)
{
	const char *name = json_string_value(json_object_get(plan, "name"));
	size_t points = json_array_size(json_object_get(plan, "points")), size;
	long long runs = number(plan, "runs"), boots = number(plan, "boots");
	char *counters = NULL;
	FILE *list = open_memstream(&counters, &size);

	if (!list)
		return;
	put_counters(list, json_object_get(plan, "counters"));
	fclose(list);
	text_wrapf(out, 4, "  plan %s%s: %zu point%s x %lld run%s x %lld boot%s, seed %lld%s",
		   name ? name : "?", how, points, points == 1 ? "" : "s", runs,
		   runs == 1 ? "" : "s", boots, boots == 1 ? "" : "s", number(plan, "seed"),
		   counters);
	put_points(out, json_object_get(plan, "points"));
	free(counters);
}

/* The plans of a journal, or which one before has the same. */
static void put_plans(FILE *out, const struct report *r, size_t nr)
{
	const struct report_journal *journal = &r->journals[nr], *other;
	json_t *plan;
	size_t i, k;

	json_array_foreach(journal->plans, i, plan) {
		for (other = NULL, k = 0; k < nr && !other; k++)
			if (json_array_size(r->journals[k].plans) == 1 &&
			    same_plan(json_array_get(r->journals[k].plans, 0), plan))
				other = &r->journals[k];
		if (other)
			fprintf(out, "  plan: that of %s\n", other->name);
		else
			put_plan(out, plan, "");
	}
	if (!i)
		fprintf(out, "  plan: not recorded\n");
	json_array_foreach(journal->counted, i, plan)
		put_plan(out, plan, ", counted");
}

void report_origin(FILE *out, const struct report *r, size_t part)
{
	size_t i;

	(void)part;
	for (i = 0; i < r->nr_journals; i++) {
		fprintf(out, "%s%s\n", i ? "\n" : "", r->journals[i].name);
		put_commands(out, &r->journals[i]);
		put_plans(out, r, i);
	}
}
