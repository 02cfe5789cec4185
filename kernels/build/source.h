/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the source of a build comes from: a commit of a git tree, or a plain folder. It is exported
 * into a folder of its own in the cache, one for each tree, which stays: of the next state only the
 * files that differ are written, so that make has only those to do. The tree itself is only read.
 */
#ifndef KERNELS_BUILD_SOURCE_H
#define KERNELS_BUILD_SOURCE_H

#include <stdbool.h>

#include "common/exit.h"

struct build_source {
	char *tree;   /* absolute */
	char *rev;    /* as asked for, or "HEAD"; NULL: a plain folder */
	char *commit; /* NULL: a plain folder */
	char *state;  /* what is built: "git:" + the commit's tree, or "files:" + a checksum */
	char *dir;    /* all that is kept of builds of this tree */
	char *src;    /* the export, in dir */
	int lock;     /* while this is held nobody else builds there */
};

/*
 * Finds out what is to be built and waits until nobody else builds that tree. rev NULL: HEAD, and
 * refused if there are changes that are not committed. Returns an exit status, with one line
 * printed unless it is 0 or child_interrupted().
 */
enum exit_status source_open(const char *tree, const char *rev, struct build_source *ret);

/* Makes the export what source_open() found. Likewise. */
enum exit_status source_export(const struct build_source *source);

/* The folder in the cache where all that is kept of builds of a tree is; NULL with a message. */
char *source_folder(const char *tree);

void source_close(struct build_source *source);

#endif
