/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of a plan's settings: from a user's text to the JSON of a point, checked against the
 * catalogue. Part of plan_read().
 */
#ifndef COMMON_PLAN_VALUES_H
#define COMMON_PLAN_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/ini_file.h"

#define PLAN_OPTION SIZE_MAX /* the line of a setting that has an option of its own */

#define PLAN_LEAST  "+"	      /* behind a size: rounded up to what the machine can have */
#define PLAN_WORKER "/worker" /* before that: so much for each worker that the machine has */

/* "FILE:LINE" of a setting, "--set KEY" of an override, "--KEY", or whose words they are. */
const char *plan_origin(const struct ini_file *ini, const struct ini_setting *s, char text[256]);

/* Prints "ORIGIN: key = value: wanted", or "--key value: wanted". Returns false. */
bool plan_bad_value(const struct ini_file *ini, const struct ini_setting *s, const char *value,
		    const char *wanted);

/* Journals hold nothing else. */
bool plan_is_utf8(const char *text);

/* The next item of a comma-separated list, blanks trimmed; NULL at the end. Changes *list. */
char *plan_next_item(char **list);

/* The entry of a JSON array of objects whose "name" is that; borrowed. */
json_t *plan_by_name(const json_t *array, const char *name);

/* "a, b, c": the names in a JSON array of objects or of strings. */
const char *plan_all_names(const json_t *array, char text[512]);

/* A key's number, min or more, or dflt without the key. False with one line printed. */
bool plan_int(struct ini_file *ini, const char *section, const char *key, int min, int dflt,
	      int *ret);

/*
 * All values that a section gives for a parameter of the catalogue, for its benchmark's variant or
 * for its place; the default if it gives none. A new array, or NULL with a message printed.
 */
json_t *plan_param_values(struct ini_file *ini, const char *section, const json_t *param);
json_t *plan_variant_values(struct ini_file *ini, const char *section, const json_t *bench);
json_t *plan_place_values(struct ini_file *ini, const char *section);

/*
 * The values, from 0 to most, of a key that points are without where the section does not name it:
 * *ret is NULL then. False with `wanted` said of one that is none.
 */
bool plan_optional_values(struct ini_file *ini, const char *section, const char *key, int64_t most,
			  const char *wanted, json_t **ret);

/* Likewise of memcg: texts. */
bool plan_memcg_values(struct ini_file *ini, const char *section, json_t **ret);

#endif
