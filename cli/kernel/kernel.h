/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands about kernels to measure in VMs.
 */
#ifndef CLI_KERNEL_KERNEL_H
#define CLI_KERNEL_KERNEL_H

#include "cli/options/options.h"
#include "kernels/kernel.h"

#define KERNEL_CACHE                                                                             \
	"The cache is $XDG_CACHE_HOME/faultbench/kernels (default: in ~/.cache). Where kernels " \
	"of "                                                                                    \
	"several architectures have a label, LABEL:ARCH is one, as in v7.2:arm64."

extern const struct command command_kernel_fetch, command_kernel_build, command_kernel_list,
	command_kernel_diff, command_kernel_remove;

/* Prints what has come into the cache. */
void kernel_print(const struct kernel *kernel);

#endif
