/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run: a fresh process that carries out one point.
 *
 * The supervisor writes a request to its standard input, one line of JSON:
 *
 *   {"point", "iterations", "warmup", "counters": counter_set_to_json(), "cpus": [one a worker,
 *    or -1], "clock": {"id", "resolution_ns", "cost_ns"}, "scheduler": "fifo" | "batch" | "other",
 *    "counted": as in struct supervisor, "lines": of it and of its plan,
 *    "profile_s": 0, or for how long at most the op is repeated to be sampled, in place of being
 *    counted (timing/sampler.h)}
 *
 * and reads a run record (common/record.h) from RUN_RESULT_FD. Boot, number, start and wall time
 * are filled in by the supervisor. Where a point needs the program executed for each
 * iteration, there is such a process for each, and the record's conditions have "executed": {"ns":
 * [from execve() to main()], "images": {a name that each execve() makes: true}}.
 */
#ifndef BENCH_HARNESS_TIMING_RUN_H
#define BENCH_HARNESS_TIMING_RUN_H

#define RUN_RESULT_FD 3

/*
 * The run process's main(). executed: NULL, or the id of the clock and its time in ns, just before
 * execve(). Returns its exit status: 0 if a record was written.
 */
int run_main(char **executed);

#endif
