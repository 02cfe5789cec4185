// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/metrics.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/results/point_names.h"
#include "common/msg.h"

#define PER_UNIT "/unit"

static void metric_free(struct metric *m)
{
	free((char *)m->name);
	free((char *)m->role);
	free(m);
}

void metrics_free(struct metrics *metrics)
{
	while (metrics->nr)
		metric_free(metrics->of[--metrics->nr]);
	free(metrics->of);
	free(metrics->value);
	json_decref(metrics->index);
	*metrics = (struct metrics){0};
}

/* Names end at blanks in some formats, and at commas in lists, but for "pmu/event=1,umask=2/". */
static bool is_name(const char *name)
{
	bool inside = false;
	size_t i;

	for (i = 0; name[i]; i++) {
		inside ^= name[i] == '/';
		if (name[i] <= ' ' || name[i] > '~' || (name[i] == ',' && !inside))
			return false;
	}
	return i && i < POINT_TEXT - 20;
}

/*
 * The metric of that name, which is added if it is new. NULL if there is no room, if it is no name,
 * or that of something else.
 */
static struct metric *take(struct metrics *metrics, size_t row, const char *name, const char *role)
{
	const json_t *known = json_object_get(metrics->index, name);
	struct metric *m;

	m = known ? metrics->of[json_integer_value(known)] : NULL;
	if (m)
		return m->row == row ? m : NULL;
	m = metrics->nr < METRICS_MOST && is_name(name) ? malloc(sizeof(*m)) : NULL;
	if (!m)
		return NULL;
	*m = metric_rows[row];
	m->name = strdup(name);
	m->role = role ? strdup(role) : NULL;
	m->row = row;
	m->slot = metrics->nr;
	if (!m->name || (role && !m->role) ||
	    json_object_set_new(metrics->index, name, json_integer((json_int_t)metrics->nr))) {
		metric_free(m);
		return NULL;
	}
	metrics->of[metrics->nr++] = m;
	return m;
}

bool metrics_init(struct metrics *metrics)
{
	*metrics = (struct metrics){.index = json_object(),
				    .of = calloc(METRICS_MOST, sizeof(struct metric *)),
				    .value = calloc(METRICS_MOST, sizeof(double))};
	return metrics->index && metrics->of && metrics->value &&
	       take(metrics, 0, metric_rows->name, NULL);
}

static void put(struct metrics *metrics, struct metric *m, double value)
{
	metrics->left_out += !m;
	if (!m || isnan(value))
		return;
	while (metrics->nr_values <= m->slot)
		metrics->value[metrics->nr_values++] = NAN;
	metrics->value[m->slot] = value;
}

void metrics_take(struct metrics *metrics, const struct metric_from *from)
{
	const struct metric *row;
	double value;

	for (row = metric_rows; row->name; row++) {
		if (row->group == METRIC_OF_ROLE || row->group == METRIC_OF_COUNTER || row->moved)
			continue;
		value = row->value(row, from);
		if (!isnan(value))
			put(metrics, take(metrics, (size_t)(row - metric_rows), row->name, NULL),
			    value);
	}
}

/* The first row that the name of an entry fits; each of the two groups ends with one for all. */
static const struct metric *row_of(enum metric_group group, const char *name)
{
	const struct metric *row;

	for (row = metric_rows; row->name; row++)
		if (row->group == group && !fnmatch(row->name, name, 0))
			break;
	return row;
}

const struct metric *metrics_take_entry(struct metrics *metrics, enum metric_group group,
					const char *name, const struct metric_from *from)
{
	const json_t *known = json_object_get(metrics->index, name);
	struct metric *m;

	if (known)
		m = metrics->of[json_integer_value(known)];
	else
		m = take(metrics, (size_t)(row_of(group, name) - metric_rows), name, NULL);
	if (m && m->group != group)
		m = NULL;
	put(metrics, m, m ? m->value(m, from) : NAN);
	return m;
}

void metrics_take_role(struct metrics *metrics, const char *role, const struct metric_from *from)
{
	const struct metric *row;
	char *name;

	for (row = metric_rows; row->name; row++) {
		if (row->group != METRIC_OF_ROLE ||
		    asprintf(&name, "%s%s", role, row->name + 1) < 0)
			continue;
		put(metrics, take(metrics, (size_t)(row - metric_rows), name, role),
		    row->value(row, from));
		free(name);
	}
}

double *metrics_keep(struct metrics *metrics, size_t *ret_nr)
{
	size_t size = metrics->nr_values * sizeof(double);
	double *kept = size ? malloc(size) : NULL;

	*ret_nr = kept ? metrics->nr_values : 0;
	if (kept)
		memcpy(kept, metrics->value, size);
	metrics->nr_values = 0;
	return kept;
}

/* Counters are in the order of their plan, and roles as they appeared, each with all its metrics.
 */
static int in_order(const void *a, const void *b)
{
	const struct metric *x = *(struct metric *const *)a, *y = *(struct metric *const *)b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->group != METRIC_OF_ROLE && x->group != METRIC_OF_COUNTER && x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->slot > y->slot) - (x->slot < y->slot);
}

void metrics_sort(struct metrics *metrics)
{
	size_t i;

	qsort(metrics->of, metrics->nr, sizeof(*metrics->of), in_order);
	for (i = 0; i < metrics->nr; i++)
		json_object_set_new(metrics->index, metrics->of[i]->name,
				    json_integer((json_int_t)i));
}

const struct metric *metrics_find(const struct metrics *metrics, const char *name)
{
	const json_t *known = json_object_get(metrics->index, name);

	return known ? metrics->of[json_integer_value(known)] : NULL;
}

const struct metric *metrics_of_role(const struct metrics *metrics, const char *role,
				     const char *what)
{
	const struct metric *m = NULL;
	char *name;

	if (asprintf(&name, "%s.%s", role, what) < 0)
		return NULL;
	m = metrics_find(metrics, name);
	free(name);
	return m;
}

static const struct metric *find_alias(const struct metrics *metrics, const char *name)
{
	const struct metric *m;
	size_t i, len;

	for (i = 0; i < metrics->nr; i++) {
		m = metrics->of[i];
		len = m->role ? strlen(m->role) + 1 : 0;
		if (m->alias && !strncmp(m->name, name, len) && !strcmp(m->alias, name + len))
			return m;
	}
	return NULL;
}

/* What the name without "/unit" stands for, if that can be had of one unit. */
static const struct metric *find_whole(const struct metrics *metrics, const char *name)
{
	const struct metric *m = NULL;
	size_t len = strlen(name), end = strlen(PER_UNIT);
	char *whole;

	if (len <= end || strcmp(name + len - end, PER_UNIT))
		return NULL;
	whole = strndup(name, len - end);
	if (whole)
		m = metrics_find(metrics, whole);
	free(whole);
	return m && m->countable ? m : NULL;
}

static const struct metric *add_per_unit(struct metrics *metrics, const struct metric *whole,
					 const char *name)
{
	struct metric *m = take(metrics, whole->row, name, NULL);
	size_t slot = whole->slot;

	if (!m)
		return NULL;
	m->slot = slot;
	m->per_unit = true;
	m->main = m->judged = m->shown = false;
	return m;
}

const struct metric *metrics_select(struct metrics *metrics, const char *name)
{
	const struct metric *m = metrics_find(metrics, name), *whole;

	if (!m)
		m = find_alias(metrics, name);
	whole = m ? NULL : find_whole(metrics, name);
	if (whole)
		m = add_per_unit(metrics, whole, name);
	return m;
}

bool metrics_refuse(const struct metrics *metrics, const char *name)
{
	char *list = NULL;
	size_t i, size;
	FILE *out = open_memstream(&list, &size);

	for (i = 0; out && i < metrics->nr; i++)
		fprintf(out, "%s%s", i ? ", " : "", metrics->of[i]->name);
	if (out)
		fclose(out);
	err("--metric %s: not in these journals; there are %s", name, list ? list : "others");
	free(list);
	return false;
}
