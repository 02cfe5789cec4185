/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commands that measure do in the end: the campaign, and the tables of its journal.
 */
#ifndef CLI_MEASURED_H
#define CLI_MEASURED_H

#include <stdint.h>

#include "analysis/tables/published/formats.h"
#include "campaign/campaign.h"

/*
 * Carries the campaign out and prints the tables of its whole journal, this session's and earlier
 * runs alike, or in their place one of a format that can show them; functions as for `run
 * --functions`, 0 for none. Returns an exit status.
 */
int measure(const struct campaign *campaign, int64_t functions, const struct format *format);

/*
 * The exit status for what a journal holds: EXIT_FAILED if a run failed or was void,
 * EXIT_CANNOT_RUN if all were skipped, EXIT_OK also if there is none.
 */
int measured_judge(const char *path);

/* The tables of a journal that others have written, and the same exit status. */
int measured_print(const char *path);

#endif
