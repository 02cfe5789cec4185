// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/alone/status.h"

#include <stdlib.h>
#include <string.h>

#include "campaign/resume.h"
#include "common/journal.h"
#include "common/msg.h"

/* The journal's first line. */
static bool take_plan(void *arg, const json_t *json, size_t lineno)
{
	struct alone_status *s = arg;

	if (lineno == 1 && plan_from_json(&s->plan, json))
		s->names = json_incref(json_object_get(json, "kernels"));
	return false;
}

static bool read_names(struct alone_status *s)
{
	size_t nr = json_array_size(s->names), i;

	for (i = 0; i < nr && nr <= PLAN_MAX_KERNELS; i++) {
		s->labels[i] = json_string_value(json_array_get(s->names, i));
		if (!s->labels[i])
			return false;
	}
	return nr && nr <= PLAN_MAX_KERNELS;
}

static bool count_boots(struct alone_status *s, const char *journal)
{
	struct resume r;
	json_t *todo;
	size_t i;
	int boot;

	if (!resume_read(&r, journal, &s->plan, false))
		return false;
	for (i = 0; i < s->state.nr; i++) {
		for (boot = 0; boot < s->plan.boots; boot++) {
			todo = resume_missing(&r, s->labels[i], boot);
			s->complete[i] += !json_array_size(todo);
			json_decref(todo);
		}
	}
	resume_free(&r);
	return true;
}

bool alone_status_read(struct alone_status *s, const char *journal)
{
	bool ok;

	*s = (struct alone_status){0};
	journal_read(journal, take_plan, s);
	ok = read_names(s) || err("%s: no journal of kernels in it yet", journal);
	ok = ok && alone_state_read(&s->state, journal, s->labels, json_array_size(s->names)) &&
	     count_boots(s, journal);
	if (!ok)
		alone_status_free(s);
	return ok;
}

void alone_status_free(struct alone_status *s)
{
	plan_free(&s->plan);
	json_decref(s->names);
	*s = (struct alone_status){0};
}
