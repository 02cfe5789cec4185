/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A part of a plan, as a task of whatever engine carries parts.
 */
#ifndef CLI_SHARD_H
#define CLI_SHARD_H

#include <stdbool.h>

#include "campaign/asked.h"

/* Reads I/N as a struct campaign_shard. */
bool shard_take(void *at, const char *word);

/*
 * Carries out the campaign's shard. No tables are printed. Returns an exit status: EXIT_OK if all
 * its boots are there, also if runs of theirs were skipped; EXIT_FAILED if a result failed;
 * EXIT_ELSEWHERE if what is missing is of this host: QEMU, KVM, memory, room on the disk.
 */
int shard_run(const struct campaign *c);

#endif
