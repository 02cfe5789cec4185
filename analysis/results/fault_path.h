/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path that faults took, from /proc/vmstat: without mmap_lock, speculatively or under a VMA's
 * lock, or not. Kernels without such a path, or without its counters, say nothing of it.
 */
#ifndef ANALYSIS_RESULTS_FAULT_PATH_H
#define ANALYSIS_RESULTS_FAULT_PATH_H

#include <jansson.h>

/* Of all ok runs of a cell; zero it to start. tried is 0 where the kernel does not count. */
struct fault_path {
	double tried; /* faults that began without mmap_lock, or wanted to */
	double kept;  /* those of them that ended so */
};

/*
 * Adds what one run's ops moved ("vmstat" of struct run_record). Since 6.4 vma_lock_success, _abort
 * (no lock was to be had, of whatever reason) and _retry (given up on the way); in the series of
 * 2021 and 2022 spf_attempt and spf_abort.
 */
void fault_path_add(struct fault_path *path, const json_t *vmstat);

#endif
