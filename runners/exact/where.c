// SPDX-License-Identifier: GPL-2.0-or-later
#include "runners/exact/where.h"

#define KERNEL (1ULL << 63)

/* Where the kernel's last pages are, so that QEMU is not asked each time. */
#define RECENT 4096

static struct {
	uint64_t vpage, ppage, age;
} recent[RECENT];

static uint64_t age = 1;

uint64_t where_is(qemu_plugin_meminfo_t info, uint64_t vaddr)
{
	uint64_t vpage = vaddr / WHERE_PAGE;
	size_t i = vpage % RECENT;
	struct qemu_plugin_hwaddr *where;

	if (recent[i].vpage != vpage || recent[i].age != age) {
		where = qemu_plugin_get_hwaddr(info, vaddr);
		if (!where || qemu_plugin_hwaddr_is_io(where))
			return NOWHERE;
		/* User space is mapped anew in the middle of operations. */
		recent[i].vpage = vpage;
		recent[i].age = vaddr & KERNEL ? age : 0;
		recent[i].ppage = qemu_plugin_hwaddr_phys_addr(where) / WHERE_PAGE;
	}
	return recent[i].ppage * WHERE_PAGE + vaddr % WHERE_PAGE;
}

void where_forget(void)
{
	age++;
}
