// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/origin.h"

#include <stdio.h>
#include <stdlib.h>

bool origins_init(struct origins *origins, size_t nr)
{
	*origins = (struct origins){.of = calloc(nr + 1, sizeof(struct origin)), .nr = nr};
	return origins->of;
}

void origins_free(struct origins *origins)
{
	size_t i;

	for (i = 0; i < origins->nr; i++)
		json_decref(origins->of[i].boots);
	json_decref(origins->index);
	free(origins->points);
	free(origins->of);
	*origins = (struct origins){0};
}

/* malloc'ed */
static char *key_of(const char *kernel, int boot)
{
	char *key;

	return asprintf(&key, "%d %s", boot, kernel) < 0 ? NULL : key;
}

static void take_point(struct origins *o, size_t point, enum run_source source)
{
	source_set *more;

	if (point >= o->nr_points) {
		more = realloc(o->points, (point + 1) * sizeof(*more));
		if (!more)
			return;
		o->points = more;
		while (o->nr_points <= point)
			more[o->nr_points++] = 0;
	}
	o->points[point] |= SOURCE_SET(source);
}

void origins_note(struct origins *origins, size_t journal, bool counted)
{
	struct origin *o = &origins->of[journal];

	if (counted)
		o->has |= SOURCE_SET(SOURCE_EXACT);
	o->counted |= counted;
	o->others |= !counted;
}

void origins_take(struct origins *origins, size_t journal, const struct run_record *rec,
		  bool counted, size_t point)
{
	struct origin *o = &origins->of[journal];
	char *key;

	take_point(origins, point, rec->source);
	if (counted)
		return;
	key = key_of(rec->kernel, rec->boot);
	if (!o->first)
		o->first = rec->source;
	o->has |= SOURCE_SET(rec->source);
	if (!o->boots)
		o->boots = json_object();
	if (key && !json_object_get(o->boots, key))
		json_object_set_new(o->boots, key, json_integer(rec->source));
	free(key);
}

void origins_settle(struct origins *origins)
{
	enum run_source first = SOURCE_UNKNOWN;
	size_t i;

	for (i = 0; i < origins->nr && !first; i++)
		first = origins->of[i].first;
	for (i = 0; i < origins->nr; i++) {
		struct origin *o = &origins->of[i];

		if (o->first || (o->counted && !o->others))
			continue;
		o->first = o->counted ? SOURCE_TIMED : first;
		o->has |= SOURCE_SET(o->first);
	}
}

size_t origins_sections(const struct origins *origins, source_set ret[NR_SOURCES])
{
	source_set all = 0, times = SOURCE_SET(SOURCE_TIMED) | SOURCE_SET(SOURCE_EMULATED);
	size_t i, nr = 0;

	for (i = 0; i < origins->nr; i++)
		all |= origins->of[i].has;
	if (origins->mixed) {
		ret[nr++] = SOURCE_SET(SOURCE_TIMED);
		ret[nr++] = SOURCE_SET(SOURCE_EMULATED);
	} else if (all & times) {
		ret[nr++] = times;
	}
	if (all & SOURCE_SET(SOURCE_EXACT))
		ret[nr++] = SOURCE_SET(SOURCE_EXACT);
	return nr;
}

bool origins_has_plan(const struct origins *origins, size_t journal, source_set section,
		      bool counted)
{
	source_set exact = SOURCE_SET(SOURCE_EXACT);

	if (!(origins->of[journal].has & section))
		return false;
	return !origins->of[journal].counted || !(section & exact) == !counted;
}

bool origins_belongs(const struct origins *origins, size_t journal, source_set section,
		     const char *kernel, int boot, enum run_source said)
{
	const struct origin *o = &origins->of[journal];
	char *key = said ? NULL : key_of(kernel, boot);
	json_t *known = key ? json_object_get(o->boots, key) : NULL;

	free(key);
	if (!said)
		said = known ? (enum run_source)json_integer_value(known) : o->first;
	return section & SOURCE_SET(said);
}

bool origins_has_point(const struct origins *origins, source_set section, const json_t *point)
{
	char *text = json_dumps(point, JSON_SORT_KEYS | JSON_COMPACT);
	json_t *number = text ? json_object_get(origins->index, text) : NULL;
	size_t at = number ? (size_t)json_integer_value(number) : origins->nr_points;

	free(text);
	return at >= origins->nr_points || !origins->points[at] || origins->points[at] & section;
}
