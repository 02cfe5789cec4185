/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How large the pages are that the kernel maps its addresses by, as it says once
 * (bench/harness/kernel/mapped.h).
 */
#ifndef RUNNERS_EXACT_MODEL_MAPPED_H
#define RUNNERS_EXACT_MODEL_MAPPED_H

#include <stdbool.h>
#include <stdint.h>

#include "runners/exact/model/hierarchy.h"

#define MAPPED_MOST 1024 /* lines */

/* Takes in "page SHIFT", which says how large ordinary pages are (4 KiB unless it comes), or
 * "mapped FROM TO SHIFT g" or "... o": addresses FROM to TO - 1, in hexadecimal, in pages of 1 <<
 * SHIFT bytes, of all address spaces or of one. Lines are in the order of addresses. False for one
 * that is not understood, or one too many. */
bool mapped_add(const char *line);

/* Whether the kernel has addresses of more than 48 bits. */
bool mapped_wide(void);

/* The page of an address. What nobody spoke of has pages of 4 KiB, that of the kernel is of all
 * address spaces. */
struct page mapped_page(uint64_t vaddr, uint64_t paddr);

#endif
