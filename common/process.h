/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that are asked to do a part of the work (apt-get, dpkg-deb, git), one at a time,
 * never through a shell.
 */
#ifndef COMMON_PROCESS_H
#define COMMON_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define CHILD_MISSING	  127 /* the program is not installed */
#define CHILD_INTERRUPTED -1  /* a signal came while the signals were caught */

/*
 * From now on SIGINT, SIGTERM and SIGHUP only end the child, so that the caller can clean up.
 * child_release_signals() goes back to what was before and returns the signal that came, else 0.
 */
void child_catch_signals(void);
int child_release_signals(void);
int child_interrupted(void);

/*
 * Runs argv (found on PATH, LC_ALL=C, standard input empty) in the folder dir, NULL for this one,
 * and waits for it. *ret_out, if ret_out is not NULL, is what it wrote: its standard output if it
 * succeeded, else its standard error; malloc'ed, NUL-terminated, *ret_len bytes (may be NULL). Not
 * set if CHILD_INTERRUPTED. Returns its exit status, 128 + signal, or one of the above.
 */
int child_run(const char *const argv[], const char *dir, char **ret_out, size_t *ret_len);

/* As child_run(), with the file `in` as its standard input. */
int child_run_on(const char *in, const char *const argv[], const char *dir, char **ret_out,
		 size_t *ret_len);

/* The last line of what a program wrote that has something in it, in text, which is cut after it.
 */
const char *child_last_line(char *text);

/* As child_run(); all it writes goes to out, and tick(arg) is called about twice a second. */
int child_watch(const char *const argv[], const char *dir, int out, void (*tick)(void *arg),
		void *arg);

/*
 * Waits at most limit_s for a child that somebody else has started to end by itself; after that its
 * process group, or it alone if it leads none, is killed. Returns whether it ended by itself;
 * *ret_status is as from waitpid().
 */
bool child_wait(pid_t pid, int limit_s, int *ret_status);

#endif
