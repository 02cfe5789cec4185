/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From settings, wherever they come from, to a plan.
 */
#ifndef COMMON_PLAN_RESOLVE_H
#define COMMON_PLAN_RESOLVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/ini_file.h"
#include "common/plan.h"

/*
 * Makes a plan, of which the name is there already, of sections as a file has them, and of
 * overrides, as for plan_read(), which are set in *ini. Prints one line and returns false, *plan
 * empty, if anything is wrong; it names ini->path and the line of a setting, or what set it.
 */
bool plan_resolve(struct plan *plan, struct ini_file *ini, const json_t *catalogue,
		  char *const *overrides, size_t nr_overrides);

#endif
