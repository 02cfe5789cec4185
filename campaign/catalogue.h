/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to measure, as the worker says it that was built with this program
 * (bench/harness/provide/describe.h): so a plan can be read where no worker can be started.
 */
#ifndef CAMPAIGN_CATALOGUE_H
#define CAMPAIGN_CATALOGUE_H

#include <jansson.h>

#include "common/plan.h"

/* A new array: benchmarks, with all but what a machine lacks. */
json_t *catalogue_own(void);

/*
 * plan_read() by the catalogue. A worker of another one is asked, if $FAULTBENCH_WORKER names it,
 * about benchmarks that are not there.
 */
bool catalogue_read_plan(struct plan *plan, const char *path, char *const *overrides,
			 size_t nr_overrides);

/* Made when faultbench is built (catalogue.sh): a line of JSON. */
extern const char catalogue_text[];

#endif
