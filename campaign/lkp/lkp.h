/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report of the kernel test robot ran, as a plan.
 */
#ifndef CAMPAIGN_LKP_LKP_H
#define CAMPAIGN_LKP_LKP_H

#include <jansson.h>
#include <stdbool.h>

#include "common/plan.h"

/*
 * Reads words for which lkp_is() (words.h): the plan of the nearest point, changed by overrides as
 * for plan_read(). In *ret_differs, new, [text]: what is not as it was there, one thing each. False
 * with one line printed if they name nothing that is known, or a name to which there is no point.
 */
bool lkp_plan(struct plan *plan, const char *words, const json_t *catalogue, char *const *overrides,
	      size_t nr_overrides, json_t **ret_differs);

/* [{"testcase", "test", "point", "of_threads", "lacks", "differs": [text]}]: names.h, NULL as null.
 */
json_t *lkp_list(void);

#endif
