// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/point_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"

const char *point_bench(const json_t *point)
{
	return json_string_value(json_object_get(point, "bench"));
}

const char *point_variant(const json_t *point)
{
	return json_string_value(json_object_get(point, "variant"));
}

const char *point_op(const json_t *point, char text[POINT_TEXT])
{
	if (!strcmp(point_bench(point), point_variant(point)))
		snprintf(text, POINT_TEXT, "%s", point_bench(point));
	else
		snprintf(text, POINT_TEXT, "%s/%s", point_bench(point), point_variant(point));
	return text;
}

/* Parameters that are bytes. */
static bool in_bytes(const char *name)
{
	return !strcmp(name, "size") || !strcmp(name, "fault-around");
}

const char *point_value(const json_t *point, const char *name, char text[POINT_TEXT])
{
	const json_t *value = json_object_get(point, name);
	char bytes[UNITS_TEXT], *dump;

	if (!value) {
		snprintf(text, POINT_TEXT, "-");
	} else if (json_is_string(value)) {
		snprintf(text, POINT_TEXT, "%s", json_string_value(value));
	} else if (json_is_integer(value) && in_bytes(name)) {
		snprintf(text, POINT_TEXT, "%s", units_bytes(json_integer_value(value), bytes));
	} else {
		dump = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		snprintf(text, POINT_TEXT, "%s", dump ? dump : "?");
		free(dump);
	}
	return text;
}

/* "4 threads", "1 process": parameters that count something are named by a plural. */
static bool say_count(const json_t *value, const char *name, char text[POINT_TEXT])
{
	size_t len = strlen(name);

	if (!json_is_integer(value) || len < 2 || name[len - 1] != 's')
		return false;
	if (json_integer_value(value) == 1)
		len -= len > 4 && !strcmp(name + len - 4, "sses") ? 2 : 1;
	snprintf(text, POINT_TEXT, "%lld %.*s", (long long)json_integer_value(value), (int)len,
		 name);
	return true;
}

const char *point_param(const json_t *point, const char *name, char text[POINT_TEXT])
{
	const json_t *value = json_object_get(point, name);
	char plain[POINT_TEXT];

	if (value && say_count(value, name, text))
		return text;
	point_value(point, name, plain);
	if (!strcmp(name, "order") && json_is_integer(value))
		snprintf(text, POINT_TEXT, "order-%.50s (pte-map)", plain);
	else if (!strcmp(name, "order") && !strcmp(plain, "pmd"))
		snprintf(text, POINT_TEXT, "THP (pmd-map)");
	else if (!strcmp(name, "order") && json_is_string(value))
		snprintf(text, POINT_TEXT, "%.50s folios (pte-map)", plain);
	else if (!strcmp(name, "time") && json_is_integer(value))
		snprintf(text, POINT_TEXT, "time %.50s ms", plain);
	else
		snprintf(text, POINT_TEXT, "%.30s %.45s", name, plain);
	return text;
}

void point_dashed(char *text)
{
	while ((text = strchr(text, ' ')))
		*text = '-';
}

bool params_has(const struct params *params, const char *name)
{
	size_t i;

	for (i = 0; i < params->nr; i++)
		if (!strcmp(params->name[i], name))
			return true;
	return false;
}

bool params_vary(const struct params *params, const char *name)
{
	size_t i;

	for (i = 0; i < params->nr; i++)
		if (!strcmp(params->name[i], name))
			return params->varies[i];
	return false;
}

static void params_add(struct params *params, const char *name)
{
	if (params->nr < POINT_PARAMS && !params_has(params, name))
		params->name[params->nr++] = name;
}

static bool same_in_all(json_t *const *points, size_t nr, const char *name)
{
	json_t *first = json_object_get(points[0], name), *other;
	size_t i;

	for (i = 1; i < nr; i++) {
		other = json_object_get(points[i], name);
		if (first ? !json_equal(first, other) : !!other)
			return false;
	}
	return true;
}

void params_of(struct params *params, json_t *const *points, size_t nr)
{
	const char *name, *place = NULL;
	json_t *value;
	size_t i;

	*params = (struct params){0};
	params_add(params, "variant");
	for (i = 0; i < nr; i++) {
		json_object_foreach(points[i], name, value) {
			if (!strcmp(name, "place"))
				place = name;
			else if (strcmp(name, "bench"))
				params_add(params, name);
		}
	}
	if (place)
		params_add(params, place);
	for (i = 0; i < params->nr; i++)
		params->varies[i] = !same_in_all(points, nr, params->name[i]);
}

char *params_common(const struct params *params, const json_t *point)
{
	char *list = NULL, text[POINT_TEXT];
	size_t i, size;
	FILE *out = open_memstream(&list, &size);

	if (!out)
		return NULL;
	for (i = 0; i < params->nr; i++)
		if (!params->varies[i] && strcmp(params->name[i], "variant"))
			fprintf(out, "%s%s", ftell(out) ? ", " : "",
				point_param(point, params->name[i], text));
	fclose(out);
	return list;
}

char *params_name(const struct params *params, const json_t *point)
{
	char *name = NULL, text[POINT_TEXT];
	size_t i, size;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s", point_op(point, text));
	for (i = 0; i < params->nr; i++)
		if (params->varies[i] && strcmp(params->name[i], "variant") &&
		    json_object_get(point, params->name[i]))
			fprintf(out, " %s", point_param(point, params->name[i], text));
	fclose(out);
	return name;
}
