/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of the kernel's and its modules' functions, by address.
 */
#ifndef BENCH_HARNESS_KERNEL_NAMES_H
#define BENCH_HARNESS_KERNEL_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAMES_KALLSYMS "/proc/kallsyms"

/*
 * Finds in which functions nr addresses are, which are in ascending order, by a file as
 * NAMES_KALLSYMS is: ret gets the name of each, malloc'ed, or NULL where there is none. False with
 * the reason, all of ret NULL, if the file has no addresses.
 */
bool names_find(const char *path, const uint64_t *addr, size_t nr, char **ret, char *why,
		size_t room);

#endif
