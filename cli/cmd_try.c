// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first thing to do with faultbench: both of its halves, on whatever machine this is.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "common/exit.h"
#include "common/msg.h"
#include "kernels/kernel.h"
#include "runners/qemu/qemu.h"
#include "runners/runner.h"

/* Two kernels of one architecture, between which much of what is measured here was changed. */
static const struct pair {
	const char *arch, *uname;
	const char *machine;
	const char *package[2];
	const char *label[2]; /* in the cache and, behind the dash, in the table */
} pairs[] = {
	{"arm64",
	 "aarch64",
	 "arm64-exact",
	 {"debian:linux-image-cloud-arm64", "debian:linux-image-6.12-cloud-arm64"},
	 {"arm64-v6.1", "arm64-v6.12"}},
	{"x86_64",
	 "x86_64",
	 "x86-exact",
	 {"debian:linux-image-cloud-amd64", "debian:linux-image-6.12-cloud-amd64"},
	 {"x86_64-v6.1", "x86_64-v6.12"}},
};

/* The first pair whose architecture can be emulated here; NULL with the reasons said. */
static const struct pair *choose_pair(void)
{
	char *worker;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (!vm_installed(pairs[i].uname)) {
			note("no qemu-system-%s: kernels of %s cannot be started", pairs[i].uname,
			     pairs[i].arch);
			continue;
		}
		worker = worker_path(pairs[i].uname);
		free(worker);
		if (worker)
			return &pairs[i];
	}
	return NULL;
}

/* Has both kernels in the cache. Says what is missing. */
static bool have_kernels(const struct pair *pair)
{
	struct kernel kernel;
	size_t i, nr, have = 0;
	char **labels = kernel_names(&nr);
	int k;

	for (k = 0; k < 2; k++)
		for (i = 0; labels && i < nr; i++)
			have += !strcmp(labels[i], pair->label[k]);
	for (i = 0; labels && i < nr; i++)
		free(labels[i]);
	free(labels);
	for (k = 0; k < 2 && have < 2; k++) {
		if (!kernel_fetch(pair->package[k], pair->arch, pair->label[k], &kernel))
			return false;
		kernel_free(&kernel);
	}
	return true;
}

static int run(char **words)
{
	int nr = 0;

	while (words[nr])
		nr++;
	optind = 0; /* getopt() starts anew */
	return cmd_run(nr, words);
}

/* Counts the plan `exact` on two kernels. */
static int run_exact(void)
{
	const struct pair *pair = choose_pair();
	char *kernel[2] = {NULL};
	int status = EXIT_CANNOT_RUN, k;

	if (!pair || !have_kernels(pair))
		return EXIT_CANNOT_RUN;
	for (k = 0; k < 2; k++)
		if (asprintf(&kernel[k], "%s=%s", strchr(pair->label[k], '-') + 1, pair->label[k]) <
		    0)
			kernel[k] = NULL;
	if (kernel[0] && kernel[1])
		status = run((char *[]){"run", "exact", "--machine", (char *)pair->machine,
					"--kernel", kernel[0], "--kernel", kernel[1],
					"--functions=5", "--out", "exact.jsonl", NULL});
	free(kernel[0]);
	free(kernel[1]);
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
	printf("\nCounted on two kernels under emulation (exact.jsonl):\n\n");
	fflush(stdout);
	exact = run_exact();
	if (exact == EXIT_CANNOT_RUN)
		printf("Left out: it cannot be done here, for the reason above. Everything on this "
		       "kernel works.\n");
	return status == EXIT_OK && exact != EXIT_CANNOT_RUN ? exact : status;
}
