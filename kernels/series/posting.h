/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was posted: of the mails of a thread the patches, in their order, and what the cover letter
 * says of them.
 */
#ifndef KERNELS_SERIES_POSTING_H
#define KERNELS_SERIES_POSTING_H

#include <stddef.h>

#include "common/exit.h"
#include "kernels/series/mail.h"

struct posting {
	struct mails mails;
	const struct mail **patch; /* those to be applied, in order; of mails */
	size_t nr;
	char *title;	      /* the cover letter's subject; NULL: there is none */
	char *base;	      /* the base-commit: of a mail, NULL: none says it */
	size_t prerequisites; /* patches that have to be there before, which are not in it */
};

/*
 * Reads the file or folder path, as of gather.h. Where subjects are numbered, 1/N to N/N of the
 * newest version have to be there and are taken, wherever they stand; covers, replies and older
 * versions are left out, which is said. A quilt series is taken as it is, and patches without
 * numbers stay as they stand.
 *
 * Returns an exit status, with one line printed unless it is 0 or child_interrupted().
 */
enum exit_status posting_read(const char *path, struct posting *ret);

void posting_free(struct posting *posting);

#endif
