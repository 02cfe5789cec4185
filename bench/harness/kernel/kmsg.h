/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel said of itself during a run: a warning, an oops or a new taint voids it.
 */
#ifndef BENCH_HARNESS_KERNEL_KMSG_H
#define BENCH_HARNESS_KERNEL_KMSG_H

#include <stdbool.h>
#include <stddef.h>

struct kmsg {
	int fd;		     /* /dev/kmsg, or -1 */
	unsigned long taint; /* when kmsg_mark() was called; ULONG_MAX if not readable */
};

/* Opens the log. It may be unreadable (dmesg_restrict); the taint is then all that is watched. */
void kmsg_open(struct kmsg *k);

/* Forgets what was said so far. */
void kmsg_mark(struct kmsg *k);

/*
 * Whether the kernel has complained since the mark. If so, *text (of room bytes) is the line or
 * the taint that says it.
 */
bool kmsg_complaint(const struct kmsg *k, char *text, size_t room);

#endif
