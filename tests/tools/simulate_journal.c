// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: simulate-journal [NAME=VALUE...] >JOURNAL
 *
 * A journal of two kernels, `base` and `after`, whose true ratio is known. Numbers, relative ones
 * as fractions: points, boots, runs, iterations; effect, of `affected` points (all); the noise of
 * simulate.h by the names of its fields; mean (ns); seed. With kernel=0 or 1 the journal holds one
 * of the two, with exact=1 the numbers are counts. With states=N each run says its folio state, one
 * of N that do not contradict each other; with reversed=1 the last boot comes first in the journal;
 * with sequential=1 one kernel was measured after the other. With hosts=N boot k was on host k
 * modulo N at the same time as the others, each of which is slower by the mean than the one before;
 * with apart=1 `after` was on the next one.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tools/simulate.h"

struct wanted {
	double points, affected, boots, runs, iterations, effect, mean, seed, kernel;
	double exact, states, reversed, sequential, hosts, apart;
	struct noise noise;
};

static int take_word(struct wanted *w, const char *word)
{
	const struct {
		const char *name;
		double *value;
	} names[] = {
		{"points", &w->points},
		{"affected", &w->affected},
		{"boots", &w->boots},
		{"runs", &w->runs},
		{"iterations", &w->iterations},
		{"effect", &w->effect},
		{"mean", &w->mean},
		{"seed", &w->seed},
		{"kernel", &w->kernel},
		{"exact", &w->exact},
		{"states", &w->states},
		{"reversed", &w->reversed},
		{"sequential", &w->sequential},
		{"hosts", &w->hosts},
		{"apart", &w->apart},
		{"boot", &w->noise.boot},
		{"run", &w->noise.run},
		{"iteration", &w->noise.iteration},
		{"drift", &w->noise.drift},
		{"mode_boots", &w->noise.mode_boots},
		{"mode_runs", &w->noise.mode_runs},
		{"mode_iterations", &w->noise.mode_iterations},
		{"mode", &w->noise.mode},
		{"tails", &w->noise.tails},
		{"first_run", &w->noise.first_run},
		{"shared", &w->noise.shared},
	};
	size_t i, len = strcspn(word, "=");

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (word[len] && !strncmp(names[i].name, word, len) && !names[i].name[len]) {
			*names[i].value = atof(word + len + 1);
			return 1;
		}
	}
	fprintf(stderr, "simulate-journal: %s: not a number that can be set\n", word);
	return 0;
}

static void put_point(int point)
{
	printf("{\"bench\":\"fork\",\"variant\":\"fork\",\"size\":%ld,\"order\":0,\"place\":"
	       "\"core\"}",
	       (point + 1L) << 20);
}

static void put_plan(const struct wanted *w)
{
	int i;

	printf("{\"type\":\"plan\",\"schema\":1,\"name\":\"simulated\",\"runs\":%d,\"boots\":%d,"
	       "\"seed\":1,\"counters\":[],\"kernels\":[\"base\",\"after\"],\"points\":[",
	       (int)w->runs, (int)w->boots);
	for (i = 0; i < (int)w->points; i++) {
		printf("%s{\"point\":", i ? "," : "");
		put_point(i);
		printf(",\"iterations\":%d,\"warmup\":1,\"time_limit_s\":120}", (int)w->iterations);
	}
	printf("]}\n");
}

/* Mostly order-9; how much of it is small differs by a share too small to be a contradiction. */
static void put_state(long nr, long states)
{
	long small = 4 * (nr % states);

	printf(",\"state\":{\"before\":{},\"after\":{\"order-9 PMD\":%ld,\"small PTE\":%ld}}",
	       128 * states - small, small);
}

/* The host of a boot. */
static int host_of(const struct wanted *w, int kernel, int boot)
{
	return (boot + (w->apart > 0 ? kernel : 0)) % (int)w->hosts;
}

static void put_machine(const struct wanted *w, int kernel, int boot)
{
	printf("{\"type\":\"machine\",\"kernel\":\"%s\",\"boot\":%d,\"facts\":{\"kernel.boot_id\":"
	       "\"%d-%d\",\"cpu.model\":\"made up\",\"machine.host\":\"lab%d\"}}\n",
	       kernel ? "after" : "base", boot, kernel, boot, host_of(w, kernel, boot));
}

static void put_run(const struct wanted *w, const struct simulated *s, int kernel, int point,
		    int boot, int run)
{
	int n = s->design.iterations, at = boot * s->design.runs + run, i;
	int host = w->hosts > 0 ? host_of(w, kernel, boot) : 0;
	int when = w->hosts > 0 ? boot / (int)w->hosts * s->design.runs + run : at;

	printf("{\"type\":\"run\",\"kernel\":\"%s\",\"boot\":%d,\"run\":%d,\"point\":",
	       kernel ? "after" : "base", boot, run);
	put_point(point);
	printf(",\"status\":\"ok\",\"unit\":\"%s\",\"source\":\"%s\",\"warmup\":1,\"per\":\"fork\","
	       "\"per_count\":1,\"samples\":[",
	       w->exact > 0 ? "insn" : "ns", w->exact > 0 ? "exact" : "timed");
	for (i = 0; i < n; i++)
		printf("%s%ld", i ? "," : "", lround(s->samples[kernel][at * n + i] * (1 + host)));
	printf("],\"verified\":{\"faults\":{\"wanted\":\"1\",\"seen\":\"1\"}}");
	if (w->states > 0)
		put_state(at, (long)w->states);
	printf(",\"started\":%.1f,\"wall_s\":1}\n", s->started[kernel][when] + host / 10.0);
}

static void put_point_runs(const struct wanted *w, const struct simulated *s, int point)
{
	int kernel, i, boot, run, boots = s->design.boots;

	for (i = 0; i < boots; i++) {
		boot = w->reversed > 0 ? boots - 1 - i : i;
		for (kernel = 0; kernel < 2; kernel++) {
			if (w->kernel >= 0 && (int)w->kernel != kernel)
				continue;
			if (w->hosts > 0 && !point)
				put_machine(w, kernel, boot);
			for (run = 0; run < s->design.runs; run++)
				put_run(w, s, kernel, point, boot, run);
		}
	}
}

int main(int argc, char **argv)
{
	struct wanted w = {.points = 1,
			   .affected = 1e9,
			   .boots = 8,
			   .runs = 4,
			   .iterations = 20,
			   .mean = 1e7,
			   .seed = 1,
			   .kernel = -1,
			   .noise = {.boot = 0.01, .run = 0.005, .iteration = 0.02}};
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	struct simulated *s;
	struct design d;
	int i;

	for (i = 1; i < argc; i++)
		if (!take_word(&w, argv[i]))
			return 2;
	d = (struct design){(int)w.boots, (int)w.runs, (int)w.iterations, w.sequential > 0};
	if (d.boots < 1 || d.boots > 1 << 20 || d.runs < 1 || d.iterations < 1)
		return 2;
	s = simulate_new(&d);
	gsl_rng_set(rng, (unsigned long)w.seed);
	put_plan(&w);
	simulate_shared(s, &w.noise, rng);
	for (i = 0; i < (int)w.points; i++) {
		simulate(s, &w.noise, i < w.affected ? w.effect : 0, w.mean, rng);
		put_point_runs(&w, s, i);
	}
	simulate_free(s);
	gsl_rng_free(rng);
	return fflush(stdout) ? 1 : 0;
}
