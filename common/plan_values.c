// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/plan_values.h"

#include <ctype.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/msg.h"
#include "common/units.h"

#define MAX_NUMBER 1000000
#define ALL	   "all"  /* threads or processes: as many as the machine has CPUs for */
#define HALF	   "half" /* of them */

const char *plan_origin(const struct ini_file *ini, const struct ini_setting *s, char text[256])
{
	if (ini->words)
		snprintf(text, 256, "%s", ini->path);
	else if (s->line == PLAN_OPTION)
		snprintf(text, 256, "--%s", s->key);
	else if (s->line)
		snprintf(text, 256, "%s:%zu", ini->path, s->line);
	else
		snprintf(text, 256, "--set %s", s->key);
	return text;
}

bool plan_bad_value(const struct ini_file *ini, const struct ini_setting *s, const char *value,
		    const char *wanted)
{
	char where[256];

	plan_origin(ini, s, where);
	if (s->line == PLAN_OPTION)
		return err("%s %s: %s", where, value, wanted);
	return err("%s: %s = %s: %s", where, s->key, value, wanted);
}

bool plan_is_utf8(const char *text)
{
	json_t *json = json_string(text);
	bool ok = json != NULL;

	json_decref(json);
	return ok;
}

char *plan_next_item(char **list)
{
	char *item = strsep(list, ","), *end;

	if (!item)
		return NULL;
	while (isspace((unsigned char)*item))
		item++;
	for (end = item + strlen(item); end > item && isspace((unsigned char)end[-1]); end--)
		;
	*end = '\0';
	return item;
}

json_t *plan_by_name(const json_t *array, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach(array, i, entry) {
		if (!strcmp(json_string_value(json_object_get(entry, "name")), name))
			return entry;
	}
	return NULL;
}

const char *plan_all_names(const json_t *array, char text[512])
{
	json_t *entry, *name;
	size_t i, used = 0;

	text[0] = '\0';
	json_array_foreach(array, i, entry) {
		name = json_is_string(entry) ? entry : json_object_get(entry, "name");
		if (used < 512)
			used += (size_t)snprintf(text + used, 512 - used, "%s%s", i ? ", " : "",
						 json_string_value(name));
	}
	return text;
}

bool plan_int(struct ini_file *ini, const char *section, const char *key, int min, int dflt,
	      int *ret)
{
	struct ini_setting *s = ini_file_find(ini, section, key);
	char wanted[80];
	int64_t value;

	*ret = dflt;
	if (!s)
		return true;
	if (!units_parse_int(s->value, min, MAX_NUMBER, &value)) {
		snprintf(wanted, sizeof(wanted), "must be a whole number from %d to %d", min,
			 MAX_NUMBER);
		return plan_bad_value(ini, s, s->value, wanted);
	}
	*ret = (int)value;
	return true;
}

static int64_t limit(const json_t *param, const char *which)
{
	return json_integer_value(json_object_get(param, which));
}

/* Takes an ending off a text, if it has it. */
static bool cut_end(char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	if (len < tail || strcmp(text + len - tail, end))
		return false;
	text[len - tail] = '\0';
	return true;
}

/* "4M" is a number; "4M+", "1M/worker" and "1M/worker+" are texts, of bytes. */
static json_t *size_value(struct ini_file *ini, const struct ini_setting *s, const char *text,
			  const json_t *param)
{
	int64_t min = limit(param, "min"), max = limit(param, "max"), value;
	char a[UNITS_TEXT], b[UNITS_TEXT], wanted[160], *number = strdup(text);
	bool least = number && cut_end(number, PLAN_LEAST);
	bool each = number && cut_end(number, PLAN_WORKER), ok;

	ok = number && units_parse_bytes(number, &value) && value >= min && value <= max;
	free(number);
	if (ok)
		return least || each
			       ? json_sprintf("%lld%s%s", (long long)value, each ? PLAN_WORKER : "",
					      least ? PLAN_LEAST : "")
			       : json_integer(value);
	snprintf(wanted, sizeof(wanted),
		 "must be a size from %s to %s, as in 256M or 1G, or with " PLAN_WORKER
		 " or a " PLAN_LEAST " behind it",
		 units_bytes(min, a), units_bytes(max, b));
	plan_bad_value(ini, s, text, wanted);
	return NULL;
}

/* "25%": of the CPUs there are; NULL if it is none. */
static json_t *share_value(const char *text)
{
	size_t len = strlen(text);
	char *number = strndup(text, len ? len - 1 : 0);
	json_t *share = NULL;
	int64_t value;

	if (number && len && text[len - 1] == '%' && units_parse_int(number, 1, 100, &value))
		share = json_sprintf("%lld%%", (long long)value);
	free(number);
	return share;
}

/* crew: "all", "half" and "25%" are as well. */
static json_t *count_value(struct ini_file *ini, const struct ini_setting *s, const char *text,
			   const json_t *param, bool crew)
{
	int64_t min = limit(param, "min"), max = limit(param, "max"), value;
	bool bytes = !strcmp(json_string_value(json_object_get(param, "kind")), "around");
	json_t *share = crew ? share_value(text) : NULL;
	char wanted[128];

	if (share)
		return share;
	if (crew && (!strcmp(text, ALL) || !strcmp(text, HALF)))
		return json_string(text);
	if (units_parse_int(text, min, max, &value) ||
	    (bytes && units_parse_bytes(text, &value) && value <= max))
		return json_integer(value);
	snprintf(wanted, sizeof(wanted), "must be a whole number from %lld to %lld%s",
		 (long long)min, (long long)max,
		 crew	 ? ", half, all or a share as 25%"
		 : bytes ? ", or a size as 64K"
			 : "");
	plan_bad_value(ini, s, text, wanted);
	return NULL;
}

/* Of folios; those of an order that a machine's pages do not have, the machine refuses. */
static json_t *bytes_value(struct ini_file *ini, const struct ini_setting *s, const char *text)
{
	char bytes[UNITS_TEXT];
	int64_t value;

	if (units_parse_bytes(text, &value) && value >= 4096 && !(value & (value - 1)))
		return json_string(units_bytes(value, bytes));
	plan_bad_value(ini, s, text, "must be the size of a folio: 4K, 16K, 64K, ... as in 2M");
	return NULL;
}

static json_t *order_value(struct ini_file *ini, const struct ini_setting *s, const char *text)
{
	int64_t value;

	if (!strcmp(s->key, "bytes"))
		return bytes_value(ini, s, text);
	if (!strcmp(text, "pmd"))
		return json_string("pmd");
	if (units_parse_int(text, 0, 15, &value) && value != 1)
		return json_integer(value);
	plan_bad_value(
		ini, s, text,
		"must be a folio order: 0, 2, 3, ... or pmd (no anonymous folio has order 1)");
	return NULL;
}

/* One value of a parameter as the point's JSON holds it, or NULL with a message. */
static json_t *param_value(struct ini_file *ini, const struct ini_setting *s, const char *text,
			   const json_t *param)
{
	const char *kind = json_string_value(json_object_get(param, "kind"));
	const json_t *choices = json_object_get(param, "choices");
	char names[512], wanted[600];
	json_t *choice;
	size_t i;

	if (!strcmp(kind, "order"))
		return order_value(ini, s, text);
	if (!strcmp(kind, "size"))
		return size_value(ini, s, text, param);
	if (strcmp(kind, "choice"))
		return count_value(ini, s, text, param,
				   !strcmp(kind, "threads") || !strcmp(kind, "processes"));
	json_array_foreach(choices, i, choice) {
		if (!strcmp(json_string_value(choice), text))
			return json_string(text);
	}
	snprintf(wanted, sizeof(wanted), "must be one of %s", plan_all_names(choices, names));
	plan_bad_value(ini, s, text, wanted);
	return NULL;
}

/*
 * What a section sets a parameter by, NULL: by nothing. Bytes are in place of an order; of both the
 * one from the command line counts. False with a message if neither, or both are.
 */
static bool param_setting(struct ini_file *ini, const char *section, const char *name,
			  struct ini_setting **ret)
{
	struct ini_setting *s = ini_file_find(ini, section, name), *bytes;

	bytes = strcmp(name, "order") ? NULL : ini_file_find(ini, section, "bytes");
	*ret = bytes && (!s || s->line) ? bytes : s;
	if (!bytes || !s || !bytes->line != !s->line)
		return true;
	return plan_bad_value(ini, bytes, bytes->value, "is in place of 'order', which is set too");
}

/* Beside "all" other numbers are bound by it. */
static json_t *bound(json_t *values)
{
	json_t *value;
	bool all = false;
	size_t i;

	json_array_foreach(values, i, value) {
		all |= json_is_string(value) && !strcmp(json_string_value(value), ALL);
	}
	json_array_foreach(values, i, value) {
		if (all && json_is_integer(value))
			json_array_set_new(values, i,
					   json_sprintf("%lld/" ALL,
							(long long)json_integer_value(value)));
	}
	return values;
}

json_t *plan_param_values(struct ini_file *ini, const char *section, const json_t *param)
{
	const char *name = json_string_value(json_object_get(param, "name"));
	struct ini_setting dflt = {
		.key = (char *)name,
		.value = (char *)json_string_value(json_object_get(param, "default")),
	};
	json_t *values, *value;
	struct ini_setting *s;
	char *list, *rest, *item;

	if (!param_setting(ini, section, name, &s))
		return NULL;
	if (!s)
		s = &dflt;
	values = json_array();
	list = rest = strdup(s->value);
	while ((item = plan_next_item(&rest))) {
		value = param_value(ini, s, item, param);
		if (!value) {
			json_decref(values);
			values = NULL;
			break;
		}
		json_array_append_new(values, value);
	}
	free(list);
	return bound(values);
}

json_t *plan_variant_values(struct ini_file *ini, const char *section, const json_t *bench)
{
	struct ini_setting *s = ini_file_find(ini, section, "variant");
	const json_t *variants = json_object_get(bench, "variants");
	char names[512], wanted[600], *list, *rest, *item;
	json_t *values = json_array();

	if (!s) {
		json_array_append(values, json_object_get(json_array_get(variants, 0), "name"));
		return values;
	}
	list = rest = strdup(s->value);
	while (values && (item = plan_next_item(&rest))) {
		if (plan_by_name(variants, item)) {
			json_array_append_new(values, json_string(item));
			continue;
		}
		snprintf(wanted, sizeof(wanted), "%s has the variants %s",
			 json_string_value(json_object_get(bench, "name")),
			 plan_all_names(variants, names));
		plan_bad_value(ini, s, item, wanted);
		json_decref(values);
		values = NULL;
	}
	free(list);
	return values;
}

/* "list:0:2:4", each a CPU that can be asked for */
static bool is_cpu_list(const char *item)
{
	char *copy = strdup(item), *rest = copy, *word = copy ? strsep(&rest, ":") : NULL;
	bool ok = word && !strcmp(word, "list") && rest;
	int64_t cpu;

	while (ok && (word = strsep(&rest, ":")))
		ok = units_parse_int(word, 0, CPU_SETSIZE - 1, &cpu);
	free(copy);
	return ok;
}

static bool is_place(const char *item)
{
	static const char *const places[] = {"core",  "smt",	 "cpus",    "spread",
					     "cache", "cluster", "package", "none"};
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!strcmp(item, places[i]))
			return true;
	return is_cpu_list(item);
}

/* The texts of a key's list, or dflt's, each of which is one that `is` takes. */
static json_t *text_values(struct ini_file *ini, const char *section, const char *key,
			   const char *dflt, bool (*is)(const char *item), const char *wanted)
{
	struct ini_setting *s = ini_file_find(ini, section, key);
	char *list, *rest, *item;
	json_t *values = json_array();

	list = rest = strdup(s ? s->value : dflt);
	while (values && (item = plan_next_item(&rest))) {
		if (is(item)) {
			json_array_append_new(values, json_string(item));
			continue;
		}
		plan_bad_value(ini, s, item, wanted);
		json_decref(values);
		values = NULL;
	}
	free(list);
	return values;
}

json_t *plan_place_values(struct ini_file *ini, const char *section)
{
	return text_values(ini, section, "place", "core", is_place,
			   "must be core, smt, cpus, spread, cache, cluster, package, none or "
			   "list:CPU:CPU..., each from 0 to 1023");
}

static bool is_memcg(const char *item)
{
	int64_t levels;

	return !strcmp(item, "none") || !strcmp(item, "group") ||
	       (!strncmp(item, "nested:", 7) && units_parse_int(item + 7, 1, 16, &levels));
}

bool plan_memcg_values(struct ini_file *ini, const char *section, json_t **ret)
{
	*ret = NULL;
	if (!ini_file_find(ini, section, "memcg"))
		return true;
	*ret = text_values(ini, section, "memcg", "", is_memcg,
			   "must be none, group or nested:N, N from 1 to 16");
	return *ret;
}

bool plan_optional_values(struct ini_file *ini, const char *section, const char *key, int64_t most,
			  const char *wanted, json_t **ret)
{
	struct ini_setting *s = ini_file_find(ini, section, key);
	char *list, *rest, *item;
	bool ok = true;
	int64_t value;

	*ret = s ? json_array() : NULL;
	if (!s)
		return true;
	list = rest = strdup(s->value);
	while (ok && (item = plan_next_item(&rest))) {
		ok = units_parse_int(item, 0, most, &value) || plan_bad_value(ini, s, item, wanted);
		if (ok)
			json_array_append_new(*ret, json_integer(value));
	}
	free(list);
	if (!ok)
		json_decref(*ret);
	return ok;
}
