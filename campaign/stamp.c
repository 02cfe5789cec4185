// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Emulated times differ by as much for no reason. */
static void note_cold(json_t *run)
{
	const json_t *warm = json_object_get(json_object_get(run, "conditions"), "warm_ns");
	double start = json_number_value(json_array_get(warm, 1));
	double end = json_number_value(json_array_get(warm, 2));
	json_t *notes = json_copy(json_object_get(run, "notes"));
	char *text;

	if (start > 0 && end > 2 * start &&
	    asprintf(&text,
		     "memory went cold: %.0f ns a page at the end, %.0f at the start; does a "
		     "hypervisor take free memory back?",
		     end, start) >= 0) {
		notes = notes ? notes : json_array();
		json_array_append_new(notes, json_string(text));
		json_object_set(run, "notes", notes);
		free(text);
	}
	json_decref(notes);
}

json_t *stamp_label(const json_t *record, const char *label)
{
	json_t *stamped =
		json_pack("{s:O,s:s}", "type", json_object_get(record, "type"), "kernel", label);

	json_object_update_missing(stamped, (json_t *)record);
	return stamped;
}

json_t *stamp(const json_t *record, const char *label, enum run_source source)
{
	const char *type = json_string_value(json_object_get(record, "type"));
	bool run = !strcmp(type, "run"), measured = run && json_object_get(record, "unit");
	json_t *stamped = stamp_label(record, label);

	if (measured)
		json_object_set_new(stamped, "source", json_string(run_source_name(source)));
	else if (run)
		json_object_del(stamped, "source");
	if (measured && source == SOURCE_TIMED)
		note_cold(stamped);
	return stamped;
}

json_t *stamp_fact(json_t *record, const char *name, const char *value)
{
	json_t *facts;

	if (!value || strcmp(json_string_value(json_object_get(record, "type")), "machine"))
		return record;
	facts = json_copy(json_object_get(record, "facts"));
	if (facts)
		json_object_set_new(facts, name, json_string(value));
	json_object_set_new(record, "facts", facts);
	return record;
}

json_t *stamp_failed(const json_t *request, const char *label, const char *reason)
{
	return json_pack("{s:s,s:s,s:O,s:s,s:s}", "type", "boot", "kernel", label, "boot",
			 json_object_get(request, "boot"), "status", "failed", "reason", reason);
}
