/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sizes of pages and folios.
 */
#ifndef SERVICES_PAGES_H
#define SERVICES_PAGES_H

/* The order of a folio that a PMD maps: 9 with 4 KiB pages. Known without THP as well. */
int thp_pmd_order(void);

/* The number that a file holds, or dflt. */
long pages_number_in(const char *path, long dflt);

#endif
