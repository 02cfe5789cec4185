// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/catalogue.h"
#include "campaign/command.h"
#include "campaign/fit.h"
#include "campaign/shipped.h"
#include "common/msg.h"

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
	char *path = shipped_find("plans", plan_word ? plan_word : "quick");
	bool ok = path && catalogue_read_plan(plan, path, words->overrides, words->nr);

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
	bool ok = (path || !word) && machine_read(machine, path) && machine_ask(machine);

	free(path);
	return ok;
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
	return (struct campaign_kernel){
		.label = label,
		.start = {kernel->image, kernel->load, kernel->nr_load, kernel->config,
			  kernel->release, label},
		.dir = kernel->dir,
		.sums = kernel->sums,
		.about = {.label = strdup(label),
			  .arch = strdup(kernel->arch),
			  .release = strdup(kernel->release),
			  .source = command_shorten(kernel->source),
			  .sha256 = strdup(kernel->sha256)},
	};
}
