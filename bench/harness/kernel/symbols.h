/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's and its modules' functions, as /proc/kallsyms shows them to root.
 */
#ifndef BENCH_HARNESS_KERNEL_SYMBOLS_H
#define BENCH_HARNESS_KERNEL_SYMBOLS_H

#include <stdbool.h>

/*
 * Writes a record of them to fd, a line: its "text" has a line "ADDRESS NAME" for each, and is
 * empty without /proc/kallsyms. Returns whether it could be written.
 */
bool symbols_send(int fd);

#endif
