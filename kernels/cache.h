/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache's folders and entries, for the one who fills it. A label is one architecture's: an
 * entry's name, which is its folder's too, is LABEL, or LABEL:ARCH where LABEL is that of another
 * architecture's kernel.
 */
#ifndef KERNELS_CACHE_H
#define KERNELS_CACHE_H

#include <jansson.h>
#include <stdbool.h>

#include "kernels/kernel.h"

/* A label is a file name that no shell or table trips over. Prints what is wrong with it. */
bool cache_label_ok(const char *label);

/* The name that a kernel of that label and architecture has, or will have; malloc'ed. */
char *cache_name(const char *label, const char *arch);

/*
 * How many entries may be meant by a label, or by LABEL:ARCH; *ret_name is the name of the first,
 * malloc'ed, or NULL. arch, which may be NULL, chooses where there are several.
 */
size_t cache_meant(const char *what, const char *arch, char **ret_name);

/* The name of the one that is meant; NULL with a message if it is no label, none or not one. */
char *cache_known(const char *what, const char *arch);

/* The entry's kernel.json, or NULL with a message if it is missing or damaged. */
json_t *cache_entry(const char *name);

/* Likewise, without a message. */
json_t *cache_peek(const char *name);

/* Fills *ret from an entry. False with a message if it is damaged. */
bool cache_read(const char *name, struct kernel *ret);

/* Whether there is anything of that name. */
bool cache_has(const char *name);

/* Whether all of an entry is as it was put there: sums.h. */
bool cache_is_whole(const char *name);

/*
 * The name of a whole entry all of whose fields in wanted (an object of strings) have those
 * values; malloc'ed or NULL.
 */
char *cache_find(const json_t *wanted);

/* Makes the folder `from` the entry of that name, replacing one that is there. */
bool cache_put(const char *from, const char *name);

#endif
