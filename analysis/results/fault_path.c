// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/results/fault_path.h"

static double moved(const json_t *vmstat, const char *key)
{
	return json_number_value(json_object_get(vmstat, key));
}

void fault_path_add(struct fault_path *path, const json_t *vmstat)
{
	double success = moved(vmstat, "vma_lock_success");
	double attempts = moved(vmstat, "spf_attempt");

	path->tried += success + moved(vmstat, "vma_lock_abort") + moved(vmstat, "vma_lock_retry") +
		       attempts;
	path->kept += success + attempts - moved(vmstat, "spf_abort");
}
