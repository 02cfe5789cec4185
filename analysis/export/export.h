/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results for other programs. Only ok runs give numbers; the others are rows that say why not.
 */
#ifndef ANALYSIS_EXPORT_EXPORT_H
#define ANALYSIS_EXPORT_EXPORT_H

#include <stdio.h>

#include "analysis/results/point_names.h"
#include "analysis/results/sections.h"

typedef void export_fn(FILE *out, const struct sections *sections);

struct called;

/* The formats by name; the last has none. */
extern const struct export_format {
	const char *name, *summary;
	export_fn *fn;
	bool calls; /* it has those alone, and nothing else */
	void (*one)(FILE *out,
		    const struct called *called); /* in place of fn: of a kernel and point */
} export_formats[];

/* RFC 4180, one row a run; point parameters are columns. */
export_fn export_csv;

/*
 * golang.org/design/14313-benchmark-format, as golang.org/x/perf/benchfmt reads it: a line for each
 * unit of inference, that is what `check` compares.
 */
export_fn export_go;

/*
 * One object: kernels, warnings, and the cells with their units of inference and runs; of several
 * sections a list of such objects, each with its source.
 */
export_fn export_json;

/* Calls, of all ops of each kernel and point, for flamegraph.pl and speedscope.app. */
export_fn export_folded, export_speedscope;

/* Is it of a column of its own, beside what an op is measured by? */
bool export_has_column(const struct metric *metric);

/* The resolution of the kernel's clock, ns: latencies below it are none; NaN: not known. */
double export_resolution(const struct results *results, size_t kernel);

/* A value of one run; NaN if it is not ok, has it not, or none that the clock can tell from 0. */
double export_value(const struct result_run *run, const struct metric *metric,
		    double resolution_ns);

/* A number that reads back as the same, 15 digits; nothing for what is not finite. */
void export_number(FILE *out, double value);

/* Of one op: "ns" or "insn". */
const char *export_unit(const struct result_run *run);

#endif
