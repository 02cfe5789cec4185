// SPDX-License-Identifier: GPL-2.0-or-later
#include "common/hist.h"

#include <math.h>
#include <string.h>

bool hist_merge(struct hist *to, const struct hist *from)
{
	unsigned int i;

	if (to->unit_ns != from->unit_ns)
		return false;
	for (i = 0; i < HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
	to->count += from->count;
	if (from->max_ns > to->max_ns)
		to->max_ns = from->max_ns;
	return true;
}

/* The largest number of ticks that falls into a bucket. */
static uint64_t bucket_last(unsigned int bucket)
{
	unsigned int octave = bucket / HIST_SUB;

	if (!octave)
		return bucket;
	return (((uint64_t)HIST_SUB + bucket % HIST_SUB + 1) << (octave - 1)) - 1;
}

double hist_quantile(const struct hist *h, double q)
{
	uint64_t rank, seen = 0;
	unsigned int i;
	double ns;

	if (!h->count)
		return NAN;
	rank = (uint64_t)ceil(q * (double)h->count);
	if (!rank)
		rank = 1;
	for (i = 0; i < HIST_BUCKETS - 1; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}
	ns = (double)((bucket_last(i) + 1) * h->unit_ns - 1);
	return ns < (double)h->max_ns && i < HIST_BUCKETS - 1 ? ns : (double)h->max_ns;
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
			 HIST_SUB_BITS, "count", (json_int_t)h->count, "max_ns",
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
	    sub_bits != HIST_SUB_BITS || unit < 1 || max < 0)
		return false;
	memset(h, 0, sizeof(*h));
	h->unit_ns = (uint64_t)unit;
	h->count = (uint64_t)count;
	h->max_ns = (uint64_t)max;
	json_array_foreach(buckets, i, pair) {
		if (json_unpack(pair, "[i,I]", &index, &bucket_count) || index < 0 ||
		    index >= (int)HIST_BUCKETS || bucket_count < 0)
			return false;
		h->bucket[index] = (uint64_t)bucket_count;
		sum += (uint64_t)bucket_count;
	}
	return sum == h->count;
}
