// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/plot/kinds.h"

#include <string.h>

static const struct {
	const char *name, *summary, *meaning;
} kinds[NR_PLOT_KINDS] = {
	[PLOT_THREADS] = {"threads", "operations a second by threads, processes or faulters",
			  "Means, with 95 % intervals of run means, of boot means where "
			  "there are several boots."},
	[PLOT_ORDER] = {"order", "time or instructions of one op by folio order",
			"Means, with 95 % intervals of run means, of boot means where "
			"there are several boots."},
	[PLOT_RUNS] = {"runs", "each run, and their quartiles, of each kernel",
		       "Run means in their order, joined within a boot; boxes: quartiles "
		       "and median of the runs."},
	[PLOT_LATENCY] = {"latency", "quantiles of the latencies of contended points",
			  "Quantiles of single operations of all ok runs; the last "
			  "point is the longest one."},
	[PLOT_SERIES] = {"series", "changes relative to the first kernel, patch by patch",
			 "Changes relative to the first, with intervals: 95 %, of counts "
			 "99 % of differences of paired boots."},
	[PLOT_FLAME] = {"flame",
			"who called whom (`run --calls`, or sampled, `run --profile`), against the "
			"first kernel: a .svg, or text",
			"A box is a function, upon the one that called it, as wide as the "
			"instructions of one op, or the share of samples, in it and in all that "
			"it calls, on the kernel on which these are more; hatched: more than on "
			"the first kernel, dotted: less."},
};

enum plot_kind plot_kind_find(const char *name)
{
	unsigned int k;

	for (k = 0; k < NR_PLOT_KINDS && strcmp(kinds[k].name, name); k++)
		;
	return k;
}

const char *plot_kind_name(enum plot_kind kind)
{
	return kinds[kind].name;
}

const char *plot_kind_summary(enum plot_kind kind)
{
	return kinds[kind].summary;
}

const char *plot_meaning(enum plot_kind kind)
{
	return kinds[kind].meaning;
}
