/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cache of results. A unit is what one boot of a kernel gave, all its records, under a name that
 * is made of everything that they follow from. A folder may be shared by many who read and write
 * at a time, on NFS too: a file appears whole, by rename, and never changes.
 *
 *   DIR/AB/ABCD....jsonl   {"type": "unit", "key", "sha256"}: of the lines that follow, which are
 *                          the boot's records, without "kernel" and "machine.title", which are
 *                          names that everybody gives anew
 */
#ifndef CAMPAIGN_UNIT_H
#define CAMPAIGN_UNIT_H

#include <jansson.h>
#include <stdbool.h>

#include "runners/runner.h"

/*
 * The SHA-256, in hex, malloc'ed, of the machine (its runner's identity()), the kernel's files
 * (sums, of kernels/sums.h), the request, with the plan's points and the boot's number, and which
 * sample it is: where results do not repeat, one kernel as two is measured twice. NULL,
 * with a message, if it cannot be told.
 */
char *unit_key(const struct runner_boot *wanted, const char *sums, int sample);

/* The records of a unit, a new array. NULL if there is none, or one that is damaged, which is said.
 */
json_t *unit_load(const char *cache, const char *key);

/* Puts it there, or says why not. */
void unit_store(const char *cache, const char *key, const json_t *records);

#endif
