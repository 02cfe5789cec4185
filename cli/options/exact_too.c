// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options/exact_too.h"

#include <stdio.h>

#include "campaign/fit.h"
#include "common/msg.h"

bool exact_too_take(void *at, const char *word)
{
	struct exact_too *e = at;

	e->wanted = true;
	e->machine_word = word;
	return true;
}

/* Whether it goes with the machine that is measured. */
static bool check_words(const struct exact_too *e, const struct asked *a)
{
	if (!a->machine.starts_kernels)
		return err(
			"--exact-too: counts the kernels that --kernel names, and this machine is "
			"measured with the one that it runs; `faultbench run %s --machine %s-exact "
			"--kernel L=K` counts one",
			a->plan_word ? a->plan_word : "quick",
			(a->machine.arch ? a->machine.arch : arch_list)->tree);
	if (a->machine.counts)
		return err("--exact-too: %s counts already", a->machine.path);
	if (!e->machine.counts)
		return err("--exact-too=%s: does not count; a machine with accel = exact does",
			   e->machine_word);
	return e->machine.arch == a->machine.arch ||
	       err("--exact-too: %s is %s, and %s is %s", e->machine.path, e->machine.arch->name,
		   a->machine.path, a->machine.arch->name);
}

bool exact_too_read(struct exact_too *e, const struct asked *a)
{
	char usual[64];

	if (!e->wanted)
		return true;
	snprintf(usual, sizeof(usual), "%s-exact",
		 (a->machine.arch ? a->machine.arch : arch_list)->tree);
	if (!measure_machine(&e->machine, e->machine_word ? e->machine_word : usual) ||
	    !check_words(e, a) || !measure_plan(&e->plan, a->plan_word, &a->words))
		return false;
	/* There are as many boots of it as it takes to count. */
	e->plan.until = 0;
	e->plan.budget_s = 0;
	e->plan.profile = false;
	return measure_fit_some(&e->plan, &e->machine, asked_page_size(a));
}

bool exact_too_choose(struct exact_too *e, struct asked *a)
{
	if (!e->wanted)
		return true;
	e->campaign = a->campaign;
	e->campaign.plan = &e->plan;
	e->campaign.machine = &e->machine;
	e->campaign.title = NULL;
	e->campaign.wait = false;
	e->campaign.hosts = NULL;
	e->campaign.nr_hosts = 0;
	e->campaign.counted = true;
	a->campaign.beside = &e->campaign;
	return asked_fit(a, &e->plan, &e->machine) &&
	       measure_jobs(&e->campaign.jobs, a->jobs, &e->machine);
}

void exact_too_free(struct exact_too *e)
{
	plan_free(&e->plan);
	machine_free(&e->machine);
}
