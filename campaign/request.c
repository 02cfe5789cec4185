// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/request.h"

#include <stdlib.h>
#include <string.h>

#include "campaign/units/unit.h"
#include "kernels/sums.h"
#include "runners/machine.h"

/*
 * What a boot does not depend on is not in its request: a counted guest has that in its memory, and
 * results are known by it (units/unit.h).
 */
static json_t *plan_of_one(const struct campaign *c, const struct plan *plan)
{
	static const char *const others[] = {"threshold", "until", "budget_s"};
	json_t *json = plan_to_json(plan);
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		json_object_del(json, others[i]);
	if (c->machine->counts)
		json_object_del(json, "settle");
	json_object_set_new(json, "name", json_string("plan"));
	json_object_set_new(json, "boots", json_integer(1));
	json_object_set_new(json, "seed", json_integer(1));
	return json;
}

json_t *request_make(const struct campaign *c, const struct plan *plan, int boot, json_t *todo)
{
	return json_pack("{s:o,s:i,s:b,s:O,s:o*}", "plan", plan_of_one(c, plan), "boot", boot,
			 "counted", c->machine->counts, "todo", todo, "wait",
			 c->wait ? json_true() : NULL);
}

static bool same_kernel(const struct campaign_kernel *a, const struct campaign_kernel *b)
{
	char *of_a = a->sums ? sums_content(a->sums) : NULL;
	char *of_b = b->sums ? sums_content(b->sums) : NULL;
	bool same = of_a && of_b && !strcmp(of_a, of_b);

	free(of_a);
	free(of_b);
	return same;
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
		nr += same_kernel(k, kernel);
	return nr;
}

char *request_key(const struct campaign *c, const struct campaign_kernel *kernel,
		  const json_t *request)
{
	const struct runner_boot wanted = {
		.machine = c->machine, .kernel = &kernel->start, .request = (json_t *)request};
	char *machine = kernel->sums ? machine_identity(&wanted) : NULL, *key = NULL;
	char *content = machine ? sums_content(kernel->sums) : NULL;

	if (machine)
		key = unit_key(machine, content, request, which_sample(c, kernel));
	free(content);
	free(machine);
	return key;
}
