/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels with debug information: a vmlinux with DWARF beside an image that was built without, so
 * that addresses of the one are those of the other.
 */
#ifndef KERNELS_BUILD_DEBUG_H
#define KERNELS_BUILD_DEBUG_H

#include <stdbool.h>

/* Whether a vmlinux has lines of source. False also if it cannot be read: then the next says so. */
bool debug_is_there(const char *vmlinux);

/*
 * Compares what two vmlinux have in memory: all sections that are loaded, of code, data and zeroes,
 * in their order, with names, addresses, sizes, flags and contents; so no address has moved, and no
 * byte of code or data is another. Build ids, which checksum the debug information as well, may
 * differ: GNU notes of 20 bytes, the kernel's own and those of what it has in it (vDSO). False with
 * a message about the kernel `label` that names the first difference, or says that there is no
 * DWARF; else a note says what was compared.
 */
bool debug_compare(const char *label, const char *without, const char *with);

#endif
