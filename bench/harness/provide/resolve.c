// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/provide/resolve.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/provide/allowed.h"
#include "bench/harness/provide/place.h"
#include "bench/harness/provide/point.h"
#include "bench/services/pages.h"
#include "bench/services/run.h"
#include "common/plan_values.h"
#include "common/units.h"

const char *resolve_refusal(const struct bench_run *run, char *why, size_t room)
{
	long order = point_value(run, BENCH_ORDER, 0), size = point_value(run, BENCH_SIZE, 0);
	long folio = (long)bench_folio_size((int)order);
	char text[UNITS_TEXT];
	const char *own;

	if (order != ORDER_PMD && order > thp_pmd_order()) {
		snprintf(why, room, "order %ld is above that of a PMD, %d", order, thp_pmd_order());
		return why;
	}
	own = run->bench->refuse ? run->bench->refuse(run) : NULL;
	if (own || !point_param(run->bench, BENCH_ORDER) || size % folio == 0)
		return own;
	snprintf(why, room, "size is not a whole number of folios of %s", units_bytes(folio, text));
	return why;
}

/* Rounds a size that is a least one up, to as little as nothing speaks against. */
static void grow(struct bench_run *run, json_t *point, const struct bench_param *size)
{
	long *value = &run->value[size - run->bench->params], least = *value;
	size_t unit = bench_page_size();
	char why[256];

	while (resolve_refusal(run, why, sizeof(why)) && unit <= 2 * bench_folio_size(ORDER_PUD)) {
		*value = (least + (long)unit - 1) / (long)unit * (long)unit;
		unit *= 2;
	}
	if (resolve_refusal(run, why, sizeof(why)))
		*value = least;
	json_object_set_new(point, size->name, json_integer(*value));
}

/* Of so much for each worker what all have together; of a least one folios are whole in each. */
static int64_t of_all(const struct bench_run *run, int64_t each, bool least)
{
	int64_t folio = (int64_t)bench_folio_size((int)point_value(run, BENCH_ORDER, 0)), all;

	if (least)
		each = (each + folio - 1) / folio * folio;
	return __builtin_mul_overflow(each, (int64_t)run->threads * run->processes, &all)
		       ? INT64_MAX /* out of any range */
		       : all;
}

/* Reads a point whose size is the text, for the workers that it has. */
static bool read_sized(struct bench_run *run, json_t *point, const char *text, char *why,
		       size_t room)
{
	const struct bench_param *size = point_param(point_bench(point), BENCH_SIZE);
	int64_t bytes = text ? strtoll(text, NULL, 10) : 0;
	bool least = text && strstr(text, PLAN_LEAST);

	if (text)
		json_object_set_new(point, size->name, json_integer(bytes));
	if (!point_read(run, point, why, room))
		return false;
	if (text && strstr(text, PLAN_WORKER)) {
		bytes = of_all(run, bytes, least);
		json_object_set_new(point, size->name, json_integer(bytes));
		if (!point_read(run, point, why, room))
			return false;
	}
	if (least)
		grow(run, point, size);
	return true;
}

/*
 * Workers that a placement has CPUs for, on this machine: the most that place_workers() takes, or,
 * not pinned, those that the scheduler has for this process.
 */
static unsigned int find_cpus(const char *place)
{
	unsigned int low = 0, high = allowed_count(), middle;
	int *cpus = calloc(high, sizeof(*cpus));
	char why[256];
	cpu_set_t own;

	if (!strcmp(place, "none") && !sched_getaffinity(0, sizeof(own), &own))
		low = high = (unsigned int)CPU_COUNT(&own);
	while (cpus && low < high) {
		middle = high - (high - low) / 2;
		if (place_workers(place, middle, cpus, why, sizeof(why)))
			low = middle;
		else
			high = middle - 1;
	}
	free(cpus);
	return low;
}

/* The same, found once for points that follow each other. */
static unsigned int cpus_for(const char *place)
{
	static unsigned int cpus;
	static char *of;

	if (!of || strcmp(of, place)) {
		free(of);
		of = strdup(place);
		cpus = find_cpus(place);
	}
	return cpus;
}

/* Of a machine that is not this one only their number is known. */
static unsigned int room_of(const char *place, unsigned int cpus)
{
	unsigned int listed = 0;

	if (!cpus)
		return cpus_for(place);
	for (; (place = strchr(place, ':')); place++)
		listed++;
	return listed && listed < cpus ? listed : cpus;
}

/* How many of a parameter's workers there is room for beside the others. */
static long most_of(const struct bench_param *of, const struct bench *bench, const json_t *point,
		    long room)
{
	long threads = 0, processes = 1, most;
	const struct bench_param *p;
	long value;

	for (p = bench->params; p->name; p++) {
		value = (long)json_integer_value(json_object_get(point, p->name));
		if (p->kind == BENCH_THREADS)
			threads += value;
		else if (p->kind == BENCH_PROCESSES && p != of && value)
			processes = value;
	}
	if (of->kind == BENCH_PROCESSES)
		most = room / (threads ? threads : 1);
	else
		most = room / processes - threads; /* its own text counts as none */
	return most > 1 ? most : 1;
}

/* What the text of a number of workers comes to, of which there is room for so many. */
static long workers_of(const char *text, long most)
{
	long value = strtol(text, NULL, 10);

	if (!strcmp(text, "all"))
		return most;
	if (!strcmp(text, "half"))
		value = most / 2;
	else if (strchr(text, '%'))
		value = most * value / 100;
	else
		return value;
	return value > 1 ? value : 1;
}

/*
 * Likewise; *ret_none if the number is more than there is room for. Returns the parameter that was
 * all of them, or NULL.
 */
static const struct bench_param *people(json_t *point, const struct bench *bench, unsigned int cpus,
					bool *ret_none)
{
	const char *place = json_string_value(json_object_get(point, "place"));
	const struct bench_param *p, *all = NULL;
	const char *text;
	long most, value;

	for (p = bench->params; p->name; p++) {
		text = json_string_value(json_object_get(point, p->name));
		if (!text || (p->kind != BENCH_THREADS && p->kind != BENCH_PROCESSES))
			continue;
		all = strcmp(text, "all") ? all : p;
		most = most_of(p, bench, point, room_of(place ? place : "core", cpus));
		value = workers_of(text, most);
		*ret_none |= value > most;
		json_object_set_new(point, p->name, json_integer(value));
	}
	return all;
}

/* All of them are no more than the family takes. */
static void fewer(struct bench_run *run, json_t *point, const struct bench_param *all,
		  const char *size)
{
	json_int_t value = json_integer_value(json_object_get(point, all->name)), least = value;
	char why[256];

	while (least > 1 && resolve_refusal(run, why, sizeof(why))) {
		json_object_set_new(point, all->name, json_integer(--least));
		read_sized(run, point, size, why, sizeof(why));
	}
	if (!resolve_refusal(run, why, sizeof(why)))
		return;
	json_object_set_new(point, all->name, json_integer(value));
	read_sized(run, point, size, why, sizeof(why));
}

bool resolve_point(struct bench_run *run, json_t *point, unsigned int cpus, bool *ret_none,
		   char *why, size_t room)
{
	const struct bench *bench = point_bench(point);
	const struct bench_param *size = point_param(bench, BENCH_SIZE);
	json_t *asked = size ? json_incref(json_object_get(point, size->name)) : NULL;
	const struct bench_param *all = NULL;
	const char *refused = NULL;
	bool ok;

	*ret_none = false;
	if (bench)
		all = people(point, bench, cpus, ret_none);
	ok = *ret_none || read_sized(run, point, json_string_value(asked), why, room);
	if (ok && !*ret_none) {
		if (all)
			fewer(run, point, all, json_string_value(asked));
		refused = resolve_refusal(run, why, room);
	}
	json_decref(asked);
	if (refused && refused != why)
		snprintf(why, room, "%s", refused);
	return ok && !refused;
}
