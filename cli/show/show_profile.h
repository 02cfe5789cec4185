/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_SHOW_SHOW_PROFILE_H
#define CLI_SHOW_SHOW_PROFILE_H

#include <jansson.h>

/* What was sampled in a run (common/record.h), or why nothing was; profile may be NULL. */
void show_profile(const json_t *profile);

#endif
