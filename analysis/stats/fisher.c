// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/stats/fisher.h"

#include <gsl/gsl_cdf.h>

double fisher_more(const size_t failed[2], const size_t trials[2])
{
	size_t failures = failed[0] + failed[1], rest = trials[0] + trials[1] - failures;

	if (!failed[1] || !trials[0])
		return 1;
	return gsl_cdf_hypergeometric_Q((unsigned int)failed[1] - 1, (unsigned int)failures,
					(unsigned int)rest, (unsigned int)trials[1]);
}
