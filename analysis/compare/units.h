/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The units of inference of a cell: boot means (of run means) where it has more than one boot, else
 * run means. Whoever prints, judges, plots or exports them takes them from here. Only runs that are
 * ok are in them. All of it takes time linear in the runs, if these are in the order of boots and
 * runs, as a journal has them; else they are sorted first.
 */
#ifndef ANALYSIS_COMPARE_UNITS_H
#define ANALYSIS_COMPARE_UNITS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

struct unit {
	int boot, run;	  /* run: -1 if it is a boot */
	double value;	  /* mean over its runs that have one */
	const char *host; /* that it was on, of several; NULL: not known, there is one */
	double from, to;  /* when its first and last run started, s since 1970; 0 if not known */
};

/* The ok runs of a cell in their order, borrowed from it. */
struct sequence {
	const struct result_run **run; /* by boot, then by run */
	size_t nr;
	size_t boots;
	double *level; /* of sequences_level(): what the value of each run is divided by; NULL: 1 */
};

/* The cell may be NULL. */
void sequence_of(struct sequence *ret, const struct result_cell *cell);
void sequence_free(struct sequence *s);

/* The value of its nth run, by its level; NaN if it has none. */
double sequence_value(const struct sequence *s, size_t n, const struct metric *metric);

/*
 * Of two kernels that several hosts ran both, where these are compared within each: takes what
 * hosts differ by out of the values, so that what is looked for in them is not a host. All levels
 * have a geometric mean of 1. Nothing where there is one host, or a value without a logarithm.
 */
void sequences_level(struct sequence s[2], const struct metric *metric);

/* Did the run start its boot? */
bool sequence_starts_boot(const struct sequence *s, size_t run);

/* Where the unit that starts with that run ends: the run after its last. */
size_t sequence_end(const struct sequence *s, size_t run, bool by_boot);

/*
 * Values of boots, or of runs. units has room for s->nr; returns how many
 * there are: those without a value are left out.
 */
size_t sequence_units(const struct sequence *s, const struct metric *metric, bool by_boot,
		      struct unit *units);

/* The same without those whose value the metric has not (metric_has()): 0, which has no logarithm.
 */
size_t sequence_units_had(const struct sequence *s, const struct metric *metric, bool by_boot,
			  struct unit *units);

/*
 * When units of two kernels were measured, s, the middle of each, into at[] (room for nr[]). Where
 * a pause between the kernels is longer than both took, it is not known what went on meanwhile, and
 * the time of each is that since its own first. Returns how long the longest such time is; NaN if
 * of a unit it is not known.
 */
double units_times(const struct unit *const units[2], const size_t nr[2], double *const at[2]);

/*
 * The units of inference of a cell. units has room for cell->nr_ok values; returns how many there
 * are. cell and metric may be NULL: there are none.
 */
size_t cell_units(const struct result_cell *cell, const struct metric *metric, double *units);

/* Mean over the units; NaN if there is none. */
double cell_mean(const struct result_cell *cell, const struct metric *metric);

/* Sample standard deviation over the units relative to their mean, a fraction; NaN for n < 2. */
double cell_rel_sd(const struct result_cell *cell, const struct metric *metric);

/* Boots with an ok run. */
size_t cell_boots(const struct result_cell *cell);

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

#endif
