/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "profile" of a run that was timed: where in the kernel its op was, sampled in a process of its
 * own that repeated it after the timed one (common/record.h).
 */
#ifndef COMMON_CALLS_PROFILE_H
#define COMMON_CALLS_PROFILE_H

#include <jansson.h>

#define PROFILE_STACKS 512  /* those with most samples; the rest is "other" */
#define PROFILE_DEPTH  1024 /* functions of a path, at most */

/* A new one of a run that could not be sampled. */
json_t *profile_refused(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Why a run was not sampled; NULL if it was. "no samples" is a reason. */
const char *profile_why_not(const json_t *profile);

/* What is wrong with one, as static text; NULL if nothing is. */
const char *profile_fault(const json_t *profile);

#endif
