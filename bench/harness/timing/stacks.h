/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From addresses that were sampled to paths of functions.
 */
#ifndef BENCH_HARNESS_TIMING_STACKS_H
#define BENCH_HARNESS_TIMING_STACKS_H

#include <jansson.h>
#include <stddef.h>

#include "bench/harness/timing/sampler.h"

/*
 * "profile" (common/record.h) of all nr workers, with names out of a file as NAMES_KALLSYMS is:
 * addresses stay here.
 */
json_t *stacks_profile(const struct sampled *workers, size_t nr, const char *kallsyms);

#endif
