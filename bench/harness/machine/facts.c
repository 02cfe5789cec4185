// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/machine/facts.h"

#include "bench/harness/machine/facts_part.h"

#define CLOCK "/sys/devices/system/clocksource/clocksource0/"

static const struct fact_file clock_files[] = {
	{"clock.source", CLOCK "current_clocksource", FACT_TEXT, true},
	{"clock.sources", CLOCK "available_clocksource", FACT_TEXT, false},
};

static struct facts begin(json_t *facts)
{
	json_t *unreadable = json_object_get(facts, "unreadable");

	return (struct facts){facts, unreadable ? json_incref(unreadable) : json_array()};
}

static void end(struct facts *f)
{
	if (json_array_size(f->unreadable))
		json_object_set(f->json, "unreadable", f->unreadable);
	json_decref(f->unreadable);
}

json_t *facts_collect(void)
{
	struct facts f = begin(json_object());

	facts_kernel(&f);
	facts_process(&f);
	facts_memory(&f);
	facts_cpu(&f);
	facts_hypervisor(&f);
	facts_zones(&f);
	end(&f);
	return f.json;
}

void facts_add_clock(json_t *facts, const struct bench_clock *clock)
{
	struct facts f = begin(facts);

	facts_files(&f, clock_files, FACTS_NR(clock_files));
	facts_text(&f, "clock.name",
		   clock->id == CLOCK_MONOTONIC_RAW ? "CLOCK_MONOTONIC_RAW" : "CLOCK_MONOTONIC");
	facts_number(&f, "clock.resolution_ns", (long long)clock->resolution_ns);
	facts_real(&f, "clock.cost_ns", clock->cost_ns);
	end(&f);
}
