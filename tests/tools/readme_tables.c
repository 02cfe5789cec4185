// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: faultbench list --json | readme-tables configs/README.md
 *
 * Prints the page with its tables of keys and families made anew, which stand between the lines
 * "<!-- keys -->" or "<!-- families -->" and "<!-- end -->".
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "common/units.h"

static const char *text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Of a choice its names, of a number its range; what an order may be is in its help. */
static void put_range(const json_t *param)
{
	json_int_t min = json_integer_value(json_object_get(param, "min"));
	json_int_t max = json_integer_value(json_object_get(param, "max"));
	const char *kind = text(param, "kind");
	char low[UNITS_TEXT], high[UNITS_TEXT];
	json_t *choice;
	size_t i;

	json_array_foreach(json_object_get(param, "choices"), i, choice)
		printf("%s`%s`", i ? ", " : ": ", json_string_value(choice));
	if (!strcmp(kind, "size"))
		printf(", %s to %s", units_bytes(min, low), units_bytes(max, high));
	else if (strcmp(kind, "choice") && strcmp(kind, "order"))
		printf(", %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT, min, max);
}

/* Whether two families mean the same by a key. They may differ in its default. */
static bool same_key(const json_t *a, const json_t *b)
{
	static const char *const fields[] = {"name", "help", "min", "max"};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!json_equal(json_object_get(a, fields[i]), json_object_get(b, fields[i])))
			return false;
	return true;
}

/* The row of the table that a key belongs in, a new one if there is none. */
static json_t *row_of(json_t *rows, json_t *param)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (same_key(json_object_get(row, "param"), param))
			return row;
	row = json_pack("{sO s[]}", "param", param, "families");
	json_array_append_new(rows, row);
	return row;
}

static void put_keys(const json_t *families)
{
	json_t *rows = json_array(), *family, *param, *row;
	size_t i, k;

	json_array_foreach(families, i, family)
		json_array_foreach(json_object_get(family, "params"), k, param)
			json_array_append(json_object_get(row_of(rows, param), "families"),
					  json_object_get(family, "name"));
	printf("| key | meaning | families |\n|---|---|---|\n");
	json_array_foreach(rows, i, row) {
		param = json_object_get(row, "param");
		printf("| `%s` | %s", text(param, "name"), text(param, "help"));
		put_range(param);
		printf(" |");
		json_array_foreach(json_object_get(row, "families"), k, family)
			printf("%s `%s`", k ? "," : "", json_string_value(family));
		printf(" |\n");
	}
	json_decref(rows);
}

static void put_families(const json_t *families)
{
	json_t *family, *entry;
	size_t i, k;

	printf("| family | variants | keys and their defaults |\n|---|---|---|\n");
	json_array_foreach(families, i, family) {
		printf("| `%s` |", text(family, "name"));
		json_array_foreach(json_object_get(family, "variants"), k, entry)
			printf("%s `%s`", k ? "," : "", text(entry, "name"));
		printf(" |");
		json_array_foreach(json_object_get(family, "params"), k, entry)
			printf("%s `%s` %s", k ? "," : "", text(entry, "name"),
			       text(entry, "default"));
		printf(" |\n");
	}
}

int main(int argc, char **argv)
{
	json_t *families = json_loadf(stdin, 0, NULL);
	FILE *page = argc == 2 ? fopen(argv[1], "re") : NULL;
	bool made = false;
	char line[4096];

	if (!families || !page) {
		fprintf(stderr, "usage: faultbench list --json | readme-tables PAGE\n");
		return 2;
	}
	while (fgets(line, sizeof(line), page)) {
		if (!strcmp(line, "<!-- end -->\n"))
			made = false;
		if (!made)
			fputs(line, stdout);
		if (!strcmp(line, "<!-- keys -->\n"))
			made = (put_keys(families), true);
		else if (!strcmp(line, "<!-- families -->\n"))
			made = (put_families(families), true);
	}
	fclose(page);
	json_decref(families);
	return 0;
}
