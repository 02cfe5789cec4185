// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/boots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool boots_part(struct boots *boots, int journal)
{
	if (!boots->ids)
		boots->ids = json_object();
	json_decref(boots->now);
	boots->now = json_object();
	boots->part++;
	boots->journal = journal;
	return boots->ids && boots->now;
}

void boots_free(struct boots *boots)
{
	size_t i;

	for (i = 0; i < boots->nr; i++) {
		free(boots->of[i].label);
		free(boots->of[i].id);
		free(boots->of[i].host);
	}
	free(boots->of);
	json_decref(boots->ids);
	json_decref(boots->now);
	*boots = (struct boots){0};
}

/* malloc'ed; no label has a newline. */
static char *key_of(const char *label, const char *id, int number)
{
	char *key;
	int put = id ? asprintf(&key, "%s\nid %s", label, id)
		     : asprintf(&key, "%s\n%d", label, number);

	return put < 0 ? NULL : key;
}

/* The boot under a key; -1: none. */
static long known(const json_t *list, const char *key)
{
	const json_t *found = json_object_get(list, key);

	return found ? (long)json_integer_value(found) : -1;
}

static long new_boot(struct boots *boots, const char *label, const char *id, int number)
{
	struct result_boot *more = realloc(boots->of, (boots->nr + 1) * sizeof(*more));

	if (!more)
		return -1;
	boots->of = more;
	more += boots->nr;
	*more = (struct result_boot){
		.label = strdup(label),
		.id = id ? strdup(id) : NULL,
		.journal = boots->journal,
		.part = boots->part,
		.number = number,
		.memory = -1,
		.seed = -1,
	};
	if (!more->label || (id && !more->id)) {
		free(more->label);
		free(more->id);
		return -1;
	}
	return (long)boots->nr++;
}

/* The boot that has a number in this part, from now on. */
static long is_now(struct boots *boots, const char *label, int number, long boot)
{
	char *key = key_of(label, NULL, number);

	if (!key || boot < 0 || json_object_set_new(boots->now, key, json_integer(boot)))
		boot = -1;
	else
		boots->of[boot].met = boots->part;
	free(key);
	return boot;
}

/* The boot under an id, or under a number that no id goes with; a new one where there is none. */
static long take(struct boots *boots, const char *label, const char *id, int number)
{
	char *key = key_of(label, id, number);
	long boot = key ? known(boots->ids, key) : -1;

	if (key && boot < 0) {
		boot = new_boot(boots, label, id, number);
		if (boot >= 0 && json_object_set_new(boots->ids, key, json_integer(boot)))
			boot = -1;
	} else if (boot >= 0 && boots->of[boot].met == boots->part) {
		boot = new_boot(boots, label, id, number);
	}
	free(key);
	return boot;
}

static int by_perturbation(const struct result_boot *x, const struct result_boot *y)
{
	if (x->memory != y->memory)
		return x->memory < y->memory ? -1 : 1;
	return (x->seed > y->seed) - (x->seed < y->seed);
}

static void take_perturbation(struct result_boot *boot, const json_t *machine)
{
	const json_t *p = json_object_get(machine, "perturbation");
	const json_t *memory = json_object_get(p, "memory_MiB"), *seed = json_object_get(p, "seed");

	if (!json_is_integer(memory) || !json_is_integer(seed))
		return;
	boot->memory = json_integer_value(memory);
	boot->seed = json_integer_value(seed);
}

/* Whether a boot that is known had another perturbation: without an id the number alone made it
 * that one. */
static bool is_other(const struct result_boot *boot, const json_t *machine)
{
	struct result_boot of = *boot;

	take_perturbation(&of, machine);
	return boot->memory >= 0 && by_perturbation(boot, &of);
}

bool boots_machine(struct boots *boots, const char *label, int number, const char *id,
		   const char *host, const json_t *machine)
{
	char *key = key_of(label, NULL, number);
	long boot = key ? known(boots->now, key) : -1;

	/* One that was begun again in the same journal stays the one that it was to be. */
	if (key && boot < 0) {
		boot = take(boots, label, id, number);
		if (boot >= 0 && !id && is_other(&boots->of[boot], machine))
			boot = new_boot(boots, label, NULL, number);
		boot = is_now(boots, label, number, boot);
	}
	if (boot >= 0)
		take_perturbation(&boots->of[boot], machine);
	if (boot >= 0 && host && !boots->of[boot].host)
		boots->of[boot].host = strdup(host);
	free(key);
	return boot >= 0;
}

long boots_find(struct boots *boots, const char *label, int number)
{
	char *key = key_of(label, NULL, number);
	long boot = key ? known(boots->now, key) : -1;

	if (key && boot < 0)
		boot = is_now(boots, label, number, take(boots, label, NULL, number));
	free(key);
	return boot;
}

long boots_split(struct boots *boots, const char *label, int number)
{
	return is_now(boots, label, number, new_boot(boots, label, NULL, number));
}

void boots_count(const struct boots *boots, const char *label, size_t *seen, size_t *fresh)
{
	const struct result_boot *boot;
	const char *key;
	json_t *value;

	*seen = *fresh = 0;
	json_object_foreach(boots->now, key, value) {
		boot = &boots->of[json_integer_value(value)];
		if (strcmp(boot->label, label))
			continue;
		++*seen;
		*fresh += boot->part == boots->part;
	}
}

static int by_perturbation_and_label(const void *a, const void *b)
{
	const struct result_boot *const *x = a, *const *y = b;
	int order = by_perturbation(*x, *y);

	return order ? order : strcmp((*x)->label, (*y)->label);
}

/* Those that no run says the time of come last, in order of appearance. */
static int by_time(const void *a, const void *b)
{
	const struct result_boot *const *x = a, *const *y = b;
	int label = strcmp((*x)->label, (*y)->label);

	if (label)
		return label;
	if ((*x)->started != (*y)->started && (*x)->started > 0 && (*y)->started > 0)
		return (*x)->started < (*y)->started ? -1 : 1;
	if (((*x)->started > 0) != ((*y)->started > 0))
		return (*x)->started > 0 ? -1 : 1;
	return (*x > *y) - (*x < *y);
}

static bool of_one_part(struct result_boot *const *boots, size_t nr)
{
	size_t i;

	for (i = 1; i < nr; i++)
		if (boots[i]->part != boots[0]->part)
			return false;
	return true;
}

static const char *host_of(const struct result_boot *boot)
{
	return boot->host ? boot->host : "";
}

/* How many of the hosts have a name before this one. */
static int place_of(const json_t *hosts, const char *host)
{
	const char *name;
	json_t *count;
	int place = 0;

	json_object_foreach((json_t *)hosts, name, count)
		place += strcmp(name, host) < 0;
	return place;
}

/*
 * Boots of one kernel, by time. Of several hosts the first of each come first, in the order of
 * their names, then the second, so that a number is of one host for all kernels, whichever of them
 * began earlier.
 */
static void number_kernel(struct result_boot **boots, size_t nr)
{
	json_t *hosts = json_object(), *count;
	json_int_t before;
	size_t i;

	for (i = 0; i < nr; i++)
		json_object_set_new(hosts, host_of(boots[i]), json_integer(0));
	for (i = 0; i < nr; i++) {
		count = json_object_get(hosts, host_of(boots[i]));
		before = json_integer_value(count);
		boots[i]->number = (int)before * (int)json_object_size(hosts) +
				   place_of(hosts, host_of(boots[i]));
		json_integer_set(count, before + 1);
	}
	json_decref(hosts);
}

static void number_by_time(struct result_boot **sorted, size_t nr)
{
	size_t first = 0, end;

	for (; first < nr; first = end) {
		for (end = first + 1; end < nr; end++)
			if (strcmp(sorted[end]->label, sorted[first]->label))
				break;
		if (!of_one_part(sorted + first, end - first))
			number_kernel(sorted + first, end - first);
	}
}

/*
 * Boots of which it is not known, or which a kernel has twice, come last, each by a number of its
 * own: they are of no pair. False, and nothing is numbered, if it is known of none.
 */
static bool number_by_perturbation(struct result_boot **sorted, size_t nr)
{
	int number = -1;
	size_t i;

	qsort(sorted, nr, sizeof(*sorted), by_perturbation_and_label);
	if (!nr || sorted[nr - 1]->memory < 0)
		return false;
	for (i = 0; i < nr; i++) {
		sorted[i]->lone = sorted[i]->memory < 0 ||
				  (i && !by_perturbation_and_label(&sorted[i - 1], &sorted[i]));
		if (sorted[i]->lone)
			continue;
		number += number < 0 || by_perturbation(sorted[i - 1], sorted[i]);
		sorted[i]->number = number;
	}
	for (i = 0; i < nr; i++)
		if (sorted[i]->lone)
			sorted[i]->number = ++number;
	return true;
}

/* Is a number of one kernel another perturbation of another, as where their machines differ? */
static bool contradict(const struct boots *boots)
{
	json_t *first = json_object(); /* {number: index} */
	bool any = false;
	char number[16];
	long there;
	size_t i;

	for (i = 0; i < boots->nr && !any; i++) {
		if (boots->of[i].memory < 0)
			continue;
		snprintf(number, sizeof(number), "%d", boots->of[i].number);
		there = known(first, number);
		any = there >= 0 && by_perturbation(&boots->of[there], &boots->of[i]);
		if (there < 0)
			json_object_set_new(first, number, json_integer((json_int_t)i));
	}
	json_decref(first);
	return any;
}

void boots_number(struct boots *boots)
{
	struct result_boot **sorted = calloc(boots->nr + 1, sizeof(struct result_boot *));
	bool several;
	size_t i;

	for (i = 0; i < boots->nr && sorted; i++)
		sorted[i] = &boots->of[i];
	if (sorted)
		qsort(sorted, boots->nr, sizeof(*sorted), by_time);
	several = sorted && !of_one_part(sorted, boots->nr);
	if (sorted && (several || contradict(boots)) &&
	    !number_by_perturbation(sorted, boots->nr) && several) {
		qsort(sorted, boots->nr, sizeof(*sorted), by_time);
		number_by_time(sorted, boots->nr);
	}
	free(sorted);
}
