// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One worker. Timed is op alone.
 */
#include "bench/services/run.h"
#include "bench/standalone/standalone.h"

void standalone_measure(struct bench_run *run)
{
	uint64_t start, end;
	long faults;
	int i;

	standalone_pin(0);
	standalone_setup(run);
	for (i = standalone_from; i < standalone_to; i++) {
		standalone_prepare(run);
		faults = bench_faults();
		start = standalone_now();
		run->bench->op(run, 0);
		end = standalone_now();
		start -= standalone_exec_ns;
		faults = bench_faults() - faults;
		standalone_sample(i, end - start, end - start);
		standalone_conclude(run, i, faults, 1);
	}
}
