/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folders that outlive a command, malloc'ed paths.
 */
#ifndef KERNELS_CACHE_DIR_H
#define KERNELS_CACHE_DIR_H

/* Where kernels are; NULL with a message if neither XDG_CACHE_HOME nor HOME is usable. */
char *cache_dir(void);

/* Where apt keeps the lists of an architecture, as Debian calls it; likewise. */
char *cache_apt_state(const char *arch);

/* Where builds of kernels are kept, so that the next one has less to do; likewise. */
char *cache_build_dir(void);

#endif
