// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "cli/options/words.h"
#include "common/msg.h"

/* Is it among those of the section? A name and its alias are one metric. */
static bool is_there(const struct words_metrics *metrics, size_t section,
		     const struct metric *metric)
{
	size_t i;

	for (i = 0; i < metrics->nr[section]; i++)
		if (metrics->of[section][i] == metric)
			return true;
	return false;
}

/* Takes one of a section, if it has it. Counts are of no time: other sections are. */
static bool take(struct words_metrics *metrics, struct sections *sections, size_t section,
		 const char *name)
{
	struct results *r = &sections->of[section].results;
	const struct metric *metric = metrics_select(&r->metrics, name);

	if (!metric || (sections->nr > 1 && metric_is_time(metric) && results_exact(r)))
		return false;
	if (!is_there(metrics, section, metric))
		metrics->of[section][metrics->nr[section]++] = metric;
	return true;
}

/* Sections in which nothing was found are of no use. */
static void drop(struct words_metrics *metrics, struct sections *sections)
{
	size_t i = 0, k;

	while (i < sections->nr) {
		if (metrics->nr[i]) {
			i++;
			continue;
		}
		sections_drop(sections, i);
		free(metrics->of[i]);
		for (k = i; k < sections->nr; k++) {
			metrics->of[k] = metrics->of[k + 1];
			metrics->nr[k] = metrics->nr[k + 1];
		}
		metrics->of[k] = NULL;
	}
}

bool words_metrics_find(struct words_metrics *metrics, struct sections *sections)
{
	const struct word_list *names = &metrics->names;
	size_t i, s, found;

	if ((metrics->all || metrics->modelled) && names->nr)
		return err("--metrics %s and --metric %s: leave one of the two out",
			   metrics->all ? "all" : "modelled", names->words[0]);
	if (!names->nr)
		return true;
	for (s = 0; s < sections->nr; s++) {
		metrics->of[s] = calloc(names->nr, sizeof(*metrics->of[s]));
		if (!metrics->of[s])
			return err("out of memory");
	}
	for (i = 0; i < names->nr; i++) {
		for (s = 0, found = 0; s < sections->nr; s++)
			found += take(metrics, sections, s, names->words[i]);
		if (!found)
			return metrics_refuse(&sections->of[0].results.metrics, names->words[i]);
	}
	drop(metrics, sections);
	return true;
}

void words_metrics_free(struct words_metrics *metrics)
{
	size_t s;

	for (s = 0; s < NR_SOURCES; s++)
		free(metrics->of[s]);
	free(metrics->names.words);
}
