/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What apt and its archives print of packages. It comes from outside: none of it is trusted to
 * have a form.
 */
#ifndef KERNELS_FETCH_LISTING_H
#define KERNELS_FETCH_LISTING_H

#include <jansson.h>
#include <stdbool.h>

/* Whether it is a package's name (Debian policy 5.6.7), and no word with a meaning for apt. */
bool listing_is_name(const char *name);

/* The first error in what an apt program said, shortened to one line. */
const char *listing_reason(const char *text, char line[256]);

/* The value of a field in what `apt-cache show` printed; malloc'ed or NULL. */
char *listing_field(const char *text, const char *name);

/* Whether there is a version that could be had, as `apt-cache policy` says. */
bool listing_has_candidate(const char *policy);

/* Adds those packages of a Depends: line that are parts of a kernel, up to `most` in all. */
void listing_add_parts(json_t *packages, const char *depends, size_t most);

/* Whether it is linux-image-cloud-ARCH or linux-image-X.Y-cloud-ARCH. */
bool listing_is_cloud(const char *name, const char *arch);

#endif
