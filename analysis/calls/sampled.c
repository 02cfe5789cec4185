// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/calls/sampled.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "common/calls/profile.h"

static bool has_samples(const struct result_run *run)
{
	return run->status == RUN_OK && run->profile && !profile_why_not(run->profile);
}

static const char *event_of(const struct result_run *run)
{
	return json_string_value(json_object_get(run->profile, "event"));
}

const char *sampled_event(const struct result_cell *cell)
{
	const char *event = NULL;
	size_t i;

	for (i = 0; cell && i < cell->nr; i++) {
		if (!has_samples(&cell->runs[i]))
			continue;
		if (event && strcmp(event, event_of(&cell->runs[i])))
			return NULL;
		event = event_of(&cell->runs[i]);
	}
	return event;
}

const char *sampled_why_not(const struct result_cell *cell)
{
	const char *why = NULL;
	size_t i;

	if (sampled_event(cell))
		return NULL;
	for (i = 0; cell && i < cell->nr && !why; i++) {
		if (has_samples(&cell->runs[i]))
			why = "samples of several events";
		else if (cell->runs[i].profile)
			why = profile_why_not(cell->runs[i].profile);
	}
	return why;
}

/*
 * Where an interrupt of kernel code enters it: what it does is none of the functions that it
 * interrupts, so it is a path of its own, as where calls are counted.
 */
static bool is_interrupt(const char *name)
{
	static const char *const entries[] = {"asm_sysvec_", "asm_common_interrupt", "el1h_64_irq",
					      "el1t_64_irq", "el1_irq"};
	size_t i;

	for (i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (!strncmp(name, entries[i], strlen(entries[i])))
			return true;
	return false;
}

/* "a;b;c": the node of c. */
static uint32_t node_of(struct call_tree *t, const char *path)
{
	char *copy = strdup(path), *rest = copy, *name;
	uint32_t node = copy ? 0 : CALLS_NONE, function;

	while (node != CALLS_NONE && (name = strsep(&rest, ";"))) {
		function = call_tree_name(t, name);
		node = is_interrupt(name) ? 0 : node;
		node = function == CALLS_NONE ? function : call_tree_child(t, node, function);
	}
	free(copy);
	return node;
}

static bool add_path(struct call_tree *t, const char *path, const json_t *samples, double weight)
{
	uint32_t node;

	if (!json_integer_value(samples))
		return true;
	node = node_of(t, path);
	if (node == CALLS_NONE)
		return false;
	t->node[node].own[0] += weight * json_number_value(samples);
	return true;
}

bool sampled_add_run(struct call_tree *t, const json_t *profile, double weight)
{
	const char *path;
	json_t *samples;

	if (!t->event)
		t->event = strdup(json_string_value(json_object_get(profile, "event")));
	t->ops[0] += json_number_value(json_object_get(profile, "iterations"));
	json_object_foreach(json_object_get(profile, "stacks"), path, samples)
		if (!add_path(t, path, samples, weight))
			return false;
	return add_path(t, SAMPLED_OTHER, json_object_get(profile, "other"), weight);
}

/* How many runs of these have samples. */
static size_t count(const struct sequence *s, size_t from, size_t end)
{
	size_t nr = 0;

	for (; from < end; from++)
		nr += has_samples(s->run[from]);
	return nr;
}

/* A unit's runs, each as much as any other, which together weigh so much. */
static bool add_unit(struct call_tree *t, const struct sequence *s, size_t from, size_t end,
		     double weight, bool summed)
{
	double runs = (double)count(s, from, end), all;
	bool ok = true;

	for (; ok && from < end; from++) {
		if (!has_samples(s->run[from]))
			continue;
		all = json_number_value(json_object_get(s->run[from]->profile, "samples"));
		ok = sampled_add_run(t, s->run[from]->profile,
				     summed ? 1 : 100 * weight / (runs * all));
	}
	return ok;
}

/* Units with samples: boots, or runs where there is one boot. */
static size_t units_of(const struct sequence *s, bool by_boot)
{
	size_t i, end, nr = 0;

	for (i = 0; i < s->nr; i = end) {
		end = sequence_end(s, i, by_boot);
		nr += count(s, i, end) > 0;
	}
	return nr;
}

bool sampled_add(struct call_tree *t, const struct result_cell *cell, bool summed)
{
	bool ok = sampled_event(cell);
	struct sequence s;
	size_t i, end;
	double units;

	sequence_of(&s, cell);
	units = (double)units_of(&s, s.boots > 1);
	for (i = 0; ok && i < s.nr; i = end) {
		end = sequence_end(&s, i, s.boots > 1);
		ok = add_unit(t, &s, i, end, 1 / units, summed);
	}
	sequence_free(&s);
	return ok;
}

/* All paths of a cell, without what was sampled there. */
static struct call_tree *paths_of(const struct sequence *s)
{
	struct call_tree *t = call_tree_new();
	bool ok = t;
	size_t i;

	for (i = 0; ok && i < s->nr; i++)
		ok = !has_samples(s->run[i]) || sampled_add_run(t, s->run[i]->profile, 0);
	return call_tree_done(t, ok);
}

static bool add_paths(struct call_tree *to, const struct call_tree *from)
{
	uint32_t *at = calloc(from->nr, sizeof(*at)), i, name;
	bool ok = at;

	for (i = 1; ok && i < from->nr; i++) {
		name = call_tree_name(to, from->name[from->node[i].function]);
		at[i] = name == CALLS_NONE ? name
					   : call_tree_child(to, at[from->node[i].parent], name);
		ok = at[i] != CALLS_NONE;
	}
	free(at);
	return ok;
}

struct call_tree **sampled_units(const struct result_cell *cell, size_t *ret_nr)
{
	struct call_tree **units, *t, *paths;
	struct sequence s;
	size_t i, end;

	*ret_nr = 0;
	sequence_of(&s, cell);
	units = calloc(s.nr + 1, sizeof(struct call_tree *));
	paths = paths_of(&s);
	for (i = 0; units && paths && sampled_event(cell) && i < s.nr; i = end) {
		end = sequence_end(&s, i, s.boots > 1);
		if (!count(&s, i, end))
			continue;
		t = call_tree_new();
		t = call_tree_done(t,
				   t && add_unit(t, &s, i, end, 1, false) && add_paths(t, paths));
		if (t)
			units[(*ret_nr)++] = t;
	}
	call_tree_free(paths);
	sequence_free(&s);
	return units;
}
