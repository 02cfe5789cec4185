// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is charged is memory.current of the innermost group, or memory.usage_in_bytes. It is no less
 * than the memory that is promised to be there after an op, and an op moves it by what families
 * promise, or by as much as the memory of areas is more or less: within an eighth, and what each
 * CPU has charged in advance, or holds in its batches. Pages of files are charged as long as they
 * are in the page cache, to who brought them there; the run has done that itself.
 */
#include "bench/harness/proof/charge.h"

#include <stdio.h>
#include <string.h>

#include "bench/harness/kernel/cgroup.h"
#include "bench/harness/proof/area_proof.h"
#include "common/units.h"

#define AHEAD 64 /* pages, MEMCG_CHARGE_BATCH of the kernel */

/* Pages of a file or of shared memory, and those that were copied of a private mapping. */
static long charged_of_file(const struct bench_area *area, enum area_state state)
{
	bool copied = state == AREA_BASE_PAGES || state == AREA_OWN;

	switch (state) {
	case AREA_UNCACHED:
	case AREA_SWAPPED:
		return 0;
	case AREA_UNMAPPED:
		return area->backing == BACK_SHMEM ? 0 : (long)area->len;
	default:
		return (long)area->len * (copied ? 2 : 1);
	}
}

/* Bytes of an area that are charged in a state; -1: that is not told by it. */
static long charged_in(const struct bench_area *area, enum area_state state)
{
	if (state == AREA_ANY || state == AREA_MAPPED || state == AREA_FILLING ||
	    state == AREA_LAZY_FREE)
		return -1;
	/* Some may be merged with others. */
	if (state == AREA_THERE && area->backing == BACK_ANON)
		return -1;
	if (area->backing == BACK_HUGETLB && !cgroup_charges_hugetlb())
		return 0;
	if (area->backing >= BACK_PRIVATE_FILE && area->backing <= BACK_MEMFD)
		return charged_of_file(area, state);
	switch (state) {
	case AREA_EMPTY:
	case AREA_UNMAPPED:
	case AREA_ZERO_PAGE:
	case AREA_SWAPPED:
		return 0;
	default:
		return (long)area->len;
	}
}

/* Of all areas; *ret_known is false if one of them does not tell. */
static long promised_charge(const struct bench_run *run, bool after, bool *ret_known)
{
	long sum = 0, bytes;
	unsigned int i;

	for (i = 0; i < run->nr_areas; i++) {
		bytes = charged_in(&run->areas[i], prove_promised(run, &run->areas[i], after));
		*ret_known = *ret_known && bytes >= 0;
		sum += bytes < 0 ? 0 : bytes;
	}
	return sum;
}

/* By how much an op of this process moves it; 0: that is not known, or others charge meanwhile. */
static long promised_move(const struct bench_run *run)
{
	bool known = run->processes == 1 && run->bench->repeat == REPEAT_NOT;
	long move = promised_charge(run, true, &known) - promised_charge(run, false, &known);

	if (run->promise.charged && run->processes == 1)
		return (long)run->promise.charged;
	return known ? move : 0;
}

/* At least, up or down; 0 if it is less than can be told. */
static long least_move(const struct bench_run *run)
{
	long slack = (long)((run->threads + 1) * (AHEAD + BENCH_LRU_BATCH) * bench_page_size());
	long move = promised_move(run), size = move < 0 ? -move : move;

	size -= size / 8 + slack;
	return size <= 0 ? 0 : move < 0 ? -size : size;
}

void charge_before(struct charge *c)
{
	c->before = (long)cgroup_memory_charged();
}

/* As it is in the path of the group: how many, one in another, were made for us. */
static int depth(void)
{
	struct cgroup_place own;
	const char *at = cgroup_find("memory", &own) ? strstr(own.folder, "/faultbench-") : NULL;
	int nr = 0;

	for (; at; at = strchr(at + 1, '/'))
		nr++;
	return nr;
}

static bool moved_enough(long by, long least)
{
	return !least || (least < 0 ? by <= least : by >= least);
}

static bool is_in_place(const struct bench_run *run, char *why, size_t room)
{
	const char *where = cgroup_memory();

	if (run->groups > 0 && depth() != run->groups)
		snprintf(why, room, "in %d control groups of its own, not %d", depth(),
			 run->groups);
	else if (run->groups == GROUPS_NONE && where && strcmp(where, "root"))
		snprintf(why, room, "memory is charged to a control group, not to none");
	else
		return true;
	return false;
}

bool charge_after(struct charge *c, const struct bench_run *run, char *why, size_t room)
{
	long now = (long)cgroup_memory_charged(), by = now - c->before, least = least_move(run);
	bool known = true;
	long there = promised_charge(run, true, &known);

	if (!is_in_place(run, why, room))
		return false;
	if (run->groups == GROUPS_NONE)
		return true;
	c->min = !c->seen || by < c->min ? by : c->min;
	c->max = !c->seen || by > c->max ? by : c->max;
	c->promised = least;
	c->small = !least && promised_move(run);
	c->least = !c->seen || now < c->least ? now : c->least;
	c->seen = true;
	if (now < there)
		snprintf(why, room,
			 "after the op: %ld KiB are there, and %ld KiB charged to the group",
			 there / 1024, now / 1024);
	else if (!moved_enough(by, least))
		snprintf(why, room,
			 "an op moved what is charged to the group by %ld KiB, not by %ld",
			 by / 1024, least / 1024);
	else
		return true;
	return false;
}

json_t *charge_to_json(const struct charge *c, const struct bench_run *run)
{
	long least = c->promised;
	char wanted[160], seen[160];

	if (run->groups == GROUPS_NONE)
		return json_pack("{s:s,s:s}", "wanted", "charged to no control group", "seen",
				 cgroup_memory() ? "in the root's" : "there is none");
	snprintf(wanted, sizeof(wanted), "charged to a control group, %d deep; an op: %s%ld KiB",
		 run->groups, least < 0 ? "at most " : "at least ", least / 1024);
	if (!least)
		strcpy(strrchr(wanted, ';'), c->small ? "; an op: too little to be told" : "");
	snprintf(seen, sizeof(seen), "not looked at");
	if (c->seen)
		snprintf(seen, sizeof(seen),
			 "%d deep, at least %ld KiB charged; an op: %ld to %ld KiB", depth(),
			 c->least / 1024, c->min / 1024, c->max / 1024);
	return json_pack("{s:s,s:s}", "wanted", wanted, "seen", seen);
}
