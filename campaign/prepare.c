// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/results/results.h"
#include "analysis/tables.h"
#include "campaign/command.h"
#include "campaign/fit.h"
#include "campaign/shipped.h"
#include "common/exit.h"
#include "common/journal.h"
#include "common/msg.h"
#include "runners/runner.h"

static void add_override(struct measure_words *words, char *override)
{
	char **more = realloc(words->overrides, (words->nr + 1) * sizeof(*more));

	if (!more || !override)
		abort();
	words->overrides = more;
	more[words->nr++] = override;
}

void measure_words_set(struct measure_words *words, const char *override)
{
	add_override(words, strdup(override));
}

/* An override of the plan's key, which has an option of its own. */
void measure_words_plan(struct measure_words *words, const char *key, const char *value)
{
	char *text;

	add_override(words, asprintf(&text, "--%s=%s", key, value) < 0 ? NULL : text);
}

void measure_words_boots(struct measure_words *words, const char *number)
{
	measure_words_plan(words, "boots", number);
	words->boots = true;
}

void measure_words_free(struct measure_words *words)
{
	while (words->nr)
		free(words->overrides[--words->nr]);
	free(words->overrides);
}

bool measure_plan(struct plan *plan, const char *plan_word, const struct measure_words *words)
{
	json_t *catalogue = worker_ask("--describe", NULL);
	char *path = catalogue ? shipped_find("plans", plan_word ? plan_word : "quick") : NULL;
	bool ok = path && plan_read(plan, path, catalogue, words->overrides, words->nr);

	json_decref(catalogue);
	free(path);
	return ok;
}

bool measure_point(struct plan *ret, const char *who, char *const *words, size_t nr,
		   const json_t *catalogue)
{
	bool ok = plan_read_words(ret, who, words, nr, catalogue);

	if (ok && !measure_check(ret)) {
		plan_free(ret);
		ok = false;
	}
	return ok;
}

bool measure_machine(struct machine *machine, const char *word)
{
	char *path = word ? shipped_find("machines", word) : NULL;
	bool ok = (path || !word) && machine_read(machine, path);

	free(path);
	return ok;
}

/* EXIT_FAILED if any run went wrong, EXIT_CANNOT_RUN if there is nothing but skipped ones. */
static int judge(const struct results *results)
{
	size_t nr[RUN_FAILED + 1] = {0}, k, p, i;
	const struct result_cell *cell;

	for (k = 0; k < results->nr_kernels; k++) {
		for (p = 0; p < results->nr_points; p++) {
			cell = results_cell(results, k, p);
			for (i = 0; cell && i < cell->nr; i++)
				nr[cell->runs[i].status]++;
		}
	}
	if (nr[RUN_VOID] || nr[RUN_FAILED])
		return EXIT_FAILED;
	return nr[RUN_OK] ? EXIT_OK : EXIT_CANNOT_RUN;
}

/* The tables of the whole journal, this session's and earlier runs alike, and its exit status. */
static int print_tables(const char *path, int64_t functions, const struct format *format)
{
	char *paths[] = {(char *)path};
	struct results results;
	struct tables tables = {
		.results = &results, .format = format, .functions = (size_t)functions};
	int status = EXIT_USAGE;

	if (!results_load(&results, paths, 1))
		return EXIT_USAGE;
	if (results_exact(&results, &tables.exact)) {
		tables_all(stdout, &tables);
		status = judge(&results);
	}
	results_free(&results);
	return status;
}

bool measure_functions(int64_t functions, const struct machine *machine)
{
	return !functions || machine->counts ||
	       err("--functions: the machine %s counts no instructions; one with accel = exact "
		   "does",
		   machine->name);
}

/* How many boots run side by side. */
bool measure_jobs(int *ret_jobs, int64_t jobs, const struct machine *m)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	*ret_jobs = jobs ? (int)jobs : m->counts && m->side_by_side && cpus > 1 ? (int)cpus : 1;
	if (*ret_jobs == 1)
		return true;
	if (!m->side_by_side)
		return err("--jobs %d: this machine runs one kernel", *ret_jobs);
	return !machine_timed(m) ||
	       err("--jobs %d: boots side by side spoil each other's times; %s measures times",
		   *ret_jobs, m->path);
}

struct campaign_kernel measure_kernel(const char *label, const struct kernel *kernel)
{
	char *source = command_shorten(kernel->source);
	struct campaign_kernel ret = {
		.label = label,
		.start = {kernel->image, kernel->load, kernel->nr_load, kernel->config,
			  kernel->release},
		.about = json_pack("{ss ss ss ss ss ss}", "type", "kernel", "label", label, "arch",
				   kernel->arch, "release", kernel->release, "source",
				   source ? source : "", "sha256", kernel->sha256),
	};

	free(source);
	return ret;
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

int measure(const struct campaign *campaign, int64_t functions, const struct format *format)
{
	int status = campaign_run(campaign), tables;

	if (status != EXIT_OK && status != EXIT_FAILED && status != EXIT_INCONCLUSIVE)
		return status;
	/* Why there is none has been said. */
	if (status != EXIT_OK && !has_run(campaign->path))
		return status;
	tables = print_tables(campaign->path, functions, format);
	/* That a run failed is worse than that they were too few. */
	return status == EXIT_OK || tables == EXIT_FAILED ? tables : status;
}
