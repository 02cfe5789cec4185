/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module of the kernel's own that tests vmalloc (lib/test_vmalloc.c): it does its work while it
 * is loaded, says in the kernel's log what came of it, and does not stay.
 */
#ifndef BENCH_PARTS_MODULE_H
#define BENCH_PARTS_MODULE_H

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#define MODULE_PACKED 4 /* MODULE_INIT_COMPRESSED_FILE (5.17) */

/* A module's file, and whether the kernel has to unpack it. */
struct module_file {
	int fd; /* or -1 */
	int flags;
};

/* Where guests have those that are not loaded when they start; and where modules_install puts it.
 */
static inline struct module_file module_open(void)
{
	static const char *const places[] = {"/modules/*-test_vmalloc.ko",
					     "/lib/modules/%s/*/lib/test_vmalloc.ko*",
					     "/lib/modules/%s/*/test_vmalloc.ko*"};
	struct module_file file = {-1, 0};
	struct utsname kernel;
	char pattern[256];
	glob_t found;
	size_t i;

	if (uname(&kernel))
		return file;
	for (i = 0; i < sizeof(places) / sizeof(places[0]) && file.fd < 0; i++) {
		snprintf(pattern, sizeof(pattern), places[i], kernel.release);
		if (!glob(pattern, 0, NULL, &found)) {
			file.fd = open(found.gl_pathv[0], O_RDONLY | O_CLOEXEC);
			file.flags =
				strcmp(strrchr(found.gl_pathv[0], '.'), ".ko") ? MODULE_PACKED : 0;
		}
		globfree(&found);
	}
	return file;
}

/* Loads it with parameters, as words: EAGAIN once it has done its work, or why it has not. */
static inline int module_run(const struct module_file *file, const char *words)
{
	return syscall(SYS_finit_module, file->fd, words, file->flags) ? errno : EEXIST;
}

#endif
