/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics: whatever a run has a number of. They are rows of one table; what tables show, verdicts
 * judge, plots draw and exports hold are the metrics that some results have (metrics.h), and nobody
 * else lists them.
 */
#ifndef ANALYSIS_RESULTS_METRIC_H
#define ANALYSIS_RESULTS_METRIC_H

#include <stdbool.h>
#include <stddef.h>

#include "common/exact/data_kind.h"
#include "common/exact/insn_class.h"
#include "common/hist.h"
#include "common/record.h"

enum metric_better {
	METRIC_LESS,
	METRIC_MORE,
	METRIC_NEITHER /* a change is for better or worse by what else it brings */
};

enum metric_kind {
	METRIC_TIMED,	 /* varies from run to run as times do */
	METRIC_EXACT,	 /* repeats: boots are compared in pairs */
	METRIC_MODELLED, /* likewise, but of a model: nothing of it is measured */
	METRIC_SAMPLED,	 /* a quantile of single ops: as coarse as histogram and clock */
};

/* What a metric is of; in this order they are shown. */
enum metric_group {
	METRIC_OF_OP,
	METRIC_OF_ROLE,	   /* of a contended point */
	METRIC_OF_COUNT,   /* exact: instructions of one op in the kernel */
	METRIC_OF_LINES,   /* exact: of memory that one op touches in the kernel */
	METRIC_OF_REST,	   /* exact: others that were executed meanwhile */
	METRIC_OF_MODEL,   /* of caches and TLBs: what one op misses in the kernel */
	METRIC_OF_COUNTER, /* of perf_event, summed over the op's workers */
	METRIC_OF_VMSTAT,  /* of the whole system */
};

struct metric;

/* What a value is taken from: an ok run, and a role's part of it. */
struct metric_from {
	const struct run_record *rec;
	double mean;		    /* of the samples; NaN if there is none */
	double work;		    /* the same, summed over the op's workers */
	const json_t *role;	    /* of rec->sides; NULL unless the metric is of a role */
	const struct hist *latency; /* of the role, or NULL */
	const json_t *modelled; /* rec->modelled, if it is of the model that others have; or NULL */
	const json_t *entry;	/* of rec->counters or rec->vmstat, of such metrics; else NULL */
};

/* A value of one run, NaN if it has none. */
typedef double metric_value_fn(const struct metric *m, const struct metric_from *from);

struct metric {
	const char *name; /* in the table a pattern: "*.rate" is of any role, "*" of any counter */
	const char *unit; /* of a value: "ns", "ops/s", "insn"; of one op where it is no rate */
	enum metric_better better;
	enum metric_kind kind;
	enum metric_group group;
	metric_value_fn *value;
	int arg; /* of value: an insn_group; a quantile in per mille; a cache_level; of lines, see
		    there */
	const char *head;  /* of a table that is of it alone; NULL: its name */
	const char *about; /* what a number is; NULL: its name, "of one op" */
	const char *alias; /* another name for the last part of the name, or NULL */
	bool main;	   /* what an op or a role is judged by first of all */
	bool judged;	   /* by `check` where nothing else is asked for */
	bool shown;	   /* in the tables under those of times */
	bool harmonic;	   /* a rate, whose mean is that of the times behind it */
	bool zero;	   /* 0 is a value like others; else there is none that is not above 0 */
	bool moved;	   /* only those that are not 0 are recorded */
	bool detail; /* not in tables: it is among another row, and told apart by its name only */
	bool scheduled; /* depends on how several CPUs meet: shown over schedules */
	bool countable; /* can be had of one of what an op consists of */

	/* Of a metric of results: */
	const char *role; /* NULL unless it is of one */
	size_t row;	  /* its place in the table */
	size_t slot;	  /* and in the values of a run; the order of appearance */
	bool per_unit;	  /* not of one op, but of one of what it consists of */
};

/* The last has no name. The first that fits a name of a group is what it is. */
extern const struct metric metric_rows[];

/* Is it a value that means something? */
bool metric_has(const struct metric *m, double value);

/* Does it repeat, so that boots are compared in pairs? */
bool metric_repeats(const struct metric *m);

/* Is it the time of an op? Rows say nothing of what they are of then. */
bool metric_is_time(const struct metric *m);

/* Is it of what an op consists of, in a second? Its unit is then by what that is. */
bool metric_is_rate(const struct metric *m);

/* The name without the role: "rate" of "faulters.rate". */
const char *metric_what(const struct metric *m);

#endif
