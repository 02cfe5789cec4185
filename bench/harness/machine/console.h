/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What runs gave, for whoever reads along on a serial line and no more, as LAVA's monitors do: a
 * line a value, which ends with ";", between "faultbench: start" and "faultbench: end".
 *
 *   faultbench: case NAME pass|fail|skip VALUE UNIT;
 *
 * NAME is of small letters, digits and "_", VALUE a decimal number below 10^10, or "-", with UNIT
 * "none", where there is none, which a line before gives the reason of. Of a run it is the mean of
 * its samples in us; where there are roles of workers, for each of them, in NAME_ROLE, their ops in
 * ops_per_s.
 */
#ifndef BENCH_HARNESS_MACHINE_CONSOLE_H
#define BENCH_HARNESS_MACHINE_CONSOLE_H

#include <stdio.h>

#include "common/record.h"

/* "ready", "start" or "end", to standard output. */
void console_mark(const char *mark);

/* The lines of one run. */
void console_run(FILE *out, const char *name, const struct run_record *rec);

#endif
