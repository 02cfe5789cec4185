// SPDX-License-Identifier: GPL-2.0-or-later
#include "analysis/compare/blocks.h"

#include <math.h>
#include <stdlib.h>

/* The units of both kernels, by boot. */
struct both {
	struct unit *of[2];
	size_t nr[2];
};

/* Puts the boots that both have first, in the same order; returns how many they are. */
static size_t shared_first(struct both *both)
{
	size_t at[2] = {0, 0}, nr = 0, i;
	struct unit lone;

	while (at[0] < both->nr[0] && at[1] < both->nr[1]) {
		if (both->of[0][at[0]].boot != both->of[1][at[1]].boot) {
			at[both->of[0][at[0]].boot > both->of[1][at[1]].boot]++;
			continue;
		}
		for (i = 0; i < 2; i++) {
			lone = both->of[i][nr];
			both->of[i][nr] = both->of[i][at[i]];
			both->of[i][at[i]++] = lone;
		}
		nr++;
	}
	return nr;
}

/* Did a boot of another block start between the two of this one? Not known: no. */
static bool torn(const struct both *both, size_t nr, size_t block)
{
	double first = fmin(both->of[0][block].from, both->of[1][block].from);
	double last = fmax(both->of[0][block].from, both->of[1][block].from);
	size_t i, k;

	for (i = 0; first > 0 && i < 2; i++)
		for (k = 0; k < nr; k++)
			if (both->of[i][k].from > first && both->of[i][k].from < last)
				return true;
	return false;
}

static bool in_turn(const struct both *both, size_t nr)
{
	size_t block, nr_torn = 0;

	for (block = 0; block < nr; block++)
		nr_torn += torn(both, nr, block);
	return nr && nr_torn <= nr / BLOCKS_TORN;
}

bool blocks_of(struct blocks *ret, const struct sequence s[2], const struct metric *metric)
{
	struct both both = {0};
	size_t shared = 0, i, k;
	bool ok = true;

	*ret = (struct blocks){.by_boot = s[0].boots > 1 && s[1].boots > 1};
	for (i = 0; i < 2; i++) {
		both.of[i] = calloc(s[i].nr + 1, sizeof(struct unit));
		ret->value[i] = calloc(s[i].nr + 1, sizeof(double));
		ok = ok && both.of[i] && ret->value[i];
		if (ok)
			both.nr[i] = sequence_units(&s[i], metric, ret->by_boot, both.of[i]);
	}
	if (ok && ret->by_boot)
		shared = shared_first(&both);
	ret->paired = in_turn(&both, shared);
	if (ret->paired)
		ret->left_out = both.nr[0] + both.nr[1] - 2 * shared;
	for (i = 0; ok && i < 2; i++) {
		ret->nr[i] = ret->paired ? shared : both.nr[i];
		for (k = 0; k < ret->nr[i]; k++)
			ret->value[i][k] = both.of[i][k].value;
	}
	free(both.of[0]);
	free(both.of[1]);
	return ok;
}

static bool have_logarithms(const struct blocks *b)
{
	size_t i, k;

	for (i = 0; i < 2; i++)
		for (k = 0; k < b->nr[i]; k++)
			if (!(b->value[i][k] > 0))
				return false;
	return true;
}

struct interval blocks_interval(const struct blocks *b)
{
	if (!have_logarithms(b))
		return b->paired
			       ? interval_paired_plain(b->value[0], b->value[1], b->nr[0])
			       : interval_apart_plain(b->value[0], b->nr[0], b->value[1], b->nr[1]);
	return b->paired ? interval_paired(b->value[0], b->value[1], b->nr[0])
			 : interval_apart(b->value[0], b->nr[0], b->value[1], b->nr[1]);
}

void blocks_free(struct blocks *b)
{
	free(b->value[0]);
	free(b->value[1]);
}
