/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two kernels whose boots come in pairs: boot k of both has the same memory size and seeds
 * (perturbation k), so what these do to a count is in both, and falls out of their difference.
 */
#ifndef ANALYSIS_COMPARE_PAIRS_H
#define ANALYSIS_COMPARE_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results/results.h"

#define PAIRS_CONFIDENCE 0.99
#define PAIRS_VARY	 5	/* boots that a mark, or ok, takes where a count varies */
#define PAIRS_RESOLUTION 0.0002 /* of the base: what exact mode resolves; less is no difference */

struct pair {
	struct result_cell
		cell[2]; /* base and other, only ok runs, by boot; borrowed but for runs */
	bool paired;	 /* only boots that both have; else there is none, and all are in */
};

/* Zeroed by pair_free(). Either cell may be NULL. */
void pair_cells(struct pair *ret, const struct result_cell *base, const struct result_cell *other);
void pair_free(struct pair *pair);

/* The ok boots of a cell that the other has not, "3, 4", malloc'ed; NULL if there is none. */
char *pair_lone(const struct result_cell *cell, const struct result_cell *other);

/* What two kernels' counts show; whether that is good is a verdict's to say (check.h). */
enum outcome {
	OUTCOME_NOT_PAIRED, /* nothing to compare with */
	OUTCOME_ONE_SIDED,  /* one of them has no such value */
	OUTCOME_ONE_BOOT,   /* no interval, as of those before it */
	OUTCOME_OPEN,	    /* neither of the following is shown */
	OUTCOME_SAME,
	OUTCOME_LESS,
	OUTCOME_MORE,
};

/* One value of both; NaN for what is not there. */
struct difference {
	double mean[2], rel_sd[2]; /* over boots */
	double change, change_sd;  /* mean and sd of the paired differences, to the base's mean */
	double low, high;	   /* the interval of that mean; nothing falls by more than all */
	size_t boots;		   /* that both have */
	bool varies;		   /* either count, from boot to boot */
	enum outcome outcome;
};

/*
 * Compares a metric of a pair; the one place that says what the words mean. OUTCOME_LESS or _MORE
 * if the confidence interval of the mean difference (stats_paired(), PAIRS_CONFIDENCE) leaves out 0
 * and that mean is at least PAIRS_RESOLUTION of the base's; where a count varies from boot to boot
 * this takes PAIRS_VARY boots, because a count may have a few modes, and fewer boots often meet
 * but one. OUTCOME_SAME if the whole interval is within that resolution. Else OUTCOME_OPEN.
 */
void pair_difference(const struct pair *pair, const struct metric *metric, struct difference *ret);

/* The same of n pairs of numbers; ret->mean and rel_sd are left alone. */
void pair_judge(const double *base, const double *other, size_t n, struct difference *ret);

/*
 * An end of an interval, of counts, which are not below 0: what is cut off covers nothing, so the
 * rest covers the change as often as the whole did.
 */
double pair_at_most_all(double end);

/* Are there as many boots as a verdict takes: PAIRS_VARY, or fewer that show no difference? */
bool pair_decides(const struct difference *d);

/* "no difference" and so on. */
const char *outcome_name(enum outcome outcome);

#endif
