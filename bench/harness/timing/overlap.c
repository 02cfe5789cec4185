// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/harness/timing/overlap.h"

#include <stdio.h>

#include "common/units.h"

/* Less of their time in common than half of its mean; *ret_apart: the last start less the first. */
static bool are_apart(const struct slot *slots, unsigned int nr, uint64_t *ret_apart)
{
	uint64_t first_start = UINT64_MAX, last_start = 0, first_end = UINT64_MAX, sum = 0;
	const struct slot *slot;

	for (slot = slots; slot < slots + nr; slot++) {
		first_start = slot->began < first_start ? slot->began : first_start;
		last_start = slot->began > last_start ? slot->began : last_start;
		first_end = slot->end < first_end ? slot->end : first_end;
		sum += slot->end - slot->began;
	}
	*ret_apart = last_start - first_start;
	return first_end < last_start || first_end - last_start < sum / nr / 2;
}

void beside_look(struct beside *b, const struct slot *slots, unsigned int nr)
{
	bool one_cpu = true;
	uint64_t apart;
	unsigned int i;

	for (i = 0; i < nr; i++)
		one_cpu &= slots[i].cpu == slots[0].cpu;
	if (!b->apart_ns)
		b->apart_ns = json_array();
	b->one_cpu += one_cpu;
	if (are_apart(slots, nr, &apart))
		json_array_append_new(b->apart_ns, json_integer((json_int_t)apart));
}

bool beside_all(const struct slot *slots, unsigned int nr)
{
	unsigned int i, k;
	uint64_t apart;

	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			if (slots[k].cpu == slots[i].cpu)
				return false;
	return !are_apart(slots, nr, &apart);
}

void beside_note(struct run_record *rec)
{
	json_t *apart = json_object_get(rec->conditions, "apart_ns"), *ns;
	size_t one_cpu = (size_t)json_integer_value(json_object_get(rec->conditions, "one_cpu"));
	size_t nr = rec->nr_samples, i;
	char text[200] = "", most[UNITS_TEXT];
	double max = 0;

	json_array_foreach(apart, i, ns)
		max = json_number_value(ns) > max ? json_number_value(ns) : max;
	/* That they run one after the other is then all that can be. */
	if (one_cpu && 2 * one_cpu >= nr)
		snprintf(text, sizeof(text),
			 "all workers on one CPU: nothing ran side by side in %zu of %zu "
			 "iterations",
			 one_cpu, nr);
	else if (json_array_size(apart))
		snprintf(text, sizeof(text),
			 "workers did not run side by side: in %zu of %zu iterations they had less "
			 "than half of their time in common, starts up to %s apart",
			 json_array_size(apart), nr, units_ns(max, most));
	if (text[0])
		run_record_note(rec, text);
}
