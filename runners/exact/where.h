/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in memory an access of the guest is.
 */
#ifndef RUNNERS_EXACT_WHERE_H
#define RUNNERS_EXACT_WHERE_H

#include "runners/exact/model/hierarchy.h"
#include "runners/exact/qemu_api.h"

#define WHERE_PAGE 4096 /* what is remembered by, whatever the kernel's pages are */

/* A page that is remembered. */
struct where {
	uint64_t vpage, ppage;
	uint64_t age;	     /* of what is known of it */
	bool has_key;	     /* false when it is new */
	struct page_key key; /* of a model, if somebody has made it */
};

/* In a callback, of the address of its access or one that it crosses into: where its page is; NULL:
 * there is no memory, but a device. */
struct where *where_is(qemu_plugin_meminfo_t info, uint64_t vaddr);

/* The kernel may have mapped its addresses anew. Those of user space are asked for each time. */
void where_forget(void);

#endif
