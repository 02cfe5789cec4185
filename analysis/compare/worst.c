// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/worst.h"

#include "analysis/compare/pairs.h"

enum worst worst_of(const struct results *r, size_t base, size_t other, double limit,
		    size_t *ret_point, double *ret_change)
{
	const struct result_cell *a, *b;
	enum worst worst = WORST_UNKNOWN;
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
		if (d.verdict == VERDICT_NOT_PAIRED || d.verdict == VERDICT_ONE_BOOT) {
			unknown++;
			*ret_point = worst == WORST_THERE ? *ret_point : p;
			continue;
		}
		compared++;
		if (d.verdict != VERDICT_MORE || d.change < limit) {
			if (d.change + d.change_half < limit)
				continue;
			open++;
			*ret_point = worst == WORST_THERE || unknown ? *ret_point : p;
			continue;
		}
		if (d.change <= *ret_change)
			continue;
		worst = WORST_THERE;
		*ret_point = p;
		*ret_change = d.change;
	}
	if (worst == WORST_THERE)
		return worst;
	if (unknown || !compared)
		return WORST_UNKNOWN;
	return open ? WORST_OPEN : WORST_NOWHERE;
}
