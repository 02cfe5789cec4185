// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/pairs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/units.h"
#include "analysis/stats/summary.h"

/* Of two sequences, which are walked side by side: has the other the boot of this run? */
static bool has_boot(const struct sequence *other, size_t *at, int boot)
{
	while (*at < other->nr && other->run[*at]->boot < boot)
		++*at;
	return *at < other->nr && other->run[*at]->boot == boot;
}

/* The ok runs of boots that the other has as well. */
static struct result_cell shared(const struct result_cell *cell, const struct sequence *own,
				 const struct sequence *other)
{
	struct result_cell some = {0};
	size_t i, at = 0;

	if (!cell)
		return some;
	some = *cell;
	some.nr = 0;
	some.runs = calloc(own->nr + 1, sizeof(*some.runs));
	for (i = 0; some.runs && i < own->nr; i++)
		if (has_boot(other, &at, own->run[i]->boot))
			some.runs[some.nr++] = *own->run[i];
	some.nr_ok = some.nr;
	return some;
}

void pair_cells(struct pair *ret, const struct result_cell *base, const struct result_cell *other)
{
	struct sequence s[2];

	sequence_of(&s[0], base);
	sequence_of(&s[1], other);
	*ret = (struct pair){.cell = {shared(base, &s[0], &s[1]), shared(other, &s[1], &s[0])}};
	ret->paired = ret->cell[0].nr > 0;
	if (!ret->paired) {
		pair_free(ret);
		ret->cell[0] = shared(base, &s[0], &s[0]);
		ret->cell[1] = shared(other, &s[1], &s[1]);
	}
	sequence_free(&s[0]);
	sequence_free(&s[1]);
}

void pair_free(struct pair *pair)
{
	free(pair->cell[0].runs);
	free(pair->cell[1].runs);
	*pair = (struct pair){0};
}

char *pair_lone(const struct result_cell *cell, const struct result_cell *other)
{
	struct sequence s[2];
	char *list = NULL;
	size_t i, at = 0, size;
	FILE *out = open_memstream(&list, &size);

	sequence_of(&s[0], cell);
	sequence_of(&s[1], other);
	for (i = 0; out && i < s[0].nr; i = sequence_end(&s[0], i, true))
		if (!has_boot(&s[1], &at, s[0].run[i]->boot))
			fprintf(out, "%s%d", ftell(out) ? ", " : "", s[0].run[i]->boot);
	if (out)
		fclose(out);
	sequence_free(&s[0]);
	sequence_free(&s[1]);
	if (list && *list)
		return list;
	free(list);
	return NULL;
}

static bool varies(const double *values, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (values[i] != values[0])
			return true;
	return false;
}

double pair_at_most_all(double end)
{
	return end < -1 ? -1 : end;
}

void pair_judge(const double *base, const double *other, size_t n, struct difference *ret)
{
	struct stats_paired p = stats_paired(base, other, n, PAIRS_CONFIDENCE);
	double mean = fabs(stats_mean(base, n)), half;

	ret->change = p.mean == 0 ? 0 : p.mean / mean;
	ret->change_sd = p.sd == 0 ? 0 : p.sd / mean;
	half = p.half == 0 ? 0 : p.half / mean;
	ret->low = pair_at_most_all(ret->change - half);
	ret->high = pair_at_most_all(ret->change + half);
	ret->boots = n;
	ret->varies = varies(base, n) || varies(other, n);
	if (n < 2)
		ret->outcome = n ? OUTCOME_ONE_BOOT : OUTCOME_NOT_PAIRED;
	else if (fabs(p.mean) + p.half <= PAIRS_RESOLUTION * mean)
		ret->outcome = OUTCOME_SAME;
	else if (fabs(p.mean) <= p.half || fabs(p.mean) < PAIRS_RESOLUTION * mean ||
		 (ret->varies && n < PAIRS_VARY))
		ret->outcome = OUTCOME_OPEN;
	else
		ret->outcome = p.mean < 0 ? OUTCOME_LESS : OUTCOME_MORE;
}

void pair_difference(const struct pair *pair, const struct metric *metric, struct difference *ret)
{
	size_t n[2] = {0}, i, boots;
	double *values[2];

	*ret = (struct difference){.change = NAN, .change_sd = NAN, .low = NAN, .high = NAN};
	for (i = 0; i < 2; i++) {
		boots = cell_boots(&pair->cell[i]);
		values[i] = calloc(pair->cell[i].nr + 1, sizeof(double));
		ret->mean[i] = cell_mean(&pair->cell[i], metric);
		ret->rel_sd[i] = boots > 1 ? cell_rel_sd(&pair->cell[i], metric) : NAN;
		if (values[i] && boots > 1)
			n[i] = cell_units(&pair->cell[i], metric, values[i]);
		else if (values[i] && boots == 1 && !isnan(ret->mean[i]))
			values[i][n[i]++] = ret->mean[i];
	}
	if (cell_boots(&pair->cell[0]) && cell_boots(&pair->cell[1]) &&
	    isnan(ret->mean[0]) != isnan(ret->mean[1]))
		ret->outcome = OUTCOME_ONE_SIDED;
	else if (pair->paired && n[0] == n[1] && n[0] == cell_boots(&pair->cell[0]))
		pair_judge(values[0], values[1], n[0], ret);
	free(values[0]);
	free(values[1]);
}

bool pair_decides(const struct difference *d)
{
	return !d->varies || d->boots >= PAIRS_VARY || d->outcome == OUTCOME_SAME;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {"not paired",   "one has it",    "one boot",
					    "inconclusive", "no difference", "less",
					    "more"};

	return names[outcome];
}
