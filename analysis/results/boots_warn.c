// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/boots_warn.h"

#include <string.h>
#include <time.h>

static void warn_shared(struct results *r)
{
	const struct result_boot *a, *b;
	size_t i, k;

	for (i = 0; i < r->boots.nr; i++) {
		for (k = 0; k < i; k++) {
			a = &r->boots.of[k];
			b = &r->boots.of[i];
			if (!a->id || !b->id || strcmp(a->id, b->id) ||
			    !strcmp(a->label, b->label) || a->started != b->started)
				continue;
			warnings_add(&r->warnings,
				     "boot %d of '%s' is boot %d of '%s': the same runs under two "
				     "names, which say nothing of a difference",
				     b->number, b->label, a->number, a->label);
			return;
		}
	}
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
