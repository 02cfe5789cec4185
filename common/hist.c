// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/hist.h"

#include <math.h>
#include <string.h>

bool hist_merge(struct hist *to, const struct hist *from)
{
	unsigned int i;

	if (to->unit_ns != from->unit_ns || to->coarser != from->coarser)
		return false;
	for (i = 0; i < HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
	to->count += from->count;
	if (from->max_ns > to->max_ns)
		to->max_ns = from->max_ns;
	return true;
}

/* The smallest number of ticks that falls into a bucket. */
static uint64_t bucket_first(const struct hist *h, unsigned int bucket)
{
	unsigned int sub = HIST_SUB >> h->coarser, octave = bucket / sub;

	if (!octave)
		return bucket;
	return ((uint64_t)sub + bucket % sub) << (octave - 1);
}

static unsigned int nr_buckets(const struct hist *h)
{
	/* Octaves end at the same tick, whatever is within. */
	return (HIST_OCTAVES + h->coarser + 1) * (HIST_SUB >> h->coarser);
}

/* The bucket in which the value of a rank is, and how many values are in those before. */
static unsigned int bucket_of_rank(const struct hist *h, double rank, uint64_t *ret_before)
{
	unsigned int i, last = nr_buckets(h) - 1;

	*ret_before = 0;
	for (i = 0; i < last && (!h->bucket[i] || (double)(*ret_before + h->bucket[i]) < rank); i++)
		*ret_before += h->bucket[i];
	return i;
}

static double width(const struct hist *h, unsigned int bucket)
{
	return (double)(bucket_first(h, bucket + 1) - bucket_first(h, bucket));
}

/* Of a bucket with values: what the density of another is, relative to its own. */
static double density(const struct hist *h, unsigned int bucket, unsigned int other)
{
	return (double)h->bucket[other] / width(h, other) /
	       ((double)h->bucket[bucket] / width(h, bucket));
}

/* Where in a bucket, 0..1, that share of its values ends. */
static double within(const struct hist *h, unsigned int bucket, double share)
{
	double below = bucket ? density(h, bucket, bucket - 1) : 1, slope, half;

	slope = fmax(-2, fmin(2, (density(h, bucket, bucket + 1) - below) / 2));
	if (fabs(slope) < 1e-6)
		return share;
	/* x + slope * (x^2 - x) / 2 = share */
	half = (1 - slope / 2) / slope;
	return copysign(sqrt(half * half + 2 * share / slope), slope) - half;
}

double hist_quantile(const struct hist *h, double q)
{
	double rank = q * (double)h->count, ns;
	unsigned int at;
	uint64_t before;

	if (!h->count)
		return NAN;
	at = bucket_of_rank(h, rank, &before);
	if (at == nr_buckets(h) - 1)
		return (double)h->max_ns;
	ns = ((double)bucket_first(h, at) +
	      within(h, at, (rank - (double)before) / (double)h->bucket[at]) * width(h, at)) *
	     (double)h->unit_ns;
	return fmin(ns, (double)h->max_ns);
}

double hist_quantile_error(const struct hist *h, double q)
{
	unsigned int at;
	uint64_t before;
	double bend;

	if (!h->count)
		return 0;
	at = bucket_of_rank(h, q * (double)h->count, &before);
	if (at == nr_buckets(h) - 1)
		return 0;
	bend = density(h, at, at + 1) + (at ? density(h, at, at - 1) : 1) - 2;
	bend = fmin(2, fabs(bend));
	return (bend / 125 + bend * bend / 8) * width(h, at) * (double)h->unit_ns /
	       hist_quantile(h, q);
}

json_t *hist_to_json(const struct hist *h)
{
	json_t *buckets = json_array();
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		if (h->bucket[i])
			json_array_append_new(buckets,
					      json_pack("[i,I]", (int)i, (json_int_t)h->bucket[i]));
	return json_pack("{s:I,s:i,s:I,s:I,s:o}", "unit_ns", (json_int_t)h->unit_ns, "sub_bits",
			 HIST_SUB_BITS - (int)h->coarser, "count", (json_int_t)h->count, "max_ns",
			 (json_int_t)h->max_ns, "buckets", buckets);
}

bool hist_from_json(struct hist *h, const json_t *json)
{
	json_int_t unit, count, max, bucket_count;
	json_t *buckets, *pair;
	uint64_t sum = 0;
	int sub_bits, index;
	size_t i;

	if (json_unpack((json_t *)json, "{s:I,s:i,s:I,s:I,s:o}", "unit_ns", &unit, "sub_bits",
			&sub_bits, "count", &count, "max_ns", &max, "buckets", &buckets) ||
	    sub_bits < 1 || sub_bits > HIST_SUB_BITS || unit < 1 || max < 0)
		return false;
	memset(h, 0, sizeof(*h));
	h->unit_ns = (uint64_t)unit;
	h->coarser = (unsigned int)(HIST_SUB_BITS - sub_bits);
	h->count = (uint64_t)count;
	h->max_ns = (uint64_t)max;
	json_array_foreach(buckets, i, pair) {
		if (json_unpack(pair, "[i,I]", &index, &bucket_count) || index < 0 ||
		    index >= (int)nr_buckets(h) || bucket_count < 0)
			return false;
		h->bucket[index] = (uint64_t)bucket_count;
		sum += (uint64_t)bucket_count;
	}
	return sum == h->count;
}
