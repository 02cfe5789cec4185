/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the installed QEMU is, asked of itself, and which plugin it can load.
 */
#ifndef RUNNERS_EXACT_EMULATOR_H
#define RUNNERS_EXACT_EMULATOR_H

#include <stdbool.h>

#include "common/arch.h"

struct emulator {
	char version[64]; /* "10.0.13" */
	int major, minor;
	bool plugins; /* it was built to load them */
};

/*
 * Asks the program for an architecture, "qemu-system-aarch64"; it takes some 40 ms, the first time.
 * False, without a message, if it cannot be run or does not answer as a QEMU.
 */
bool emulator_ask(const struct arch *arch, struct emulator *ret);

/* The same of what it prints with -help. */
bool emulator_read(const char *help, struct emulator *ret);

/* The API of the plugin that this QEMU takes (qemu_api.h); 0 if there is none. */
int emulator_api(const struct emulator *e);

/*
 * The file of the plugin for the architecture's QEMU, malloc'ed; NULL with a message printed, once
 * for a program, if that is no QEMU, cannot load any of ours, or ours was not built.
 */
char *emulator_plugin(const struct arch *arch);

#endif
