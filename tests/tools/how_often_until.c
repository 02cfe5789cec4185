// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <math.h>
#include <stdio.h>

#include "analysis/compare/stopping.h"
#include "tests/tools/simulate.h"

#define SEED 20261127

static int next_unit(int units, int least)
{
	(void)least;
	return units + 1;
}

#define NR_TARGETS 5
#define MOST_RULES 8

struct found {
	double misses[NR_TARGETS], units[NR_TARGETS]; /* misses in % */
};

/* What is measured, and how it is compared. */
struct kind {
	const char *name, *units;
	int kernel; /* as for sequential_units() */
	bool apart; /* kernel 1 by itself as well; then their difference, by Welch's interval */
	int most;
	struct design design;
	int planned[NR_TARGETS]; /* targets are such that designs of so many units have them */
};

/* Whether the interval of a session misses the truth. */
static bool misses(const struct kind *kind, const struct sequential *rule,
		   const struct simulated *s, double target, double truth, int *ret_units)
{
	struct interval i;
	int other;

	*ret_units = sequential_units(rule, s, kind->kernel, kind->most, target);
	if (kind->apart) {
		other = sequential_units(rule, s, 1, kind->most, target);
		i = interval_apart(s->boots[0], (size_t)*ret_units, s->boots[1], (size_t)other);
	} else {
		i = sequential_interval(s, kind->kernel, *ret_units);
		i.log_ratio -= truth;
	}
	return interval_p(&i, 0, 0) < 1 - rule->reports;
}

static void play(const struct kind *kind, const struct sequential *rules, size_t nr,
		 const struct noise *of, int trials, struct found *ret)
{
	struct noise noise = sequential_noise(of, kind->most);
	struct simulated *s = simulate_new(&kind->design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double target[NR_TARGETS], truth = 0;
	int n, units;
	size_t t, r;

	for (t = 0; t < NR_TARGETS; t++)
		target[t] = sequential_target(&rules[nr - 1], &noise, kind->kernel, &kind->design,
					      kind->planned[t], &truth);
	gsl_rng_set(rng, SEED);
	for (n = 0; n < trials; n++) {
		simulate(s, &noise, 0, 1, rng);
		for (r = 0; r < nr; r++) {
			for (t = 0; t < NR_TARGETS; t++) {
				if (misses(kind, &rules[r], s, target[t], truth, &units))
					ret[r].misses[t] += 100.0 / trials;
				ret[r].units[t] += (double)units / trials;
			}
		}
	}
	gsl_rng_free(rng);
	simulate_free(s);
}

static void print_head(const struct kind *kind, const char *what)
{
	size_t t;

	printf("\n| %s: %s |", kind->name, what);
	for (t = 0; t < NR_TARGETS; t++)
		printf(" %d %s |", kind->planned[t], kind->units);
	printf("\n|---|---:|---:|---:|---:|---:|\n");
}

/* The worst of all noises, then each with the last rule, which is ours. */
static void print_kind(const struct kind *kind, struct sequential *rules, size_t nr, int trials)
{
	struct found worst[MOST_RULES] = {0}, all[NR_SIMULATE_NOISES][MOST_RULES] = {0};
	size_t k, r, t;

	for (r = 0; r < nr; r++)
		sequential_init(&rules[r]);
	for (k = 0; k < NR_SIMULATE_NOISES; k++) {
		/* Of one kernel, a drift is part of the truth. */
		if (kind->kernel >= 0 && simulate_noises[k].drift > 0)
			continue;
		play(kind, rules, nr, &simulate_noises[k], trials, all[k]);
		for (r = 0; r < nr; r++)
			for (t = 0; t < NR_TARGETS; t++)
				worst[r].misses[t] = fmax(worst[r].misses[t], all[k][r].misses[t]);
	}
	print_head(kind, "worst of all noises");
	for (r = 0; r < nr; r++) {
		printf("| %s |", rules[r].name);
		for (t = 0; t < NR_TARGETS; t++)
			printf(" %.1f |", worst[r].misses[t]);
		putchar('\n');
	}
	print_head(kind, "ours (and units made)");
	for (k = 0; k < NR_SIMULATE_NOISES; k++) {
		if (!(all[k][0].units[0] > 0))
			continue;
		printf("| %s |", simulate_noises[k].name);
		for (t = 0; t < NR_TARGETS; t++)
			printf(" %.1f (%.0f) |", all[k][nr - 1].misses[t], all[k][nr - 1].units[t]);
		putchar('\n');
	}
	fflush(stdout);
}

/* Rules in the order of struct sequential: the least number of units, when it looks again, the
 * confidence at which it stops, and the one it reports. */
static struct sequential of_boots[] = {
	{"4 at least, looks at each, 95 %", 4, next_unit, 0.95, 0.95, false, {0}},
	{"8 at least, looks at each, 95 %", 8, next_unit, 0.95, 0.95, false, {0}},
	{"16 at least, looks at each, 95 %", 16, next_unit, 0.95, 0.95, false, {0}},
	{"8 at least, 99 % to stop, 95 % reported", 8, next_unit, 0.99, 0.95, false, {0}},
	{"8, then at once all it takes, 95 %", 8, next_unit, 0.95, 0.95, true, {0}},
	{"4 at least, eighths, 98 %", 4, until_next, 0.98, 0.98, false, {0}},
	{"**8 at least, eighths, 97 %**",
	 UNTIL_BOOTS,
	 until_next,
	 UNTIL_CONFIDENCE,
	 UNTIL_CONFIDENCE,
	 false,
	 {0}},
};

static struct sequential of_runs[] = {
	{"4 at least, looks at each, 95 %", 4, next_unit, 0.95, 0.95, false, {0}},
	{"8 at least, eighths, 97 %", 8, until_next, 0.97, 0.97, false, {0}},
	{"**16 at least, eighths, 97 %**",
	 UNTIL_RUNS,
	 until_next,
	 UNTIL_CONFIDENCE,
	 UNTIL_CONFIDENCE,
	 false,
	 {0}},
};

#define NR_OF_BOOTS (sizeof(of_boots) / sizeof(of_boots[0]))
#define NR_OF_RUNS  (sizeof(of_runs) / sizeof(of_runs[0]))

void how_often_until(int trials)
{
	struct kind boots = {
		.name = "two kernels",
		.units = "boots",
		.kernel = SEQUENTIAL_BLOCKS,
		.most = UNTIL_MOST_BOOTS,
		.design = {UNTIL_MOST_BOOTS, 4, 5, false},
		.planned = {8, 12, 16, 24, 40},
	};
	struct kind runs = {
		.name = "one kernel",
		.units = "runs",
		.most = UNTIL_MOST_RUNS,
		.design = {UNTIL_MOST_RUNS, 1, 20, false},
		.planned = {12, 16, 24, 40, 80},
	};
	struct kind apart = runs;

	apart.name = "two kernels, a journal each";
	apart.apart = true;
	printf("\nUntil: the interval misses the truth, in %% of %d sessions\n", trials);
	print_kind(&boots, of_boots, NR_OF_BOOTS, trials);
	print_kind(&runs, of_runs, NR_OF_RUNS, trials);
	print_kind(&apart, of_runs, NR_OF_RUNS, trials);
}
