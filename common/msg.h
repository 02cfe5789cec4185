/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to tell the user what went wrong. A message is printed once, where the failure
 * is noticed, as one line that names the thing; callers only unwind. What of it cannot be seen is
 * made visible (clean.h), so that words of others may be in it.
 */
#ifndef COMMON_MSG_H
#define COMMON_MSG_H

#include <stdbool.h>

/* Sets the name every message starts with; argv[0] is shortened to its last component. */
void msg_init(const char *argv0);

/* Prints "PROGRAM: text" to stderr. Always returns false, for `return err(...)`. */
bool err(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Like err(), with ": " and the text of errno appended. */
bool err_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Prints "PROGRAM: note: text" to stderr: nothing failed, but the user should know. */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
