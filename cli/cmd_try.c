// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first thing to do with faultbench: both of its halves, on whatever machine this is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "campaign/prepare.h"
#include "cli/commands.h"
#include "cli/options/options.h"
#include "common/arch.h"
#include "common/exit.h"
#include "common/files.h"
#include "common/msg.h"
#include "kernels/cache.h"
#include "kernels/kernel.h"
#include "runners/machine.h"

/* Two kernels of one architecture, between which much of what is measured here was changed. */
static const struct {
	const char *package; /* Debian's, without the architecture */
	const char *label;
} kernels[] = {{"linux-image-cloud", "v6.1"}, {"linux-image-6.12-cloud", "v6.12"}};

#define NR_KERNELS (sizeof(kernels) / sizeof(kernels[0]))

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

/* Has a kernel in the cache, under the label "arm64-v6.1", say. Says what is missing. */
static bool have_kernel(const struct arch *arch, size_t k)
{
	char *label = files_text("%s-%s", arch->name, kernels[k].label);
	char *source = files_text("debian:%s-%s", kernels[k].package, arch->debian);
	bool there = cache_has(label);
	struct kernel kernel;

	if (!there && kernel_fetch(source, arch->name, label, &kernel)) {
		there = true;
		kernel_free(&kernel);
	}
	free(source);
	free(label);
	return there;
}

static int run(char **words)
{
	int nr = 0;

	while (words[nr])
		nr++;
	return command_run.run(nr, words);
}

/* Counts the plan `exact` on two kernels. */
static int run_exact(void)
{
	char *word[NR_KERNELS] = {NULL}, *machine = NULL;
	const struct arch *arch = choose_arch(&machine);
	int status = EXIT_CANNOT_RUN;
	size_t k, have = 0;

	while (arch && have < NR_KERNELS && have_kernel(arch, have))
		have++;
	for (k = 0; k < have; k++)
		word[k] = files_text("%s=%s-%s", kernels[k].label, arch->name, kernels[k].label);
	if (have == NR_KERNELS)
		status = run((char *[]){"run", "exact", "--machine", machine, "--kernel", word[0],
					"--kernel", word[1], "--functions=5", "--out",
					"exact.jsonl", NULL});
	for (k = 0; k < have; k++)
		free(word[k]);
	free(machine);
	return status;
}

static int cmd_try(int argc, char **argv)
{
	int status, exact;

	if (!options_read(&command_try, argc, argv, NULL, &status))
		return status;
	printf("Measured on this kernel (faultbench run; quick.jsonl):\n\n");
	fflush(stdout);
	status = run((char *[]){"run", NULL});
	printf("\nCounted on two kernels under emulation (exact.jsonl):\n\n");
	fflush(stdout);
	exact = run_exact();
	if (exact == EXIT_CANNOT_RUN)
		printf("Left out: it cannot be done here, for the reason above. Everything on this "
		       "kernel works.\n");
	return status == EXIT_OK && exact != EXIT_CANNOT_RUN ? exact : status;
}

const struct command command_try = {
	.name = "try",
	.summary = "measure this kernel, then count on two others: a first look",
	.about = "Runs the plan `quick` on this kernel, then fetches two of Debian's kernels and "
		 "counts the plan `exact` on them under emulation. A few minutes; journals "
		 "quick.jsonl and exact.jsonl here. What this machine cannot do is left out, with "
		 "the reason.",
	.run = cmd_try,
};
