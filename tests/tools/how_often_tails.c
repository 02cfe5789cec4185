// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/verdict.h"
#include "tests/tools/made.h"
#include "tests/tools/simulate.h"

#define SEED 20261129
#define OVER 1.5 /* the true change, in thresholds */

/* Of one boot the verdict is of its runs. */
static const struct design designs[] = {
	{4, 4, 20, false},  {8, 4, 20, false},	 {16, 4, 20, false},
	{32, 4, 20, false}, {1, 256, 20, false},
};
#define NR_DESIGNS (sizeof(designs) / sizeof(designs[0]))

/* In percent of sessions. */
struct found {
	double held; /* the interval has the true ratio in it */
	double ok;   /* a change of the threshold is ruled out */
	double seen; /* kernel 1 has something slow */
	double ok_seen;
};

static void take(struct found *ret, const struct check *check, double truth, bool seen, double each)
{
	const struct check_row *row = &check->rows[0];
	bool ok = row->verdict == VERDICT_OK;

	ret->held += each * (row->low <= truth && truth <= row->high);
	ret->ok += each * ok;
	ret->seen += each * seen;
	ret->ok_seen += each * (ok && seen);
}

static void play(const struct noise *noise, const struct design *design, int trials,
		 struct found *ret)
{
	double effect = noise->mode_after ? 0 : 0.03, truth = simulate_truth(noise, effect) - 1;
	struct simulated *s = simulate_new(design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct check check;
	struct made m;
	int n;

	made_init(&m, 1, design);
	gsl_rng_set(rng, SEED);
	*ret = (struct found){0};
	for (n = 0; n < trials; n++) {
		simulate(s, noise, effect, 1e6, rng);
		made_fill(&m, 0, s);
		check = (struct check){.results = &m.results,
				       .threshold = truth / OVER,
				       .by_run = design->boots == 1};
		if (!check_make(&check))
			abort();
		take(ret, &check, truth, s->slow[1] > 0, 100.0 / trials);
		check_free(&check);
	}
	made_free(&m);
	gsl_rng_free(rng);
	simulate_free(s);
}

void how_often_tails(int trials)
{
	struct found found;
	size_t k, c;

	printf("\n| slow runs and boots: held, seen, ok, seen and ok |");
	for (c = 0; c < NR_DESIGNS; c++)
		printf(" %d boot%s x %d |", designs[c].boots, designs[c].boots == 1 ? "" : "s",
		       designs[c].runs);
	printf("\n|---|---:|---:|---:|---:|---:|\n");
	for (k = 0; k < NR_SIMULATE_TAILS; k++) {
		printf("| %s, %+.3g %% |", simulate_tails[k].name,
		       100 * simulate_truth(&simulate_tails[k],
					    simulate_tails[k].mode_after ? 0 : 0.03) -
			       100);
		for (c = 0; c < NR_DESIGNS; c++) {
			if (designs[c].boots == 1 && simulate_tails[k].mode_boots > 0) {
				printf(" |");
				continue;
			}
			play(&simulate_tails[k], &designs[c], trials, &found);
			printf(" %.1f, %.1f, %.1f, %.1f |", found.held, found.seen, found.ok,
			       found.ok_seen);
		}
		putchar('\n');
		fflush(stdout);
	}
}
