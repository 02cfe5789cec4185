/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a machine of kind ssh (configs/README.md), and what its host said of itself: struct
 * machine's `own`.
 */
#ifndef RUNNERS_SSH_KEYS_H
#define RUNNERS_SSH_KEYS_H

#include <stdbool.h>

#include "common/ini_file.h"
#include "runners/machine.h"
#include "runners/switch/keys.h"

struct ssh_keys {
	char *host;	/* as OpenSSH takes it; nothing in it means anything to a shell */
	char *config;	/* its -F, or NULL */
	char *folder;	/* where a folder of ours is made, absolute; "": $TMPDIR there, or /tmp */
	int patience_s; /* for which both sides go on without a connection */
	char *boot_id;	/* NULL: it was not asked yet, or starts kernels */

	struct switch_keys switching; /* how it starts kernels, if it does */
	bool begun; /* one was to be started: there is something to go back from */
};

extern const char *const ssh_keys_names[];

/* As struct runner's read and forget. */
bool ssh_keys_read(struct machine *m, struct ini_file *ini);
void ssh_keys_forget(struct machine *m);

/* Those of a machine of this kind. */
static inline const struct ssh_keys *ssh_keys(const struct machine *m)
{
	return (const struct ssh_keys *)m->own;
}

#endif
