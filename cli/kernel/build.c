// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/kernel/kernel.h"
#include "cli/options/words.h"
#include "common/exit.h"
#include "common/installed.h"
#include "common/msg.h"
#include "common/units.h"
#include "kernels/build/build.h"

#define MOST_VARIANTS 16
#define MOST_JOBS     4096

struct wanted {
	struct build_request request;
	struct word_list variants;
	int64_t jobs;
};

/* Adds one variant to a struct word_list. */
static bool take_variant(void *at, const char *name)
{
	struct word_list *variants = at;
	size_t i;

	for (i = 0; i < variants->nr; i++)
		if (!strcmp(variants->words[i], name))
			return err("--variant %s: is named twice", name);
	if (variants->nr == MOST_VARIANTS)
		return err("--variant %s: at most %d of them", name, MOST_VARIANTS);
	word_list_add(variants, name);
	return true;
}

static bool take_jobs(void *at, const char *word)
{
	return units_parse_int(word, 1, MOST_JOBS, at) ||
	       err("--jobs %s: must be a whole number from 1 to %d", word, MOST_JOBS);
}

static const struct cli_option options[] = {
	{"tree", "DIR", "a git tree or a source folder, which is only read",
	 OPTION_AT(struct wanted, request.tree), .kind = WORD_FOLDER, .required = true},
	{"arch", "A", "arm64 or x86_64", OPTION_AT(struct wanted, request.arch), .kind = WORD_ARCH,
	 .required = true},
	{"label", "L", "its name in tables", OPTION_AT(struct wanted, request.label),
	 .required = true},
	{"rev", "R", "commit to build (default: HEAD, if nothing is uncommitted)",
	 OPTION_AT(struct wanted, request.rev)},
	{"variant", "V",
	 "with a feature turned off, one of `list --variants`, or a file of yours, with a / in it "
	 "or its .ini; several times",
	 OPTION_AT(struct wanted, variants), .kind = WORD_VARIANT, .many = true,
	 .take = take_variant},
	{"config", "FILE", "a complete config (default: the small one in configs/kernels/)",
	 OPTION_AT(struct wanted, request.config), .kind = WORD_FILE},
	{"fragment", "FILE", "more symbols for either, which have to be kept (configs/README.md)",
	 OPTION_AT(struct wanted, request.fragment), .kind = WORD_FILE},
	{"jobs", "N", "of make (default: one a CPU)", OPTION_AT(struct wanted, jobs),
	 .take = take_jobs},
	{"clang", NULL, "LLVM's tools (default: gcc)", OPTION_AT(struct wanted, request.clang)},
	{"debug", NULL,
	 "keep a vmlinux with DWARF as well, for `export --format callgrind`; the kernel is the "
	 "same "
	 "to the byte, which is looked at by building it twice",
	 OPTION_AT(struct wanted, request.debug)},
	{0},
};

static const struct cli_example examples[] = {
	{"kernel build --tree ~/linux --arch arm64 --label mine", "what is checked out"},
	{"kernel build --tree . --arch arm64 --label x --variant no-contpte", "without contpte"},
	{0},
};

static int build(struct wanted *w)
{
	char *configs = installed_config("kernels");
	struct kernel kernel;
	int status = EXIT_OK;

	w->request.configs = configs;
	w->request.variants = w->variants.words;
	w->request.nr_variants = w->variants.nr;
	w->request.jobs = (int)w->jobs;
	if (kernel_build(&w->request, &kernel))
		kernel_print(&kernel);
	else
		status = kernel.status;
	kernel_free(&kernel);
	free(configs);
	return status;
}

static int cmd_kernel_build(int argc, char **argv)
{
	struct wanted wanted = {.jobs = sysconf(_SC_NPROCESSORS_ONLN)};
	int status;

	if (options_read(&command_kernel_build, argc, argv, &wanted, &status))
		status = build(&wanted);
	free(wanted.variants.words);
	return status;
}

const struct command command_kernel_build = {
	.name = "kernel build",
	.summary = "build a kernel from source and put it into the cache",
	.about = KERNEL_CACHE,
	.options = options,
	.examples = examples,
	.run = cmd_kernel_build,
};
