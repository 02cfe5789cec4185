/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts about machines that the journals hold, as the tables need them.
 */
#ifndef ANALYSIS_RESULTS_MACHINEFACTS_H
#define ANALYSIS_RESULTS_MACHINEFACTS_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/results/results.h"

#define FACTS_TITLE 64

/* A fact of a machine record as text, malloc'ed, or NULL if it is not there. */
char *fact_text(const json_t *machine, const char *name);

/* A fact that is a number; NaN if it is not there or is none. */
double fact_number(const json_t *machine, const char *name);

/*
 * A fact in ns of all kernels: "24.5 ns", or, where they differ by a tenth and more, "24.5 ns
 * (v6.1), 300 ns (v6.12)"; malloc'ed, NULL if none says.
 */
char *facts_ns(const struct results *results, const char *name);

/*
 * What to call the machine: its CPU's name without what all names have, "VM" behind it if it is
 * one ("Intel Xeon VM"), unless `run --title` has said it. "machine" if the journal does not say.
 */
const char *facts_title(const json_t *machine, char title[FACTS_TITLE]);

/*
 * Takes note of the facts in which a boot's machine record differs from the kernel's first, of the
 * same host; not of what counts, whose memory is another in each boot.
 */
void facts_vary(struct result_kernel *kernel, const json_t *machine);

/*
 * Lists the facts in which a kernel's machine differs from that of the kernel `base`, besides
 * kernel.* and what differs from minute to minute, and the config symbols; then the warnings of the
 * journals. Prints nothing if there is none: the end of every table that compares.
 */
void facts_differences(FILE *out, const struct results *results, size_t base);

#endif
