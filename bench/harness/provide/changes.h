/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is changed on this machine for a run: written down before it is changed, in a file that
 * outlives every process (common/runtime_dir.h), so that whoever comes next can put it back. Lines
 * of JSON:
 *
 *   {"boot": id}                    first; what an earlier boot changed is as it was
 *   {"path", "was", "set"}          a switch; the last line of a path counts for "set"
 *   {"zram"...}, {"nullb"...}       a device (devices.h)
 *   {"memcg", "levels", "enables"}  a control group is about to be made (memcg.h)
 *
 * What a file of an earlier process says is put back only where it is still as that process left
 * it: whoever changed it since meant it so.
 */
#ifndef BENCH_HARNESS_PROVIDE_CHANGES_H
#define BENCH_HARNESS_PROVIDE_CHANGES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "bench/harness/provide/devices.h"
#include "bench/harness/provide/memcg.h"

#define CHANGE_PATH  128
#define CHANGE_VALUE 64

struct change {
	char path[CHANGE_PATH];
	char was[CHANGE_VALUE], set[CHANGE_VALUE];
	bool earlier; /* another process made it */
};

struct changes {
	int fd; /* of the file; -1: nothing is written down */
	struct change *change;
	size_t nr;
	struct devices devices;
	struct memcg group;	  /* of whose path is empty there is none */
	char failed[CHANGE_PATH]; /* what could not be put back last time */
};

/*
 * Nothing is changed yet, but for what an earlier process of this boot has left. False with errno
 * if there is no place to write more down; then nothing may be changed.
 */
bool changes_begin(struct changes *c);

/* The same where the system is thrown away after, as that of a VM. */
void changes_begin_guest(struct changes *c);

/* What the file at path says, which is only read. */
void changes_read(struct changes *c, const char *path);

/* Sets a switch. 0 or an errno. */
int changes_set(struct changes *c, const char *path, const char *value);

/* Makes so many control groups of memory in one another, once; *ret_path: the innermost. Likewise.
 */
int changes_group(struct changes *c, int levels, char ret_path[MEMCG_PATH]);

/*
 * Puts all back, last change first. What failed is kept, to be tried again: 0 or the first errno,
 * with c->failed, of what is not an earlier process's.
 */
int changes_undo(struct changes *c);

/*
 * What is not as it was and can be put back: a new array of {"what": "PATH is VALUE, and was
 * VALUE", "mend": a command of root}.
 */
json_t *changes_list(const struct changes *c);

/* The values of a key in such a list as one text, malloc'ed; NULL if the list is empty. */
char *changes_text(const json_t *list, const char *key, const char *between);

void changes_end(struct changes *c);

#endif
