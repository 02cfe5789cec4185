/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How large the pages are that the kernel maps its own addresses by, from its page tables.
 */
#ifndef BENCH_HARNESS_KERNEL_MAPPED_H
#define BENCH_HARNESS_KERNEL_MAPPED_H

#include <stdbool.h>

/*
 * Sends a line of JSON, {"type": "mapped", "text"}, with in the text, each with a semicolon behind
 * it:
 *
 *   page SHIFT              1 << SHIFT bytes have the pages of this kernel
 *   mapped FROM TO SHIFT g  addresses FROM to TO - 1, in hexadecimal, are mapped by pages of
 *                           1 << SHIFT bytes of all address spaces; o: of one (kernel page-table
 *                           isolation). Ordinary pages of all are left out
 *
 * The text is empty if the kernel does not show its tables. False if fd takes no more.
 */
bool mapped_send(int fd);

#endif
