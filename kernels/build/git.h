/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * git, as a child: without what the caller's git may have put into the environment (`git bisect
 * run`, hooks), without writing into a repository unasked, and without starting a program that a
 * repository's own config names, for that came with the tree.
 */
#ifndef KERNELS_BUILD_GIT_H
#define KERNELS_BUILD_GIT_H

#include "common/exit.h"

/*
 * git in the folder dir with the words that follow, up to a NULL. *ret_out (may be NULL) and what
 * is returned are child_run()'s.
 */
int git_run(const char *dir, char **ret_out, const char *const words[]);

/* git_run() that may fetch what a partial clone has left at its remote. */
int git_run_online(const char *dir, char **ret_out, const char *const words[]);

/*
 * git_run() with a standard input (the file `in`, absolute; NULL: empty), and without what the
 * user's own config says: what it makes of a patch is the same everywhere.
 */
int git_run_plain(const char *in, const char *dir, char **ret_out, const char *const words[]);

/* git_run() of a command that looks at the work tree, whose filters are programs as well. */
int git_run_unfiltered(const char *dir, char **ret_out, const char *const words[]);

/* What git says in one line, malloc'ed; NULL if it fails, without a message. */
char *git_line(const char *dir, const char *const words[]);

/* The hash of what a word names, as a "commit" or "tree"; malloc'ed, NULL if there is none. */
char *git_object(const char *dir, const char *word, const char *type);

/*
 * Says in one line, unless child_interrupted(), how a git_run() of something in `tree` failed:
 * status and text are what that gave. Returns the exit status that fits.
 */
enum exit_status git_failed(const char *tree, int status, char *text);

#endif
