/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Results of a cache, measured again: what is counted repeats, or its key does not say all that it
 * follows from.
 */
#ifndef CAMPAIGN_VERIFY_H
#define CAMPAIGN_VERIFY_H

#include <stddef.h>

#include "campaign/asked.h"

/*
 * Carries out `sample` of the boots that the campaign's cache has results of, spread over the plan
 * from the first on, in a folder of its own, and says which differ from what is there, and in
 * what. The cache is only read. Returns an exit status: EXIT_FAILED if one differs or cannot be
 * carried out, EXIT_CANNOT_RUN if there is none.
 */
int units_verify(const struct campaign *c, size_t sample);

#endif
