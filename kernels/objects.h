/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel was linked from, so that two of them can be compared object by object. A list has
 * one line an object, "SHA256  PATH", as sha256sum prints it; PATH is below the build folder, lines
 * are sorted by it. In it is what kbuild gives to the linker for vmlinux.o: the members of
 * vmlinux.a and of the lib.a of the command in .vmlinux.o.cmd. Trees before 6.1 leave no such
 * command: there it is the members of the built-in.a of the folders that are linked, and of lib.a.
 * Left out are so
 *
 *   vmlinux.o, the tables of symbols   made of all others
 *   scripts/, tools/                   programs of the host
 *   objects of the vDSO, of realmode   in the kernel as data of another object, which is listed
 *   what an older state has left in the folder (before 6.1: unless a whole folder is gone)
 */
#ifndef KERNELS_OBJECTS_H
#define KERNELS_OBJECTS_H

#include <jansson.h>
#include <stdbool.h>

/*
 * The list of what was built in the folder out, malloc'ed, without its last newline; NULL where
 * nothing says what was linked. False with a message on errors.
 */
bool objects_list(const char *out, char **ret_text);

/* A list as {PATH: SHA256}. */
json_t *objects_parse(const char *text);

/*
 * What differs between two of them: {"objects": how many are in both, "differ": [PATH],
 * "only_a": [PATH], "only_b": [PATH]}.
 */
json_t *objects_diff(const json_t *a, const json_t *b);

#endif
