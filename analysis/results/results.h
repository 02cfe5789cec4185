/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one or more journals say: kernels x points, a list of runs in each cell. Of a run's samples
 * only the summary is kept, so a journal may be much larger than memory.
 *
 * The unit of inference is the boot mean (mean of its run means) where a cell has more than one
 * boot, else the run mean. Only runs whose status is ok ever enter a number.
 */
#ifndef ANALYSIS_RESULTS_RESULTS_H
#define ANALYSIS_RESULTS_RESULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/fault_path.h"
#include "common/hist.h"
#include "common/insn_class.h"
#include "common/record.h"

#define RESULT_SIDES 4 /* roles a contended point can have */

/* What exact runs count beside the op's kernel instructions: the groups of its instructions, and */
enum figure {
	FIGURE_USER = NR_INSN_GROUPS, /* instructions in user space */
	FIGURE_INTERRUPT,	      /* instructions of interrupts that came during the op */
	NR_FIGURES
};

/* In place of a side: one op, its time or, exact, its kernel instructions; or one of the figures.
 */
#define RESULT_OP	 (-1)
#define RESULT_WORK	 (-2) /* one op's time, summed over its workers */
#define RESULT_FIGURE(f) (RESULT_SIDES + (int)(f))
/* In place of a side: quantile q (an index of result_quantiles) of its latencies, ns. */
#define RESULT_LATENCY(side, q) \
	(RESULT_SIDES + NR_FIGURES + RESULT_QUANTILES * (int)(side) + (int)(q))

/* Of the latencies of one run: the median and the 99th percentile. */
#define RESULT_QUANTILES 2
extern const double result_quantiles[RESULT_QUANTILES];

/* Texts about the data that a reader of the numbers must see; the tables print them. */
struct warnings {
	char **text;
	size_t nr;
};

struct result_run {
	int boot, run;
	enum run_status status;
	char *reason;	    /* NULL if ok */
	const char *source; /* timed | emulated | exact; NULL unless ok */
	size_t iterations;
	double mean, min, max;	   /* of one op: ns, or its kernel instructions */
	double work;		   /* mean of one op, summed over its workers */
	double rate[RESULT_SIDES]; /* ops/s of each side of the cell; NaN if the run has it not */
	double figure[NR_FIGURES]; /* of one op, mean; NaN if the run has no counts */
	double latency[RESULT_SIDES][RESULT_QUANTILES]; /* ns; NaN if the run has none */
	double started;					/* s since 1970; 0 if not known */
	bool verified;	   /* it is recorded what was asked for and what was seen */
	json_t *functions; /* exact: as in struct run_record; else NULL */
	json_t *state;	   /* likewise; NULL in journals that do not have it */
};

/* One role of a contended point. */
struct result_side {
	char *role;
	int workers;
	struct hist latency; /* of all ok runs, merged */
};

struct result_cell {
	struct result_run *runs; /* in the order of the journals */
	size_t nr;
	size_t nr_ok;
	char *source; /* of the ok runs: timed | emulated (if one is) | exact; else NULL */
	bool mixed;   /* not of all */
	char *per;    /* as in struct run_record, likewise */
	double per_count;
	struct result_side *sides; /* roles that have workers */
	unsigned int nr_sides;
	int last_boot, last_run; /* the latest of the runs */
	struct fault_path path;	 /* of all ok runs */
	struct warnings warnings;
	char *differs; /* why none of its runs counts, ok as each may be for itself; or NULL */
};

struct result_kernel {
	char *label;
	json_t *machine;	    /* its first machine record, or NULL */
	json_t *about;		    /* its last kernel record, or NULL */
	struct result_cell **cells; /* by point; NULL where there is no run */
	size_t nr_cells;
	bool mixed;	   /* its machine records name different CPUs */
	bool exact, timed; /* has such ok runs, timed ones being all that are not exact */
	size_t twice;	   /* runs of the journal being read that were there already */
};

struct results {
	struct result_kernel *kernels; /* in order of first appearance */
	size_t nr_kernels;
	json_t **points; /* likewise; bench, variant, parameters, place */
	size_t nr_points;
	json_t *index;	  /* canonical text of a point: its number */
	json_t *bands;	  /* likewise: [low, high] (analysis/compare/bands.h) */
	double threshold; /* of the first plan that has one, a fraction; NaN */
	double until;	  /* likewise: how much was measured was left to the data (until.h); 0 */
	struct warnings warnings;
};

/*
 * Reads nr journals. Prints one line and returns false, *ret empty, if one cannot be read, is of
 * another schema (file:line) or has no run in it. Runs that are there twice (kernel, boot, run,
 * point) count once, the first; that is one of the warnings. A point whose folio state differs
 * between two kernels is void on both (analysis/results/folio_state.h).
 */
bool results_load(struct results *ret, char *const *paths, size_t nr);

void results_free(struct results *results);

/* The cell of a kernel and a point, or NULL if no run of it was recorded. */
const struct result_cell *results_cell(const struct results *results, size_t kernel, size_t point);

/* Index of the kernel with that label, or -1. */
long results_kernel(const struct results *results, const char *label);

/*
 * Are the results exact counts? Prints one line and returns false, *ret untouched, if there are
 * both counts and times.
 */
bool results_exact(const struct results *results, bool *ret);

/* A value of one run: of one op, a side, a figure or a latency. */
double run_value(const struct result_run *run, int side);

/*
 * The units of inference of a cell: of one op (side RESULT_OP or RESULT_FIGURE(f)) or ops/s of a
 * side. units has room for cell->nr_ok values; returns how many there are. cell may be NULL.
 */
size_t cell_units(const struct result_cell *cell, int side, double *units);

/* Mean over the units; NaN if there is none. */
double cell_mean(const struct result_cell *cell, int side);

/* Sample standard deviation over the units relative to their mean, a fraction; NaN for n < 2. */
double cell_rel_sd(const struct result_cell *cell, int side);

/* Whether all its runs, one at least, are skipped. cell may be NULL. */
bool cell_skipped(const struct result_cell *cell);

/* Boots with an ok run. */
size_t cell_boots(const struct result_cell *cell);

/* How much the sum over the iterations of that run, which is ok, weighs in the cell's mean. */
double cell_weight(const struct result_cell *cell, const struct result_run *run);

/* ok boots, ok runs a boot and iterations a run behind some cells, as ranges. Zero it to start. */
struct basis {
	size_t cells;
	size_t boots[2], runs[2], iterations[2]; /* least, most */
};

void basis_add(struct basis *basis, const struct result_cell *cell);

/* "1 boot x 8 runs x 100 iterations", "2-3 boots x ..." */
#define BASIS_TEXT 128
const char *basis_text(const struct basis *basis, char text[BASIS_TEXT]);

/* What the units of inference are means of: "run", "boot", or how it differs from cell to cell. */
const char *basis_unit(const struct basis *basis);

void cell_free(struct result_cell *cell);

/* Makes all its ok runs void, and forgets what it took from them. */
void cell_void(struct result_cell *cell);

/*
 * Why a cell's number is missing or rests on fewer runs ("skipped: ...", "2 of 8 runs left
 * out, the first void: ..."), malloc'ed; NULL if all its runs are ok.
 */
char *cell_trouble(const struct result_cell *cell);

/* The side of that role, or -1: cells may number them differently. The cell may be NULL. */
int cell_side(const struct result_cell *cell, const char *role);

/* Takes the rates and latencies of an ok run, by role. */
void sides_take(struct result_cell *cell, struct result_run *run, const struct run_record *rec);

/* Reads a run's counts into its figures, and takes its functions. */
void figures_take(struct result_run *run, const struct run_record *rec);

/* Appends a text. */
void warnings_add(struct warnings *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void warnings_free(struct warnings *w);

#endif
