/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line of commits: a base and the patches on it, each of which is a kernel of its own.
 */
#ifndef KERNELS_SERIES_SERIES_H
#define KERNELS_SERIES_SERIES_H

#include <stddef.h>

#include "common/exit.h"

struct series_patch {
	char *commit; /* whole hash */
	char *subject;
};

struct series {
	struct series_patch *patch; /* in order; 0 is the base, and no patch */
	size_t nr;		    /* with the base */
	char *title;		    /* of a posting, its cover letter's subject; or NULL */
};

/*
 * The commits of "BASE..TOP" in a git tree (TOP may be left out: HEAD), which is only read. The
 * base is where TOP left BASE, which is said if that is not BASE itself.
 *
 * Returns an exit status, with one line printed unless it is 0: EXIT_USAGE for what is no such
 * range, has merges in it or no commit, EXIT_CANNOT_RUN without git. Dies of SIGINT, SIGTERM and
 * SIGHUP with nothing left behind.
 */
enum exit_status series_range(const char *tree, const char *range, struct series *ret);

/*
 * What a posting (posting.h: an mbox or what else patches come in) makes of the commit base of a
 * git tree; NULL: of the base-commit that the mails name. They are applied in the tree's export
 * (kernels/build/source.h), where kernel_build() finds the commits; the same patches on the same
 * base give the same commits. Likewise; EXIT_USAGE also if one does not apply, which the message
 * names.
 */
enum exit_status series_apply(const char *tree, const char *base, const char *patches,
			      struct series *ret);

void series_free(struct series *series);

#endif
