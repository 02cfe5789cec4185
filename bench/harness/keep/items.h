/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a keeper keeps until it has come to whom it is for. In memory: a file would be written back
 * to its disk at some time later, while an operation is timed; and what ends the memory, a reboot,
 * ends the worker as well.
 */
#ifndef BENCH_HARNESS_KEEP_ITEMS_H
#define BENCH_HARNESS_KEEP_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

struct items {
	char **lines; /* with their newlines; NULL: has come */
	size_t nr, gone;
};

/* One more, of a kind (common/keep.h). Without memory the process ends, and with it the worker. */
void items_add(struct items *items, char kind, const char *text, size_t len);

/* Line i, or NULL if there is none, or none any more. */
const char *items_line(const struct items *items, size_t i);

/* Those before i have come. */
void items_forget(struct items *items, size_t i);

#endif
