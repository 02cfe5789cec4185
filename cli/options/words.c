// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options/words.h"

#include <string.h>

#include <stdio.h>
#include <stdlib.h>

#include "analysis/tables/functions.h"
#include "analysis/tables/published/formats.h"
#include "campaign/prepare.h"
#include "common/msg.h"
#include "common/units.h"

const struct cli_operand words_journals[] = {
	{"J", "journal", "journals that `run` or `series` has written", .kind = WORD_JOURNAL,
	 .many = true},
	{0},
};

bool words_formats(size_t i, struct choice *ret)
{
	*ret = (struct choice){formats[i].name, formats[i].summary};
	return ret->name;
}

bool words_functions(void *at, const char *word)
{
	int64_t *ret = at;

	*ret = FUNCTIONS_SHOWN;
	return !word || units_parse_int(word, 1, 100000, ret) ||
	       err("--functions=%s: must be a whole number from 1 to 100000", word);
}

bool words_threshold(void *at, const char *word)
{
	return units_parse_percent(word, at) ||
	       err("--threshold %s: must be a percentage from 0%% to 100%%, such as 2%%", word);
}

bool words_format(void *at, const char *word)
{
	*(const struct format **)at = format_find(word);
	return true;
}

bool words_set(void *at, const char *word)
{
	measure_words_set(at, word);
	return true;
}

bool words_boots(void *at, const char *word)
{
	measure_words_boots(at, word);
	return true;
}

bool words_lines(void *at, const char *word)
{
	(void)word;
	measure_words_plan(at, "lines", "yes");
	return true;
}

bool words_cache_model(void *at, const char *word)
{
	measure_words_plan(at, "cache-model", word);
	return true;
}

bool words_calls(void *at, const char *word)
{
	(void)word;
	measure_words_plan(at, "calls", "yes");
	return true;
}

bool words_profile(void *at, const char *word)
{
	(void)word;
	measure_words_plan(at, "profile", "yes");
	return true;
}

bool words_scale(void *at, const char *word)
{
	struct measure_words *words = at;
	int64_t by;

	if (strncmp(word, "1/", 2) || !units_parse_int(word + 2, 1, 65536, &by))
		return err("--scale %s: must be 1/N, such as 1/16", word);
	words->scale = (int)by;
	return true;
}

bool words_fit(const struct format *format, int64_t functions)
{
	return !format || !functions ||
	       err("--format %s shows no functions: leave it or --functions out", format->name);
}

static void refuse_base(const struct sections *sections, const char *label)
{
	const struct results *r;
	char *labels = NULL;
	size_t i, k, before, nr = 0, size;
	FILE *list = open_memstream(&labels, &size);

	for (i = 0; list && i < sections->nr; i++) {
		r = &sections->of[i].results;
		for (k = 0; k < r->nr_kernels; k++) {
			for (before = 0; before < i; before++)
				if (results_kernel(&sections->of[before].results,
						   r->kernels[k].label) >= 0)
					break;
			if (before == i)
				fprintf(list, "%s'%s'", nr++ ? ", " : "", r->kernels[k].label);
		}
	}
	if (list)
		fclose(list);
	err("--base %s: no such kernel; there %s %s", label, nr == 1 ? "is" : "are",
	    labels ? labels : "others");
	free(labels);
}

bool words_base(struct sections *sections, const char *label)
{
	size_t i, found = 0;
	long base;

	for (i = 0; i < sections->nr; i++)
		found += !label || results_kernel(&sections->of[i].results, label) >= 0;
	if (!found) {
		refuse_base(sections, label);
		return false;
	}
	for (i = 0; i < sections->nr;) {
		base = label ? results_kernel(&sections->of[i].results, label) : 0;
		if (base >= 0) {
			sections->of[i++].base = (size_t)base;
			continue;
		}
		note("%s are left out: '%s' has none", source_title(sections->of[i].results.source),
		     label);
		sections_drop(sections, i);
	}
	return true;
}
