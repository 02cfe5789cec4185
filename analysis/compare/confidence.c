// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/confidence.h"

#include "analysis/stats/interval.h"

double until_nominal(const struct results *results)
{
	return results->until > 0 ? UNTIL_CONFIDENCE : INTERVAL_CONFIDENCE;
}
