/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root file system of a guest, made on the fly and without root: the worker as init, the shared
 * libraries it needs, and kernel modules.
 */
#ifndef RUNNERS_QEMU_INITRAMFS_H
#define RUNNERS_QEMU_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arch.h"
#include "runners/runner.h"

/* What goes into it; NULL for what does not. */
struct initramfs {
	const char *worker;   /* becomes /init */
	const char *sysroot;  /* its interpreter and libraries are below it, "": this machine's */
	char *const *modules; /* .ko files in the order to load them: /modules/NN-NAME */
	size_t nr_modules;
	const char *config; /* of the kernel: /boot/config-RELEASE, where the worker looks for it */
	const char *release; /* uname -r */
	const char *request; /* a line for the worker: /request */
	bool console;	     /* /console-request in its place (bench/harness/machine/guest.h) */
};

/*
 * Writes a cpio archive ("newc", not compressed) to fd, with every library the worker needs, at
 * the same paths. Prints one line and returns false if something is missing or cannot be written.
 */
bool initramfs_write(int fd, const struct initramfs *content);

/*
 * The same of the worker for an architecture, with what a kernel needs, as a file that has no name.
 * -1 with a message printed.
 */
int initramfs_make(const struct arch *arch, const struct runner_kernel *kernel, const char *request,
		   bool console);

#endif
