/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's and its modules' functions, as /proc/kallsyms shows them to root.
 */
#ifndef BENCH_HARNESS_KERNEL_SYMBOLS_H
#define BENCH_HARNESS_KERNEL_SYMBOLS_H

#include <jansson.h>

/* A JSON string, a line "ADDRESS NAME" for each; NULL without /proc/kallsyms. */
json_t *symbols_collect(void);

#endif
