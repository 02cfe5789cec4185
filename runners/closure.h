/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A program and all that it needs to be started where there is nothing else: the worker, in a guest
 * or on a host that it is copied to.
 */
#ifndef RUNNERS_CLOSURE_H
#define RUNNERS_CLOSURE_H

#include <stdbool.h>

#include "common/map.h"

/*
 * Takes a library or the interpreter. name is where it has to be, without the first '/': libraries
 * are all in lib/, which every loader searches, whatever the layout of where they come from. False
 * to end it (said).
 */
typedef bool closure_fn(void *arg, const char *name, const struct file_map *file);

/*
 * Calls fn once for everything that the program (of that path, for messages, and content) needs at
 * run time, what it needs itself behind it. sysroot is what the libraries are below, "": this
 * machine's. False with one line printed if something is missing, or for an architecture that has
 * no row in common/arch.h.
 */
bool closure_each(const char *path, const struct file_map *program, const char *sysroot,
		  closure_fn *fn, void *arg);

/*
 * Makes of a program, as it is in memory, one whose interpreter is looked for in the folder that it
 * is started in: by the name that closure_each() gives it.
 */
void closure_relocate(unsigned char *program, size_t len);

#endif
