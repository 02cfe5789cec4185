/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user sees while jobs of a cluster carry out parts: as for `run`, from their journals.
 */
#ifndef CLI_BATCH_FOLLOW_H
#define CLI_BATCH_FOLLOW_H

#include "cli/batch/batch.h"

/*
 * Until none of the jobs, numbers with blanks in between, is in the queue any more. *ret_missing
 * then is how many runs of the plan no part has. False, with *ret_status, if a signal came before:
 * the jobs go on, which is said, and how to end them.
 */
bool follow(const struct batch *batch, const char *ids, size_t *ret_missing, int *ret_status);

#endif
