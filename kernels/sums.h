/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an entry of the cache holds, in a file of it that `sha256sum -c` reads: the image that runs
 * is the image that was put there, and so are its modules and its config.
 */
#ifndef KERNELS_SUMS_H
#define KERNELS_SUMS_H

#include <stdbool.h>

/* Writes the list of an entry's folder. False with a message printed. */
bool sums_write(const char *folder);

/*
 * The list as it was written; of an entry of before there were lists, as it is now, and it is
 * written. malloc'ed, or NULL with a message printed.
 */
char *sums_read(const char *folder);

/*
 * Of such a list what runs: image, modules and config, without what describes them (when an entry
 * was made, of what, by which name). malloc'ed.
 */
char *sums_content(const char *sums);

/* Whether nothing of an entry has changed. */
bool sums_are_kept(const char *folder);

/* What is there now that is not in the list, or the reverse, in words, malloc'ed; NULL: nothing. */
char *sums_changed(const char *folder, const char *sums);

#endif
