/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counters that every run records unless its plan names others: libpfm4 names, in the order
 * in which they are shown.
 */
#ifndef COMMON_DEFAULT_COUNTERS_H
#define COMMON_DEFAULT_COUNTERS_H

static const char *const default_counters[] = {
	"cycles:k",	    "instructions:k", "page-faults",	  "minor-faults",    "major-faults",
	"context-switches", "cpu-migrations", "dTLB-load-misses", "LLC-load-misses",
};

#define NR_DEFAULT_COUNTERS (sizeof(default_counters) / sizeof(default_counters[0]))

#endif
