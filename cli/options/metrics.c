// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "cli/options/words.h"
#include "common/msg.h"

/* Is it among the first nr? A name and its alias are one metric. */
static bool is_there(const struct words_metrics *metrics, size_t nr, const struct metric *metric)
{
	while (nr--)
		if (metrics->of[nr] == metric)
			return true;
	return false;
}

bool words_metrics_find(struct words_metrics *metrics, struct results *results)
{
	const struct word_list *names = &metrics->names;
	const struct metric *metric;
	size_t i;

	if (metrics->all && names->nr)
		return err("--metrics all and --metric %s: leave one of the two out",
			   names->words[0]);
	metrics->of = calloc(names->nr + 1, sizeof(*metrics->of));
	if (!metrics->of)
		return err("out of memory");
	for (i = 0; i < names->nr; i++) {
		metric = metrics_select(&results->metrics, names->words[i]);
		if (!metric)
			return false;
		if (!is_there(metrics, metrics->nr, metric))
			metrics->of[metrics->nr++] = metric;
	}
	return true;
}

void words_metrics_free(struct words_metrics *metrics)
{
	free(metrics->names.words);
	free(metrics->of);
}
