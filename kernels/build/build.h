/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels built from a source tree, with or without small changes, put into the cache of kernel.h.
 */
#ifndef KERNELS_BUILD_BUILD_H
#define KERNELS_BUILD_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "kernels/kernel.h"

struct build_request {
	const char *tree; /* a git tree, or a plain source folder; never written to */
	const char *rev;  /* NULL: a git tree's HEAD, refused if changes are not committed */
	const char *arch;
	const char *label;
	const char *config;	     /* a complete config; NULL: the shipped fragments */
	const char *fragment;	     /* one more, over these, or NULL */
	const char *const *variants; /* names, or files */
	size_t nr_variants;
	int jobs;
	bool clang;
	int align;	     /* of functions, bytes; 0: as the tree has it */
	bool debug;	     /* a vmlinux with DWARF beside it (debug.h) */
	const char *configs; /* folder of the fragments, and of variants/ */
};

/*
 * Builds a kernel and makes it the entry `label`, replacing one that was built from the same tree,
 * revision and variants. What was built before from the same source, config and variants with the
 * same compiler is taken from there. Says on stderr what it is doing, and in which objects the
 * kernel differs from the nearest that was built before (diff.h).
 *
 * The entry has a file `objects` (objects.h). The entry's kernel.json has, beside what a fetched
 * kernel's has:
 *
 *   source    build:TREE[@REV][+VARIANT]...[+align-N]
 *   key       what decides how it comes out: source state, arch, config, variants, compiler,
 *             alignment of functions
 *   tree      its folder
 *   commit    of a git tree
 *   off       features of kernel_features() that variants turn off
 *   debug     "vmlinux", if there is one
 *
 * Returns false, with one line printed and only ret->status and ret->why set (to be freed):
 * EXIT_USAGE if the tree or a word is wrong, EXIT_CANNOT_RUN if a tool is missing, else
 * EXIT_FAILED. SIGINT, SIGTERM and SIGHUP as for kernel_fetch().
 */
bool kernel_build(const struct build_request *request, struct kernel *ret);

#endif
