// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/cli.h"
#include "common/msg.h"

bool cli_metrics_take(struct cli_metrics *metrics, const char *name)
{
	if (metrics->nr == CLI_METRICS)
		return err("--metric %s: one more than %d", name, CLI_METRICS);
	metrics->name[metrics->nr++] = name;
	return true;
}

bool cli_metrics_all(struct cli_metrics *metrics, const char *word)
{
	metrics->all = true;
	return !strcmp(word, "all") || err("--metrics %s: must be all; --metric names one", word);
}

/* Is it among the first nr? A name and its alias are one metric. */
static bool is_there(const struct cli_metrics *metrics, size_t nr, const struct metric *metric)
{
	while (nr--)
		if (metrics->of[nr] == metric)
			return true;
	return false;
}

bool cli_metrics_find(struct cli_metrics *metrics, struct results *results)
{
	const struct metric *metric;
	size_t i, nr = 0;

	if (metrics->all && metrics->nr)
		return err("--metrics all and --metric %s: leave one of the two out",
			   metrics->name[0]);
	for (i = 0; i < metrics->nr; i++) {
		metric = metrics_select(&results->metrics, metrics->name[i]);
		if (!metric)
			return false;
		if (!is_there(metrics, nr, metric))
			metrics->of[nr++] = metric;
	}
	metrics->nr = nr;
	return true;
}
