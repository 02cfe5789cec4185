// SPDX-License-Identifier: GPL-2.0-or-later
#include "campaign/lkp/names.h"

const struct lkp_name lkp_perf_syscall[] = {
	{"fork", "process/fork-exit size=1M/worker", .differs = {LKP_PARENT}},
	{"execve", "process/fork-exec size=1M/worker",
	 .differs = {"the program is a page that does nothing, not /bin/true: no dynamic linker"}},
	{"basic", "null/write", .lacks = "no memory management in it: the entry of a system call"},
	{"getpgid", "null/write",
	 .lacks = "no memory management in it: the entry of a system call"},
	{0},
};

const struct lkp_name lkp_perf_mem[] = {
	{"mmap", "fault-vma/populate-write size=1G",
	 .differs = {"populated by MADV_POPULATE_WRITE, not by mmap(); munmap is not timed",
		     "first touch page by page, its function demand, is fault/write"}},
	{"memset", "fault/write order=pmd",
	 .lacks = "filling memory in user space; faults are in it once, or not at all"},
	{"memcpy", "fault/write order=pmd",
	 .lacks = "copying memory in user space; faults are in it once, or not at all"},
	{0},
};

const struct lkp_name lkp_perf_numa[] = {
	{"*", "migrate/move-pages", .lacks = "NUMA balancing, which moves pages when it likes"},
	{0},
};

const struct lkp_name lkp_perf_others[] = {
	{"*", NULL, .lacks = "no memory management in it"},
	{0},
};
