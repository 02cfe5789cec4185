/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes on after each boot, and the end of that.
 */
#ifndef CAMPAIGN_ALONE_ENDING_H
#define CAMPAIGN_ALONE_ENDING_H

#include <stdbool.h>

#include "campaign/alone/folder.h"
#include "runners/machine.h"

/*
 * Has this machine go on with what is in the folder after each boot, or says what its user has to
 * do for that. False with one line printed if that cannot be.
 */
bool alone_go_on_after(const struct alone_folder *f, const struct machine *m);

/*
 * Ends it, in an order in which nothing is done twice if it is cut off: what goes on after a boot
 * goes, the folder is cleared, and the user's command runs last. status is "complete", "given-up",
 * "stopped" or "failed", why is a line, "" if there is no more to say.
 */
void alone_end(struct alone_folder *f, const struct alone_task *task, const char *status,
	       const char *why);

#endif
