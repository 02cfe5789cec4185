/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Carries out a plan, one fresh process a run, and turns every way a run can end into a record.
 */
#ifndef BENCH_HARNESS_SUPERVISE_H
#define BENCH_HARNESS_SUPERVISE_H

#include <jansson.h>
#include <stdbool.h>

#include "bench/harness/kernel/clock.h"
#include "bench/harness/kernel/kmsg.h"
#include "bench/harness/provide/memcg.h"
#include "common/plan.h"
#include "common/record.h"

struct supervisor {
	struct plan plan;
	int boot;
	bool counted; /* the CPU's instructions are, by an emulator: runs must not disturb that */
	struct bench_clock clock;
	json_t *counters; /* those of the plan, by counter_set_to_json() */
	json_t *events;	  /* what ops are sampled by (profiled.h); NULL: they are not */
	struct kmsg kmsg;
	char group[MEMCG_PATH]; /* of memory, that the run's process joins; empty: none */
	int control_fd; /* whoever asked for the plan; readable at its end means it is gone */
};

/*
 * Carries out one run of one point. Fills *rec completely. Returns false if control_fd closed
 * meanwhile: the run was killed and there is nobody to tell.
 */
bool supervise_run(struct supervisor *s, const struct plan_point *p, int run,
		   struct run_record *rec);

#endif
