/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cache of results. A unit is what one boot of a kernel gave, all its records, under a name that
 * is made of everything that they follow from. A folder may be shared by many who read and write
 * at a time, on NFS too: a file appears whole, by rename, and never changes.
 *
 *   DIR/AB/ABCD....jsonl   {"type": "unit", "key", "sha256": of the lines that follow, "measured":
 *                          seconds since 1970, "host", "took_s"}; then the boot's records, without
 *                          "kernel" and "machine.title", which are names that everybody gives anew
 *   DIR/AB/ABCD....*       who is at it, and how it failed (mark.h)
 */
#ifndef CAMPAIGN_UNITS_UNIT_H
#define CAMPAIGN_UNITS_UNIT_H

#include <jansson.h>
#include <stdbool.h>

#define UNIT_HOST 65 /* room for a host's name, terminator included */

/* Where a unit's results are from. */
struct unit_origin {
	double measured; /* when it was over, seconds since 1970 */
	double took_s;	 /* from the start of the boot to that */
	char host[UNIT_HOST];
};

/*
 * The SHA-256, in hex, malloc'ed, of the machine (its runner's identity()), what runs of
 * the kernel (sums_content()), the request (campaign/request.h), with the plan's points and the
 * boot's number, and which sample it is.
 */
char *unit_key(const char *machine, const char *kernel, const json_t *request, int sample);

/*
 * The records of a unit, a new array, and if ret is not NULL their origin. NULL if there is none,
 * or one that is damaged, which is said.
 */
json_t *unit_load(const char *cache, const char *key, struct unit_origin *ret);

/* Puts it there, or says why not. It took so many seconds, until now. */
void unit_store(const char *cache, const char *key, const json_t *records, double took_s);

/* The path of what belongs to a unit: its file (".jsonl") or a mark; malloc'ed. */
char *unit_path(const char *cache, const char *key, const char *ending);

/* This host's name, as what is kept here names hosts; cut where it is longer. */
const char *unit_host(char host[UNIT_HOST]);

/* Writes a text under a name, whole or not at all, on the disk before it has it. False with errno.
 */
bool unit_write_whole(const char *path, const char *text);

#endif
