/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the variances of several points, each estimated from a few values, say of each other: an
 * empirical Bayes estimate (Smyth, Statistical Applications in Genetics and Molecular Biology 3,
 * 2004, 3), in which points that a boot moves together count as what they are, less than as many.
 */
#ifndef ANALYSIS_STATS_MODERATED_H
#define ANALYSIS_STATS_MODERATED_H

#include <stdbool.h>
#include <stddef.h>

#define MODERATED_POINTS  5    /* fewer have nothing in common that could be seen, */
#define MODERATED_VALUES  6    /* nor have points of fewer values; */
#define MODERATED_ENOUGH  64   /* those of more know their variance */
#define MODERATED_OUTLIER 0.01 /* p, two-sided, at which a point's variance is one of its own */
#define MODERATED_DOUBT	  2    /* variances differ by so many standard errors more than is seen */

struct moderated {
	double prior;	 /* the variance that points have in common, */
	double prior_df; /* and how much it is worth; INFINITY: they are all one */
	double most_df;	 /* what all together come to */
	double df;	 /* of one point */
	double apart[2]; /* variances below and above stand for themselves */
};

/*
 * points rows of n deviations from their mean each, [point * n + i]; rows of zeros have no part in
 * it. False if there is nothing in common: too few points or values, too many, or no memory.
 */
bool moderated_of(struct moderated *ret, const double *deviations, size_t points, size_t n);

/* The variance of a point, whose own is that; *ret_df is what it is worth. */
double moderated_variance(const struct moderated *m, double own, double *ret_df);

#endif
