// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/beta.h"

#include <gsl/gsl_cdf.h>

#define HALVINGS 50

double beta_quantile(double p, double a, double b)
{
	double low = 0, high = 1, middle;
	int i;

	for (i = 0; i < HALVINGS; i++) {
		middle = (low + high) / 2;
		if (gsl_cdf_beta_P(middle, a, b) < p)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}
