// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/how_often.h"

#include <math.h>
#include <stdio.h>

#include "analysis/compare/check.h"
#include "analysis/stats/power.h"
#include "tests/tools/simulate.h"

#define SEED	  20261121
#define THRESHOLD CHECK_THRESHOLD
#define ALPHA	  (1 - INTERVAL_CONFIDENCE)
#define MOST	  256 /* boots of what is promised */

static const int boot_counts[] = {4, 5, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* What a pilot of so many boots, of one kernel as two, is asked. */
struct promise {
	const char *title;
	enum power_claim claim;
	double effect; /* NaN: the smallest that as many boots find */
};

static const struct promise promises[] = {
	{"the smallest change that as many boots call a regression", POWER_BEYOND, NAN},
	{"boots until a change of 3 % is called a regression", POWER_BEYOND, 0.03},
	{"boots until a change of 5 % is called a regression", POWER_BEYOND, 0.05},
	{"boots until no change is called ok", POWER_OK, 0},
};

static bool is_kept(const struct promise *p, const struct simulated *s, size_t boots)
{
	struct interval i = interval_paired(s->boots[0], s->boots[1], boots);

	if (p->claim == POWER_OK)
		return interval_rules_out(&i, THRESHOLD, 1, INTERVAL_CONFIDENCE);
	return interval_low(&i, INTERVAL_CONFIDENCE) > THRESHOLD;
}

/* What a pilot promises: an effect and how many boots show it. */
static size_t promised(const struct promise *p, struct power *power, const struct interval *pilot,
		       double *ret_effect)
{
	double noise = interval_noise(pilot), bound = log1p(THRESHOLD), far;
	size_t units;

	*ret_effect = p->effect;
	if (isnan(p->effect)) {
		*ret_effect = expm1(bound + power_far(power, (size_t)pilot->n) * noise);
		return (size_t)pilot->n;
	}
	far = p->claim == POWER_OK ? bound : log1p(p->effect) - bound;
	units = power_units(power, far / noise, INTERVAL_UNITS);
	return units && units < MOST ? units : MOST;
}

/* In percent of sessions; *ret_boots: the mean of what was promised. */
static double kept(const struct promise *p, const struct noise *noise, int boots, int trials,
		   double *ret_boots)
{
	struct power power = {{p->claim, true, ALPHA, boots - 1, 0}, {0}};
	struct design small = {boots, 4, 20, false}, large = {MOST, 4, 20, false};
	struct simulated *first = simulate_new(&small), *s = simulate_new(&large);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct noise long_noise = sequential_noise(noise, MOST);
	double effect, n = 0;
	struct interval pilot;
	size_t units;
	int i;

	*ret_boots = 0;
	gsl_rng_set(rng, SEED);
	for (i = 0; i < trials; i++) {
		simulate(first, noise, 0, 1e6, rng);
		pilot = interval_paired(first->boots[0], first->boots[1], (size_t)boots);
		units = promised(p, &power, &pilot, &effect);
		*ret_boots += (double)units / trials;
		simulate_boots(s, &long_noise, effect, (int)units, rng);
		n += is_kept(p, s, units);
	}
	gsl_rng_free(rng);
	simulate_free(first);
	simulate_free(s);
	return 100 * n / trials;
}

static void print_kept(const struct promise *p, const struct noise *noise, int trials)
{
	double boots, share;
	size_t c;

	printf("| %s |", noise->name);
	for (c = 0; c < NR_COUNTS; c++) {
		share = kept(p, noise, boot_counts[c], trials, &boots);
		if (isnan(p->effect))
			printf(" %.1f |", share);
		else
			printf(" %.1f (%.0f) |", share, boots);
	}
	putchar('\n');
	fflush(stdout);
}

/* Of one kernel as two there is no slow mode of one alone. */
static void print_promise(const struct promise *p, int trials)
{
	size_t k, c;

	printf("\n| %s |", p->title);
	for (c = 0; c < NR_COUNTS; c++)
		printf(" %d boots |", boot_counts[c]);
	printf("\n|---|---:|---:|---:|---:|\n");
	for (k = 0; k < NR_SIMULATE_NOISES; k++)
		print_kept(p, &simulate_noises[k], trials);
	for (k = 0; k < NR_SIMULATE_TAILS; k++)
		if (!simulate_tails[k].mode_after)
			print_kept(p, &simulate_tails[k], trials);
}

void how_often_power(int trials)
{
	size_t i;

	printf("\nPromised for 80 %% by pilots of so many boots, and kept in %% of %d sessions "
	       "(with so many boots)\n",
	       trials);
	for (i = 0; i < sizeof(promises) / sizeof(promises[0]); i++)
		print_promise(&promises[i], trials);
}
