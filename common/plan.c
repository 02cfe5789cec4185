// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/plan.h"

#include <stdlib.h>
#include <string.h>

#include "common/record.h"

json_t *plan_to_json(const struct plan *plan)
{
	json_t *points = json_array(), *json;
	size_t i;

	for (i = 0; i < plan->nr_points; i++)
		json_array_append_new(points,
				      json_pack("{s:O,s:i,s:i,s:i}", "point", plan->points[i].point,
						"iterations", plan->points[i].iterations, "warmup",
						plan->points[i].warmup, "time_limit_s",
						plan->points[i].time_limit_s));
	json = json_pack("{s:s,s:i,s:s,s:i,s:i,s:i,s:O,s:o}", "type", "plan", "schema",
			 RECORD_SCHEMA, "name", plan->name, "runs", plan->runs, "boots",
			 plan->boots, "seed", plan->seed, "counters", plan->counters, "points",
			 points);
	if (plan->threshold >= 0)
		json_object_set_new(json, "threshold", json_real(plan->threshold));
	if (plan->until > 0) {
		json_object_set_new(json, "until", json_real(plan->until));
		json_object_set_new(json, "budget_s", json_integer(plan->budget_s));
	}
	if (plan->lines)
		json_object_set_new(json, "lines", json_true());
	if (plan->cache_model)
		json_object_set_new(json, "cache_model", json_string(plan->cache_model));
	if (plan->calls)
		json_object_set_new(json, "calls", json_true());
	if (plan->profile)
		json_object_set_new(json, "profile", json_true());
	if (plan->settle.most_s)
		json_object_set_new(json, "settle",
				    json_pack("{s:i,s:i}", "least_s", plan->settle.least_s,
					      "most_s", plan->settle.most_s));
	return json;
}

bool plan_from_json(struct plan *plan, const json_t *json)
{
	json_t *counters, *points, *entry, *point, *settle;
	const char *type, *name;
	struct plan_point *p;
	int schema;
	size_t i;

	*plan = (struct plan){.threshold = -1};
	if (json_unpack((json_t *)json, "{s:s,s:i,s:s,s:i,s:i,s:i,s:o,s:o}", "type", &type,
			"schema", &schema, "name", &name, "runs", &plan->runs, "boots",
			&plan->boots, "seed", &plan->seed, "counters", &counters, "points",
			&points) ||
	    strcmp(type, "plan") || schema != RECORD_SCHEMA || !json_is_array(counters))
		return false;
	if (json_is_number(json_object_get(json, "threshold")))
		plan->threshold = json_number_value(json_object_get(json, "threshold"));
	plan->until = json_number_value(json_object_get(json, "until"));
	plan->budget_s = (int)json_integer_value(json_object_get(json, "budget_s"));
	plan->lines = json_is_true(json_object_get(json, "lines"));
	if (json_is_string(json_object_get(json, "cache_model")))
		plan->cache_model = strdup(json_string_value(json_object_get(json, "cache_model")));
	plan->calls = json_is_true(json_object_get(json, "calls"));
	plan->profile = json_is_true(json_object_get(json, "profile"));
	settle = json_object_get(json, "settle");
	plan->settle.least_s = (int)json_integer_value(json_object_get(settle, "least_s"));
	plan->settle.most_s = (int)json_integer_value(json_object_get(settle, "most_s"));
	plan->name = strdup(name);
	plan->counters = json_incref(counters);
	plan->points = calloc(json_array_size(points) + 1, sizeof(*plan->points));
	if (!plan->name || !plan->points)
		goto fail;
	json_array_foreach(points, i, entry) {
		p = &plan->points[i];
		if (json_unpack(entry, "{s:o,s:i,s:i,s:i}", "point", &point, "iterations",
				&p->iterations, "warmup", &p->warmup, "time_limit_s",
				&p->time_limit_s) ||
		    p->iterations < 1 || p->warmup < 1 || p->time_limit_s < 1)
			goto fail;
		p->point = json_incref(point);
		plan->nr_points++;
	}
	return true;
fail:
	plan_free(plan);
	return false;
}

struct plan_step plan_step(const struct plan *plan, size_t step)
{
	size_t run = step / plan->nr_points, place = step % plan->nr_points;

	return (struct plan_step){
		.point = run % 2 ? plan->nr_points - 1 - place : place,
		.run = (int)run,
	};
}

/* A small generator of its own, so that an order can be told again from its seed anywhere. */
static unsigned int next_random(unsigned int *state)
{
	*state = *state * 1664525u + 1013904223u; /* Numerical Recipes, 2nd ed., 7.1 */
	return *state >> 16;
}

json_t *plan_all_steps(const struct plan *plan)
{
	size_t nr = (size_t)plan->runs * plan->nr_points, step;
	json_t *steps = json_array();

	for (step = 0; step < nr; step++)
		json_array_append_new(steps, json_integer((json_int_t)step));
	return steps;
}

size_t plan_kernel(const struct plan *plan, size_t nr, int boot, size_t place)
{
	unsigned int state = (unsigned int)plan->seed;
	size_t order[PLAN_MAX_KERNELS], i, k, other;

	for (i = 0; i < nr; i++)
		order[i] = i;
	for (i = nr - 1; i > 0; i--) {
		k = next_random(&state) % (i + 1);
		other = order[i];
		order[i] = order[k];
		order[k] = other;
	}
	return order[boot % 2 ? nr - 1 - place : place];
}

size_t plan_turn(const struct plan *plan, size_t nr, size_t number, int *ret_boot)
{
	*ret_boot = (int)(number / nr);
	return plan_kernel(plan, nr, *ret_boot, number % nr);
}

void plan_point_free(struct plan_point *point)
{
	json_decref(point->point);
	json_decref(point->asked);
	free(point->origin);
}

void plan_free(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr_points; i++)
		plan_point_free(&plan->points[i]);
	free(plan->points);
	free(plan->name);
	free(plan->summary);
	free(plan->cache_model);
	json_decref(plan->counters);
	*plan = (struct plan){0};
}
