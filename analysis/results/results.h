/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one or more journals say: kernels x points, a list of runs in each cell. Of a run's samples
 * only the summary is kept, so a journal may be much larger than memory. Only runs whose status is
 * ok ever enter a number.
 */
#ifndef ANALYSIS_RESULTS_RESULTS_H
#define ANALYSIS_RESULTS_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/metrics.h"
#include "common/hist.h"
#include "common/kernel_record.h"
#include "common/record.h"

#define RESULT_ROLES 4 /* that a contended point can have */

/* Texts about the data that a reader of the numbers must see; the tables print them. */
struct warnings {
	char **text;
	size_t nr;
};

struct result_run {
	int boot, run;
	enum run_status status;
	char *reason; /* NULL if ok */
	enum run_source source;
	size_t iterations;
	double *value; /* by metric->slot; NaN, or no longer there, if it has none */
	size_t nr_values;
	double units;	   /* how many of what it consists of an op has */
	double min, max;   /* of one op: ns, or its kernel instructions */
	double started;	   /* s since 1970; 0 if not known */
	bool vmstat;	   /* it is known what moved, and that nothing else did */
	bool verified;	   /* it is recorded what was asked for and what was seen */
	json_t *functions; /* exact: as in struct run_record; else NULL */
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
	bool user;		 /* the kernel's part was not to be counted */
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
	const struct metric *op; /* what one op is measured by: time, or kernel instructions */
	void *known;		 /* once they are not in order: a tree of their numbers (cell.c) */
	struct warnings warnings;
	char *differs; /* why none of its runs counts, ok as each may be for itself; or NULL */
};

struct result_kernel {
	char *label;
	json_t *machine;	    /* its first machine record, or NULL */
	struct kernel_record about; /* its last; empty if there is none */
	struct result_cell **cells; /* by point; NULL where there is no run */
	size_t nr_cells;
	bool mixed;   /* its machine records name different CPUs */
	size_t twice; /* runs of the journal being read that were there already */
};

struct results {
	enum run_source source;	       /* of all ok runs; unknown if there is none */
	struct result_kernel *kernels; /* in order of first appearance */
	size_t nr_kernels;
	json_t **points; /* likewise; bench, variant, parameters, place */
	size_t nr_points;
	json_t *index; /* canonical text of a point: its number */
	struct metrics metrics;
	json_t *bands;	  /* likewise: [low, high] (analysis/compare/bands.h) */
	json_t *states;	  /* folio states of the runs (analysis/results/folio_state.h) */
	double threshold; /* of the first plan that has one, a fraction; NaN */
	double until;	  /* likewise: how much was measured was left to the data (until.h); 0 */
	struct warnings warnings;
};

/*
 * Reads nr journals that make one section; sections.h has them of any. Prints one line and
 * returns false, *ret empty, if they make several, or one cannot be read, is of another schema
 * (file:line) or has no run in it. Runs that are there twice (kernel, boot, run, point) count once,
 * the first; that is one of the warnings. A point whose folio state differs between two kernels is
 * void on both (analysis/results/folio_state.h).
 */
bool results_load(struct results *ret, char *const *paths, size_t nr);

void results_free(struct results *results);

/* The cell of a kernel and a point, or NULL if no run of it was recorded. */
const struct result_cell *results_cell(const struct results *results, size_t kernel, size_t point);

/* Index of the kernel with that label, or -1. */
long results_kernel(const struct results *results, const char *label);

/* What an op of the point is measured by on the first kernel that has ok runs of it, or NULL. */
const struct metric *results_op(const struct results *results, size_t point);

/*
 * Is the run among those of the cell already? If not, it is from now on. Journals hold runs in
 * order, so mostly nothing is looked for.
 */
bool cell_has_run(struct result_cell *cell, int boot, int run);

/* Are the runs counts? */
bool results_exact(const struct results *results);

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

/* Appends a text. */
void warnings_add(struct warnings *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warnings_free(struct warnings *w);

#endif
