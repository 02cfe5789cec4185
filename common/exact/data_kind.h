/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What exact mode tells apart among the lines of memory that a kernel touches. The names are those
 * in journals.
 */
#ifndef COMMON_EXACT_DATA_KIND_H
#define COMMON_EXACT_DATA_KIND_H

#define DATA_KINDS(X)                                                                         \
	X(MEMMAP, "memmap")	 /* struct page */                                            \
	X(TABLES, "page-tables") /* of processes */                                           \
	X(USER, "user")		 /* pages that are mapped by processes, or were */            \
	X(CACHE, "page-cache")	 /* of files, not mapped */                                   \
	X(SLAB, "slab")		 /* kmalloc() and object caches */                            \
	X(PER_CPU, "per-cpu")	 /* static, of chunks, and where x86 CPUs enter the kernel */ \
	X(KERNEL, "kernel")	 /* the image: text, data, bss */                             \
	X(STACK, "stack")	 /* of tasks, in the kernel */                                \
	X(VMALLOC, "vmalloc")	 /* other mappings of the kernel, modules among them */       \
	X(BOOT, "boot")		 /* handed out before there were pages: hash tables ... */    \
	X(GATHER, "mmu-gather")	 /* lists of pages that munmap gathers, to free them */       \
	X(RAW, "raw-pages")	 /* of no type or free, and of no known use */                \
	X(OTHER, "other")	 /* none of these */

enum data_kind {
#define X(id, name) DATA_##id,
	DATA_KINDS(X)
#undef X
	NR_DATA_KINDS
};

#endif
