// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One worker. Timed is op alone.
 */
#include "bench/services/run.h"
#include "bench/standalone/standalone.h"

void standalone_measure(struct bench_run *run)
{
	int rounds = standalone_point.warmup + standalone_point.iterations, i;
	uint64_t start, end;
	long faults;

	standalone_pin(0);
	standalone_setup(run);
	for (i = 0; i < rounds; i++) {
		standalone_prepare(run);
		faults = faults_so_far();
		start = standalone_now();
		run->bench->op(run, 0);
		end = standalone_now();
		faults = faults_so_far() - faults;
		standalone_sample(i, end - start, end - start);
		standalone_conclude(run, i, faults, 1);
	}
}
