// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/profiled.h"

#include <math.h>
#include <stdlib.h>

#include "bench/harness/kernel/clock.h"
#include "bench/harness/timing/counter_set.h"
#include "common/calls/profile.h"

#define OPS_NS	   1e9 /* of ops together: some 4,000 samples */
#define LEAST_S	   2   /* no iteration begins after that, or after as long as was timed */
#define MOST_TIMES 10000

json_t *profiled_events(void)
{
	static struct counter_set set;
	json_t *names = json_pack("[s]", "cycles:k"), *events;

	counter_set_init(&set, PMU_DEVICES, names);
	events = counter_set_to_json(&set);
	json_decref(names);
	return events;
}

/* As often as fills that time; where iterations have a length of their own, as often as timed. */
static int times_of(const json_t *request, const struct run_record *rec)
{
	double times = json_number_value(json_object_get(request, "iterations")), sum = 0;
	size_t i;

	for (i = 0; i < rec->nr_samples; i++)
		sum += (double)rec->samples[i];
	if (!rec->sides && sum > 0)
		times = ceil(OPS_NS / (sum / (double)rec->nr_samples));
	return (int)fmin(times, MOST_TIMES);
}

/* Of the process that sampled; how it ended is its own. */
static json_t *profile_of(const struct run_record *one)
{
	if (one->status == RUN_OK && one->profile)
		return json_incref(one->profile);
	return profile_refused("the op was repeated to be sampled, and that was %s%s%s",
			       one->status == RUN_OK ? "not" : run_status_name(one->status),
			       one->reason ? ": " : "", one->reason ? one->reason : "");
}

bool profiled_run(const struct child_way *way, struct kmsg *kmsg, const json_t *request,
		  json_t *events, double took_s, struct run_record *rec)
{
	json_t *again = json_copy((json_t *)request);
	double begin = clock_seconds(CLOCK_MONOTONIC);
	struct run_record one = {0};
	char why[256];
	bool here;

	json_object_set_new(again, "iterations", json_integer(times_of(request, rec)));
	json_object_set(again, "counters", events);
	json_object_set_new(again, "profile_s", json_real(fmax(LEAST_S, took_s)));
	kmsg_mark(kmsg);
	here = child_run(way, again, &one);
	if (kmsg_complaint(kmsg, why, sizeof(why)))
		child_outcome(&one, RUN_VOID, "%s", why);
	rec->profile = profile_of(&one);
	json_object_set_new(rec->profile, "wall_s",
			    record_seconds(clock_seconds(CLOCK_MONOTONIC) - begin));
	run_record_free(&one);
	json_decref(again);
	return here;
}
