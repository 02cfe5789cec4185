// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "analysis/export/calls.h"
#include "analysis/export/export.h"

#define ENDS ";\n\r"

static void put_path(FILE *out, const struct call_tree *t, uint32_t node)
{
	if (t->node[node].parent) {
		put_path(out, t, t->node[node].parent);
		fputc(';', out);
	}
	called_put(out, t->name[t->node[node].function], ENDS);
}

static void put_cell(FILE *out, const struct called *called, bool several)
{
	struct call_tree *t = call_tree_of(called->cell, true);
	uint32_t i;

	for (i = 1; t && i < t->nr; i++) {
		if (t->node[i].own[0] <= 0)
			continue;
		if (several) {
			called_put(out, called->title, ENDS);
			fputc(';', out);
		}
		put_path(out, t, i);
		fprintf(out, " %.0f\n", t->node[i].own[0]);
	}
	call_tree_free(t);
}

void export_folded(FILE *out, const struct sections *s)
{
	size_t nr, i;
	struct called *called = called_in(s, &nr);

	for (i = 0; i < nr; i++)
		put_cell(out, &called[i], nr > 1);
	called_free(called, nr);
}
