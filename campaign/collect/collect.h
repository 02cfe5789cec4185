/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Journals of parts of one campaign, wherever these were carried out, as one.
 */
#ifndef CAMPAIGN_COLLECT_COLLECT_H
#define CAMPAIGN_COLLECT_COLLECT_H

#include <stddef.h>

/*
 * Writes the journal at out, which must not be there, from nr paths of journals and of folders,
 * which stand for the *.jsonl in them. What comes out does not depend on how the campaign was
 * divided, nor on the order of paths, as long as results repeat: records stand in the order in
 * which one machine carries a plan out, boot after boot, and those of exact boots are without what
 * the host's clock said. A boot is known by its identity, the perturbation of an exact one, the
 * kernel's boot_id of any other: what is there twice counts once, and boots of one number and
 * several identities are numbered anew, by time, of several hosts in turn; those that have none in
 * the order of their numbers, then of their identities.
 *
 * Prints how much is there. Returns an exit status: EXIT_OK; EXIT_FAILED if boots of the plan are
 * missing or incomplete (the journal is written, they are named) or it cannot be written;
 * EXIT_USAGE, with one line, if the journals are not of one campaign, or two have other results for
 * one run.
 */
int campaign_collect(char *const *paths, size_t nr, const char *out);

#endif
