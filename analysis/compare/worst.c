// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/worst.h"

#include "analysis/compare/pairs.h"

enum verdict worst_of(const struct results *r, size_t base, size_t other, double limit,
		      size_t *ret_point, double *ret_change)
{
	const struct result_cell *a, *b;
	enum verdict worst = VERDICT_SKIPPED;
	size_t p, unknown = 0, compared = 0, open = 0;
	struct difference d;
	struct pair pair;

	*ret_point = 0;
	*ret_change = 0;
	for (p = 0; p < r->nr_points; p++) {
		a = results_cell(r, base, p);
		b = results_cell(r, other, p);
		if (cell_skipped(a) && cell_skipped(b))
			continue;
		pair_cells(&pair, a, b);
		pair_difference(&pair, cell_op(a), &d);
		pair_free(&pair);
		if (d.outcome <= OUTCOME_ONE_BOOT) {
			unknown++;
			*ret_point = worst == VERDICT_REGRESSION ? *ret_point : p;
			continue;
		}
		compared++;
		if (d.outcome != OUTCOME_MORE || d.change < limit) {
			if (d.high < limit && pair_decides(&d))
				continue;
			open++;
			*ret_point = worst == VERDICT_REGRESSION || unknown ? *ret_point : p;
			continue;
		}
		if (d.change <= *ret_change)
			continue;
		worst = VERDICT_REGRESSION;
		*ret_point = p;
		*ret_change = d.change;
	}
	if (worst == VERDICT_REGRESSION)
		return worst;
	if (unknown || !compared)
		return VERDICT_SKIPPED;
	return open ? VERDICT_INCONCLUSIVE : VERDICT_OK;
}
