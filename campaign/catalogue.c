// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/catalogue.h"

#include <stdlib.h>

#include "runners/runner.h"

json_t *catalogue_own(void)
{
	return json_loads(catalogue_text, 0, NULL);
}

bool catalogue_read_plan(struct plan *plan, const char *path, char *const *overrides,
			 size_t nr_overrides)
{
	json_t *catalogue = catalogue_own();
	bool foreign = getenv("FAULTBENCH_WORKER");
	bool ok = plan_read_known(plan, path, catalogue, overrides, nr_overrides, &foreign);

	if (foreign) {
		json_decref(catalogue);
		catalogue = worker_ask("--catalogue", NULL);
		ok = catalogue && plan_read(plan, path, catalogue, overrides, nr_overrides);
	}
	json_decref(catalogue);
	return ok;
}
