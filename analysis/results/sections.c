// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/sections.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/results/load.h"
#include "common/msg.h"

static bool load_each(struct sections *ret, char *const *paths, struct origins *origins,
		      const source_set *sections, size_t nr)
{
	for (; ret->nr < nr; ret->nr++) {
		if (!results_read(&ret->of[ret->nr].results, paths, origins, sections[ret->nr])) {
			sections_free(ret);
			return false;
		}
	}
	return true;
}

bool sections_load(struct sections *ret, char *const *paths, size_t nr)
{
	source_set sections[NR_SOURCES];
	struct origins origins;
	size_t nr_sections;
	bool ok = false;

	*ret = (struct sections){0};
	if (!origins_init(&origins, nr))
		return err("out of memory");
	if (results_read(&ret->of[0].results, paths, &origins, SOURCES_ALL)) {
		ok = true;
		ret->nr = 1;
		origins_settle(&origins);
		nr_sections = origins_sections(&origins, sections);
		/* Only now it is known that some have to be told apart. */
		if (nr_sections > 1 || origins.beside) {
			sections_free(ret);
			ok = load_each(ret, paths, &origins, sections, nr_sections);
		}
	}
	origins_free(&origins);
	return ok;
}

bool results_load(struct results *ret, char *const *paths, size_t nr)
{
	struct sections s;
	bool one;

	*ret = (struct results){0};
	if (!sections_load(&s, paths, nr))
		return false;
	one = s.nr == 1;
	if (one)
		*ret = s.of[0].results;
	else
		err("%s%s: %s and %s runs, of which only one kind can be used here", paths[0],
		    nr > 1 ? " and others" : "", run_source_name(s.of[0].results.source),
		    run_source_name(s.of[1].results.source));
	while (s.nr > one)
		sections_drop(&s, s.nr - 1);
	return one;
}

void sections_free(struct sections *sections)
{
	while (sections->nr)
		sections_drop(sections, sections->nr - 1);
}

void sections_drop(struct sections *sections, size_t section)
{
	results_free(&sections->of[section].results);
	sections->nr--;
	memmove(&sections->of[section], &sections->of[section + 1],
		(sections->nr - section) * sizeof(sections->of[0]));
}

const char *source_title(enum run_source source)
{
	static const char *const titles[NR_SOURCES] = {
		[SOURCE_UNKNOWN] = "Runs",
		[SOURCE_TIMED] = "Times",
		[SOURCE_EMULATED] = "Emulated times",
		[SOURCE_EXACT] = "Exact counts",
	};

	return titles[source];
}
