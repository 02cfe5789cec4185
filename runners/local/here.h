/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that starts kernels on itself: who tells it to ends by that, and is gone on with after
 * the boot (docs/hardware.md).
 */
#ifndef RUNNERS_LOCAL_HERE_H
#define RUNNERS_LOCAL_HERE_H

#include "runners/lack.h"
#include "runners/runner.h"
#include "runners/switch/keys.h"

struct here_keys {
	struct switch_keys sw;
	bool service; /* goes on by a service of ours, else by what its user has */
};

/* Reads them, and says what the machine can. False with one line printed. */
bool here_keys_read(struct machine *m, struct ini_file *ini, struct here_keys *ret);
void here_keys_free(struct here_keys *k);

/* As machine_lacks(). */
size_t here_lacks(const struct machine *m, const struct here_keys *k, struct lack ret[LACKS_MOST]);

/* As machine_leave(). */
bool here_leave(const struct machine *m, const struct here_keys *k,
		const struct runner_kernel *kernel, char **ret_why);

/* As machine_go_on(), and its end. */
bool here_go_on(const struct machine *m, const struct here_keys *k, const char *folder,
		char **ret_todo, char **ret_why);
bool here_end(const struct machine *m, const struct here_keys *k, char **ret_why);

#endif
