/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A campaign on this machine, which goes on by itself after each of its boots.
 */
#ifndef CAMPAIGN_ALONE_UNATTENDED_H
#define CAMPAIGN_ALONE_UNATTENDED_H

#include <stdbool.h>

#include "campaign/asked.h"

/*
 * Begins it, or goes on with it, if the campaign under way is of the same words in the same folder.
 * Ends with the machine going down, or, in the end, with an exit status as campaign_run(), nothing
 * of it left.
 */
int alone_unattended(const struct campaign *campaign);

/*
 * Goes on with what is under way, in the current folder or the user's: becomes the program that it
 * was begun by. Returns only, with an exit status, if there is nothing to do or it cannot.
 */
int alone_go_on(void);

/*
 * Ends what is under way, if it is into that journal (NULL: whichever): who carries it out cleans
 * up first. Returns an exit status.
 */
int alone_stop(const char *journal);

#endif
