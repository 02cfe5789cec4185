// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/change.h"

#include <math.h>

#include "analysis/compare/blocks.h"
#include "analysis/compare/confidence.h"
#include "analysis/compare/pairs.h"

static struct change of_pairs(const struct result_cell *const cell[2], const struct metric *metric)
{
	struct difference d;
	struct pair pair;

	pair_cells(&pair, cell[0], cell[1]);
	pair_difference(&pair, metric, &d);
	pair_free(&pair);
	return (struct change){d.change, d.low, d.high};
}

struct change change_of(const struct results *results, const struct result_cell *const cell[2],
			const struct metric *metric)
{
	double nominal = until_nominal(results);
	struct change c = {NAN, NAN, NAN};
	struct sequence s[2];
	struct interval i;
	struct blocks b;

	if (metric_repeats(metric))
		return of_pairs(cell, metric);
	sequence_of(&s[0], cell[0]);
	sequence_of(&s[1], cell[1]);
	if (blocks_of(&b, s, metric, false) && !b.hosts[0] && b.nr[0] && b.nr[1]) {
		i = blocks_interval(&b);
		c = (struct change){interval_change(&i), interval_low(&i, nominal),
				    interval_high(&i, nominal)};
	}
	blocks_free(&b);
	sequence_free(&s[0]);
	sequence_free(&s[1]);
	return c;
}
