// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/calls/calls.h"
#include "common/calls/profile.h"

static const char *const status_names[] = {
	[RUN_OK] = "ok",
	[RUN_VOID] = "void",
	[RUN_SKIPPED] = "skipped",
	[RUN_FAILED] = "failed",
};

static const char *const source_names[NR_SOURCES] = {
	[SOURCE_TIMED] = "timed",
	[SOURCE_EMULATED] = "emulated",
	[SOURCE_EXACT] = "exact",
};

/* The optional members that are kept as JSON, by field name. */
static const struct {
	const char *name;
	size_t offset;
} json_fields[] = {
	{"workers_ns", offsetof(struct run_record, workers_ns)},
	{"sides", offsetof(struct run_record, sides)},
	{"latency", offsetof(struct run_record, latency)},
	{"counters", offsetof(struct run_record, counters)},
	{"vmstat", offsetof(struct run_record, vmstat)},
	{"verified", offsetof(struct run_record, verified)},
	{"state", offsetof(struct run_record, state)},
	{"counts", offsetof(struct run_record, counts)},
	{"memory", offsetof(struct run_record, memory)},
	{"lines", offsetof(struct run_record, lines)},
	{"modelled", offsetof(struct run_record, modelled)},
	{"calls", offsetof(struct run_record, calls)},
	{"profile", offsetof(struct run_record, profile)},
	{"functions", offsetof(struct run_record, functions)},
	{"placement", offsetof(struct run_record, placement)},
	{"conditions", offsetof(struct run_record, conditions)},
	{"notes", offsetof(struct run_record, notes)},
};

#define NR_JSON_FIELDS (sizeof(json_fields) / sizeof(json_fields[0]))

static json_t **json_field(const struct run_record *rec, size_t i)
{
	return (json_t **)((char *)rec + json_fields[i].offset);
}

const char *run_status_name(enum run_status status)
{
	return status_names[status];
}

const char *run_source_name(enum run_source source)
{
	return source_names[source];
}

json_t *record_seconds(double s)
{
	return json_real(round(s * 1e6) / 1e6);
}

double record_sum(const json_t *array)
{
	double sum = 0;
	json_t *value;
	size_t i;

	json_array_foreach(array, i, value)
		sum += json_number_value(value);
	return sum;
}

json_t *run_record_to_json(const struct run_record *rec)
{
	json_t *json, *samples = json_array();
	size_t i;

	for (i = 0; i < rec->nr_samples; i++)
		json_array_append_new(samples, json_integer((json_int_t)rec->samples[i]));
	json = json_pack("{s:s,s:s*,s:i,s:i,s:O,s:s,s:s*,s:s*,s:s*,s:i,s:o,s:s*,s:f,s:f,s:f}",
			 "type", "run", "kernel", rec->kernel, "boot", rec->boot, "run", rec->run,
			 "point", rec->point, "status", status_names[rec->status], "reason",
			 rec->reason, "unit", rec->unit, "source", source_names[rec->source],
			 "warmup", rec->warmup, "samples", samples, "per", rec->per, "per_count",
			 rec->per_count, "started", rec->started, "wall_s", rec->wall_s);
	if (rec->bytes > 0)
		json_object_set_new(json, "bytes", json_real(rec->bytes));
	for (i = 0; i < NR_JSON_FIELDS; i++)
		if (*json_field(rec, i))
			json_object_set(json, json_fields[i].name, *json_field(rec, i));
	return json;
}

static bool read_samples(struct run_record *rec, const json_t *array)
{
	json_t *sample;
	size_t i;

	rec->samples = calloc(json_array_size(array) + 1, sizeof(*rec->samples));
	if (!rec->samples)
		return false;
	json_array_foreach(array, i, sample)
		rec->samples[i] = (uint64_t)json_integer_value(sample);
	rec->nr_samples = json_array_size(array);
	return true;
}

static bool read_status(const char *name, enum run_status *ret)
{
	unsigned int i;

	for (i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++) {
		if (!strcmp(name, status_names[i])) {
			*ret = (enum run_status)i;
			return true;
		}
	}
	return false;
}

/* No text: not said. */
static bool read_source(const char *name, enum run_source *ret)
{
	unsigned int i;

	for (i = 1; name && i < NR_SOURCES && strcmp(name, source_names[i]); i++)
		;
	*ret = name && i < NR_SOURCES ? (enum run_source)i : SOURCE_UNKNOWN;
	return !name || i < NR_SOURCES;
}

static char *dup_or_null(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* A number of boots, runs or the like. */
static bool is_count(const json_t *number)
{
	return json_is_integer(number) && json_integer_value(number) >= 0 &&
	       json_integer_value(number) <= RECORD_MOST_COUNT;
}

static bool are_samples(const json_t *array)
{
	json_t *sample;
	size_t i;

	json_array_foreach(array, i, sample) {
		if (!json_is_integer(sample) || json_integer_value(sample) < 0)
			return false;
	}
	return json_is_array(array);
}

static const char *text_of(const json_t *json, const char *field)
{
	return json_string_value(json_object_get(json, field));
}

static const char *boot_fault(const json_t *json)
{
	if (!json_is_string(json_object_get(json, "kernel")))
		return "\"kernel\" is no text";
	return is_count(json_object_get(json, "boot")) ? NULL : "\"boot\" is no number of a boot";
}

static const char *run_fault(const json_t *json)
{
	const char *kernel, *status, *reason, *unit = NULL, *source = NULL, *per;
	json_t *point, *samples, *run;
	enum run_source known_source;
	enum run_status known;
	double per_count, bytes, started, wall_s;
	json_error_t error;
	int warmup;

	if (json_unpack_ex((json_t *)json, &error, 0,
			   "{s?s,s:o,s:o,s:s,s?s,s?s,s?s,s?i,s:o,s?s,s?F,s?F,s?F,s?F}", "kernel",
			   &kernel, "run", &run, "point", &point, "status", &status, "reason",
			   &reason, "unit", &unit, "source", &source, "warmup", &warmup, "samples",
			   &samples, "per", &per, "per_count", &per_count, "bytes", &bytes,
			   "started", &started, "wall_s", &wall_s))
		return "a field of a run is missing or has the wrong type";
	if (!is_count(run))
		return "\"run\" is no number of a run";
	if (!read_status(status, &known))
		return "unknown status";
	if (!read_source(source, &known_source))
		return "unknown source";
	if (!json_is_string(json_object_get(point, "bench")) ||
	    !json_is_string(json_object_get(point, "variant")))
		return "point is not an object with bench and variant";
	if (!are_samples(samples))
		return "samples are not an array of whole numbers";
	if (known == RUN_OK && (!json_array_size(samples) || !unit))
		return "an ok run without samples or unit";
	return is_count(json_object_get(json, "boot")) ? NULL : "\"boot\" is no number of a boot";
}

/* What a worker leaves out is there as well. */
static const char *stamped_run_fault(const json_t *json)
{
	const char *fault = run_fault(json), *status = text_of(json, "status");
	const json_t *calls = json_object_get(json, "calls");
	const json_t *profile = json_object_get(json, "profile");

	if (!fault && calls)
		fault = calls_fault(calls, json_object_get(json, "samples"),
				    json_object_get(json_object_get(json, "counts"), "interrupt"));
	if (!fault && profile && text_of(json, "source") &&
	    !strcmp(text_of(json, "source"), source_names[SOURCE_EXACT]))
		fault = "\"profile\": of a run that was counted";
	if (!fault && profile)
		fault = profile_fault(profile);
	if (fault)
		return fault;
	if (!strcmp(status, status_names[RUN_OK]) && !text_of(json, "source"))
		return "an ok run without the source of its samples";
	return boot_fault(json);
}

static const char *kernel_fault(const json_t *json)
{
	return json_is_string(json_object_get(json, "label")) ? NULL : "\"label\" is no text";
}

static const char *command_fault(const json_t *json)
{
	return json_is_array(json_object_get(json, "words")) ? NULL : "\"words\" is no array";
}

const char *record_fault(const json_t *record)
{
	static const struct {
		const char *type;
		const char *(*fault)(const json_t *json);
	} kinds[] = {
		{"run", stamped_run_fault}, {"machine", boot_fault},	{"try", boot_fault},
		{"kernel", kernel_fault},   {"command", command_fault},
	};
	const char *type = json_string_value(json_object_get(record, "type"));
	size_t i;

	for (i = 0; type && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(type, kinds[i].type))
			return kinds[i].fault(record);
	return type ? NULL : "no \"type\"";
}

bool run_record_from_json(struct run_record *rec, const json_t *json, const char **ret_why)
{
	const char *kernel = NULL, *status, *reason = NULL, *unit = NULL, *source = NULL,
		   *per = NULL;
	json_t *samples;
	size_t i;

	memset(rec, 0, sizeof(*rec));
	*ret_why = run_fault(json);
	if (*ret_why)
		return false;
	json_unpack((json_t *)json, "{s?s,s:i,s:i,s:O,s:s,s?s,s?s,s?s,s?i,s:o,s?s,s?F,s?F,s?F,s?F}",
		    "kernel", &kernel, "boot", &rec->boot, "run", &rec->run, "point", &rec->point,
		    "status", &status, "reason", &reason, "unit", &unit, "source", &source,
		    "warmup", &rec->warmup, "samples", &samples, "per", &per, "per_count",
		    &rec->per_count, "bytes", &rec->bytes, "started", &rec->started, "wall_s",
		    &rec->wall_s);
	read_status(status, &rec->status);
	read_source(source, &rec->source);
	rec->kernel = dup_or_null(kernel);
	rec->reason = dup_or_null(reason);
	rec->unit = dup_or_null(unit);
	rec->per = dup_or_null(per);
	for (i = 0; i < NR_JSON_FIELDS; i++)
		*json_field(rec, i) = json_incref(json_object_get(json, json_fields[i].name));
	if (read_samples(rec, samples))
		return true;
	*ret_why = "out of memory";
	run_record_free(rec);
	return false;
}

void run_record_note(struct run_record *rec, const char *text)
{
	if (!rec->notes)
		rec->notes = json_array();
	json_array_append_new(rec->notes, json_string(text));
}

void run_record_free(struct run_record *rec)
{
	size_t i;

	for (i = 0; i < NR_JSON_FIELDS; i++)
		json_decref(*json_field(rec, i));
	json_decref(rec->point);
	free(rec->kernel);
	free(rec->reason);
	free(rec->unit);
	free(rec->per);
	free(rec->samples);
	memset(rec, 0, sizeof(*rec));
}

bool record_is_counted(const json_t *record)
{
	return json_is_true(json_object_get(record, "counted"));
}

json_t *record_repeatable(const json_t *record)
{
	const char *source = json_string_value(json_object_get(record, "source"));
	json_t *ret = json_copy((json_t *)record), *startup;

	if (source && !strcmp(source, run_source_name(SOURCE_EXACT)))
		json_object_del(ret, "started");
	if (json_object_get(record, "perturbation")) {
		startup = json_copy(json_object_get(record, "startup"));
		json_object_del(startup, "initramfs_s");
		json_object_del(startup, "start_s");
		json_object_set_new(ret, "startup", startup);
	}
	return ret;
}

char *record_line(const json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT), *line = NULL;

	if (text && asprintf(&line, "%s\n", text) < 0)
		line = NULL;
	free(text);
	return line;
}
