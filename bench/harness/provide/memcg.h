/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control groups of memory that are made for a run, one in another: what a run allocates is then
 * charged to them, as to a service's or a container's, and to all above. Version 1 and 2. Made and
 * removed by changes.c only, which writes down what is made before. Functions return 0 or an errno
 * unless they say otherwise.
 */
#ifndef BENCH_HARNESS_PROVIDE_MEMCG_H
#define BENCH_HARNESS_PROVIDE_MEMCG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define MEMCG_NAME "faultbench-" /* how the topmost group's name begins; its number follows */
#define MEMCG_PATH 512
#define MEMCG_MOST 16 /* in one another */

struct memcg {
	char path[MEMCG_PATH]; /* of the topmost; empty: there is none */
	int levels;	       /* as many groups */
	bool enables;	       /* groups there have no memory controller, until this one is made */
	bool earlier;	       /* another process made it */
};

/*
 * Where this process may have groups made: as high up as that is, so that those above are few.
 * False with the reason. Changes nothing.
 */
bool memcg_plan(struct memcg *ret, int levels, char *why, size_t room);

/*
 * The group whose pages are charged to nobody: *ret_path is its folder, or empty if we are in it,
 * or the kernel has no such groups. False with the reason if we are not, and may not go there.
 */
bool memcg_plan_none(char path[MEMCG_PATH], char *why, size_t room);

/* Makes it, with the limit that holds for us now. */
int memcg_make(const struct memcg *g);

/* The innermost group, to join. */
void memcg_leaf(const struct memcg *g, char path[MEMCG_PATH]);

/* The calling process, of one thread, is in that group from now on. False with errno. */
bool memcg_join(const char *path);

/* Ends who is still in it, and takes it away. ENOENT of one that is not there is no error. */
int memcg_remove(const struct memcg *g);

/* Whether it is there. */
bool memcg_is_there(const struct memcg *g);

/* As a line of the file of changes.h, and back: false if it is none. */
json_t *memcg_to_json(const struct memcg *g);
bool memcg_from_json(struct memcg *ret, const json_t *json);

#endif
