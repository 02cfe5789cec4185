/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Block devices that are made for a run: one of compressed memory (zram), to swap on or to read
 * from, and one whose latency is set (null_blk). Made by changes.c's owner only, which has written
 * down before it is made what is about to be, as lines of JSON in the file of changes.h:
 *
 *   {"zram": -1, "there": [number]} a device is about to be made; those are there already
 *   {"zram": number, "size"}        it is
 *   {"nullb": true}                 that of our name is, or is about to be
 *
 * Functions return 0 or an errno unless they say otherwise; fd is of that file, or -1.
 */
#ifndef BENCH_HARNESS_PROVIDE_DEVICES_H
#define BENCH_HARNESS_PROVIDE_DEVICES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct devices {
	int zram;	  /* number of our device, or -1 */
	size_t zram_size; /* bytes */
	json_t *before;	  /* numbers of devices that were there when it was to be made, or NULL */
	bool zram_earlier;
	bool nullb, nullb_earlier;
};

#define DEVICES_NONE ((struct devices){.zram = -1})

/* Makes a zram device of so many bytes, once, and swaps on it if that is wanted. */
int devices_zram(struct devices *d, int fd, size_t size, bool swap);

/* Makes a null_blk device of so many bytes whose requests take so many us, once: its path. */
int devices_nullb(struct devices *d, int fd, size_t size, long us, char path[32]);

/* Takes one line of the file, of an earlier process. False if it says nothing of devices. */
bool devices_take(struct devices *d, const json_t *json);

/* Writes down what is there. */
int devices_write(const struct devices *d, int fd);

/* Whether there is one, or may be. */
bool devices_any(const struct devices *d);

/* Removes them; failed: which one could not be. */
int devices_undo(struct devices *d, char *failed, size_t room);

/* Adds those that are there to a list of changes_list(). */
void devices_list(const struct devices *d, json_t *list);

void devices_end(struct devices *d);

#endif
