/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that was built, as an entry of the cache. All print what failed, once.
 */
#ifndef KERNELS_BUILD_ENTRY_H
#define KERNELS_BUILD_ENTRY_H

#include <jansson.h>
#include <stdbool.h>

/* Whether the architecture's label is free, or that of an older build of the same source. */
bool entry_may_put(const char *label, const char *arch, const char *source);

/*
 * Puts an image and its config, and a list of the objects (objects.h), all of the folder out in
 * which they were built, into the cache, and says in which objects the kernel differs from the
 * nearest there (diff.h); with modules, those of out that guests get; if vmlinux is not NULL, that
 * as well.
 * json has label, source, arch and whatever else the entry is to say; the rest is added.
 */
bool entry_put(json_t *json, const char *image, const char *out, bool modules, const char *vmlinux);

/* Puts a copy of the entry `from`, which is the same kernel, with this json, and with its vmlinux
 * if that says so. */
bool entry_copy(json_t *json, const char *from);

#endif
