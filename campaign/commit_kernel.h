/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel of one commit of a tree, built or found in the cache under a label of its own.
 */
#ifndef CAMPAIGN_COMMIT_KERNEL_H
#define CAMPAIGN_COMMIT_KERNEL_H

#include <stdbool.h>

#include "kernels/kernel.h"

#define COMMIT_TEXT 12 /* characters of a hash that tell commits apart */

struct commit_kernel {
	const char *tree, *commit; /* commit: the whole hash */
	const char *arch;
	const char *config;   /* NULL: the shipped fragments */
	const char *fragment; /* one more, or NULL */
	bool clang;
	int align; /* of functions, 0: as the tree has it */
};

/* As kernel_build(). */
bool commit_kernel_build(const struct commit_kernel *wanted, struct kernel *ret);

#endif
