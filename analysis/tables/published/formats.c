// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/published/formats.h"

#include <string.h>

#include "common/msg.h"

const struct format formats[] = {
	{"cover", "a cover letter's: kernels down, what varies across; mean, stdev", NULL, true,
	 NULL},
	{"rel", "a table a point: mean_rel and std_rel of each kernel", format_rel, true, NULL},
	{"sizes", "a row a folio size: base, new and change; seconds", format_sizes, true, NULL},
	{"ab", "a block a metric: COUNT MIN MAX MEAN MEDIAN STDDEV of A and B", format_ab, true,
	 NULL},
	{"base-delta", "base, new and delta, stdev in parentheses", format_base_delta, true, NULL},
	{"mmtests", "as MMTests: Hmean or Amean, change in %, * if significant", format_mmtests,
	 false, NULL},
	{"fastpath", "as Arm's Fastpath: base, % with (R) and (I), and our verdict",
	 format_fastpath, false, NULL},
	{"lkp", "the kernel test robot's mail: %stddev, %change, %stddev", format_lkp, true,
	 format_lkp_head},
	{0},
};

const struct format *format_find(const char *name)
{
	const struct format *f;

	for (f = formats; f->name && strcmp(f->name, name); f++)
		;
	return f->name ? f : NULL;
}

bool format_can(const struct format *format, bool exact)
{
	return !exact || format->counts ||
	       err("--format %s judges by noise, and exact counts have none; rel, sizes, ab and "
		   "base-delta show them",
		   format->name);
}
