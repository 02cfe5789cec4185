// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A profile for each kernel and point, of "samples": a path, and the instructions executed, or
 * samples taken, at its end as its weight.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/export/calls.h"
#include "analysis/export/export.h"

#define SCHEMA "https://www.speedscope.app/file-format-schema.json"

/* Frames of all profiles: {name: number}, and a list. */
struct frames {
	json_t *index, *list;
};

static json_t *take_frame(struct frames *f, const char *name)
{
	json_t *known = json_object_get(f->index, name);

	if (known)
		return json_incref(known);
	known = json_integer((json_int_t)json_array_size(f->list));
	json_object_set(f->index, name, known);
	json_array_append_new(f->list, json_pack("{s:s}", "name", name));
	return known;
}

static json_t *path_of(const struct call_tree *t, uint32_t node, struct frames *f)
{
	json_t *path = json_array();

	for (; node; node = t->node[node].parent)
		json_array_insert_new(path, 0, take_frame(f, t->name[t->node[node].function]));
	return path;
}

static json_t *profile_of(const struct called *called, struct frames *f)
{
	struct call_tree *t = call_tree_of(called->cell, true);
	json_t *samples = json_array(), *weights = json_array(), *profile;
	uint32_t i;

	for (i = 1; t && i < t->nr; i++) {
		if (t->node[i].own[0] <= 0)
			continue;
		json_array_append_new(samples, path_of(t, i, f));
		json_array_append_new(weights, json_integer((json_int_t)t->node[i].own[0]));
	}
	profile = json_pack("{s:s,s:s,s:s,s:i,s:I,s:o,s:o}", "type", "sampled", "name",
			    called->title, "unit", "none", "startValue", 0, "endValue",
			    (json_int_t)(t ? t->node[0].all[0] : 0), "samples", samples, "weights",
			    weights);
	call_tree_free(t);
	return profile;
}

void export_speedscope(FILE *out, const struct sections *s)
{
	struct frames f = {json_object(), json_array()};
	json_t *profiles = json_array(), *all;
	size_t nr, i;
	struct called *called = called_in(s, &nr);

	for (i = 0; i < nr; i++)
		json_array_append_new(profiles, profile_of(&called[i], &f));
	all = json_pack("{s:s,s:s,s:{s:O},s:o}", "$schema", SCHEMA, "exporter",
			"faultbench " FAULTBENCH_VERSION, "shared", "frames", f.list, "profiles",
			profiles);
	json_dumpf(all, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(all);
	json_decref(f.index);
	json_decref(f.list);
	called_free(called, nr);
}
