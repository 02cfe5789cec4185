// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the formats share.
 */
#include "analysis/export/export.h"

#include <math.h>
#include <string.h>

#include "analysis/export/calls.h"
#include "analysis/results/machine_facts.h"

const struct export_format export_formats[] = {
	{"csv",
	 "a row for each run: kernel, boot, run, the point's parameters as in the journal (sizes "
	 "in "
	 "bytes), status and reason; of ok runs also the unit of an op (ns; insn: kernel "
	 "instructions), mean, min and max over its iterations, their number, and the source "
	 "(timed, emulated, exact)",
	 export_csv, false, NULL},
	{"go",
	 "Go's benchmark format, for `benchstat -col kernel`: a line for each unit that `check` "
	 "compares, which is the mean of a boot, or of a run where there is one boot; iterations "
	 "are those behind it. `source` is a key, so emulated times get a table of their own",
	 export_go, false, NULL},
	{"json",
	 "every kernel and point: its units, their mean and stdev relative to it, notes, and the "
	 "runs as in csv",
	 export_json, false, NULL},
	{"callgrind",
	 "calls (`run --calls`) or samples (`run --profile`) for KCachegrind and "
	 "callgrind_annotate: a file for each kernel and point. Ir: kernel instructions of all its "
	 "ops, without those of interrupts",
	 NULL, true, called_callgrind},
	{"folded",
	 "likewise for flamegraph.pl: paths of functions, with the instructions executed, or "
	 "samples, in the last; of several kernels or points their name is the first",
	 export_folded, true, NULL},
	{"speedscope", "likewise for speedscope.app: a profile for each kernel and point",
	 export_speedscope, true, NULL},
	{0},
};

bool export_has_column(const struct metric *metric)
{
	return !metric->main || metric->role;
}

double export_resolution(const struct results *results, size_t kernel)
{
	return fact_number(results->kernels[kernel].machine, "clock.resolution_ns");
}

double export_value(const struct result_run *run, const struct metric *metric, double resolution_ns)
{
	double value = run->status == RUN_OK ? run_value(run, metric) : NAN;

	return metric->kind == METRIC_SAMPLED && value < resolution_ns ? NAN : value;
}

void export_number(FILE *out, double value)
{
	if (isfinite(value))
		fprintf(out, "%.15g", value);
}

const char *export_unit(const struct result_run *run)
{
	return run->source == SOURCE_EXACT ? "insn" : "ns";
}
