// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/kernel/kernel.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/msg.h"
#include "kernels/cache.h"

#define LABEL_WIDTH 26

static const struct {
	const char *key, *title;
} columns[] = {
	{"page_size", "page"},	   {"vma_lock", "lock"},      {"spf", "spf"},
	{"fork_batching", "fork"}, {"zap_batching", "zap"},   {"mthp", "mthp"},
	{"contpte", "cont"},	   {"kpageflags", "kpflags"}, {"pmu", "pmu"},
};

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))

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
	return json_pack("{ss ss ss ss ss? ss? ss? so ss ss sO}", "label", kernel->label, "release",
			 kernel->release, "arch", kernel->arch, "image", kernel->image, "config",
			 kernel->config, "modules", kernel->modules, "vmlinux", kernel->vmlinux,
			 "load", load, "source", kernel->source, "sha256", kernel->sha256,
			 "features", features);
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

struct wanted {
	bool json;
};

static void print_list(json_t *all, int shown, size_t nr)
{
	if (all) {
		json_dumpf(all, stdout, JSON_INDENT(2));
		printf("\n");
	} else if (shown) {
		print_legend();
	} else if (!nr) {
		note("no kernel was fetched yet; `faultbench kernel fetch -h` shows how");
	}
}

/* Damaged entries are named on stderr and make the status 1; the others are listed. */
static int list(bool json)
{
	json_t *all = json ? json_array() : NULL;
	int status = EXIT_OK, shown = 0;
	size_t nr = 0, i;
	char **names = kernel_names(&nr);

	for (i = 0; names && i < nr; i++) {
		if (!list_one(names[i], all, &shown))
			status = EXIT_FAILED;
		free(names[i]);
	}
	if (names)
		print_list(all, shown, nr);
	else
		status = EXIT_FAILED;
	free(names);
	json_decref(all);
	return status;
}

static const struct cli_option options[] = {WORDS_JSON(struct wanted), {0}};

static int cmd_kernel_list(int argc, char **argv)
{
	struct wanted wanted = {0};
	int status;

	if (!options_read(&command_kernel_list, argc, argv, &wanted, &status))
		return status;
	return list(wanted.json);
}

const struct command command_kernel_list = {
	.name = "kernel list",
	.summary = "kernels in the cache and what they offer",
	.about = KERNEL_CACHE,
	.options = options,
	.run = cmd_kernel_list,
};
