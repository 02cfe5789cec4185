// SPDX-License-Identifier: GPL-2.0-or-later
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"

/* Runs on one host, and the sum of what logarithms their values have. */
struct host {
	const char *name;
	double sum, level;
	size_t nr;
};

struct hosts {
	struct host *of;
	size_t nr;
};

static struct host *host_named(struct hosts *h, const char *name)
{
	struct host *more;
	size_t i;

	for (i = 0; i < h->nr; i++)
		if (!strcmp(h->of[i].name, name))
			return &h->of[i];
	more = realloc(h->of, (h->nr + 1) * sizeof(*more));
	if (!more)
		return NULL;
	h->of = more;
	more += h->nr++;
	*more = (struct host){.name = name};
	return more;
}

/* False if a run's host is not known, or its value has no logarithm. */
static bool take_runs(struct hosts *h, const struct sequence *s, const struct metric *metric)
{
	struct host *host;
	double value;
	size_t i;

	for (i = 0; i < s->nr; i++) {
		value = run_value(s->run[i], metric);
		if (isnan(value))
			continue;
		host = value > 0 && s->run[i]->host ? host_named(h, s->run[i]->host) : NULL;
		if (!host)
			return false;
		host->sum += log(value);
		host->nr++;
	}
	return true;
}

/* What the values of each are divided by. */
static void fill_levels(struct hosts *h)
{
	double mean = 0;
	size_t i;

	for (i = 0; i < h->nr; i++)
		mean += h->of[i].sum / (double)h->of[i].nr / (double)h->nr;
	for (i = 0; i < h->nr; i++)
		h->of[i].level = exp(h->of[i].sum / (double)h->of[i].nr - mean);
}

static void give_levels(struct hosts *h, struct sequence *s)
{
	const struct host *host;
	size_t i;

	s->level = calloc(s->nr + 1, sizeof(*s->level));
	for (i = 0; s->level && i < s->nr; i++) {
		host = s->run[i]->host ? host_named(h, s->run[i]->host) : NULL;
		s->level[i] = host && host->nr ? host->level : 1;
	}
}

void sequences_level(struct sequence s[2], const struct metric *metric)
{
	struct hosts hosts = {0};

	if (take_runs(&hosts, &s[0], metric) && take_runs(&hosts, &s[1], metric) && hosts.nr > 1) {
		fill_levels(&hosts);
		give_levels(&hosts, &s[0]);
		give_levels(&hosts, &s[1]);
	}
	free(hosts.of);
}
