/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where programs of this machine keep what is true until it boots again: who measures, and what was
 * changed for that.
 */
#ifndef COMMON_RUNTIME_DIR_H
#define COMMON_RUNTIME_DIR_H

#include <stdbool.h>

#define RUNTIME_OF_ROOT "/run/faultbench"

/* Files in it. */
#define RUNTIME_LOCK	"lock"	  /* locked by who measures; nobody else can open it */
#define RUNTIME_HOLDER	"holder"  /* who that is: bench/harness/provide/claim.h */
#define RUNTIME_CHANGED "changed" /* what is not as it was: bench/harness/provide/changes.h */

/*
 * The path of a file in a folder that is this user's, where others cannot write: root's, or
 * $XDG_RUNTIME_DIR/faultbench, else /tmp/faultbench-UID. make: it is made if it is missing.
 * malloc'ed; NULL with errno, EPERM if the folder is somebody else's.
 */
char *runtime_path(const char *name, bool make);

#endif
