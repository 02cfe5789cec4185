// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/state.h"

#include <stdio.h>
#include <string.h>

#include "common/journal.h"

static const char *text_of(const json_t *record, const char *name)
{
	const char *text = json_string_value(json_object_get(record, name));

	return text ? text : "";
}

static void copy_id(char to[ALONE_ID], const json_t *record, const char *name)
{
	snprintf(to, ALONE_ID, "%s", text_of(record, name));
}

static struct alone_kernel *kernel_of(struct alone_state *s, const json_t *record)
{
	const char *label = text_of(record, "kernel");
	size_t i;

	for (i = 0; i < s->nr; i++)
		if (!strcmp(s->labels[i], label))
			return &s->of[i];
	return NULL;
}

/* Whether a record is of the boot that was tried last. */
static bool is_last(const struct alone_state *s, const struct alone_kernel *k, const json_t *record)
{
	return k == &s->of[s->last.kernel] &&
	       json_integer_value(json_object_get(record, "boot")) == s->last.boot;
}

/* A campaign that begins owes nothing to one before it. */
static void take_campaign(struct alone_state *s, const json_t *record)
{
	const char *event = text_of(record, "event");

	if (!strcmp(event, "begun")) {
		*s = (struct alone_state){.labels = s->labels, .nr = s->nr, .begun = true};
		s->since = json_number_value(json_object_get(record, "when"));
	} else if (!strcmp(event, "home")) {
		s->homes++;
		copy_id(s->home_from, record, "from");
	} else if (!strcmp(event, "ended")) {
		s->begun = false;
		snprintf(s->status, sizeof(s->status), "%s", text_of(record, "status"));
	}
}

static void take_try(struct alone_state *s, struct alone_kernel *k, const json_t *record)
{
	s->last = (struct alone_try){
		.open = true,
		.kernel = (size_t)(k - s->of),
		.boot = (int)json_integer_value(json_object_get(record, "boot")),
		.when = json_number_value(json_object_get(record, "when")),
	};
	copy_id(s->last.from, record, "from");
	k->tries++;
}

static void take_machine(struct alone_state *s, const struct alone_kernel *k, const json_t *record)
{
	if (is_last(s, k, record) && s->last.open && !*s->last.id)
		copy_id(s->last.id, json_object_get(record, "facts"), "kernel.boot_id");
}

static void take_failed(struct alone_state *s, struct alone_kernel *k, const json_t *record)
{
	if (is_last(s, k, record))
		s->last.open = false;
	snprintf(k->why, sizeof(k->why), "%s", text_of(record, "reason"));
	k->given_up |= json_is_true(json_object_get(record, "given_up"));
}

static void take_end(struct alone_state *s, struct alone_kernel *k, const json_t *record)
{
	if (is_last(s, k, record))
		s->last.open = false;
	k->tries = 0;
}

void alone_state_take(struct alone_state *s, const json_t *record)
{
	const char *type = text_of(record, "type");
	struct alone_kernel *k = kernel_of(s, record);

	if (!strcmp(type, "campaign"))
		take_campaign(s, record);
	else if (k && !strcmp(type, "try"))
		take_try(s, k, record);
	else if (k && !strcmp(type, "machine"))
		take_machine(s, k, record);
	else if (k && !strcmp(type, "boot"))
		take_failed(s, k, record);
	else if (k && !strcmp(type, "end"))
		take_end(s, k, record);
}

static bool take_line(void *arg, const json_t *json, size_t lineno)
{
	(void)lineno;
	alone_state_take(arg, json);
	return true;
}

bool alone_state_read(struct alone_state *ret, const char *path, const char *const *labels,
		      size_t nr)
{
	*ret = (struct alone_state){.labels = labels, .nr = nr};
	return journal_read(path, take_line, ret);
}
