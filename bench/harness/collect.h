/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the workers of a crew measured, put together an iteration at a time.
 */
#ifndef HARNESS_COLLECT_H
#define HARNESS_COLLECT_H

#include <stdbool.h>

#include "bench/harness/crew.h"

/* Makes room for all iterations. False: no memory. */
bool collect_start(struct crew *crew);

/* Takes the last iteration's results out of all slots, when all workers have ended it. */
void collect(struct crew *crew);

#endif
