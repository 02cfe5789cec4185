// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/emit/point.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/plan_values.h"
#include "common/units.h"

#define COLUMNS 98

const char *point_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* What a point does not say has its default; it is not said in words either. */
const json_t *point_value_of(const struct program *p, const json_t *param, bool *ret_said)
{
	const json_t *value = json_object_get(p->point->point, point_text(param, "name"));

	*ret_said = value != NULL;
	return value ? value : json_object_get(param, "number");
}

/* Workers of a kind that a point asks for, all parameters of that kind together. */
long point_workers(const struct program *p, const char *kind)
{
	json_t *param;
	bool any = false, said;
	long sum = 0;
	size_t i;

	json_array_foreach(p->params, i, param) {
		if (strcmp(point_text(param, "kind"), kind))
			continue;
		any = true;
		sum += (long)json_integer_value(point_value_of(p, param, &said));
	}
	return any ? sum : 1;
}

/* Whether it is the bytes of a folio, which are an order here: for programs of this machine. */
static bool is_bytes(const json_t *param, const json_t *value, long *ret_order)
{
	const char *name = json_string_value(value);
	int64_t bytes;

	if (strcmp(point_text(param, "kind"), "order") || !name || !units_parse_bytes(name, &bytes))
		return false;
	*ret_order = 63 - __builtin_clzl((unsigned long)(bytes / sysconf(_SC_PAGESIZE)));
	return true;
}

/* As a user writes it. */
void point_put_value(FILE *out, const json_t *param, const json_t *value)
{
	char bytes[UNITS_TEXT];
	long order;

	if (is_bytes(param, value, &order))
		fprintf(out, "%ld", order);
	else if (json_is_string(value))
		fprintf(out, "%s", json_string_value(value));
	else if (!strcmp(point_text(param, "kind"), "size"))
		fprintf(out, "%s", units_bytes(json_integer_value(value), bytes));
	else
		fprintf(out, "%lld", (long long)json_integer_value(value));
}

long point_number(const json_t *param, const json_t *value)
{
	const json_t *choices = json_object_get(param, "choices");
	const char *word = json_string_value(value);
	long order, i = 0;

	if (is_bytes(param, value, &order))
		return order;
	if (!word)
		return (long)json_integer_value(value);
	if (!strcmp(point_text(param, "kind"), "order"))
		return POINT_ORDER_PMD;
	while (strcmp(json_string_value(json_array_get(choices, (size_t)i)), word))
		i++;
	return i;
}

void point_put_number(FILE *out, const json_t *param, const json_t *value)
{
	long number = point_number(param, value);

	if (!strcmp(point_text(param, "kind"), "order") && number == POINT_ORDER_PMD)
		fprintf(out, "ORDER_PMD");
	else
		fprintf(out, "%ld", number);
}

/* "fork/fork size=1G order=9" */
void point_put_words(FILE *out, const struct program *p)
{
	const json_t *value;
	json_t *param;
	bool said;
	size_t i;

	fprintf(out, "%s/%s", point_text(p->bench, "name"), p->variant);
	json_array_foreach(p->params, i, param) {
		value = point_value_of(p, param, &said);
		if (!said)
			continue;
		fprintf(out, " %s=", point_text(param, "name"));
		point_put_value(out, param, value);
	}
}

/* A sentence or more as lines of a comment. */
void point_put_wrapped(FILE *out, const char *words)
{
	size_t column = 2, len;

	fprintf(out, " *");
	for (; *words; words += strspn(words, " ")) {
		len = strcspn(words, " ");
		if (column + 1 + len > COLUMNS) {
			fprintf(out, "\n *");
			column = 2;
		}
		fprintf(out, " %.*s", (int)len, words);
		column += 1 + len;
		words += len;
	}
	fprintf(out, "\n");
}

#define TASKS "other tasks"
#define CHILD "a child"
#define OWN   "a program of its own"
#define ALONE "pages that DAMON leaves alone"

static void put_names(FILE *out, const json_t *names, bool *any)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		/* Any machine has these, or may be made to. */
		if (!strcmp(json_string_value(name), TASKS) ||
		    !strcmp(json_string_value(name), CHILD) ||
		    !strcmp(json_string_value(name), ALONE) ||
		    !strcmp(json_string_value(name), OWN))
			continue;
		fprintf(out, "%s%s", *any ? ", " : "", json_string_value(name));
		*any = true;
	}
}

/* What the family and the variant need of a machine: "io_uring, locked memory". */
char *point_needs(const struct program *p)
{
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);
	bool any = false;

	put_names(out, json_object_get(p->bench, "needs"), &any);
	put_names(out, json_object_get(variant, "needs"), &any);
	fclose(out);
	return words;
}

const char *point_file(const struct program *p, bool full)
{
	const char *backing = point_text(p->point->point, "backing");
	const json_t *order = json_object_get(p->point->point, "order");

	if (!strstr(p->variant, "file") && !(backing && !strcmp(backing, "file")))
		return "";
	if (json_is_string(order) && !full)
		return "Its file is in TMPDIR, or else /var/tmp, on xfs, say, or ext4 since Linux "
		       "6.16.";
	if (json_is_string(order) || json_integer_value(order))
		return "Its file is in TMPDIR, or else /var/tmp, on xfs, say, or ext4 since Linux "
		       "6.16; root alone sees its folios.";
	return "Its file is in TMPDIR, or else /var/tmp.";
}

/* Whether it is executed for each iteration. */
bool point_executes(const struct program *p)
{
	const json_t *variant = plan_by_name(json_object_get(p->bench, "variants"), p->variant);
	json_t *name;
	size_t i;

	json_array_foreach(json_object_get(variant, "needs"), i, name) {
		if (!strcmp(json_string_value(name), OWN))
			return true;
	}
	return false;
}

/* Headers of the system, as keys, that what is kept includes. */
json_t *point_includes(const struct program *p)
{
	json_t *all = json_object();
	size_t i, k;

	for (i = 0; i < p->nr; i++)
		for (k = 0; k < p->files[i].nr; k++)
			if (p->files[i].chunks[k].kept)
				json_object_update(all, p->files[i].includes);
	return all;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void point_put_includes(FILE *out, json_t *headers)
{
	const char *name, **names;
	size_t i, nr = 0;
	json_t *value;

	names = calloc(json_object_size(headers) + 1, sizeof(*names));
	json_object_foreach(headers, name, value) {
		names[nr++] = name;
	}
	qsort(names, nr, sizeof(*names), by_text);
	fprintf(out, "#define _GNU_SOURCE 1\n");
	for (i = 0; i < nr; i++)
		fprintf(out, "#include %s\n", names[i]);
	free(names);
}

bool point_is_family(const struct program *p, const char *path)
{
	size_t len = strlen(p->stem);

	return !strncmp(path, "bench/", 6) && !strncmp(path + 6, p->stem, len) &&
	       !strcmp(path + 6 + len, ".c");
}
