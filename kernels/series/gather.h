/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The mails and diffs of a posting, in whatever form they were given:
 *
 *   a file    an mbox (a list archive's mboxrd is known), one mail, a diff with or without a head;
 *             also packed with gzip, xz, lzma or zstd
 *   a folder  a maildir; one with a quilt `series` file, which says order and -pN; else its files
 *             whose names end in .patch, .diff, .eml, .mbox, .mbx or .cover, or are numbers (MH)
 */
#ifndef KERNELS_SERIES_GATHER_H
#define KERNELS_SERIES_GATHER_H

#include "common/exit.h"
#include "kernels/series/mail.h"

/*
 * Adds what is in path to *mails, as it stands there, working in the folder work. Returns an exit
 * status, with one line printed unless it is 0 or child_interrupted(): EXIT_USAGE for what is
 * neither mail nor diff.
 */
enum exit_status gather(struct mails *mails, const char *path, const char *work);

#endif
