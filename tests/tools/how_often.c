// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: how-often [TRIALS [PART]]
 *
 * How often each way to compare two kernels is right, on simulated sessions whose truth is known:
 * the tables of docs/results/how-often.md, as Markdown. TRIALS sessions (10000) stand behind each
 * figure. PART: only those of single rows (found), promises (power), 20 rows at once (rows), rare
 * slow runs (tails), sequential rules (until), whole checks (checks), histories of releases
 * (history), lost runs (lost), or counts with modes (counts).
 */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stats/interval.h"
#include "analysis/stats/summary.h"
#include "tests/tools/how_often.h"
#include "tests/tools/simulate.h"

#define RESAMPLES 400
#define ALPHA	  (1 - INTERVAL_CONFIDENCE)
#define SEED	  20261120

static const int boot_counts[] = {4, 5, 8, 16};
#define NR_COUNTS (sizeof(boot_counts) / sizeof(boot_counts[0]))

/* Says whether it finds a difference; rng for those that resample. */
typedef bool method_fn(const struct simulated *s, gsl_rng *rng);

static bool paired_t(const struct simulated *s, gsl_rng *rng)
{
	struct interval i = interval_paired(s->boots[0], s->boots[1], (size_t)s->design.boots);

	(void)rng;
	return interval_p(&i, 0, 0) < ALPHA;
}

static bool welch(const double *base, const double *other, int n)
{
	struct interval i = interval_apart(base, (size_t)n, other, (size_t)n);

	return interval_p(&i, 0, 0) < ALPHA;
}

static bool boot_welch(const struct simulated *s, gsl_rng *rng)
{
	(void)rng;
	return welch(s->boots[0], s->boots[1], s->design.boots);
}

static bool run_welch(const struct simulated *s, gsl_rng *rng)
{
	(void)rng;
	return welch(s->runs[0], s->runs[1], s->design.boots * s->design.runs);
}

static void log_ratios(const struct simulated *s, double *d)
{
	int i;

	for (i = 0; i < s->design.boots; i++)
		d[i] = log(s->boots[1][i] / s->boots[0][i]);
}

/* Paired, with the effect of being first taken out: one degree of freedom less. */
static bool crossover_t(const struct simulated *s, gsl_rng *rng)
{
	double d[64], sums[2] = {0}, n[2] = {0}, squares = 0, mean, se;
	int i, g;

	(void)rng;
	log_ratios(s, d);
	for (i = 0; i < s->design.boots; i++) {
		g = s->sign[i] > 0;
		sums[g] += d[i];
		n[g]++;
	}
	for (i = 0; i < s->design.boots; i++) {
		g = s->sign[i] > 0;
		squares += (d[i] - sums[g] / n[g]) * (d[i] - sums[g] / n[g]);
	}
	mean = (sums[0] / n[0] + sums[1] / n[1]) / 2;
	se = sqrt(squares / (s->design.boots - 2) * (1 / n[0] + 1 / n[1])) / 2;
	return fabs(mean) > se * gsl_cdf_tdist_Qinv(ALPHA / 2, s->design.boots - 2);
}

/* Does the percentile interval of resampled effects leave out 0? */
static bool percentile(double *effects)
{
	stats_sort(effects, RESAMPLES);
	return stats_quantile(effects, RESAMPLES, ALPHA / 2) > 0 ||
	       stats_quantile(effects, RESAMPLES, 1 - ALPHA / 2) < 0;
}

static bool block_bootstrap(const struct simulated *s, gsl_rng *rng)
{
	double d[64], effects[RESAMPLES] = {0};
	int b, i, n = s->design.boots;

	log_ratios(s, d);
	for (b = 0; b < RESAMPLES; b++)
		for (i = 0; i < n; i++)
			effects[b] += d[gsl_rng_uniform_int(rng, (unsigned long)n)];
	return percentile(effects);
}

/* Boots are drawn, and runs within each of them. */
static bool hierarchical_bootstrap(const struct simulated *s, gsl_rng *rng)
{
	int b, k, i, r, runs = s->design.runs, boot;
	double effects[RESAMPLES], sum[2];

	for (b = 0; b < RESAMPLES; b++) {
		for (k = 0; k < 2; k++) {
			sum[k] = 0;
			for (i = 0; i < s->design.boots; i++) {
				boot = (int)gsl_rng_uniform_int(rng,
								(unsigned long)s->design.boots);
				for (r = 0; r < runs; r++)
					sum[k] += s->runs[k][boot * runs +
							     (int)gsl_rng_uniform_int(
								     rng, (unsigned long)runs)];
			}
		}
		effects[b] = log(sum[1] / sum[0]);
	}
	return percentile(effects);
}

/* The share of sign changes of the blocks' differences with at least this mean. */
static bool sign_permutation(const struct simulated *s, gsl_rng *rng)
{
	int n = s->design.boots, all = 1 << (n < 10 ? n : 10), b, i;
	double d[64], sum, seen = 0;
	unsigned long signs;
	int as_far = 0;

	log_ratios(s, d);
	for (i = 0; i < n; i++)
		seen += d[i];
	for (b = 0; b < all; b++) {
		signs = n <= 10 || !b ? (unsigned long)b : gsl_rng_get(rng);
		for (sum = 0, i = 0; i < n; i++)
			sum += signs >> i & 1 ? -d[i] : d[i];
		as_far += fabs(sum) >= fabs(seen) - 1e-12;
	}
	return (double)as_far / all < ALPHA;
}

/* The same of shuffled labels, not in blocks. */
static bool label_permutation(const struct simulated *s, gsl_rng *rng)
{
	int n = s->design.boots, b, i, k, as_far = 0;
	double all[128], sum, seen = 0, swap;

	for (i = 0; i < 2 * n; i++) {
		all[i] = log(s->boots[i / n][i % n]);
		seen += i < n ? -all[i] : all[i];
	}
	for (b = 0; b < RESAMPLES; b++) {
		for (sum = 0, i = 2 * n - 1; i >= 0; i--) {
			k = (int)gsl_rng_uniform_int(rng, (unsigned long)i + 1);
			swap = all[k];
			all[k] = all[i];
			all[i] = swap;
			sum += i < n ? -all[i] : all[i];
		}
		as_far += fabs(sum) >= fabs(seen) - 1e-12;
	}
	return (as_far + 1.0) / (RESAMPLES + 1.0) < ALPHA;
}

static bool no_overlap(const struct simulated *s, gsl_rng *rng)
{
	size_t n = (size_t)(s->design.boots * s->design.runs);

	(void)rng;
	return fabs(stats_mean(s->runs[1], n) - stats_mean(s->runs[0], n)) >
	       2 * (stats_sd(s->runs[0], n) + stats_sd(s->runs[1], n));
}

static bool fastpath(const struct simulated *s, gsl_rng *rng)
{
	(void)rng;
	return !how_often_overlap(s);
}

static size_t all_iterations(const struct simulated *s)
{
	return (size_t)(s->design.boots * s->design.runs * s->design.iterations);
}

static bool pooled_mann_whitney(const struct simulated *s, gsl_rng *rng)
{
	size_t n = all_iterations(s);

	(void)rng;
	return mann_whitney(s->samples[0], n, s->samples[1], n) < ALPHA;
}

/* Stat.pm's calc_welch_test(), on all iterations. */
static bool mmtests(const struct simulated *s, gsl_rng *rng)
{
	struct stats_group group[2];
	size_t n = all_iterations(s), k;

	(void)rng;
	for (k = 0; k < 2; k++)
		group[k] = (struct stats_group){stats_mean(s->samples[k], n),
						stats_sd(s->samples[k], n), n};
	return stats_welch(group[0], group[1], ALPHA);
}

static bool run_mann_whitney(const struct simulated *s, gsl_rng *rng)
{
	size_t n = (size_t)(s->design.boots * s->design.runs);

	(void)rng;
	return mann_whitney(s->runs[0], n, s->runs[1], n) < ALPHA;
}

/* Of sorted values without those that StatSummary leaves out: the least, the middle, the most. */
struct lkp {
	double min, middle, max;
};

static struct lkp lkp_of(const double *values, size_t n)
{
	size_t margin = n >> 5 < 3 ? n >> 5 : 3, left = n - 2 * margin;
	double sorted[64];

	memcpy(sorted, values, n * sizeof(*sorted));
	stats_sort(sorted, n);
	return (struct lkp){sorted[margin], sorted[margin + left / 2], sorted[n - 1 - margin]};
}

/* lkp-tests, lib/stats.rb and lib/changed_stat.rb, as `compare` calls it, on run means. */
static bool lkp(const struct simulated *s, gsl_rng *rng)
{
	size_t n = (size_t)(s->design.boots * s->design.runs);
	struct lkp a = lkp_of(s->runs[0], n), b = lkp_of(s->runs[1], n);

	(void)rng;
	return (b.min > a.middle && b.middle > a.max) || (a.min > b.middle && a.middle > b.max);
}

static bool boot_mann_whitney(const struct simulated *s, gsl_rng *rng)
{
	size_t n = (size_t)s->design.boots;

	(void)rng;
	return mann_whitney(s->boots[0], n, s->boots[1], n) < ALPHA;
}

static const struct {
	const char *name;
	method_fn *finds;
} methods[] = {
	{"**paired t on boots**", paired_t},
	{"Welch's t on boots", boot_welch},
	{"t on boots, order as covariate", crossover_t},
	{"bootstrap of blocks", block_bootstrap},
	{"hierarchical bootstrap", hierarchical_bootstrap},
	{"permutation of signs", sign_permutation},
	{"permutation of labels", label_permutation},
	{"Mann-Whitney on boots", boot_mann_whitney},
	{"Welch's t on runs", run_welch},
	{"mean +- 2 stdev do not overlap", no_overlap},
	{"LKP: ranges of runs, each beside the other's middle", lkp},
	{"benchstat: Mann-Whitney on runs", run_mann_whitney},
	{"Fastpath: 95 % intervals of runs do not overlap", fastpath},
	{"Mann-Whitney, all iterations", pooled_mann_whitney},
	{"MMTests: Welch, all iterations", mmtests},
};
#define NR_METHODS (sizeof(methods) / sizeof(methods[0]))

/* In percent, how often each method finds a difference. */
static void found(const struct noise *noise, int boots, double effect, int trials,
		  double ret[NR_METHODS])
{
	struct design design = {.boots = boots, .runs = 4, .iterations = 20};
	struct simulated *s = simulate_new(&design);
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	size_t m;
	int i;

	gsl_rng_set(rng, SEED);
	memset(ret, 0, NR_METHODS * sizeof(*ret));
	for (i = 0; i < trials; i++) {
		simulate(s, noise, effect, 1e6, rng);
		for (m = 0; m < NR_METHODS; m++)
			ret[m] += methods[m].finds(s, rng) ? 100.0 / trials : 0;
	}
	gsl_rng_free(rng);
	simulate_free(s);
}

/* A table for each of the first noises: the share of sessions in which a difference is found. */
static void print_found(double effect, size_t nr_noises, int trials)
{
	double share[NR_COUNTS][NR_METHODS];
	size_t k, c, m;

	for (k = 0; k < nr_noises; k++) {
		for (c = 0; c < NR_COUNTS; c++)
			found(&simulate_noises[k], boot_counts[c], effect, trials, share[c]);
		printf("\n| %s |", simulate_noises[k].name);
		for (c = 0; c < NR_COUNTS; c++)
			printf(" %d boots |", boot_counts[c]);
		printf("\n|---|---:|---:|---:|---:|\n");
		for (m = 0; m < NR_METHODS; m++) {
			printf("| %s |", methods[m].name);
			for (c = 0; c < NR_COUNTS; c++)
				printf(" %.1f |", share[c][m]);
			putchar('\n');
		}
		fflush(stdout);
	}
}

static void how_often_found(int trials)
{
	printf("False alarms: a difference is found though there is none, in %% of %d sessions\n",
	       trials);
	print_found(0, NR_SIMULATE_NOISES, trials);
	printf("\nPower: a true difference of 2 %% is found, in %% of %d sessions\n", trials);
	print_found(0.02, 3, trials);
}

static const struct {
	const char *name;
	void (*print)(int trials);
} parts[] = {
	{"found", how_often_found},	{"power", how_often_power}, {"rows", how_often_rows},
	{"tails", how_often_tails},	{"until", how_often_until}, {"checks", how_often_checks},
	{"history", how_often_history}, {"lost", how_often_lost},   {"counts", how_often_counts},
};

int main(int argc, char **argv)
{
	int trials = argc > 1 ? atoi(argv[1]) : 10000, nr = 0;
	size_t i;

	if (trials < 1)
		return 2;
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (argc > 2 && strcmp(argv[2], parts[i].name))
			continue;
		parts[i].print(trials);
		nr++;
	}
	return nr ? 0 : 2;
}
