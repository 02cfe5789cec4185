/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel says of where it keeps what, so that it can be told of an address what is there.
 */
#ifndef BENCH_HARNESS_KERNEL_LAYOUT_H
#define BENCH_HARNESS_KERNEL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* Data of the kernel that layout_send() reads, with their addresses; 0: it does not name them. */
struct layout_value {
	const char *name;
	uint64_t addr;
};

extern struct layout_value layout_values[];

/*
 * Sends a line of JSON, {"type": "layout", "text"}, with in the text, each with a semicolon behind
 * it and numbers in hexadecimal:
 *
 *   page BYTES               a page has
 *   segment VADDR PADDR LEN  of /proc/kcore: memory, as the kernel maps it; of what is not mapped
 *                            in one piece PADDR is all ones
 *   value NAME VALUE         a layout_value, 64 bits from there
 *
 * False if fd takes no more.
 */
bool layout_send(int fd);

/*
 * Whether stacks of tasks are among vmalloc's areas (CONFIG_VMAP_STACK). True where the kernel does
 * not say: /proc/vmallocinfo is root's.
 */
bool layout_has_stacks(void);

/*
 * Writes to the file fd, -1 for none, what memory is used for before each sample and after it;
 * numbers are in hexadecimal. Before and after, of page frames: a letter and a number for each
 * stretch of them, from frame 0 on, and a semicolon.
 *
 *   y free   s slab   t page table   u user memory: anonymous, mapped, huge   p page cache
 *   r reserved by the boot, before there were pages   o used, and the kernel does not say for what
 *   x no memory
 *
 * After that, of vmalloc's areas that are of one kind: " s0xFROM-0xTO" stacks of tasks in the
 * kernel, " p0xFROM-0xTO" per-CPU data; and a semicolon. What the kernel does not say is left out
 * (CONFIG_PROC_PAGE_MONITOR, root).
 *
 * iteration counts from 0, the first warmup of them are not samples; the first of all rehearses it,
 * so that nothing is done for the first time in a later one.
 */
void layout_around(int fd, int iteration, int warmup, bool after);

#endif
