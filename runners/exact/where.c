// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/where.h"

#define KERNEL (1ULL << 63)

/* The kernel's last pages, so that QEMU is not asked each time. */
#define RECENT 1024

static struct where recent[RECENT];
static uint64_t age = 1;

/* User space is mapped anew in the middle of operations: it is never remembered. */
static struct where *ask(struct where *w, qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	struct qemu_plugin_hwaddr *where = qemu_plugin_get_hwaddr(info, vaddr);

	if (!where || qemu_plugin_hwaddr_is_io(where))
		return NULL;
	w->vpage = vaddr / WHERE_PAGE;
	w->ppage = qemu_plugin_hwaddr_phys_addr(where) / WHERE_PAGE;
	w->age = vaddr & KERNEL ? age : 0;
	w->has_key = false;
	return w;
}

struct where *where_is(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	struct where *w = &recent[vaddr / WHERE_PAGE % RECENT];

	return w->vpage == vaddr / WHERE_PAGE && w->age == age ? w : ask(w, info, vaddr);
}

void where_forget(void)
{
	age++;
}
