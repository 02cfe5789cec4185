// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/tables/boots.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/text/grid.h"

#define ID_SHOWN 13 /* characters of a boot's id: two of its five groups */

static void put_boot(struct grid *g, const struct result_kernel *kernel,
		     const struct result_boot *boot, const char *path)
{
	time_t started = (time_t)boot->started;
	char when[32] = "";
	struct tm tm;

	if (boot->started > 0 && gmtime_r(&started, &tm))
		strftime(when, sizeof(when), "%F %T", &tm);
	grid_row(g);
	grid_put(g, "%s", kernel->label);
	grid_put(g, "%d", boot->number);
	grid_put(g, "%s", when);
	if (boot->memory >= 0)
		grid_put(g, "%lld MiB, seed %lld", (long long)boot->memory, (long long)boot->seed);
	else
		grid_put(g, "%s", "");
	grid_put(g, "%zu", boot->runs);
	grid_put(g, "%zu", boot->ok);
	grid_put(g, "%.*s", ID_SHOWN, boot->id ? boot->id : "");
	grid_put(g, "%s", boot->known > 0 ? "cache" : "");
	grid_put(g, "%s", path);
}

static int by_number(const void *a, const void *b)
{
	const struct result_boot *const *x = a, *const *y = b;

	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

/* Boots of a kernel in the order of their numbers. */
static void put_kernel(struct grid *g, const struct results *results,
		       const struct result_kernel *kernel, char *const *paths)
{
	const struct boots *boots = &results->boots;
	const struct result_boot **own = calloc(boots->nr + 1, sizeof(*own));
	size_t nr = 0, i;

	for (i = 0; i < boots->nr && own; i++)
		if (!strcmp(boots->of[i].label, kernel->label))
			own[nr++] = &boots->of[i];
	if (nr)
		qsort(own, nr, sizeof(struct result_boot *), by_number);
	for (i = 0; i < nr; i++)
		put_boot(g, kernel, own[i], paths[own[i]->journal]);
	free(own);
}

void tables_boots(FILE *out, const struct results *results, char *const *paths)
{
	static const char *const heads[] = {"kernel",	    "boot", "started, UTC",
					    "perturbation", "runs", "ok",
					    "id",	    "from", "journal"};
	struct grid g = {0};
	size_t i;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		grid_column(&g, heads[i], i != 1 && i != 4 && i != 5);
	for (i = 0; i < results->nr_kernels; i++)
		put_kernel(&g, results, &results->kernels[i], paths);
	grid_print(&g, out);
	grid_free(&g);
	for (i = 0; i < results->warnings.nr; i++)
		text_wrapf(out, 2, "Warning: %s", results->warnings.text[i]);
}
