/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What families need of a machine (enum bench_need): whether it is there, or can be made.
 */
#ifndef BENCH_HARNESS_PROVIDE_NEEDS_H
#define BENCH_HARNESS_PROVIDE_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether this machine has all needs of the mask for memory of so many bytes (0: for some), or
 * provide.h can make them. False with the first that it lacks. Changes nothing.
 */
bool needs_met(unsigned long needs, size_t size, char *why, size_t room);

/* The names of the needs: calls fn for each one of the mask. */
void needs_each(unsigned long needs, void (*fn)(void *arg, const char *name), void *arg);

#endif
