// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/boots_warn.h"

#include <string.h>
#include <time.h>

/* Whether these are the same runs. The ids are. */
static bool same_runs(const struct result_boot *a, const struct result_boot *b)
{
	return strcmp(a->label, b->label) && a->started == b->started;
}

static void warn_shared(struct results *r)
{
	json_t *ids = json_object(), *there;
	const struct result_boot *a, *b;
	size_t i;

	for (i = 0; i < r->boots.nr; i++) {
		b = &r->boots.of[i];
		there = b->id ? json_object_get(ids, b->id) : NULL;
		a = there ? &r->boots.of[json_integer_value(there)] : NULL;
		if (a && same_runs(a, b)) {
			warnings_add(&r->warnings,
				     "boot %d of '%s' is boot %d of '%s': the same runs under two "
				     "names, which say nothing of a difference",
				     b->number, b->label, a->number, a->label);
			break;
		}
		if (b->id && !there)
			json_object_set_new(ids, b->id, json_integer((json_int_t)i));
	}
	json_decref(ids);
}

static void day_of(double when, char text[16])
{
	time_t s = (time_t)when;
	struct tm tm;

	*text = '\0';
	if (gmtime_r(&s, &tm))
		strftime(text, 16, "%F", &tm);
}

static void warn_known(struct results *r)
{
	double first = 0, last = 0, when;
	char from[16], until[16];
	size_t nr = 0, i;

	for (i = 0; i < r->boots.nr; i++) {
		when = r->boots.of[i].known;
		if (!(when > 0))
			continue;
		first = nr && first < when ? first : when;
		last = nr && last > when ? last : when;
		nr++;
	}
	if (!nr)
		return;
	day_of(first, from);
	day_of(last, until);
	warnings_add(&r->warnings,
		     "%zu of %zu boots were not measured with the others but are from a cache of "
		     "results, of %s%s%s",
		     nr, r->boots.nr, from, strcmp(from, until) ? " to " : "",
		     strcmp(from, until) ? until : "");
}

void boots_warn(struct results *r)
{
	if (r->source == SOURCE_EXACT)
		return;
	warn_shared(r);
	warn_known(r);
}
