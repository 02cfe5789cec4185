/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between two kernels of the cache, object by object: the proof that a pair is one.
 */
#ifndef KERNELS_DIFF_H
#define KERNELS_DIFF_H

#include <jansson.h>

#include "common/exit.h"

/*
 * {"a": label, "b": label, "same_image": bool} and what objects_diff() says of them, which is left
 * out where the images are the same and one has no list of objects. NULL, with one line printed and
 * *ret_status set: EXIT_USAGE if there is no such kernel, they are for two architectures or there
 * is no list, else EXIT_FAILED.
 */
json_t *kernel_diff(const char *a, const char *b, enum exit_status *ret_status);

/*
 * How a kernel that was just built differs from its nearest relative in the cache, in one sentence,
 * malloc'ed; NULL if there is none. A relative is of the same tree, architecture and compiler. The
 * nearest is the same source with the same config and no variant; then what was built last with
 * that config; then the same source with another config. json is what the entry is going to have,
 * the cache is as it was before.
 */
char *kernel_diff_relative(const json_t *json, const char *objects);

#endif
