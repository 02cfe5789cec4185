/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A plan carried out on one or several kernels, boot after boot, into one journal.
 */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "campaign/asked.h"
#include "campaign/boot.h"

/*
 * Carries out what the journal does not hold yet. Returns an exit status: EXIT_OK if everything is
 * there afterwards, EXIT_FAILED if a boot or the worker failed (what other boots measured is
 * there), EXIT_INCONCLUSIVE if the plan says until when and that was not reached, EXIT_USAGE for a
 * journal that cannot be used, such as one with runs of another image under one of the labels. Dies
 * of the signal that interrupts it.
 */
int campaign_run(const struct campaign *campaign);

/* The same, carried out in another way, which returns an exit status. */
typedef int campaign_fn(struct session *s, void *arg);
int campaign_session(const struct campaign *campaign, campaign_fn *fn, void *arg);

#endif
