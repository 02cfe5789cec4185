// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options/asked.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/fit.h"
#include "common/clean.h"
#include "common/msg.h"
#include "common/plan_values.h"
#include "common/units.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

#define SAME_MEMORY 0.02 /* what firmware takes of it differs a little */

/* A kernel to start in a VM, found. */
struct asked_kernel {
	char *label;
	struct kernel kernel;
};

bool asked_jobs(void *at, const char *word)
{
	return units_parse_int(word, 1, 1024, at) ||
	       err("--jobs %s: must be a whole number from 1 to 1024", word);
}

bool asked_is_label(const char *option, const char *label)
{
	if (!plan_is_utf8(label))
		return err("%s: not UTF-8", option);
	return clean_is(label) || err("%s: a name has no control characters", option);
}

/* Whether words and machine go together. */
static bool check_words(const struct asked *a)
{
	const struct machine *m = &a->machine;

	if (!m->starts_kernels && a->kernels.nr)
		return err("--kernel needs a machine that can start it: --machine %s-vm",
			   (arch_here() ? arch_here() : arch_list)->tree);
	if (m->starts_kernels && !a->kernels.nr)
		return err("%s starts kernels, and none is named: --kernel LABEL=KERNEL", m->path);
	if (m->starts_kernels && a->label)
		return err("--label names this kernel; those of a VM are named by --kernel "
			   "LABEL=KERNEL");
	if (a->aa && a->plan.until > 0 && !m->starts_kernels)
		return err("--aa: here each boot takes a reboot, so there are as many as planned; "
			   "leave until out");
	if (a->cache && !m->starts_kernels)
		return err("--cache: what this machine measures is never the same again; boots of "
			   "a VM are kept");
	return a->kernels.nr <= PLAN_MAX_KERNELS ||
	       err("--kernel: at most %d kernels", PLAN_MAX_KERNELS);
}

#define NOT_DECLARED "is not declared equal to others: group = NAME in the file of each"

/* Why two hosts are not of one group, or cannot be; NULL if they are. */
static const char *unequal(const struct machine *a, const struct machine *b)
{
	double most = (double)(a->memory > b->memory ? a->memory : b->memory);

	if (strcmp(a->group, b->group) != 0)
		return NOT_DECLARED;
	if (!strcmp(a->host, b->host))
		return "is the same host";
	if (a->arch != b->arch)
		return "is of another architecture";
	if (a->cpus != b->cpus)
		return "has another number of CPUs";
	if (a->page_size != b->page_size)
		return "has pages of another size";
	return a->memory && b->memory && fabs((double)(a->memory - b->memory)) > SAME_MEMORY * most
		       ? "has more or less memory"
		       : NULL;
}

/* A host that does not answer is left out; that it does not was said. */
static bool add_host(struct asked *a, const char *word)
{
	struct machine *m = &a->hosts[a->nr_hosts];
	const char *why = NULL;

	if (!measure_machine_file(m, word))
		return false;
	if (!m->group) {
		machine_free(m);
		return err("--machine %s: %s", word, NOT_DECLARED);
	}
	if (!machine_ask(m)) {
		note("%s: goes on without it", m->name);
		machine_free(m);
		return true;
	}
	if (a->nr_hosts)
		why = unequal(&a->hosts[0], m);
	a->nr_hosts++;
	return !why || err("--machine %s: %s", word, why);
}

static bool read_hosts(struct asked *a)
{
	size_t i;

	a->hosts = calloc(a->machines.nr + 1, sizeof(*a->hosts));
	if (!a->hosts)
		abort();
	for (i = 0; i < a->machines.nr; i++)
		if (!add_host(a, a->machines.words[i]))
			return false;
	return a->nr_hosts || err("--machine: none of the hosts answers");
}

/* One machine, or several that share boots. */
static bool read_machines(struct asked *a)
{
	size_t i;

	if (a->machines.nr < 2)
		return measure_machine(&a->machine, a->machines.nr ? a->machines.words[0] : NULL);
	if (!read_hosts(a))
		return false;
	a->machine = a->hosts[0];
	for (i = 0; i < a->nr_hosts; i++)
		a->machine.here |= a->hosts[i].here;
	return true;
}

bool asked_read(struct asked *a, const char *operand)
{
	if (operand && a->plan_word)
		return err("one plan at a time: '%s' and --plan %s", operand, a->plan_word);
	if (operand)
		a->plan_word = operand;
	return measure_plan(&a->plan, a->plan_word, &a->words) && read_machines(a) &&
	       check_words(a);
}

/* With --aa: the kernel that is there once more, in a->again and, of a VM, among the kernels. */
static bool double_kernel(struct asked *a, const char *label)
{
	const char *word = a->kernels.nr ? a->kernels.words[0] : label;
	int len = (int)(a->kernels.nr ? strcspn(word, "=") : strlen(word));

	if (a->kernels.nr > 1)
		return err("--aa measures one kernel as two; %zu are named", a->kernels.nr);
	if (asprintf(&a->again, "%.*s'%s", len, word, word + len) < 0)
		return err("out of memory");
	if (a->kernels.nr)
		word_list_add(&a->kernels, a->again);
	return true;
}

/* Splits LABEL=SOURCE and puts the kernel into the cache. */
static bool choose_kernel(struct asked_kernel *chosen, const char *word,
			  const struct machine *machine)
{
	const char *equals = strchr(word, '=');

	if (!equals || equals == word || !equals[1])
		return err("--kernel %s: must be LABEL=KERNEL", word);
	chosen->label = strndup(word, (size_t)(equals - word));
	if (!asked_is_label("--kernel", chosen->label) ||
	    !kernel_open(equals + 1, machine->arch->name, &chosen->kernel) ||
	    (machine->installs_kernels && !kernel_make_whole(&chosen->kernel)))
		return false;
	if (strcmp(chosen->kernel.arch, machine->arch->name))
		return err("--kernel %s: it is for %s, and %s is %s", word, chosen->kernel.arch,
			   machine->path, machine->arch->name);
	return true;
}

static bool unique_labels(const struct asked_kernel *chosen, size_t nr)
{
	size_t i, k;

	for (i = 0; i < nr; i++)
		for (k = 0; k < i; k++)
			if (!strcmp(chosen[i].label, chosen[k].label))
				return err("--kernel: two kernels are called '%s'",
					   chosen[i].label);
	return true;
}

static bool choose_each(struct asked *a)
{
	struct asked_kernel *chosen;
	size_t i;

	for (i = 0; i < a->kernels.nr; i++) {
		chosen = &a->chosen[i];
		if (!choose_kernel(chosen, a->kernels.words[i], &a->machine) ||
		    !measure_kernel_fits(&a->plan, &a->machine, chosen->label, &chosen->kernel))
			return false;
		a->campaign.kernels[i] = measure_kernel(chosen->label, &chosen->kernel);
	}
	return unique_labels(a->chosen, a->kernels.nr);
}

bool asked_choose(struct asked *a)
{
	struct campaign *c = &a->campaign;

	a->chosen = calloc(a->kernels.nr + 2, sizeof(*a->chosen));
	*c = (struct campaign){.plan = &a->plan,
			       .machine = &a->machine,
			       .hosts = a->hosts,
			       .nr_hosts = a->nr_hosts,
			       .cache = a->cache,
			       .kernels = calloc(a->kernels.nr + 2, sizeof(*c->kernels))};
	if (!a->chosen || !c->kernels)
		abort();
	c->kernels[0].label = a->label ? a->label : a->machine.release;
	if (a->aa && !double_kernel(a, c->kernels[0].label))
		return false;
	c->kernels[1].label = a->again;
	c->nr_kernels = a->kernels.nr ? a->kernels.nr : a->aa ? 2 : 1;
	return choose_each(a) && measure_jobs(&c->jobs, a->jobs, &a->machine);
}

bool asked_fit(const struct asked *a, struct plan *plan, const struct machine *machine)
{
	size_t i;

	for (i = 0; i < a->kernels.nr; i++)
		if (!measure_kernel_fits(plan, machine, a->chosen[i].label, &a->chosen[i].kernel))
			return false;
	return true;
}

int64_t asked_page_size(const struct asked *a)
{
	return a->chosen && a->kernels.nr ? kernel_page_size(&a->chosen[0].kernel) : 0;
}

void asked_free(struct asked *a)
{
	size_t i;

	for (i = 0; a->chosen && i < a->kernels.nr; i++) {
		free(a->chosen[i].label);
		kernel_free(&a->chosen[i].kernel);
		kernel_record_free(&a->campaign.kernels[i].about);
	}
	free(a->campaign.kernels);
	free(a->chosen);
	free(a->again);
	free(a->kernels.words);
	measure_words_free(&a->words);
	plan_free(&a->plan);
	if (!a->hosts)
		machine_free(&a->machine);
	while (a->nr_hosts)
		machine_free(&a->hosts[--a->nr_hosts]);
	free(a->hosts);
	free(a->machines.words);
}
