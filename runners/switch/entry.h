/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernels as entries of faultbench-root's (helper.h) on a machine, each sent once.
 */
#ifndef RUNNERS_SWITCH_ENTRY_H
#define RUNNERS_SWITCH_ENTRY_H

#include <stdbool.h>

#include "runners/runner.h"
#include "runners/switch/keys.h"
#include "runners/switch/reach.h"

#define ENTRY_NAME 101
#define ENTRY_WORD "faultbench.entry=" /* before it, on the kernel's command line */

/*
 * The name of a kernel's entry: its release, and what tells it from any other of that release,
 * another command line or way to start it included. False if it cannot be read.
 */
bool entry_name(const struct runner_kernel *kernel, const struct switch_keys *keys,
		char ret[ENTRY_NAME]);

/*
 * Has the kernel installed if it is not there; ret is its entry. False with why it is not in
 * *ret_why, malloc'ed.
 */
bool entry_install(const struct reach *r, const struct runner_kernel *kernel,
		   const struct switch_keys *keys, char ret[ENTRY_NAME], char **ret_why);

/*
 * Has the machine leave for an entry that is there, as the keys say. *ret_text, malloc'ed, is what
 * the helper printed or, if it is false, why it does not.
 */
bool entry_leave(const struct reach *r, const struct switch_keys *keys, const char *name,
		 char **ret_text);

#endif
