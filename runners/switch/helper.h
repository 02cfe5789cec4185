/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What root has to do on a machine whose kernels are switched is done there by faultbench-root, a
 * program that its user installed (docs/hardware.md), by sudo or doas.
 */
#ifndef RUNNERS_SWITCH_HELPER_H
#define RUNNERS_SWITCH_HELPER_H

#include <stdbool.h>

#include "runners/switch/reach.h"

#define HELPER		 "faultbench-root"
#define HELPER_INSTALLED "/usr/local/sbin/" HELPER
#define HELPER_VERSION	 2

/* Exit statuses beside its own, which begins with 0, done; 3, it cannot be done there. */
#define HELPER_CANNOT  3
#define HELPER_MISSING 44 /* it is not installed there */
#define HELPER_NO_SUDO 45 /* there is neither sudo nor doas, and the user is not root */

/*
 * One action of faultbench-root's, with its argument (NULL: it has none) and the descriptor `in`,
 * of a file that is read from its beginning (-1: nothing), as its standard input. Returns the exit
 * status; *ret_text, malloc'ed, is what it printed or, if that is not 0, a line that says why.
 */
int helper_run(const struct reach *r, const char *action, const char *argument, int in,
	       char **ret_text);

/* What its action `state` says. */
struct helper_state {
	int version;
	char loader[160];  /* "grub", "systemd-boot", "none WHY" */
	char kexec[160];   /* "yes", "no WHY" */
	char watchdog[64]; /* its name, or "" */
	char initrd[32];   /* what makes one, or "none" */
	char **entries;	   /* names of ours that are there */
	size_t nr_entries;
};

enum helper_why {
	HELPER_FINE,
	HELPER_NOT_THERE,
	HELPER_OTHER,	/* it is of another version */
	HELPER_REFUSED, /* sudo or doas does not let us */
	HELPER_FAILED,
};

/* Fills *ret, to be freed, if it is HELPER_FINE; else why is a line. */
enum helper_why helper_state(const struct reach *r, struct helper_state *ret, char why[512]);
bool helper_has(const struct helper_state *state, const char *entry);
void helper_state_free(struct helper_state *state);

#endif
