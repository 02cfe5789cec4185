/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fetch under way, for its steps that have a file of their own.
 */
#ifndef KERNELS_FETCH_FETCH_H
#define KERNELS_FETCH_FETCH_H

#include <jansson.h>
#include <stdbool.h>

#include "common/map.h"
#include "kernels/fetch/parts.h"

/* One fetch; all of it is under work until the entry is put in place. */
struct fetch {
	char *source;		 /* debian:PACKAGE, or absolute paths */
	const struct arch *arch; /* as asked for, or NULL */
	const char *label;	 /* as asked for, or NULL */
	bool any_label;	  /* the label does not matter, so it need not be the release either */
	bool whole;	  /* with all its modules */
	const char *same; /* the checksum that its image has to have, or NULL */
	char *work, *entry;
	char *name; /* that the entry will have */
	struct debian_kernel debian;
	struct parts parts;
	struct file_map image;
	char *config; /* text, if the image carries it */
	json_t *json; /* the entry's kernel.json so far */
	char *there;  /* label of an entry that makes fetching superfluous */
	json_t *load;
};

/*
 * Puts the image into the entry as QEMU starts it and, of a whole kernel, as loaders take it;
 * learns what it says of itself.
 */
enum exit_status take_image(struct fetch *f);

#endif
