/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KERNELS_WORK_H
#define KERNELS_WORK_H

/*
 * A new folder for work in the cache, on its file system. Those of processes that are gone are
 * removed. NULL with a message.
 */
char *work_make(void);

#endif
