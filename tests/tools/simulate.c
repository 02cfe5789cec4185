// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/tools/simulate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "common/plan.h"

#define SLOT_S 100.0 /* a boot */

const struct noise simulate_noises[NR_SIMULATE_NOISES] = {
	{.name = "boots differ", .boot = 0.01, .run = 0.005, .iteration = 0.02},
	{.name = "only runs differ", .boot = 0, .run = 0.01, .iteration = 0.02},
	{.name = "drift of 5 %", .boot = 0.01, .run = 0.005, .iteration = 0.02, .drift = 0.05},
	{.name = "3 of 10 runs 10 % slower",
	 .boot = 0.005,
	 .run = 0.005,
	 .iteration = 0.02,
	 .mode_runs = 0.3,
	 .mode = 0.1},
	{.name = "half of the boots 2 % slower",
	 .boot = 0.01,
	 .run = 0.005,
	 .iteration = 0.02,
	 .mode_boots = 0.5,
	 .mode = 0.02},
	{.name = "heavy tails (t, 4 df)",
	 .boot = 0.01,
	 .run = 0.005,
	 .iteration = 0.02,
	 .tails = 4},
	{.name = "drift, slow runs and tails",
	 .boot = 0.01,
	 .run = 0.005,
	 .iteration = 0.02,
	 .drift = 0.03,
	 .mode_runs = 0.2,
	 .mode = 0.05,
	 .tails = 5},
	{.name = "half of the boots 10 % slower",
	 .boot = 0.005,
	 .run = 0.005,
	 .iteration = 0.02,
	 .mode_boots = 0.5,
	 .mode = 0.1},
};

#define RARE  .boot = 0.01, .run = 0.005, .iteration = 0.02
#define QUIET .boot = 0.001, .run = 0.001, .iteration = 0.005

const struct noise simulate_tails[NR_SIMULATE_TAILS] = {
	{.name = "2 % of runs 8 x", RARE, .mode_runs = 0.02, .mode = 7, .mode_after = true},
	{.name = "5 % of runs 4 x", RARE, .mode_runs = 0.05, .mode = 3, .mode_after = true},
	{.name = "1 boot in 5 +50 %", RARE, .mode_boots = 0.2, .mode = 0.5, .mode_after = true},
	{.name = "0.1 % of iterations 100 x",
	 RARE,
	 .mode_iterations = 0.001,
	 .mode = 99,
	 .mode_after = true},
	{.name = "0.5 % of iterations 20 x",
	 RARE,
	 .mode_iterations = 0.005,
	 .mode = 19,
	 .mode_after = true},
	{.name = "3 % of iterations 4 x",
	 RARE,
	 .mode_iterations = 0.03,
	 .mode = 3,
	 .mode_after = true},
	{.name = "15 % of runs +10 %", QUIET, .mode_runs = 0.15, .mode = 0.1, .mode_after = true},
	{.name = "1 boot in 5 +10 %", QUIET, .mode_boots = 0.2, .mode = 0.1, .mode_after = true},
	{.name = "2 % of runs 8 x, both", RARE, .mode_runs = 0.02, .mode = 7},
	{.name = "5 % of runs 4 x, both", RARE, .mode_runs = 0.05, .mode = 3},
	{.name = "1 boot in 5 +50 %, both", RARE, .mode_boots = 0.2, .mode = 0.5},
	{.name = "0.5 % of iterations 20 x, both", RARE, .mode_iterations = 0.005, .mode = 19},
	{.name = "15 % of runs +10 %, both", QUIET, .mode_runs = 0.15, .mode = 0.1},
};

double simulate_truth(const struct noise *noise, double effect)
{
	double share = noise->mode_runs + noise->mode_boots + noise->mode_iterations;

	return (1 + effect) * (noise->mode_after ? 1 + share * noise->mode : 1);
}

struct simulated *simulate_new(const struct design *design)
{
	size_t runs = (size_t)(design->boots * design->runs), k;
	struct simulated *s = calloc(1, sizeof(*s));

	s->design = *design;
	s->sign = calloc((size_t)design->boots, sizeof(double));
	for (k = 0; k < 2; k++) {
		s->samples[k] = calloc(runs * (size_t)design->iterations, sizeof(double));
		s->runs[k] = calloc(runs, sizeof(double));
		s->boots[k] = calloc((size_t)design->boots, sizeof(double));
		s->started[k] = calloc(runs, sizeof(double));
		s->shared[k] = calloc((size_t)design->boots, sizeof(double));
		s->lost[k] = calloc(runs, sizeof(enum lost));
	}
	return s;
}

void simulate_free(struct simulated *s)
{
	size_t k;

	for (k = 0; k < 2; k++) {
		free(s->samples[k]);
		free(s->runs[k]);
		free(s->boots[k]);
		free(s->started[k]);
		free(s->shared[k]);
		free(s->lost[k]);
	}
	free(s->sign);
	free(s);
}

/* Noise of standard deviation sd; with tails it is as wide where most of it is. */
static double draw(const struct noise *noise, double sd, gsl_rng *rng)
{
	return noise->tails > 0 ? sd * gsl_ran_tdist(rng, noise->tails) : gsl_ran_gaussian(rng, sd);
}

static double draw_mode(struct simulated *s, const struct noise *noise, int kernel, double share,
			gsl_rng *rng)
{
	if ((noise->mode_after && !kernel) || !(share > 0) || gsl_rng_uniform(rng) >= share)
		return 0;
	s->slow[kernel]++;
	return log1p(noise->mode);
}

/* The runs of one boot, which starts when this share of the session is over. */
static void draw_boot(struct simulated *s, const struct noise *noise, int kernel, int boot,
		      double level, int slot, gsl_rng *rng)
{
	int slots = 2 * s->design.boots, runs = s->design.runs, n = s->design.iterations, r, i;
	double at, log_run, sum_runs = 0, sum, value;

	level += s->shared[kernel][boot] + draw(noise, noise->boot, rng) +
		 draw_mode(s, noise, kernel, noise->mode_boots, rng);
	for (r = 0; r < runs; r++) {
		at = (slot + (r + 0.5) / runs) / slots;
		log_run = level + noise->drift * at + draw(noise, noise->run, rng) +
			  draw_mode(s, noise, kernel, noise->mode_runs, rng) +
			  (r ? 0 : log1p(noise->first_run));
		for (sum = 0, i = 0; i < n; i++) {
			value = exp(log_run + draw(noise, noise->iteration, rng) +
				    draw_mode(s, noise, kernel, noise->mode_iterations, rng));
			s->samples[kernel][(boot * runs + r) * n + i] = value;
			sum += value;
		}
		s->runs[kernel][boot * runs + r] = sum / n;
		s->started[kernel][boot * runs + r] = 1.7e9 + at * slots * SLOT_S;
		sum_runs += sum / n;
	}
	s->boots[kernel][boot] = sum_runs / runs;
}

void simulate_shared(struct simulated *s, const struct noise *noise, gsl_rng *rng)
{
	int kernel, boot;

	for (boot = 0; noise->shared > 0 && boot < s->design.boots; boot++)
		for (kernel = 0; kernel < 2; kernel++)
			s->shared[kernel][boot] = draw(noise, noise->shared, rng);
}

static void draw_boots(struct simulated *s, const struct noise *noise, double effect, double mean,
		       int boots, gsl_rng *rng)
{
	struct plan plan = {.seed = (int)gsl_rng_uniform_int(rng, 1000)};
	int boot, kernel, place;

	s->slow[0] = s->slow[1] = 0;
	for (boot = 0; boot < boots; boot++) {
		for (place = 0; place < 2; place++) {
			kernel = (int)plan_kernel(&plan, 2, boot, (size_t)place);
			if (!place)
				s->sign[boot] = kernel ? -1 : 1;
			draw_boot(s, noise, kernel, boot, log(mean) + (kernel ? log1p(effect) : 0),
				  s->design.sequential ? kernel * s->design.boots + boot
						       : 2 * boot + place,
				  rng);
		}
	}
}

void simulate(struct simulated *s, const struct noise *noise, double effect, double mean,
	      gsl_rng *rng)
{
	draw_boots(s, noise, effect, mean, s->design.boots, rng);
}

void simulate_boots(struct simulated *s, const struct noise *noise, double effect, int boots,
		    gsl_rng *rng)
{
	draw_boots(s, noise, effect, 1, boots, rng);
}

void sequential_init(struct sequential *rule)
{
	int n;

	for (n = 2; n <= SEQUENTIAL_MOST; n++)
		rule->quantile[n] = gsl_cdf_tdist_Pinv((1 + rule->stops) / 2, n - 1);
}

struct interval sequential_interval(const struct simulated *s, int kernel, int units)
{
	return kernel < 0 ? interval_paired(s->boots[0], s->boots[1], (size_t)units)
			  : interval_mean(s->boots[kernel], (size_t)units);
}

int sequential_units(const struct sequential *rule, const struct simulated *s, int kernel, int most,
		     double target)
{
	struct interval i;
	double half, all;
	int n = rule->least;

	while (n < most) {
		i = sequential_interval(s, kernel, n);
		half = rule->quantile[n] * i.se;
		if (half <= target)
			return n;
		all = ceil(n * (half / target) * (half / target));
		if (rule->two_stages)
			return all < most ? (int)all : most;
		n = rule->next(n, rule->least);
	}
	return most;
}

double sequential_target(const struct sequential *rule, const struct noise *noise, int kernel,
			 const struct design *design, int units, double *ret_truth)
{
	enum {
		PILOTS = 400
	};
	struct simulated *s = simulate_new(design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double variance = 0, mean = 0;
	struct interval i;
	int n;

	gsl_rng_set(rng, 7);
	for (n = 0; n < PILOTS; n++) {
		simulate(s, noise, 0, 1, rng);
		i = sequential_interval(s, kernel, design->boots);
		variance += i.se * i.se * design->boots / PILOTS;
		mean += i.log_ratio / PILOTS;
	}
	gsl_rng_free(rng);
	simulate_free(s);
	*ret_truth = kernel < 0 ? 0 : mean;
	return rule->quantile[units] * sqrt(variance / units);
}

struct noise sequential_noise(const struct noise *noise, int units)
{
	struct noise ret = *noise;

	ret.drift *= units / 16.0;
	return ret;
}
