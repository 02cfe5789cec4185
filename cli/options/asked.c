// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options/asked.h"

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

bool asked_read(struct asked *a, const char *operand)
{
	if (operand && a->plan_word)
		return err("one plan at a time: '%s' and --plan %s", operand, a->plan_word);
	if (operand)
		a->plan_word = operand;
	return measure_plan(&a->plan, a->plan_word, &a->words) &&
	       measure_machine(&a->machine, a->machine_word) && check_words(a);
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
	machine_free(&a->machine);
}
