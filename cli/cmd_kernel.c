// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "campaign/shipped.h"
#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "common/units.h"
#include "kernels/build/build.h"
#include "kernels/build/variant.h"
#include "kernels/cache.h"
#include "kernels/kernel.h"

#define LABEL_WIDTH   26
#define MOST_VARIANTS 16
#define MOST_JOBS     4096

static const struct {
	const char *key, *title;
} columns[] = {
	{"page_size", "page"},	   {"vma_lock", "lock"},      {"spf", "spf"},
	{"fork_batching", "fork"}, {"zap_batching", "zap"},   {"mthp", "mthp"},
	{"contpte", "cont"},	   {"kpageflags", "kpflags"}, {"pmu", "pmu"},
};

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static void print_got(const struct kernel *kernel)
{
	printf("label    %s\nrelease  %s\narch     %s\nimage    %s\n", kernel->label,
	       kernel->release, kernel->arch, kernel->image);
}

static int fetch(int argc, char **argv)
{
	static const struct option options[] = {{"arch", required_argument, NULL, 'a'},
						{"label", required_argument, NULL, 'l'},
						{"help", no_argument, NULL, 'h'},
						{0}};
	const char *arch = NULL, *label = NULL;
	struct kernel kernel;
	int c;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h')
			return cli_help("kernel");
		if (c == 'a')
			arch = optarg;
		else if (c == 'l')
			label = optarg;
		else
			return cli_usage("kernel");
	}
	if (argc - optind != 1) {
		err("kernel fetch takes one source");
		return cli_usage("kernel");
	}
	if (!kernel_fetch(argv[optind], arch, label, &kernel))
		return kernel.status;
	print_got(&kernel);
	kernel_free(&kernel);
	return EXIT_OK;
}

static int build_help(void)
{
	char *folder = shipped_config("kernels/variants");
	json_t *names = folder ? ini_file_names(folder) : NULL, *name;
	struct variant variant;
	size_t i;

	cli_help("kernel");
	printf("\nVariants, in configs/kernels/variants/:\n");
	json_array_foreach(names, i, name) {
		if (!variant_read(folder, json_string_value(name), &variant))
			continue;
		printf("  %-14s %s%s%s\n", variant.name, variant.summary,
		       variant.arch ? "; only " : "", variant.arch ? variant.arch : "");
		variant_free(&variant);
	}
	json_decref(names);
	free(folder);
	return EXIT_OK;
}

static const struct option build_words[] = {
	{"tree", required_argument, NULL, 't'},	  {"rev", required_argument, NULL, 'r'},
	{"arch", required_argument, NULL, 'a'},	  {"label", required_argument, NULL, 'l'},
	{"config", required_argument, NULL, 'c'}, {"variant", required_argument, NULL, 'v'},
	{"jobs", required_argument, NULL, 'j'},	  {"clang", no_argument, NULL, 'C'},
	{"help", no_argument, NULL, 'h'},	  {0}};

static bool add_variant(struct build_request *r, const char **variants, const char *name)
{
	size_t i;

	for (i = 0; i < r->nr_variants; i++)
		if (!strcmp(variants[i], name))
			return err("--variant %s: is named twice", name);
	if (r->nr_variants == MOST_VARIANTS)
		return err("--variant %s: at most %d of them", name, MOST_VARIANTS);
	variants[r->nr_variants++] = name;
	return true;
}

/* Options of `kernel build`. False with a message, or if help was asked for: *ret_help. */
static bool build_options(int argc, char **argv, struct build_request *r, const char **variants,
			  bool *ret_help)
{
	int64_t jobs = sysconf(_SC_NPROCESSORS_ONLN);
	int c;

	while ((c = getopt_long(argc, argv, "h", build_words, NULL)) != -1) {
		if (c == 't')
			r->tree = optarg;
		else if (c == 'r')
			r->rev = optarg;
		else if (c == 'a')
			r->arch = optarg;
		else if (c == 'l')
			r->label = optarg;
		else if (c == 'c')
			r->config = optarg;
		else if (c == 'C')
			r->clang = true;
		else if (c == 'v' && !add_variant(r, variants, optarg))
			return false;
		else if (c == 'j' && !units_parse_int(optarg, 1, MOST_JOBS, &jobs))
			return err("--jobs %s: must be a whole number from 1 to %d", optarg,
				   MOST_JOBS);
		else if (c != 'j' && c != 'v')
			return *ret_help = c == 'h', false;
	}
	r->jobs = (int)jobs;
	return argc == optind || err("kernel build takes options only, not '%s'", argv[optind]);
}

static int build(int argc, char **argv)
{
	const char *variants[MOST_VARIANTS];
	struct build_request request = {.variants = variants};
	char *configs = shipped_config("kernels");
	bool help = false, ok;
	struct kernel kernel;
	int status;

	ok = build_options(argc, argv, &request, variants, &help);
	if (ok)
		ok = cli_needs("kernel build", (const struct cli_need[]){{"--tree", request.tree},
									 {"--arch", request.arch},
									 {"--label", request.label},
									 {NULL, NULL}});
	if (!ok) {
		free(configs);
		return help ? build_help() : cli_usage("kernel");
	}
	request.configs = configs ? configs : "";
	ok = kernel_build(&request, &kernel);
	status = ok ? EXIT_OK : kernel.status;
	if (ok)
		print_got(&kernel);
	kernel_free(&kernel);
	free(configs);
	return status;
}

static const char *cell(const json_t *features, const char *key)
{
	const char *value = json_string_value(json_object_get(features, key));

	if (!strcmp(key, "vma_lock") && !strcmp(value, "yes") &&
	    !strcmp(json_string_value(json_object_get(features, "vma_lock_stats")), "yes"))
		return "stat";
	if (!strcmp(value, "unknown"))
		return "?";
	return !strcmp(value, "no") ? "-" : !strcmp(value, "module") ? "mod" : value;
}

static void print_header(void)
{
	size_t i;

	printf("%-*s  arch  ", LABEL_WIDTH, "label");
	for (i = 0; i < NR_COLUMNS; i++)
		printf(" %s", columns[i].title);
	printf("\n");
}

/* Names that would make a line too long go on the next. */
static void print_debug(const json_t *debug)
{
	int used = printf("    debug:");
	json_t *name;
	size_t i;

	if (json_is_string(debug))
		printf(" unknown, its config was not found");
	json_array_foreach(debug, i, name) {
		if (used + (int)json_string_length(name) + 2 > 78)
			used = printf("\n          ") - 1;
		used += printf(" %s%s", json_string_value(name),
			       i + 1 < json_array_size(debug) ? "," : "");
	}
	printf("\n");
}

static void print_kernel(const struct kernel *kernel, const json_t *features)
{
	const json_t *debug = json_object_get(features, "debug");
	size_t i;

	printf("%-*s", LABEL_WIDTH, kernel->label);
	if (strlen(kernel->label) > LABEL_WIDTH)
		printf("\n%-*s", LABEL_WIDTH, "");
	printf("  %-6s", kernel->arch);
	for (i = 0; i < NR_COLUMNS; i++)
		printf(" %*s", (int)strlen(columns[i].title), cell(features, columns[i].key));
	printf("\n");
	if (strcmp(kernel->label, kernel->release))
		printf("    release: %s\n", kernel->release);
	if (!strncmp(kernel->source, "build:", 6))
		printf("    built:   %s\n", kernel->source + 6);
	if (json_is_string(debug) || json_array_size(debug))
		print_debug(debug);
}

static void print_legend(void)
{
	printf("\nlock: per-VMA locks (stat: with statistics); spf: speculative page faults;\n"
	       "fork, zap: batching of PTE-mapped folios, by release; cont: contpte;\n"
	       "- no, ? unknown, mod: as a module; debug: options that falsify numbers\n");
}

static json_t *as_json(const struct kernel *kernel, json_t *features)
{
	json_t *load = json_array();
	size_t i;

	for (i = 0; i < kernel->nr_load; i++)
		json_array_append_new(load, json_string(kernel->load[i]));
	return json_pack("{ss ss ss ss ss? ss? so ss ss sO}", "label", kernel->label, "release",
			 kernel->release, "arch", kernel->arch, "image", kernel->image, "config",
			 kernel->config, "modules", kernel->modules, "load", load, "source",
			 kernel->source, "sha256", kernel->sha256, "features", features);
}

/* Adds one entry to all, or prints it. False if it is damaged, which has been said. */
static bool list_one(const char *name, json_t *all, int *shown)
{
	struct kernel kernel;
	json_t *features;

	if (!cache_read(name, &kernel))
		return false;
	features = kernel_features(&kernel);
	if (all) {
		json_array_append_new(all, as_json(&kernel, features));
	} else {
		if (!(*shown)++)
			print_header();
		print_kernel(&kernel, features);
	}
	json_decref(features);
	kernel_free(&kernel);
	return true;
}

/* Damaged entries are named on stderr and make the status 1; the others are listed. */
static int list(int argc, char **argv)
{
	int status = EXIT_OK, shown = 0;
	json_t *all = NULL;
	size_t nr = 0, i;
	char **names;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--json"))) {
		err("kernel list takes --json only, not '%s'", argv[argc - 1]);
		return cli_usage("kernel");
	}
	names = kernel_names(&nr);
	if (!names)
		return EXIT_FAILED;
	if (argc == 2)
		all = json_array();
	for (i = 0; i < nr; i++) {
		if (!list_one(names[i], all, &shown))
			status = EXIT_FAILED;
		free(names[i]);
	}
	free(names);
	if (all) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		printf("\n");
	} else if (shown) {
		print_legend();
	} else if (!nr) {
		note("no kernel was fetched yet; `faultbench kernel -h` shows how");
	}
	json_decref(all);
	return status;
}

int cmd_kernel(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "build"))
		return build(argc - 1, argv + 1);
	if (!strcmp(what, "-h") || !strcmp(what, "--help") ||
	    (argc > 2 && (!strcmp(argv[2], "-h") || !strcmp(argv[2], "--help"))))
		return cli_help("kernel");
	if (!strcmp(what, "fetch"))
		return fetch(argc - 1, argv + 1);
	if (!strcmp(what, "diff"))
		return cmd_kernel_diff(argc - 1, argv + 1);
	if (!strcmp(what, "list"))
		return list(argc - 1, argv + 1);
	if (!strcmp(what, "remove") && argc == 3)
		return kernel_remove(argv[2]);
	err(!strcmp(what, "remove") ? "kernel remove takes one label"
				    : "kernel takes fetch, build, diff, list or remove");
	return cli_usage("kernel");
}
