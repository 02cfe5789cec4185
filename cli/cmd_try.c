// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first thing to do with faultbench: both of its halves, on whatever machine this is.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/results/point_names.h"
#include "analysis/results/results.h"
#include "analysis/text/numbers.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/kernel.h"
#include "runners/qemu/qemu.h"
#include "runners/runner.h"

#define JOURNAL	      "exact.jsonl"
#define MOST_VERSIONS 32

/* What can be emulated; arm64 first, for whoever has none of it. */
static const struct arch {
	const char *name, *uname;
	const char *machine;
} archs[] = {
	{"arm64", "aarch64", "arm64-exact"},
	{"x86_64", "x86_64", "x86-exact"},
};

/* The first architecture that can be emulated here; NULL with the reasons said. */
static const struct arch *choose_arch(void)
{
	char *worker;
	size_t i;

	for (i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		if (!vm_installed(archs[i].uname)) {
			note("no qemu-system-%s: kernels of %s cannot be started", archs[i].uname,
			     archs[i].name);
			continue;
		}
		worker = worker_path(archs[i].uname);
		free(worker);
		if (worker)
			return &archs[i];
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
static void take_cached(struct kernels *k, const char *arch)
{
	struct kernel kernel;
	size_t nr = 0, i;
	char **names = kernel_names(&nr);

	for (i = 0; i < nr; i++) {
		if (cache_read(names[i], &kernel)) {
			if (!strcmp(kernel.arch, arch) &&
			    !strncmp(kernel.source, "debian:linux-image-", 19) &&
			    strstr(kernel.source, "cloud-"))
				take(k, names[i], kernel.release);
			kernel_free(&kernel);
		}
		free(names[i]);
	}
	free(names);
}

static void take_fetched(struct kernels *k, const char *source, const char *arch)
{
	struct kernel kernel;
	char *name;

	if (!kernel_fetch(source, arch, NULL, &kernel))
		return;
	name = cache_name(kernel.label, arch);
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
static bool have_kernels(struct kernels *k, const char *arch)
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
	optind = 0; /* getopt() starts anew */
	return cmd_run(nr, words);
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

/* Of one kernel: its folio orders against each other. */
static void print_orders(void)
{
	char *paths[] = {JOURNAL};
	struct results r;
	double base, other;
	size_t a, b;

	if (!results_load(&r, paths, 1))
		return;
	printf("\nOne kernel has nothing to be held against but itself, by the order of the "
	       "folios:\n");
	for (a = 0; a < r.nr_points; a++) {
		for (b = a + 1; b < r.nr_points; b++) {
			base = cell_mean(results_cell(&r, 0, a), RESULT_OP);
			other = cell_mean(results_cell(&r, 0, b), RESULT_OP);
			if (other_order(r.points[a], r.points[b]) && base > 0 && other > 0)
				print_pair(r.points[a], base, r.points[b], other);
		}
	}
	results_free(&r);
}

/* Counts the plan `exact` on the oldest and the newest, or on the one there is. */
static int count(const struct arch *arch, const struct kernels *k)
{
	const struct version *pair[] = {&k->version[0], &k->version[k->nr - 1]};
	char *kernel[2] = {NULL}, *words[] = {"run",   "exact", "--machine", NULL, "--functions=5",
					      "--out", JOURNAL, "--kernel",  NULL, NULL,
					      NULL,    NULL};
	int status, i;

	for (i = 0; i < 2; i++)
		if (asprintf(&kernel[i], "v%d.%d=%s", pair[i]->major, pair[i]->minor,
			     pair[i]->name) < 0)
			abort();
	words[3] = (char *)arch->machine;
	words[8] = kernel[0];
	if (k->nr > 1) {
		words[9] = "--kernel";
		words[10] = kernel[1];
	}
	status = run(words);
	if (k->nr == 1 && status == EXIT_OK)
		print_orders();
	free(kernel[0]);
	free(kernel[1]);
	return status;
}

static int run_exact(void)
{
	const struct arch *arch = choose_arch();
	struct kernels kernels = {.nr = 0};
	int status = EXIT_CANNOT_RUN;

	if (!arch || !have_kernels(&kernels, arch->name))
		return EXIT_CANNOT_RUN;
	if (kernels.nr == 1)
		note("one small kernel is there for %s, so it is not held against another",
		     arch->name);
	status = count(arch, &kernels);
	while (kernels.nr)
		free(kernels.version[--kernels.nr].name);
	return status;
}

int cmd_try(int argc, char **argv)
{
	int status, exact;

	if (argc > 1 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")))
		return cli_help("try");
	if (argc > 1) {
		err("try takes no words: '%s'", argv[1]);
		return cli_usage("try");
	}
	printf("Measured on this kernel (faultbench run; quick.jsonl):\n\n");
	fflush(stdout);
	status = run((char *[]){"run", NULL});
	printf("\nCounted on other kernels under emulation (" JOURNAL "):\n\n");
	fflush(stdout);
	exact = run_exact();
	if (exact == EXIT_CANNOT_RUN)
		printf("Left out: it cannot be done here, for the reason above. Everything on this "
		       "kernel works.\n");
	return status == EXIT_OK && exact != EXIT_CANNOT_RUN ? exact : status;
}
