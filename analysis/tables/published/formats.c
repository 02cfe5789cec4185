// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/published/formats.h"

#include <stdlib.h>
#include <string.h>

#include "common/msg.h"

const struct format formats[] = {
	{"cover", "a cover letter's: kernels down, what varies across; mean and stdev", NULL, true},
	{"rel", "a table a point: mean_rel and std_rel of each kernel", format_rel, true},
	{"sizes", "a row a folio size: base, new and change; seconds", format_sizes, true},
	{"ab", "a block a metric: COUNT MIN MAX MEAN MEDIAN STDDEV of A and B", format_ab, true},
	{"base-delta", "base, new and delta, stdev in parentheses", format_base_delta, true},
	{"mmtests", "as MMTests: Hmean or Amean, change in %, * if significant", format_mmtests,
	 false},
	{"lkp", "as the kernel test robot: %stddev, %change, %stddev", format_lkp, false},
	{0},
};

const struct format *format_find(const char *name)
{
	const struct format *f;
	char *list = NULL;
	size_t size;
	FILE *out;

	for (f = formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	out = open_memstream(&list, &size);
	for (f = formats; out && f->name; f++)
		fprintf(out, "%s%s", f == formats ? "" : ", ", f->name);
	if (out)
		fclose(out);
	err("--format %s: no such format; there are %s", name, list ? list : "others");
	free(list);
	return NULL;
}

bool format_can(const struct format *format, bool exact)
{
	return !exact || format->counts ||
	       err("--format %s judges by noise, and exact counts have none; rel, sizes, ab and "
		   "base-delta show them",
		   format->name);
}

void format_help(FILE *out)
{
	const struct format *f;

	fprintf(out, "\nFormats:\n");
	for (f = formats; f->name; f++)
		fprintf(out, "  %-12s %s\n", f->name, f->summary);
}
