/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in memory an access of the guest is.
 */
#ifndef RUNNERS_EXACT_WHERE_H
#define RUNNERS_EXACT_WHERE_H

#include "runners/exact/qemu_api.h"

#define WHERE_PAGE 4096		 /* what is remembered by, whatever the kernel's pages are */
#define NOWHERE	   UINT64_MAX /* there is no memory, but a device */

/* In a callback, of the address of its access or one in the same page: the physical address, or NOWHERE. */
uint64_t where_is(qemu_plugin_meminfo_t info, uint64_t vaddr);

/* The kernel may have mapped its addresses anew. Those of user space are asked for each time. */
void where_forget(void);

#endif
