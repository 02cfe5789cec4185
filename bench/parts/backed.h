/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What families that are about populated memory may have behind it, as a parameter.
 */
#ifndef BENCH_PARTS_BACKED_H
#define BENCH_PARTS_BACKED_H

#include "bench/bench.h"

static const char *const backed_choices[] = {"anon", "shmem", "memfd", "file", NULL};

enum {
	BACKED_ANON,
	BACKED_SHMEM,
	BACKED_MEMFD,
	BACKED_FILE
};

#define BENCH_PARAM_BACKING                                                                       \
	{                                                                                         \
		"backing", BENCH_CHOICE, "anon", backed_choices, 0, 0,                            \
			"private anonymous memory; shared memory without a file; a memfd; a file" \
	}

/* Of a parameter's value. Of a file, or a memfd, the mapping is shared, or private. */
static inline enum area_backing backed_by(long choice, bool private)
{
	if (choice == BACKED_MEMFD)
		return private ? BACK_PRIVATE_MEMFD : BACK_MEMFD;
	if (choice == BACKED_FILE)
		return private ? BACK_PRIVATE_FILE : BACK_SHARED_FILE;
	return choice == BACKED_SHMEM ? BACK_SHMEM : BACK_ANON;
}

/* By a file that is not on a tmpfs. */
static inline bool backed_by_disk(enum area_backing backing)
{
	return backing == BACK_SHARED_FILE || backing == BACK_PRIVATE_FILE;
}

/* For needs_more. */
static inline unsigned long backed_needs(enum area_backing backing, long order)
{
	if (backed_by_disk(backing))
		return NEED_FILE | (order ? NEED_FILE_ORDER : 0);
	return backing != BACK_ANON && order ? NEED_SHMEM_ORDER : 0;
}

/* For refuse: NULL, or what such memory is not. */
static inline const char *backed_refuse(enum area_backing backing, long order)
{
	if (backing != BACK_ANON && !backed_by_disk(backing) && order != ORDER_PMD &&
	    bench_folio_size((int)order) >= bench_folio_size(ORDER_PMD))
		return "splitting what PMDs map of shared memory unmaps it: backing takes orders "
		       "below a PMD's, or pmd";
	return NULL;
}

/* An area of it, populated. 0 or -1. */
static inline int backed_map(struct bench_run *run, size_t len, long order,
			     enum area_backing backing)
{
	return area_map_as(run, len, (int)order, backing)
		       ? -1
		       : area_populate(run, &run->areas[run->nr_areas - 1]);
}

#endif
