/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results for other programs. Only ok runs give numbers; the others are rows that say why not.
 */
#ifndef ANALYSIS_EXPORT_EXPORT_H
#define ANALYSIS_EXPORT_EXPORT_H

#include <stdio.h>

#include "analysis/results/point_names.h"
#include "analysis/results/results.h"

typedef void export_fn(FILE *out, const struct results *results);

/* The names of the formats, for messages. */
extern const char export_formats[];

/* The format of that name, or NULL. */
export_fn *export_format(const char *name);

/* RFC 4180, one row a run; point parameters are columns. */
export_fn export_csv;

/*
 * golang.org/design/14313-benchmark-format, as golang.org/x/perf/benchfmt reads it: a line for each
 * unit of inference, that is what `check` compares.
 */
export_fn export_go;

/* One object: kernels, warnings, and the cells with their units of inference and runs. */
export_fn export_json;

/* What there is beside what an op is measured by. */
struct export_columns {
	struct export_column {
		char name[POINT_TEXT]; /* ends with its unit: "faulters-p99-ns", "loads/op" */
		const struct metric *metric;
	} * of;
	size_t nr;
	double resolution_ns; /* of the kernel's clock: shorter latencies are none; NaN: not known
			       */
};

/* What the ok runs of some cell have; nothing without memory. Its `of` is the caller's to free. */
void export_columns_of(struct export_columns *ret, const struct results *results);

/* Must be called before values of that kernel are asked for. */
void export_columns_kernel(struct export_columns *columns, const struct result_kernel *kernel);

/* Value i of one run; NaN if it is not ok or has it not. */
double export_value(const struct export_columns *columns, size_t i, const struct result_run *run);

/* A number that reads back as the same, 15 digits; nothing for what is not finite. */
void export_number(FILE *out, double value);

/* Of one op: "ns" or "insn". */
const char *export_unit(const struct result_run *run);

#endif
