/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which folio orders this kernel can be made to give to an anonymous fault, and making it do so.
 */
#ifndef BENCH_HARNESS_PROVIDE_FOLIO_ORDERS_H
#define BENCH_HARNESS_PROVIDE_FOLIO_ORDERS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the kernel has huge pages of that kind at all. False with the reason in why. */
bool thp_there(char *why, size_t room);

/*
 * Makes MADV_HUGEPAGE memory give folios of this order (and of no larger one) to a first touch, as
 * far as that needs switches of sysfs: they are set through knobs.h where that is permitted. False,
 * with the reason in why, if this kernel or user cannot have it; with only_ask true nothing is
 * changed.
 */
bool thp_enable(int order, bool only_ask, char *why, size_t room);

/*
 * How many folios of the order have been split since boot, as far as the kernel counts it; -1 if it
 * does not.
 */
long thp_splits(int order);

/* The same as thp_enable() of shared memory and memfds, which have switches of their own. */
bool thp_enable_shmem(int order, bool only_ask, char *why, size_t room);

/*
 * Whether MADV_PAGEOUT frees a huge page that MADV_FREE has given up, as long as a PMD maps it: one
 * of arm64's 5.10 is dirty once more when its mapping was split for that. Whatever the size.
 */
bool thp_lazy_pageout(size_t size);

#endif
