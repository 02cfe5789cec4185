/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What else the runs behind a comparison show. Each finding is a value that stays with its point;
 * none of them changes a number, and no run is left out because of one.
 */
#ifndef ANALYSIS_COMPARE_DIAGNOSE_H
#define ANALYSIS_COMPARE_DIAGNOSE_H

#include <stddef.h>

#include "analysis/compare/units.h"

enum diagnosis_kind {
	DIAGNOSIS_DRIFT,	   /* value: change over the session, a fraction */
	DIAGNOSIS_BIMODAL,	   /* how far apart the two groups of runs are, a fraction */
	DIAGNOSIS_FIRST_RUN,	   /* the first run of a boot against the others, a fraction */
	DIAGNOSIS_OUTLIERS,	   /* number of runs; they are kept */
	DIAGNOSIS_UNVERIFIED,	   /* number of runs */
	DIAGNOSIS_LEFT_OUT,	   /* number of runs that are not ok */
	DIAGNOSIS_NOT_INTERLEAVED, /* 0 */
	DIAGNOSIS_ONE_BOOT,	   /* 0 */
	DIAGNOSIS_UNTIL,	   /* the width at which no more was measured, a fraction */
	DIAGNOSIS_BAND,		   /* how far for the worse the point moves anyway, a fraction */
	DIAGNOSIS_DESIGN,	   /* 0: the sides have other numbers of runs or iterations */
	DIAGNOSIS_RANKS,	   /* p of Mann-Whitney's test, which disagrees */
	DIAGNOSIS_NOTE,		   /* 0: what the harness or the journal says */
};

struct diagnosis {
	enum diagnosis_kind kind;
	const char *label; /* of the kernel, borrowed; NULL: of both */
	double value;
	char *text;
};

/* A list; zero it to start. */
struct diagnoses {
	struct diagnosis *of;
	size_t nr;
};

/* "drift" and so on, as in JSON. */
const char *diagnosis_name(enum diagnosis_kind kind);

void diagnoses_add(struct diagnoses *list, enum diagnosis_kind kind, const char *label,
		   double value, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void diagnoses_free(struct diagnoses *list);

/*
 * Adds what the ok runs of both kernels show of a metric. Times are of both together, each relative
 * to its own mean:
 * - drift: the slope over time of boot means (of runs where there are fewer than 4 boots), about
 *   the mean times of their kernel as well (trend.h), differs from 0 at DIAGNOSE_ALPHA, by
 *   DIAGNOSE_LEAST or more over the session;
 * - first run: that of each boot against the mean of the boot's others, paired t test likewise;
 * and of each kernel:
 * - bimodality: two groups of runs, DIAGNOSE_LEAST or more apart, explain more of their variance
 *   than diagnose_two_groups_limit();
 * - outliers: a modified z-score (Iglewicz, Hoaglin, How to Detect and Handle Outliers, 1993)
 * beyond diagnose_outlying() of the boots, or of the runs of one boot; their fixed 3.5 is exceeded
 * in 14 to 28 % of points without any. What is not further apart than grain, the resolution of a
 * latency, is not.
 */
#define DIAGNOSE_ALPHA 0.01
#define DIAGNOSE_APART 0.1 /* of a drift that is in the difference, over all points of a check */
#define DIAGNOSE_LEAST 0.005
void diagnose(struct diagnoses *list, const char *const label[2], const struct sequence s[2],
	      const struct metric *metric, double grain);

/* The sum of squares between two groups of at least 2, cut where it is largest, over all of it. */
double diagnose_two_groups(const double *sorted, size_t n, size_t *ret_cut);

/*
 * What diagnose_two_groups() gives of n normal values in DIAGNOSE_ALPHA of cases, from n = 8 on (a
 * fit to 40000 samples of each of 8 .. 512), but no less than evenly spread values come to.
 */
double diagnose_two_groups_limit(size_t n);

/*
 * The modified z-score that the farthest of n normal values exceeds in half of DIAGNOSE_ALPHA of
 * cases, n at least 8: what the normal distribution has, times what the median distance of so few
 * varies by (a fit to 40000 samples of each of 8 .. 512).
 */
double diagnose_outlying(size_t n);

#endif
