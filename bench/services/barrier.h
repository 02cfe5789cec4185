/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where workers, threads or processes, wait for each other. Lives in shared memory.
 */
#ifndef BENCH_SERVICES_BARRIER_H
#define BENCH_SERVICES_BARRIER_H

#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

struct barrier {
	_Alignas(128) atomic_uint waiting;
	_Alignas(128) atomic_uint generation;
};

/* Lets everyone go on, whoever is missing. */
static inline void barrier_break(struct barrier *b)
{
	atomic_fetch_add(&b->generation, 1);
	syscall(SYS_futex, &b->generation, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/*
 * Waits until nr workers are here. Spinning gives the closest start; otherwise waiters sleep, since
 * what they wait for may take long and should have the machine for itself. Returns false if *stop
 * was set meanwhile.
 */
static inline bool barrier_wait(struct barrier *b, unsigned int nr, bool spin, atomic_int *stop)
{
	unsigned int generation = atomic_load(&b->generation), turns = 0;

	if (atomic_fetch_add(&b->waiting, 1) + 1 == nr) {
		atomic_store(&b->waiting, 0);
		if (spin)
			atomic_fetch_add(&b->generation, 1);
		else if (nr > 1)
			barrier_break(b);
		return !atomic_load(stop);
	}
	while (atomic_load(&b->generation) == generation && !atomic_load(stop)) {
		if (!spin)
			syscall(SYS_futex, &b->generation, FUTEX_WAIT, generation, NULL, NULL, 0);
		else if (++turns > 10000)
			sched_yield(); /* more workers than CPUs */
	}
	return !atomic_load(stop);
}

#endif
