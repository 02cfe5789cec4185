/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a text of ours gets to a shell of the machine whose kernels are switched: here, or by ssh.
 */
#ifndef RUNNERS_SWITCH_REACH_H
#define RUNNERS_SWITCH_REACH_H

#include "runners/machine.h"

#define REACH_WORDS 32

/*
 * Users have shells of all kinds; what is in single quotes, and has none of !\ in it, means the
 * same to all of them.
 */
#define REACH_SCRIPT(text) "exec sh -c '" text "'"

struct reach {
	const struct machine *machine;
	/* The words of a program that has the machine's shell read such a script, the last of them
	 * NULL. Borrowed. */
	void (*words)(const struct reach *r, const char *script, const char *words[REACH_WORDS]);
	bool often; /* it is tried until the machine is there, so that no try may last long */
};

/* For the machine that this runs on. */
void reach_here(const struct reach *r, const char *script, const char *words[REACH_WORDS]);

/*
 * Has a script read the file `in` (NULL: nothing) there. Returns its exit status (or CHILD_..., as
 * common/process.h says); *ret_text, malloc'ed, is what it printed, or if that is not 0, the last
 * line of what it said.
 */
int reach_run(const struct reach *r, const char *script, const char *in, char **ret_text);

#endif
