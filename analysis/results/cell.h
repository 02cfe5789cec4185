/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runs of one kernel at one point.
 */
#ifndef ANALYSIS_RESULTS_CELL_H
#define ANALYSIS_RESULTS_CELL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/metrics.h"
#include "common/hist.h"
#include "common/record.h"

/* Texts about the data that a reader of the numbers must see; the tables print them. */
struct warnings {
	char **text;
	size_t nr;
};

/* Appends a text. */
void warnings_add(struct warnings *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warnings_free(struct warnings *w);

#define RESULT_ROLES 4 /* that a contended point can have */

struct result_run {
	int boot, run;		    /* while it is read, boot is an index of boots.h */
	const char *host;	    /* that it was on (boots.h), once all is read; or NULL */
	unsigned int part, journal; /* where it is from, likewise */
	int number;		    /* of the run there */
	enum run_status status;
	char *reason; /* NULL if ok */
	enum run_source source;
	size_t iterations;
	double *value; /* by metric->slot; NaN, or no longer there, if it has none */
	size_t nr_values;
	double units;	 /* how many of what it consists of an op has */
	double min, max; /* of one op: ns, or its kernel instructions */
	int trend; /* each op is more than the one before: 1; less: -1; neither, or of two: 0 */
	double started;	   /* s since 1970; 0 if not known */
	bool vmstat;	   /* it is known what moved, and that nothing else did */
	bool verified;	   /* it is recorded what was asked for and what was seen */
	json_t *functions; /* exact: as in struct run_record; else NULL */
	json_t *calls;	   /* likewise, where they were followed */
	json_t *profile;   /* timed, where it was sampled: likewise */
	json_t *state;	   /* likewise; NULL in journals that do not have it */
};

/* One role of a contended point. */
struct result_role {
	char *role;
	int workers;
	const struct metric *rate;
	struct hist latency; /* of all ok runs, merged */
};

/* What is known of a perf counter beside its values: of all ok runs. */
struct result_counter {
	const struct metric *metric;
	char *refused;		 /* why it was in the first run in which it was; or NULL */
	double enabled, running; /* ns */
	bool machine;		 /* counted for all of it: what others did is in there */
};

struct result_cell {
	struct result_run *runs; /* in the order of the journals */
	size_t nr;
	size_t nr_ok;
	enum run_source source; /* of its ok runs, which have but one */
	char *per;		/* as in struct run_record, likewise */
	double per_count;
	struct result_role *roles; /* those that have workers */
	unsigned int nr_roles;
	struct result_counter *counters;
	size_t nr_counters;
	char *cores; /* the PMUs of those that its workers were put on; NULL: there is one kind */
	const struct metric *op; /* what one op is measured by: time, or kernel instructions */
	void *known;		 /* once they are not in order: a tree of their numbers (cell.c) */
	struct warnings warnings;
	char *differs; /* why none of its runs counts, ok as each may be for itself; or NULL */
};

/*
 * The index of a run; -1 if the cell has none such. Journals hold runs in order, so mostly nothing
 * is looked for.
 */
long cell_find_run(struct result_cell *cell, int boot, int run);

/* Appends a copy of one that it does not have; NULL without memory. */
struct result_run *cell_add_run(struct result_cell *cell, const struct result_run *run);

/* What an op of the cell is measured by; NULL if it has no ok run. cell may be NULL. */
const struct metric *cell_op(const struct result_cell *cell);

/* A value of one run; NaN if it has none. metric may be NULL. */
double run_value(const struct result_run *run, const struct metric *metric);

/* The mean of values, arithmetic or, of harmonic metrics, harmonic; NaN if there is none. */
double metric_mean(const struct metric *metric, const double *values, size_t n);

/* Whether all its runs, one at least, are skipped. cell may be NULL. */
bool cell_skipped(const struct result_cell *cell);

void cell_free(struct result_cell *cell);

/* Makes all its ok runs void, and forgets what it took from them. */
void cell_void(struct result_cell *cell);

/*
 * Why a cell's number is missing or rests on fewer runs ("skipped: ...", "2 of 8 runs left
 * out, the first void: ..."), malloc'ed; NULL if all its runs are ok.
 */
char *cell_trouble(const struct result_cell *cell);

/* The role of that name; NULL if the cell, which may be NULL, has none such. */
const struct result_role *cell_role(const struct result_cell *cell, const char *role);

/* Takes the rates and latencies of an ok run, by role. */
void roles_take(struct metrics *metrics, struct result_cell *cell, struct metric_from *from);

/* Takes the perf counters of an ok run, and what moved in its vmstat. */
void counters_take(struct metrics *metrics, struct result_cell *cell, struct metric_from *from);

/* What is known of a counter; NULL if none of the cell's runs, which may be NULL, has it. */
const struct result_counter *cell_counter(const struct result_cell *cell,
					  const struct metric *metric);

#endif
