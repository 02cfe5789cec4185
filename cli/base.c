// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "common/msg.h"

bool cli_base(const struct results *results, const char *label, size_t *ret)
{
	long base = label ? results_kernel(results, label) : 0;
	char *labels = NULL;
	size_t i, size;
	FILE *list;

	if (base >= 0) {
		*ret = (size_t)base;
		return true;
	}
	list = open_memstream(&labels, &size);
	for (i = 0; list && i < results->nr_kernels; i++)
		fprintf(list, "%s'%s'", i ? ", " : "", results->kernels[i].label);
	if (list)
		fclose(list);
	err("--base %s: no such kernel; there %s %s", label,
	    results->nr_kernels == 1 ? "is" : "are", labels ? labels : "others");
	free(labels);
	return false;
}
