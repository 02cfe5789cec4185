/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a machine file that say how a machine comes to run another kernel
 * (docs/hardware.md), whatever else of it there is to know.
 */
#ifndef RUNNERS_SWITCH_KEYS_H
#define RUNNERS_SWITCH_KEYS_H

#include <stdbool.h>

#include "common/ini_file.h"
#include "runners/machine.h"

/* Their names, for struct runner's keys; without the first, what is of no meaning without it. */
#define SWITCH_KEYS	"switch", SWITCH_ITS_KEYS
#define SWITCH_ITS_KEYS "command", "initrd", "cmdline", "boot-limit", "boot-kind"

struct switch_keys {
	char *command;		/* for a shell; NULL: the machine is measured as it is */
	char *initrd, *cmdline; /* what that is told; or NULL */
	int boot_limit_s;	/* until the machine is there */
	const char *boot_kind;	/* how its kernels come up: "restart" */
};

/*
 * Reads them, and says what the machine can with them; m->alone says whether it is the one that
 * this runs on. False with one line printed for what is wrong, or of no meaning because there is no
 * switch.
 */
bool switch_keys_read(struct machine *m, struct ini_file *ini, struct switch_keys *ret);

/* Refuses keys, up to a NULL, that are of no meaning without a switch; false if one is there. */
bool switch_keys_refuse(const struct machine *m, struct ini_file *ini, const char *const *keys);

void switch_keys_free(struct switch_keys *keys);

#endif
