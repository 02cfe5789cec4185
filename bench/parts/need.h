/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Needs, as bits of an unsigned long.
 */
#ifndef BENCH_PARTS_NEED_H
#define BENCH_PARTS_NEED_H

/*
 * What a machine must have, beside CPUs, memory and folio orders, which follow from parameters.
 * What is not there is the reason why a point is skipped. Swap, disks and hugetlb pages are made
 * for the run, and given back, where that is permitted (bench/harness/provide/provide.h).
 */
enum bench_need {
	NEED_ROOT = 1 << 0,
	NEED_SWAP = 1 << 1, /* as large as the point's size */
	NEED_USERFAULTFD = 1 << 2,
	NEED_HUGETLB = 1 << 3, /* pages that a PMD maps, as many as the point's size takes */
	NEED_NUMA = 1 << 4,    /* at least two nodes with memory */
	NEED_MEMPOLICY = 1 << 5,
	NEED_SOFT_DIRTY = 1 << 6,
	NEED_UFFD_MINOR = 1 << 7, /* of memfds */
	NEED_UFFD_WP = 1 << 8,
	NEED_POPULATE = 1 << 9, /* MADV_POPULATE_READ, _WRITE */
	NEED_COLLAPSE = 1 << 10,
	NEED_IO_URING = 1 << 11,
	NEED_MEMLOCK = 1 << 12, /* leave to lock twice the point's size, and a ring */
	NEED_FILE = 1 << 13,	/* a folder for a file, not on a tmpfs */
	NEED_TMPFS = 1 << 14,	/* a folder for a file on a tmpfs */
	NEED_STACK = 1 << 15,	/* leave for a stack as large as the point's size */
	NEED_THP = 1 << 16,	/* MADV_HUGEPAGE gives PMD-mapped folios, whatever the order */
	NEED_TASKS = 1 << 17, /* others run in the op, in no order, so exact mode cannot count it */
	NEED_EXEC = 1 << 18,  /* a program executed for each iteration, as part of the first op */
	NEED_UNSHARE = 1 << 19, /* who pins a page for reading gets one of its own */
	NEED_READV = 1 << 20,	/* process_vm_readv() */
	NEED_CHILD =
		1 << 21, /* a child of the worker runs in the op, while it waits for it: turns */
	NEED_PROGRAM = 1 << 22,		/* the program of bench/parts/nothing.h */
	NEED_MOVE_VMAS = 1 << 23,	/* mremap() moves several VMAs with one call */
	NEED_GUARD = 1 << 24,		/* MADV_GUARD_INSTALL */
	NEED_ADVISE_SELF = 1 << 25,	/* process_madvise() of the caller, whatever the advice */
	NEED_UFFD_MOVE = 1 << 26,	/* UFFDIO_MOVE */
	NEED_SHMEM_ORDER = 1 << 28,	/* the order is of shared memory */
	NEED_FILE_ORDER = 1UL << 42,	/* with NEED_FILE: the order is of that file */
	NEED_DISK = 1 << 29,		/* a folder for a file that is written back to a disk */
	NEED_BPF = 1 << 30,		/* leave to make BPF arrays of any size */
	NEED_BLOCK = 1UL << 31,		/* a block device as large as the point's size */
	NEED_KSM = 1UL << 36,		/* ksmd at work, which never sleeps */
	NEED_ZSWAP = 1UL << 34,		/* with NEED_SWAP: zswap takes what is swapped out */
	NEED_ZSWAP_ORDER = 1UL << 35,	/* it takes large folios as they are */
	NEED_HUGETLB_PUD = 1UL << 33,	/* the same of pages that a PUD maps */
	NEED_SLOW_BLOCK = 1UL << 32,	/* its requests take as long as BENCH_LATENCY says */
	NEED_KHUGEPAGED = 1UL << 37,	/* khugepaged at work, which never sleeps */
	NEED_MTHP_COLLAPSE = 1UL << 38, /* it makes folios smaller than a PMD's */
	NEED_LAZY_PMD = 1UL << 41,	/* MADV_PAGEOUT frees what a PMD maps, after MADV_FREE */
	NEED_TEST_VMALLOC = 1UL << 39,	/* the kernel's module of that name can be loaded */
	NEED_UNSAMPLED = 1UL << 44,	/* pages that DAMON does not lock to see who uses them */
	NEED_FAULT_AROUND = 1UL << 43,	/* fault-around of the size that BENCH_AROUND says */
	NEED_VMAP_STACK = 1UL << 40,	/* stacks of tasks are memory of vmalloc() */
	NEED_PAGEMAP_SCAN = 1 << 27,	/* and userfaultfd's asynchronous write-protection */
};

#endif
