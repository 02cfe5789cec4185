// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <unistd.h>

#include "cli/kernel/kernel.h"
#include "cli/options/words.h"
#include "common/exit.h"

struct wanted {
	const char *arch, *label;
};

void kernel_print(const struct kernel *kernel)
{
	printf("label    %s\nrelease  %s\narch     %s\nimage    %s\n", kernel->label,
	       kernel->release, kernel->arch, kernel->image);
	if (kernel->vmlinux)
		printf("vmlinux  %s\n", kernel->vmlinux);
}

static const struct cli_operand operands[] = {
	{"SOURCE", "source",
	 "one of debian:PACKAGE, such as debian:linux-image-6.12-cloud-arm64; A.deb[,B.deb], "
	 "packages of one kernel: .deb, .rpm, .pkg.tar.zst, .tar.*; FOLDER, an installed or "
	 "unpacked "
	 "kernel or a build folder; FILE: bzImage, vmlinux (PVH), Image, Image.gz or EFI zboot",
	 .kind = WORD_FILE},
	{0},
};

static const struct cli_option options[] = {
	{"arch", "A", "arm64 or x86_64 (default: what SOURCE says)", OPTION_AT(struct wanted, arch),
	 .kind = WORD_ARCH},
	{"label", "L", "its name in tables, one of its architecture (default: its release)",
	 OPTION_AT(struct wanted, label)},
	{0},
};

static const struct cli_example examples[] = {
	{"kernel fetch debian:linux-image-cloud-arm64 --label v6.1",
	 "Debian's, from the archives that apt is configured for"},
	{0},
};

static int cmd_kernel_fetch(int argc, char **argv)
{
	struct wanted wanted = {0};
	struct kernel kernel;
	int status;

	if (!options_read(&command_kernel_fetch, argc, argv, &wanted, &status))
		return status;
	if (!kernel_fetch(argv[optind], wanted.arch, wanted.label, &kernel))
		return kernel.status;
	kernel_print(&kernel);
	kernel_free(&kernel);
	return EXIT_OK;
}

const struct command command_kernel_fetch = {
	.name = "kernel fetch",
	.summary = "put a kernel of others into the cache, to measure it in VMs",
	.about = KERNEL_CACHE,
	.operands = operands,
	.options = options,
	.examples = examples,
	.run = cmd_kernel_fetch,
};
