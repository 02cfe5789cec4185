// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/prepare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/command.h"
#include "campaign/progress.h"
#include "campaign/shipped.h"
#include "common/msg.h"
#include "common/units.h"
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

/* Says what is wrong with a point, naming the section it came from. Returns false. */
static bool refuse(const struct plan *plan, const struct plan_point *point, const char *why)
{
	char *name = progress_point_name(plan, point->point);

	err("%s: %s: %s", point->origin ? point->origin : plan->name, name, why);
	free(name);
	return false;
}

bool measure_check(struct plan *plan)
{
	json_t *json = plan_to_json(plan), *points = worker_ask("--check", json), *entry;
	bool ok = json_array_size(points) == plan->nr_points;
	const char *why;
	size_t i;

	for (i = 0; ok && i < plan->nr_points; i++) {
		entry = json_array_get(points, i);
		plan->points[i].memory = json_integer_value(json_object_get(entry, "memory"));
		why = json_string_value(json_object_get(entry, "why"));
		ok = !why || refuse(plan, &plan->points[i], why);
	}
	json_decref(points);
	json_decref(json);
	return ok;
}

bool measure_plan(struct plan *plan, const char *plan_word, const struct measure_words *words)
{
	json_t *catalogue = worker_ask("--describe", NULL);
	char *path = catalogue ? shipped_find("plans", plan_word ? plan_word : "quick") : NULL;
	bool ok;

	ok = path && plan_read(plan, path, catalogue, words->overrides, words->nr);
	if (ok && !measure_check(plan)) {
		plan_free(plan);
		ok = false;
	}
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

int64_t measure_memory(const struct plan *plan)
{
	int64_t most = 0;
	size_t i;

	for (i = 0; i < plan->nr_points; i++)
		most = plan->points[i].memory > most ? plan->points[i].memory : most;
	return most;
}

#define GUEST_MEMORY (192LL << 20) /* of its kernel and the worker */

/* Points that need more memory than the machine has cannot be measured there; no boot shows that
 * better. */
static bool fits(const struct plan *plan, const struct machine *machine)
{
	char want[UNITS_TEXT], have[UNITS_TEXT], why[512];
	size_t i;

	for (i = 0; i < plan->nr_points && machine->memory; i++) {
		if (plan->points[i].memory + GUEST_MEMORY <= machine->memory)
			continue;
		snprintf(why, sizeof(why), "needs %s of memory, and 192M for the kernel: %s has %s",
			 units_bytes(plan->points[i].memory >> 20 << 20, want), machine->path,
			 units_bytes(machine->memory, have));
		return refuse(plan, &plan->points[i], why);
	}
	return true;
}

/*
 * The op after the first still finds the lists of free pages as setup left them, or not, by what
 * was allocated since the boot: to fill one is 23,000 instructions.
 */
#define EXACT_WARMUP 2

/*
 * What a machine that counts makes of a plan: each boot is a perturbation, and as counts repeat,
 * few runs of few iterations do, once they are warm.
 */
static void fit_counts(struct plan *plan, const struct machine *m, bool boots)
{
	int was = 0, is = 0, runs = plan->runs;
	size_t i;

	if (!boots)
		plan->boots = m->boots;
	if (!plan->counters_named)
		json_array_clear(plan->counters);
	if (plan->runs > m->runs)
		plan->runs = m->runs;
	for (i = 0; i < plan->nr_points; i++) {
		if (plan->points[i].warmup < EXACT_WARMUP)
			plan->points[i].warmup = EXACT_WARMUP;
		if (plan->points[i].iterations <= m->iterations)
			continue;
		was = plan->points[i].iterations > was ? plan->points[i].iterations : was;
		plan->points[i].iterations = is = m->iterations;
	}
	if (runs != plan->runs || was != is)
		note("%s: counts repeat, so a boot holds %d run%s of at most %d iterations, not %d "
		     "of %d (%s)",
		     m->name, plan->runs, plan->runs > 1 ? "s" : "", m->iterations, runs,
		     was ? was : m->iterations, m->path);
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

/* Whether intervals can come of what the machine measures, and one more unit be had when wanted. */
static bool until_fits(const struct plan *plan, const struct machine *m)
{
	if (!(plan->until > 0))
		return true;
	if (m->unit == UNIT_RUN && plan->boots > 1)
		return err("until: here more runs are added, all of one boot, and the plan has %d "
			   "boots; leave one of the two out",
			   plan->boots);
	return m->counts || machine_timed(m) ||
	       err("until: %s emulates, and no number of emulated times says anything", m->path);
}

bool measure_fit(struct plan *plan, const struct machine *machine, bool boots)
{
	if (!fits(plan, machine) || !until_fits(plan, machine))
		return false;
	if (machine->counts)
		fit_counts(plan, machine, boots);
	return true;
}

struct campaign_kernel measure_kernel(const char *label, const struct kernel *kernel)
{
	return (struct campaign_kernel){
		.label = label,
		.start = {kernel->image, kernel->load, kernel->nr_load, kernel->config,
			  kernel->release},
		.about = {.label = strdup(label),
			  .arch = strdup(kernel->arch),
			  .release = strdup(kernel->release),
			  .source = command_shorten(kernel->source),
			  .sha256 = strdup(kernel->sha256)},
	};
}
