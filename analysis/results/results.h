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

#include "analysis/results/boots.h"
#include "analysis/results/cell.h"
#include "analysis/results/metrics.h"
#include "common/kernel_record.h"

struct result_kernel {
	char *label;
	json_t *machine;	    /* its first machine record, or NULL */
	struct kernel_record about; /* its last; empty if there is none */
	struct result_cell **cells; /* by point; NULL where there is no run */
	size_t nr_cells;
	json_t *varied;	   /* {fact: [value of the first boot, of one that has another]}, or NULL */
	const char *mixed; /* what its machine records have several of: "machines", "kernels"; or
			      NULL */
	char *given_up;	   /* why no more boots of it were tried; NULL: they were */
	size_t planned;	   /* runs of each point that its plan wants; 0 if not known */
	size_t twice;	   /* runs of the journal being read that were there already */
};

struct results {
	enum run_source source;	       /* of all ok runs; unknown if there is none */
	struct result_kernel *kernels; /* in order of first appearance */
	size_t nr_kernels;
	json_t **points; /* likewise; bench, variant, parameters, place */
	size_t nr_points;
	json_t *index;	  /* canonical text of a point: its number */
	json_t *commands; /* {text: words} of the command lines behind journals of which runs count
			   */
	struct boots boots;
	struct metrics metrics;
	json_t *bands;	   /* likewise: [low, high] (analysis/compare/bands.h) */
	json_t *states;	   /* folio states of the runs (analysis/results/folio_state.h) */
	char *caches;	   /* that the first modelled run has a model of (common/caches/model.h) */
	bool other_caches; /* others have a model of others, which are left out */
	double threshold;  /* of the first plan that has one, a fraction; NaN */
	double until;	   /* likewise: how much was measured was left to the data (until.h); 0 */
	struct warnings warnings;
};

/*
 * Reads nr journals that make one section; sections.h has them of any. Prints one line and
 * returns false, *ret empty, if they make several, or one cannot be read, is of another schema
 * (file:line) or has no run in it, or if one boot has two results of a run. Runs that are there
 * twice count once, the first; that is one of the warnings. Boots are told apart as boots.h says. A
 * point whose folio state differs between two kernels is void on both
 * (analysis/results/folio_state.h).
 */
bool results_load(struct results *ret, char *const *paths, size_t nr);

void results_free(struct results *results);

/* The cell of a kernel and a point, or NULL if no run of it was recorded. */
const struct result_cell *results_cell(const struct results *results, size_t kernel, size_t point);

/* Index of the kernel with that label, or -1. */
long results_kernel(const struct results *results, const char *label);

/* What an op of the point is measured by on the first kernel that has ok runs of it, or NULL. */
const struct metric *results_op(const struct results *results, size_t point);

/* Are the runs counts? */
bool results_exact(const struct results *results);

/* Whether a kernel's boots were schedules: of a counting guest with several vCPUs. */
bool results_scheduled(const struct results *r, size_t kernel);

#endif
