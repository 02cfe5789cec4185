/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a machine file that say how kernels are switched (docs/hardware.md); a part of what a
 * kind of machine keeps of its own.
 */
#ifndef RUNNERS_SWITCH_KEYS_H
#define RUNNERS_SWITCH_KEYS_H

#include <stdbool.h>

#include "common/ini_file.h"
#include "runners/machine.h"

enum switch_how {
	SWITCH_NONE,
	SWITCH_BOOT_ENTRY, /* an entry of the loader's, started once */
	SWITCH_KEXEC,	   /* the running kernel starts the next one */
	SWITCH_RESTART,	   /* a machine is started anew with a kernel, as a VM is */
	SWITCH_COMMAND,	   /* whatever the user has */
};

struct switch_keys {
	enum switch_how how;
	char *command;		/* that starts kernels, for a shell */
	char *rescue;		/* that has a machine start anew which does not answer; or NULL */
	char *initrd, *cmdline; /* or NULL */
	int boot_limit_s;	/* until the host is there */
	const char *boot_kind;	/* how its kernels come up: "restart" */
};

/* Their names, for a list of keys. */
#define SWITCH_KEYS "command", "rescue", "initrd", "cmdline", "boot-limit", "boot-kind"

/* Whether kernels are installed on the machine, and removed again, by faultbench-root. */
static inline bool switch_installs(const struct switch_keys *k)
{
	return k->how == SWITCH_BOOT_ENTRY || k->how == SWITCH_KEXEC;
}

/* Reads `switch` and those, and says what the machine can. False with one line printed. */
bool switch_keys_read(struct machine *m, struct ini_file *ini, struct switch_keys *k);
void switch_keys_free(struct switch_keys *k);

#endif
