/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Quantiles of the beta distribution, of which shares and medians are made.
 */
#ifndef ANALYSIS_STATS_BETA_H
#define ANALYSIS_STATS_BETA_H

/* Where the distribution function of beta(a, b) is p; gsl_cdf_beta_Pinv() aborts for some of them.
 */
double beta_quantile(double p, double a, double b);

#endif
