// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/kernel_record.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The members that are texts, by field name. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
	{"label", offsetof(struct kernel_record, label)},
	{"arch", offsetof(struct kernel_record, arch)},
	{"release", offsetof(struct kernel_record, release)},
	{"source", offsetof(struct kernel_record, source)},
	{"sha256", offsetof(struct kernel_record, sha256)},
	{"skip", offsetof(struct kernel_record, skip)},
	{"commit", offsetof(struct kernel_record, commit)},
	{"subject", offsetof(struct kernel_record, subject)},
	{"title", offsetof(struct kernel_record, title)},
};

#define NR_TEXTS (sizeof(texts) / sizeof(texts[0]))

static char **text(const struct kernel_record *rec, size_t i)
{
	return (char **)((char *)rec + texts[i].offset);
}

json_t *kernel_record_to_json(const struct kernel_record *rec)
{
	json_t *json = json_pack("{ss}", "type", "kernel");
	size_t i;

	for (i = 0; i < NR_TEXTS; i++)
		if (*text(rec, i))
			json_object_set_new(json, texts[i].name, json_string(*text(rec, i)));
	if (rec->in_series)
		json_object_set_new(json, "patch", json_integer(rec->patch));
	if (rec->layout)
		json_object_set_new(json, "layout", json_integer(rec->layout));
	return json;
}

bool kernel_record_from_json(struct kernel_record *rec, const json_t *json)
{
	const json_t *patch = json_object_get(json, "patch");
	const char *value;
	size_t i;

	*rec = (struct kernel_record){
		.in_series = json_is_integer(patch) && json_integer_value(patch) >= 0,
		.patch = (int)json_integer_value(patch),
		.layout = (int)json_integer_value(json_object_get(json, "layout")),
	};
	for (i = 0; i < NR_TEXTS; i++) {
		value = json_string_value(json_object_get(json, texts[i].name));
		*text(rec, i) = value ? strdup(value) : NULL;
	}
	if (rec->label)
		return true;
	kernel_record_free(rec);
	return false;
}

bool kernel_record_is_base(const struct kernel_record *rec)
{
	return rec->in_series && !rec->patch && !rec->layout;
}

void kernel_record_free(struct kernel_record *rec)
{
	size_t i;

	for (i = 0; i < NR_TEXTS; i++)
		free(*text(rec, i));
	*rec = (struct kernel_record){0};
}
