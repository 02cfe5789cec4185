// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/interval.h"
#include "campaign/progress.h"
#include "common/arch.h"
#include "common/io.h"
#include "common/msg.h"
#include "common/units.h"
#include "runners/runner.h"

#define WHY 512 /* of a reason, with its NUL */

/* Says what is wrong with a point, naming the section it came from. Returns false. */
static bool refuse(const struct plan *plan, const struct plan_point *point, const char *why)
{
	char *name = progress_point_name(plan, point->point);

	err("%s: %s: %s", point->origin ? point->origin : plan->name, name, why);
	free(name);
	return false;
}

/* What is left to the machine; of a plan that fits others already, at least what they have. */
static json_t *question(const struct plan_point *point)
{
	json_t *asked = json_deep_copy(point->asked ? point->asked : point->point);
	json_t *size = json_object_get(point->point, "size");

	if (json_is_integer(size) && json_is_string(json_object_get(asked, "size")))
		json_object_set_new(asked, "size",
				    json_sprintf("%lld+", (long long)json_integer_value(size)));
	return asked;
}

/* Asks the worker of all points, for a machine with such pages (NULL: this one) and CPUs (0). */
static json_t *ask(const struct plan *plan, const struct arch_pages *pages, int cpus)
{
	json_t *json = plan_to_json(plan), *points = json_object_get(json, "points"), *answer;
	json_t *request = json_pack("{s:o,s:i}", "plan", json, "cpus", cpus);
	size_t i;

	for (i = 0; i < plan->nr_points; i++)
		json_object_set_new(json_array_get(points, i), "point", question(&plan->points[i]));
	if (pages)
		json_object_set_new(request, "page_size", json_integer(pages->bytes));
	answer = worker_ask("--check", request);
	json_decref(request);
	return answer;
}

/* The first point that the worker refuses, with the reason in why; NULL if there is none. */
static const struct plan_point *refused_of(const struct plan *plan, const json_t *answer,
					   char why[WHY])
{
	const char *text;
	size_t i;

	for (i = 0; i < plan->nr_points; i++) {
		text = json_string_value(json_object_get(json_array_get(answer, i), "why"));
		if (!text)
			continue;
		snprintf(why, WHY, "%s", text);
		return &plan->points[i];
	}
	return NULL;
}

static bool any_asked(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr_points && !plan->points[i].asked; i++)
		;
	return i < plan->nr_points;
}

/* Whether the first nr points have it already. */
static bool is_there(const struct plan *plan, size_t nr, const json_t *point)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (json_equal(plan->points[i].point, point))
			return true;
	return false;
}

/*
 * Makes the plan's points those that the machine would have. What it would not have is left out,
 * and what it has already: of "1, 2, all" there is one on one CPU.
 */
static void take(struct plan *plan, const json_t *answer)
{
	bool open = any_asked(plan);
	struct plan_point *p;
	size_t i, kept = 0;
	json_t *entry, *point;

	for (i = 0; i < plan->nr_points; i++) {
		p = &plan->points[i];
		entry = json_array_get(answer, i);
		point = json_object_get(entry, "point");
		if (json_is_null(point) || (open && is_there(plan, kept, point))) {
			plan_point_free(p);
			continue;
		}
		json_decref(p->point);
		p->point = json_incref(point);
		p->memory = json_integer_value(json_object_get(entry, "memory"));
		plan->points[kept++] = *p;
	}
	plan->nr_points = kept;
}

/*
 * Has the worker look at all points, for such a machine, and makes them its own. Returns the first
 * that it refuses, with the reason in why, the plan as it was; NULL if there is none, and *ret_ok
 * then says whether it has looked at all.
 */
static const struct plan_point *look(struct plan *plan, const struct arch_pages *pages, int cpus,
				     char why[WHY], bool *ret_ok)
{
	const struct plan_point *refused = NULL;
	json_t *answer = ask(plan, pages, cpus);

	*ret_ok = json_array_size(answer) == plan->nr_points;
	if (*ret_ok)
		refused = refused_of(plan, answer, why);
	if (*ret_ok && !refused)
		take(plan, answer);
	json_decref(answer);
	return refused;
}

/* Says why a guest with such pages cannot have a point. Returns false. */
static bool refuse_guest(const struct plan *plan, const struct plan_point *point, const char *why,
			 const char *guest, const struct arch_pages *pages, const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s (%s, pages of %s%s)", why, guest, pages->name, more);
	return refuse(plan, point, text);
}

/* Whether a guest with such pages can have all points. False with one line printed. */
static bool guest_has(struct plan *plan, const char *guest, const struct arch_pages *pages,
		      int cpus)
{
	const struct plan_point *refused;
	char why[WHY];
	bool ok;

	refused = look(plan, pages, cpus, why, &ok);
	return refused ? refuse_guest(plan, refused, why, guest, pages, "") : ok;
}

bool measure_check(struct plan *plan)
{
	const struct plan_point *refused;
	char why[WHY];
	bool ok;

	refused = look(plan, NULL, 0, why, &ok);
	return refused ? refuse(plan, refused, why) : ok;
}

/*
 * Where kernels decide how large pages are, one of the sizes must do; which one it is,
 * measure_kernel_fits() says. If none does, the one that comes furthest is the one that is meant.
 */
static bool some_pages_do(struct plan *plan, const struct machine *m)
{
	const struct arch_pages *pages = m->arch->pages, *best = pages;
	const struct plan_point *refused, *last = NULL;
	char why[WHY], best_why[WHY];
	bool ok = true;
	size_t i;

	for (i = 0; i < ARCH_PAGES && pages[i].name; i++) {
		refused = look(plan, &pages[i], m->cpus, why, &ok);
		if (!refused)
			return ok;
		if (last && refused <= last)
			continue;
		last = refused;
		best = &pages[i];
		strcpy(best_why, why);
	}
	return refuse_guest(plan, last, best_why, m->path, best, ", and with no other");
}

/* Whether a machine can have all points, by what it has and not this one. */
static bool check_on(struct plan *plan, const struct machine *m)
{
	if (!m->starts_kernels && !m->page_size)
		return measure_check(plan);
	if (m->page_size)
		return guest_has(plan, m->path, arch_pages_sized(m->arch, m->page_size), m->cpus);
	return some_pages_do(plan, m);
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

/* Whether it needs more memory than the machine has: then why says so. */
static bool is_too_large(const struct plan_point *point, const struct machine *machine,
			 char why[WHY])
{
	char want[UNITS_TEXT], have[UNITS_TEXT];

	if (!machine->memory || point->memory + GUEST_MEMORY <= machine->memory)
		return false;
	snprintf(why, WHY, "needs %s of memory, and 192M for the kernel: %s has %s",
		 units_bytes(point->memory >> 20 << 20, want), machine->path,
		 units_bytes(machine->memory, have));
	return true;
}

/* What needs more memory than the machine has cannot be measured; no boot shows that better. */
static bool fits(const struct plan *plan, const struct machine *machine)
{
	char why[WHY];
	size_t i;

	for (i = 0; i < plan->nr_points; i++)
		if (is_too_large(&plan->points[i], machine, why))
			return refuse(plan, &plan->points[i], why);
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
		note("%s: counted, not timed: a boot holds %d run%s of at most %d iterations, not "
		     "%d "
		     "of %d (%s)",
		     m->name, plan->runs, plan->runs > 1 ? "s" : "", m->iterations, runs,
		     was ? was : m->iterations, m->path);
}

/* Whether the machine sees what the plan wants to know beside counts. */
static bool parts_fit(const struct plan *plan, const struct machine *m)
{
	const char *part = plan->lines	       ? "lines"
			   : plan->calls       ? "calls"
			   : plan->cache_model ? "cache-model"
					       : NULL;

	if (part && !m->counts)
		return err("%s: the machine %s %s; one with accel = exact does", part, m->name,
			   plan->cache_model ? "shows no accesses to make a model of"
					     : "counts none");
	if (plan->profile && m->counts)
		return err("profile: %s counts, and samples nothing; there is --calls", m->name);
	return !part || m->cpus == 1 ||
	       err("%s: takes a machine of one vCPU, and %s has %d", part, m->name, m->cpus);
}

/* Kernels that are booted to be timed are booted as often as a verdict takes. */
static void fit_boots(struct plan *plan, const struct machine *m)
{
	if (!plan->boots_named && m->starts_kernels && machine_timed(m))
		plan->boots = INTERVAL_UNITS;
}

/* Nobody is there who would wait: what a boot does in its first minute is not what is measured. */
static void fit_settle(struct plan *plan, const struct machine *m)
{
	static const struct plan_settle alone = {.least_s = 60, .most_s = PLAN_SETTLE_MOST_S};

	if (!plan->settle_named && m->alone)
		plan->settle = alone;
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
	if (!check_on(plan, machine) || !fits(plan, machine) || !until_fits(plan, machine) ||
	    !parts_fit(plan, machine))
		return false;
	if (machine->counts)
		fit_counts(plan, machine, boots);
	else
		fit_boots(plan, machine);
	fit_settle(plan, machine);
	return true;
}

/* The first point that the machine cannot have, with the reason in why; NULL as look(). */
static const struct plan_point *look_all(struct plan *plan, const struct arch_pages *pages,
					 const struct machine *m, char why[WHY], bool *ret_ok)
{
	const struct plan_point *refused = look(plan, pages, m->cpus, why, ret_ok);
	size_t i;

	for (i = 0; !refused && *ret_ok && i < plan->nr_points; i++)
		if (is_too_large(&plan->points[i], m, why))
			refused = &plan->points[i];
	return refused;
}

static void leave_out(struct plan *plan, const struct plan_point *point, const struct machine *m,
		      const char *why)
{
	char *name = progress_point_name(plan, point->point);
	size_t at = (size_t)(point - plan->points);

	note("%s: %s is not counted: %s", m->name, name, why);
	free(name);
	plan_point_free(&plan->points[at]);
	plan->nr_points--;
	memmove(&plan->points[at], &plan->points[at + 1],
		(plan->nr_points - at) * sizeof(*plan->points));
}

bool measure_fit_some(struct plan *plan, const struct machine *m, int64_t page_size)
{
	const struct arch_pages *pages =
		arch_pages_sized(m->arch, m->page_size ? m->page_size : page_size);
	const struct plan_point *refused;
	char why[WHY];
	bool ok = true;

	while (plan->nr_points && ok &&
	       (refused = look_all(plan, pages ? pages : m->arch->pages, m, why, &ok)))
		leave_out(plan, refused, m, why);
	if (!plan->nr_points)
		return err("%s: %s can count none of its points", plan->name, m->name);
	fit_counts(plan, m, false);
	return ok;
}

/* The pages of a kernel; NULL, said, if they are not those of the machine. */
static const struct arch_pages *pages_of(const struct machine *m, const char *label,
					 const struct kernel *kernel)
{
	const struct arch_pages *told =
		m->page_size ? arch_pages_sized(m->arch, m->page_size) : NULL;
	const struct arch_pages *has = arch_pages_sized(m->arch, kernel_page_size(kernel));

	if (!has)
		has = told ? told : m->arch->pages;
	if (!told || told == has)
		return has;
	err("%s: page-size = %s, and kernel '%s' has pages of %s", m->path, told->name, label,
	    has->name);
	return NULL;
}

bool measure_kernel_fits(struct plan *plan, const struct machine *machine, const char *label,
			 const struct kernel *kernel)
{
	const struct arch_pages *pages = pages_of(machine, label, kernel);
	char guest[256];

	if (!pages || machine->page_size)
		return pages;
	snprintf(guest, sizeof(guest), "kernel '%s'", label);
	return guest_has(plan, guest, pages, machine->cpus) && fits(plan, machine);
}

void measure_built_pages(struct machine *machine, const char *config)
{
	char *text = config ? io_read_file(config) : NULL;

	if (machine->starts_kernels && !machine->page_size)
		machine->page_size = text ? kernel_config_page_size(text, machine->arch)
					  : machine->arch->pages[0].bytes;
	free(text);
}

bool measure_built_fits(const struct machine *machine, const char *label,
			const struct kernel *kernel)
{
	return pages_of(machine, label, kernel);
}
