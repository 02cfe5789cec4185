/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The plans, machines and geometries of caches that come with faultbench.
 */
#ifndef CAMPAIGN_SHIPPED_H
#define CAMPAIGN_SHIPPED_H

#include <jansson.h>

/*
 * The path of the file that a user's word means, malloc'ed. A word with a '/' in it, or that ends
 * in ".ini", is a file of the user's, whether it exists or not; any other is the name of a file in
 * configs/FOLDER/, and only of that, whatever is in the current folder. folder is "plans",
 * "machines" or "caches". NULL, with one line that says which there are, if there is none of that
 * name.
 */
char *shipped_find(const char *folder, const char *word);

/* The names of the files in configs/FOLDER/, without ".ini": a new array, sorted; or NULL, said. */
json_t *shipped_names(const char *folder);

#endif
