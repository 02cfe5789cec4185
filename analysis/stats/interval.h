/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much one kernel differs from another, with an interval. The effect is the ratio of arithmetic
 * means, which is what users pay for. It is estimated as its logarithm, whose error is, to first
 * order, that of the values as shares of their means (the delta method: Casella, Berger,
 * Statistical Inference, 2002, 5.5.4), so an interval never reaches below -100 %, and few values
 * far from the others are in it as they are in the mean. docs/verdicts.md shows how often each
 * method is right, and why these were chosen.
 */
#ifndef ANALYSIS_STATS_INTERVAL_H
#define ANALYSIS_STATS_INTERVAL_H

#include <stdbool.h>
#include <stddef.h>

#define INTERVAL_CONFIDENCE 0.95
#define INTERVAL_UNITS	    4 /* fewer a side make no verdict */

/* An estimate of log(other / base), or of other - base, that follows Student's distribution. */
struct interval {
	double log_ratio; /* or the difference */
	double se;	  /* its standard error */
	double df;	  /* degrees of freedom of se; 0 if there is no interval */
	double n;	  /* units a side, as power_*() take them */
	bool plain;	  /* it is the difference */
	double base;	  /* of a difference: the base's mean, to which it is relative */
	/* Of samples one after the other: what a trend that both have adds to log_ratio when it is
	   taken out, and of that sum as above. Ends and p are then the worse of both. */
	double steady, steady_se, steady_df;
};

/*
 * Of n blocks, each with one unit of either kernel: the t interval of the ratio of means, its error
 * from the differences of both as shares of their mean, df n - 1. All values must be above 0. df is
 * 0 for n < 2.
 */
struct interval interval_paired(const double *base, const double *other, size_t n);

/*
 * Of n units of one kernel: the t interval of their mean, with 1 as the base, so that
 * interval_low()
 * + 1 and interval_high() + 1 are the ends for the mean itself, which always lies between them. All
 * values must be above 0. df is 0 for n < 2.
 */
struct interval interval_mean(const double *values, size_t n);

/*
 * Of units that do not belong together: Welch's interval (Biometrika 34, 1947) of the same. df is 0
 * if either side has fewer than 2.
 */
struct interval interval_apart(const double *base, size_t nr_base, const double *other,
			       size_t nr_other);

/*
 * The same of what may be 0 or below, of which there are no logarithms: t intervals of the mean
 * difference and of the difference of means, relative to the size of the base's mean, which is
 * taken as known. Where that is 0, any change is infinite.
 */
struct interval interval_paired_plain(const double *base, const double *other, size_t n);
struct interval interval_apart_plain(const double *base, size_t nr_base, const double *other,
				     size_t nr_other);

/* And of the mean itself, with 1 as the base likewise. */
struct interval interval_mean_plain(const double *values, size_t n);

/* The estimate: other / base - 1, so that 0.01 is 1 % more. */
double interval_change(const struct interval *i);

/* What the difference of one unit a side varies by, as power_*() take it, and the df of that. */
double interval_noise(const struct interval *i);
double interval_df(const struct interval *i);

/* The ends of the interval, likewise; NaN if there is none. */
double interval_low(const struct interval *i, double confidence);
double interval_high(const struct interval *i, double confidence);

/*
 * Two-sided p of the hypothesis that the change is within low .. high (low <= 0 <= high): how
 * likely an estimate so far outside would be if it were at that end. 1 if the estimate is inside or
 * has no interval.
 */
double interval_p(const struct interval *i, double low, double high);

/*
 * Is a true change of that bound or more (way 1), or less (-1), ruled out? If it is, at
 * RULES_OUT_ALPHA, one-sided, and one RULES_OUT_FAR times as large at RULES_OUT_FAR_ALPHA; nominal:
 * the confidence that is INTERVAL_CONFIDENCE in truth (confidence.h). False without an interval.
 */
#define RULES_OUT_ALPHA	    0.1
#define RULES_OUT_FAR	    1.5
#define RULES_OUT_FAR_ALPHA 0.01
bool interval_rules_out(const struct interval *i, double bound, int way, double nominal);

/* Holm's step-down adjustment (Scandinavian Journal of Statistics 6, 1979) of nr p, in place. */
void interval_holm(double *p, size_t nr);

/*
 * Two-sided p of the Mann-Whitney U test: exact up to MANN_WHITNEY_EXACT values in all without
 * ties, else by the normal approximation with corrections for ties and continuity (Hollander,
 * Wolfe, Chicken, Nonparametric Statistical Methods, 2014, 4.1). NaN if either side is empty.
 */
#define MANN_WHITNEY_EXACT 60
double mann_whitney(const double *base, size_t nr_base, const double *other, size_t nr_other);

/*
 * Two-sided p of Wilcoxon's signed-rank test that n differences are as often below 0 as above
 * (Biometrics Bulletin 1, 1945); those of 0 are left out. Exact up to SIGNED_RANK_EXACT of them
 * without ties, else by the normal approximation with corrections for ties and continuity
 * (Hollander, Wolfe, Chicken, 3.1). NaN for n of 0. It is never below 2^(1 - n).
 */
#define SIGNED_RANK_EXACT 60
double signed_rank(const double *differences, size_t n);

#endif
