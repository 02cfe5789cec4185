// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/calls/profile.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *profile_refused(const char *fmt, ...)
{
	json_t *profile;
	va_list ap;

	va_start(ap, fmt);
	profile = json_pack("{s:o}", "refused", json_vsprintf(fmt, ap));
	va_end(ap);
	return profile;
}

const char *profile_why_not(const json_t *profile)
{
	const char *refused = json_string_value(json_object_get(profile, "refused"));

	if (refused)
		return refused;
	return json_integer_value(json_object_get(profile, "samples")) ? NULL : "no samples";
}

#define MOST (1LL << 46) /* samples: sums fit */

static bool is_number(const json_t *value, json_int_t least)
{
	return json_is_integer(value) && json_integer_value(value) >= least &&
	       json_integer_value(value) <= MOST;
}

/* "a;b;c": so many names, none of them empty. */
static bool is_path(const char *path)
{
	unsigned int depth = 1;

	for (; *path && *path != ';' && depth <= PROFILE_DEPTH; depth++) {
		path += strcspn(path, ";");
		if (!*path)
			return true;
		path++;
	}
	return false;
}

static const char *stacks_fault(const json_t *profile, const json_t *stacks)
{
	json_int_t sum = json_integer_value(json_object_get(profile, "other"));
	const char *path;
	json_t *samples;

	if (!json_is_object(stacks) || json_object_size(stacks) > PROFILE_STACKS)
		return "\"profile\": stacks are missing, or more than 512";
	json_object_foreach((json_t *)stacks, path, samples) {
		if (!is_path(path) || !is_number(samples, 1))
			return "\"profile\": a stack is no path of functions with samples";
		sum += json_integer_value(samples);
	}
	return sum == json_integer_value(json_object_get(profile, "samples"))
		       ? NULL
		       : "\"profile\": stacks do not sum up to the samples";
}

const char *profile_fault(const json_t *profile)
{
	static const char *const numbers[] = {"period",	   "samples", "outside", "lost",
					      "throttled", "other",   "op_ns",	 "iterations"};
	size_t i;

	if (json_is_string(json_object_get(profile, "refused")))
		return NULL;
	if (!json_is_string(json_object_get(profile, "event")))
		return "\"profile\": it names no event";
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!is_number(json_object_get(profile, numbers[i]), 0))
			return "\"profile\": a number is missing";
	return stacks_fault(profile, json_object_get(profile, "stacks"));
}
