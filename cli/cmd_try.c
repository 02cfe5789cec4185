// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first thing to do with faultbench: both of its halves, on whatever machine this is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/units.h"
#include "analysis/results/point_names.h"
#include "analysis/results/results.h"
#include "analysis/text/numbers.h"
#include "campaign/prepare.h"
#include "cli/commands.h"
#include "cli/options/options.h"
#include "cli/options/words.h"
#include "common/arch.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

#define JOURNAL	      "exact.jsonl"
#define MOST_VERSIONS 32

/*
 * The first architecture whose kernels can be counted here, and the name of the machine that does;
 * NULL with the reasons said.
 */
static const struct arch *choose_arch(char **ret_machine)
{
	const struct arch *arch;
	struct machine machine = {0};
	char *name;
	bool ok;

	for (arch = arch_list; arch->name; arch++) {
		name = files_text("%s-exact", arch->tree);
		ok = measure_machine(&machine, name) && machine_ready(&machine);
		machine_free(&machine);
		if (ok) {
			*ret_machine = name;
			return arch;
		}
		free(name);
	}
	return NULL;
}

/* One kernel of each version, the oldest first. */
struct kernels {
	struct version {
		int major, minor;
		char *name; /* of its entry in the cache */
	} version[MOST_VERSIONS];
	size_t nr;
};

static int order(const void *a, const void *b)
{
	const struct version *one = a, *two = b;

	return one->major != two->major ? one->major - two->major : one->minor - two->minor;
}

static void take(struct kernels *k, const char *name, const char *release)
{
	struct version one = {0};
	size_t i;

	if (k->nr == MOST_VERSIONS || sscanf(release, "%d.%d", &one.major, &one.minor) != 2)
		return;
	for (i = 0; i < k->nr; i++)
		if (!order(&one, &k->version[i]))
			return;
	one.name = strdup(name);
	if (!one.name)
		abort();
	k->version[k->nr++] = one;
	qsort(k->version, k->nr, sizeof(one), order);
}

/* Takes those of Debian's small kernels that were fetched earlier. */
static void take_cached(struct kernels *k, const struct arch *arch)
{
	struct kernel kernel;
	size_t nr = 0, i;
	char **names = kernel_names(&nr);

	for (i = 0; i < nr; i++) {
		if (cache_read(names[i], &kernel)) {
			if (!strcmp(kernel.arch, arch->name) &&
			    !strncmp(kernel.source, "debian:linux-image-", 19) &&
			    strstr(kernel.source, "cloud-"))
				take(k, names[i], kernel.release);
			kernel_free(&kernel);
		}
		free(names[i]);
	}
	free(names);
}

static void take_fetched(struct kernels *k, const char *source, const struct arch *arch)
{
	struct kernel kernel;
	char *name;

	if (!kernel_fetch(source, arch->name, NULL, &kernel))
		return;
	name = cache_name(kernel.label, arch->name);
	take(k, name, kernel.release);
	free(name);
	kernel_free(&kernel);
}

/* "debian:linux-image-6.12-cloud-arm64": 612; 0 for the default, which has no version in its name.
 */
static int number_in(const json_t *source)
{
	int major, minor;

	return sscanf(json_string_value(source), "debian:linux-image-%d.%d", &major, &minor) == 2
		       ? 100 * major + minor
		       : 0;
}

/* The default if there is one, else the newest; what it returns is taken from the array. */
static char *next_source(json_t *sources)
{
	size_t nr = json_array_size(sources), i, best = 0;
	char *source;

	for (i = 1; i < nr; i++)
		if (!number_in(json_array_get(sources, i)) ||
		    (number_in(json_array_get(sources, best)) &&
		     number_in(json_array_get(sources, i)) >
			     number_in(json_array_get(sources, best))))
			best = i;
	source = strdup(json_string_value(json_array_get(sources, best)));
	json_array_remove(sources, best);
	return source;
}

/* Has two versions in the cache, or what there is. False if there is none; what is missing was
 * said. */
static bool have_kernels(struct kernels *k, const struct arch *arch)
{
	json_t *sources;
	char *source;

	take_cached(k, arch);
	if (k->nr > 1)
		return true;
	sources = kernel_clouds(arch);
	while (k->nr < 2 && json_array_size(sources)) {
		source = next_source(sources);
		take_fetched(k, source, arch);
		free(source);
	}
	json_decref(sources);
	return k->nr;
}

static int run(char **words)
{
	int nr = 0;

	while (words[nr])
		nr++;
	return command_run.run(nr, words);
}

/* Whether two points differ in their folio order, and in nothing else. */
static bool other_order(const json_t *a, const json_t *b)
{
	json_t *one = json_copy((json_t *)a), *two = json_copy((json_t *)b);
	bool other = !json_equal(json_object_get(a, "order"), json_object_get(b, "order"));

	json_object_del(one, "order");
	json_object_del(two, "order");
	other = other && json_equal(one, two);
	json_decref(one);
	json_decref(two);
	return other;
}

static void print_pair(const json_t *a, double base, const json_t *b, double other)
{
	char op[POINT_TEXT], order[2][POINT_TEXT], count[2][NUMBER_TEXT], change[NUMBER_TEXT];

	printf("  %s: %s %s kernel instructions, %s %s, %s\n", point_op(a, op),
	       point_param(a, "order", order[0]), number_count(base, count[0]),
	       point_param(b, "order", order[1]), number_count(other, count[1]),
	       number_percent(other / base - 1, true, change));
}

/* The mean of one op of a point; NaN if there is none. */
static double mean_of(const struct results *r, size_t point)
{
	const struct result_cell *cell = results_cell(r, 0, point);

	return cell_mean(cell, cell_op(cell));
}

/* Of one kernel: its folio orders against each other. */
static void print_orders(void)
{
	char *paths[] = {JOURNAL};
	struct results r;
	size_t a, b;

	if (!results_load(&r, paths, 1))
		return;
	printf("\nOne kernel has nothing to be held against but itself, by the order of the "
	       "folios:\n");
	for (a = 0; a < r.nr_points; a++)
		for (b = a + 1; b < r.nr_points; b++)
			if (other_order(r.points[a], r.points[b]) && mean_of(&r, a) > 0 &&
			    mean_of(&r, b) > 0)
				print_pair(r.points[a], mean_of(&r, a), r.points[b],
					   mean_of(&r, b));
	results_free(&r);
}

/* Counts the plan `exact` on the oldest and the newest, or on the one there is. */
static int count(char *machine, const struct kernels *k, const char *cache)
{
	const struct version *pair[] = {&k->version[0], &k->version[k->nr - 1]};
	char *words[16] = {"run", "exact", "--machine", machine, "--functions=5", "--out", JOURNAL};
	char *kernel[2];
	size_t at = 7, i;
	int status;

	for (i = 0; i < 2; i++)
		kernel[i] = files_text("v%d.%d=%s", pair[i]->major, pair[i]->minor, pair[i]->name);
	for (i = 0; i < k->nr && i < 2; i++) {
		words[at++] = "--kernel";
		words[at++] = kernel[i];
	}
	if (cache) {
		words[at++] = "--cache";
		words[at++] = (char *)cache;
	}
	status = run(words);
	if (k->nr == 1 && status == EXIT_OK)
		print_orders();
	free(kernel[0]);
	free(kernel[1]);
	return status;
}

static int run_exact(const char *cache)
{
	char *machine = NULL;
	const struct arch *arch = choose_arch(&machine);
	struct kernels kernels = {.nr = 0};
	int status = EXIT_CANNOT_RUN;

	if (arch && have_kernels(&kernels, arch)) {
		if (kernels.nr == 1)
			note("one small kernel is there for %s, so it is not held against another",
			     arch->name);
		status = count(machine, &kernels, cache);
	}
	while (kernels.nr)
		free(kernels.version[--kernels.nr].name);
	free(machine);
	return status;
}

struct wanted {
	const char *cache; /* of what is counted */
};

static const struct cli_option options[] = {WORDS_CACHE(struct wanted), {0}};

static int cmd_try(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status, exact;

	if (!options_read(&command_try, argc, argv, &wanted, &status))
		return status;
	printf("Measured on this kernel (faultbench run; quick.jsonl):\n\n");
	fflush(stdout);
	status = run((char *[]){"run", NULL});
	printf("\nCounted on other kernels under emulation (" JOURNAL "):\n\n");
	fflush(stdout);
	exact = run_exact(wanted.cache);
	if (exact == EXIT_CANNOT_RUN)
		printf("Left out: it cannot be done here, for the reason above. Everything on this "
		       "kernel works.\n");
	return status == EXIT_OK && exact != EXIT_CANNOT_RUN ? exact : status;
}

const struct command command_try = {
	.name = "try",
	.summary = "measure this kernel, then count on two others: a first look",
	.about =
		"Runs the plan `quick` on this kernel, then fetches two of Debian's kernels and "
		"counts the plan `exact` on them under emulation: the archives' default and their "
		"newest, or the oldest and the newest that were fetched before; where there is one "
		"only, that one. A few minutes; journals quick.jsonl and exact.jsonl here. What "
		"this "
		"machine cannot do is left out, with the reason.",
	.options = options,
	.run = cmd_try,
};
