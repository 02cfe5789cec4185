// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/combine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/hist.h"

/* Numbers are added, arrays continued. */
static void add_json(json_t *sum, const json_t *one)
{
	const char *key;
	json_t *value, *old;

	json_object_foreach((json_t *)one, key, value) {
		old = json_object_get(sum, key);
		if (!old)
			json_object_set(sum, key, value);
		else if (json_is_object(old))
			add_json(old, value);
		else if (json_is_array(old))
			json_array_extend(old, value);
		else if (json_is_integer(old))
			json_integer_set(old, json_integer_value(old) + json_integer_value(value));
	}
}

static void add_sides(json_t *sum, const json_t *one)
{
	const char *role;
	json_t *side;

	add_json(sum, one);
	json_object_foreach((json_t *)one, role, side)
		json_object_set(json_object_get(sum, role), "workers",
				json_object_get(side, "workers"));
}

static void add_latency(json_t *sum, const json_t *one)
{
	struct hist *hist = calloc(2, sizeof(*hist));
	const char *role;
	json_t *value;

	json_object_foreach((json_t *)one, role, value) {
		if (hist && hist_from_json(&hist[0], json_object_get(sum, role)) &&
		    hist_from_json(&hist[1], value) && hist_merge(&hist[0], &hist[1]))
			json_object_set_new(sum, role, hist_to_json(&hist[0]));
	}
	free(hist);
}

/* Those that count iterations, or have a number for some of them. */
static void add_conditions(json_t *sum, const json_t *one)
{
	static const char *const keys[] = {"executed", "apart_ns", "one_cpu"};
	json_t *part;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		part = json_pack("{s:O*}", keys[i], json_object_get(one, keys[i]));
		add_json(sum, part);
		json_decref(part);
	}
}

static void add_samples(struct run_record *sum, const struct run_record *one)
{
	size_t nr = sum->nr_samples + one->nr_samples;
	uint64_t *samples = realloc(sum->samples, nr * sizeof(*samples));

	if (!samples)
		return;
	memcpy(samples + sum->nr_samples, one->samples, one->nr_samples * sizeof(*samples));
	sum->samples = samples;
	sum->nr_samples = nr;
}

static void keep_newer(json_t **sum, json_t *one)
{
	json_decref(*sum);
	*sum = json_incref(one);
}

void combine(struct run_record *sum, struct run_record *one)
{
	if (!sum->point || one->status != RUN_OK) {
		run_record_free(sum);
		*sum = *one;
		*one = (struct run_record){0};
		return;
	}
	add_samples(sum, one);
	if (sum->workers_ns)
		json_array_extend(sum->workers_ns, one->workers_ns);
	add_sides(sum->sides, one->sides);
	add_latency(sum->latency, one->latency);
	add_json(sum->counters, one->counters);
	add_json(sum->vmstat, one->vmstat);
	add_conditions(sum->conditions, one->conditions);
	keep_newer(&sum->verified, one->verified);
	keep_newer(&sum->state, one->state);
	keep_newer(&sum->placement, one->placement);
	run_record_free(one);
}

void combine_end(struct run_record *sum, int images)
{
	json_t *executed = json_object_get(sum->conditions, "executed");
	int seen = (int)json_object_size(json_object_get(executed, "images"));
	char text[64];

	if (sum->status != RUN_OK)
		return;
	json_object_del(executed, "images");
	json_object_set_new(sum->verified, "programs executed",
			    json_pack("{s:o,s:o}", "wanted", json_sprintf("%d", images), "seen",
				      json_sprintf("%d", seen)));
	if (seen == images)
		return;
	snprintf(text, sizeof(text), "%d programs executed for %d iterations", seen, images);
	sum->status = RUN_VOID;
	sum->reason = strdup(text);
}
