/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log-linear histogram of latencies, as HdrHistogram describes it: within each power of two,
 * HIST_SUB equal buckets, so a bucket is at most 1/HIST_SUB (0.8 %) of the value it holds.
 * Values are counted in ticks of the clock (unit_ns), so that no bucket is finer than what the
 * clock can tell apart. Journals may hold coarser ones, which are read as they are.
 */
#ifndef COMMON_HIST_H
#define COMMON_HIST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define HIST_SUB_BITS 7
#define HIST_SUB      (1U << HIST_SUB_BITS)
#define HIST_OCTAVES  34 /* the last bucket starts above 2^40 ticks */
#define HIST_BUCKETS  ((HIST_OCTAVES + 1) * HIST_SUB)

struct hist {
	uint64_t unit_ns;     /* width of the finest bucket, ns, at least 1 */
	unsigned int coarser; /* by so many bits of HIST_SUB_BITS are its buckets */
	uint64_t count;	      /* values added */
	uint64_t max_ns;      /* the largest value added, ns */
	uint64_t bucket[HIST_BUCKETS];
};

static inline unsigned int hist_bucket(uint64_t ticks)
{
	unsigned int octave;

	if (ticks < HIST_SUB)
		return (unsigned int)ticks;
	octave = 63 - (unsigned int)__builtin_clzll(ticks) - HIST_SUB_BITS;
	if (octave >= HIST_OCTAVES)
		return HIST_BUCKETS - 1;
	return (octave + 1) * HIST_SUB + (unsigned int)((ticks >> octave) - HIST_SUB);
}

/* Adds one latency in ns to one that is not coarser. No allocation, no system call: callable beside
 * a timed operation. */
static inline void hist_add(struct hist *h, uint64_t ns)
{
	h->bucket[hist_bucket(ns / h->unit_ns)]++;
	h->count++;
	if (ns > h->max_ns)
		h->max_ns = ns;
}

/* Adds all of from to to. Both must have the same buckets; returns false, changing nothing, if not.
 */
bool hist_merge(struct hist *to, const struct hist *from);

/*
 * The q-quantile (0..1) in ns, interpolated within its bucket as if the density of values in that
 * changed evenly, as it does from the one neighbour to the other; never above max_ns. NaN if the
 * histogram is empty.
 */
double hist_quantile(const struct hist *h, double q);

/*
 * By what share hist_quantile() may be wrong because the density does not: of a bucket's width
 * k / 125 + k^2 / 8, k the second difference of the densities of bucket and neighbours relative to
 * its own (2 at most, of a bucket whose neighbours are empty: half a bucket). The first term is
 * what a density that bends evenly makes it at most. 0 if the histogram is empty.
 */
double hist_quantile_error(const struct hist *h, double q);

/* {"unit_ns", "sub_bits", "count", "max_ns", "buckets": [[index, count], ...]}, empty buckets left
 * out. */
json_t *hist_to_json(const struct hist *h);

/* Reads what hist_to_json() wrote; false if it is not that. */
bool hist_from_json(struct hist *h, const json_t *json);

#endif
