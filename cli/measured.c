// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/measured.h"

#include <string.h>

#include "analysis/results/sections.h"
#include "analysis/tables.h"
#include "analysis/tables/refused.h"
#include "analysis/text/grid.h"
#include "campaign/alone/steps.h"
#include "campaign/alone/unattended.h"
#include "common/exit.h"
#include "common/journal.h"
#include "common/msg.h"

static void count_runs(const struct results *results, size_t nr[RUN_FAILED + 1])
{
	const struct result_cell *cell;
	size_t k, p, i;

	for (k = 0; k < results->nr_kernels; k++) {
		for (p = 0; p < results->nr_points; p++) {
			cell = results_cell(results, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				nr[cell->runs[i].status]++;
		}
	}
}

/* EXIT_FAILED if any run went wrong, EXIT_CANNOT_RUN if there is nothing but skipped ones. */
static int judge(const struct sections *s)
{
	size_t nr[RUN_FAILED + 1] = {0}, i;

	for (i = 0; i < s->nr; i++)
		count_runs(&s->of[i].results, nr);
	if (nr[RUN_VOID] || nr[RUN_FAILED])
		return EXIT_FAILED;
	return nr[RUN_OK] ? EXIT_OK : EXIT_CANNOT_RUN;
}

static bool until_run(void *arg, const json_t *json, size_t lineno)
{
	bool *has = arg;

	(void)lineno;
	*has = !strcmp(json_string_value(json_object_get(json, "type")), "run");
	return !*has;
}

/* Whether there is anything for a table. */
static bool has_run(const char *path)
{
	bool has = false;

	journal_read(path, until_run, &has);
	return has;
}

int measured_judge(const char *path)
{
	char *paths[] = {(char *)path};
	struct sections s;
	int status;

	if (!has_run(path))
		return EXIT_OK;
	if (!sections_load(&s, paths, 1))
		return EXIT_USAGE;
	status = judge(&s);
	sections_free(&s);
	return status;
}

/* What there is instead of a PMU, once, where it can be had and was not. */
static void say_counts(const struct sections *s)
{
	const struct results *times = &s->of[0].results;
	const char *why = times->source == SOURCE_TIMED && s->nr == 1 ? refused_pmu(times) : NULL;

	if (why)
		note("no counter of the CPU could be had (%s); --exact-too counts what the same "
		     "kernels do, emulated on this machine",
		     why);
}

/* The tables of the whole journal, this session's and earlier runs alike, and its exit status. */
static int print_tables(const char *path, int64_t functions, const struct format *format,
			bool could_count)
{
	struct tables tables = {.format = format, .functions = (size_t)functions};
	char *paths[] = {(char *)path};
	struct sections s;
	int status;
	size_t i;

	if (!sections_load(&s, paths, 1))
		return EXIT_USAGE;
	for (i = 0; i < s.nr; i++) {
		tables.results = &s.of[i].results;
		if (i)
			fputs("\n\n", stdout);
		if (s.nr > 1)
			text_head(stdout, source_title(tables.results->source));
		tables_all(stdout, &tables);
	}
	if (could_count)
		say_counts(&s);
	status = judge(&s);
	sections_free(&s);
	return status;
}

int measured_print(const char *path)
{
	return print_tables(path, 0, NULL, false);
}

static int carry_out(const struct campaign *c)
{
	struct alone_outcome outcome;

	if (c->alone)
		return alone_unattended(c);
	return c->machine->alone ? alone_steps(c, &outcome) : campaign_run(c);
}

int measure(const struct campaign *campaign, int64_t functions, const struct format *format)
{
	int status = carry_out(campaign), tables;

	if (status != EXIT_OK && status != EXIT_FAILED && status != EXIT_INCONCLUSIVE)
		return status;
	/* Why there is none has been said. */
	if ((status != EXIT_OK || campaign->machine->alone) && !has_run(campaign->path))
		return status;
	tables = print_tables(campaign->path, functions, format,
			      campaign->machine->starts_kernels && !campaign->beside);
	/* That a run failed is worse than that they were too few. */
	return status == EXIT_OK || tables == EXIT_FAILED ? tables : status;
}
