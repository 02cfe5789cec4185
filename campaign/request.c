// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/request.h"

#include <stdlib.h>
#include <string.h>

#include "campaign/units/unit.h"
#include "runners/machine.h"

/*
 * What a boot does not depend on is not in its request: a counted guest has that in its memory, and
 * results are known by it (units/unit.h).
 */
static json_t *plan_of_one(const struct plan *plan)
{
	static const char *const others[] = {"threshold", "until", "budget_s"};
	json_t *json = plan_to_json(plan);
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		json_object_del(json, others[i]);
	json_object_set_new(json, "name", json_string("plan"));
	json_object_set_new(json, "boots", json_integer(1));
	json_object_set_new(json, "seed", json_integer(1));
	return json;
}

json_t *request_make(const struct campaign *c, const struct plan *plan, int boot, json_t *todo)
{
	return json_pack("{s:o,s:i,s:b,s:O,s:o*}", "plan", plan_of_one(plan), "boot", boot,
			 "counted", c->machine->counts, "todo", todo, "wait",
			 c->wait ? json_true() : NULL);
}

/*
 * How many kernels before it are the same one, if that is another sample of it: one kernel as two
 * is measured twice where results do not repeat.
 */
static int which_sample(const struct campaign *c, const struct campaign_kernel *kernel)
{
	const struct campaign_kernel *k;
	int nr = 0;

	for (k = c->kernels; k < kernel && !c->machine->counts; k++)
		nr += k->sums && !strcmp(k->sums, kernel->sums);
	return nr;
}

char *request_key(const struct campaign *c, const struct campaign_kernel *kernel,
		  const json_t *request)
{
	const struct runner_boot wanted = {
		.machine = c->machine, .kernel = &kernel->start, .request = (json_t *)request};
	char *machine = kernel->sums ? machine_identity(&wanted) : NULL, *key = NULL;

	if (machine)
		key = unit_key(machine, kernel->sums, request, which_sample(c, kernel));
	free(machine);
	return key;
}
