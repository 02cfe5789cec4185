/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in the kernel a worker is, sampled by perf_event while it is in op: in a process of its
 * own, whose ops nobody times. Call chains are copied out of the kernel's buffer between ops.
 */
#ifndef BENCH_HARNESS_TIMING_SAMPLER_H
#define BENCH_HARNESS_TIMING_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "bench/harness/timing/counter_set.h"

/*
 * Words for the chains of a worker: 4 MiB, some 25,000 samples; or less, so that all of them have
 * 64 MiB, but this at least.
 */
#define SAMPLED_MOST  (1UL << 19)
#define SAMPLED_ALL   (1UL << 23)
#define SAMPLED_LEAST (1UL << 12)

/* What was sampled of one worker; in shared memory. */
struct sampled {
	char event[16];	   /* "cycles" or "cpu-clock"; empty: refused */
	char refused[240]; /* why it was, and what to do */
	uint64_t period;   /* of the event, between samples: cycles, or ns */
	uint64_t samples;  /* in op, in the kernel */
	uint64_t outside; /* before op or after it, or with no function of the kernel's: left out */
	uint64_t lost;	  /* for want of room, as far as is known */
	uint64_t throttled; /* times that the kernel held the event back */
	uint64_t
		*word; /* chains: how many addresses, then these, the last one first; shared, too */
	size_t room;   /* for so many, a power of two, */
	size_t used;   /* and these are there */
};

#define SAMPLED_CHILDREN 16

struct sampler {
	int fd;
	void *ring;  /* NULL: not open, and nothing below does anything */
	size_t size; /* of its data, bytes, a power of two */
	struct sampled *to;
	uint32_t task[1 + SAMPLED_CHILDREN]; /* children too: the process, its last ones and theirs;
						else 0 */
	unsigned int children;
};

/*
 * Opens an event of the calling thread, which is put on a CPU, or anywhere (-1), disabled; clock is
 * that of the times that sampler_take() is told, set has cycles as its only event. Where that event
 * cannot be sampled it is the kernel's clock of the CPU. children: those of the process on that CPU
 * as well. What cannot be done is in to->refused.
 */
void sampler_open(struct sampler *s, struct sampled *to, const struct counter_set *set, int cpu,
		  clockid_t clock, bool children);

void sampler_enable(const struct sampler *s);
void sampler_disable(const struct sampler *s);

/* Takes what was sampled between two times. */
void sampler_take(struct sampler *s, uint64_t from, uint64_t until);

/* Leaves out what was sampled since. */
void sampler_skip(struct sampler *s);

/* Forgets all that was taken. */
void sampler_forget(struct sampler *s);

#endif
