/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The root file system of a guest, made on the fly and without root: the worker as init, the shared
 * libraries it needs, and kernel modules.
 */
#ifndef RUNNERS_INITRAMFS_H
#define RUNNERS_INITRAMFS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes a cpio archive ("newc", not compressed) to fd: worker as /init; its interpreter and every
 * library it needs, found below sysroot ("" for this machine's own) and kept at the same paths;
 * modules[0..nr-1] (paths of .ko files, in the order to load them) as /modules/NN-NAME; and, unless
 * it is NULL, the kernel's config as /boot/config-RELEASE, where the worker looks for it. Prints
 * one line and returns false if something is missing or cannot be written.
 */
bool initramfs_write(int fd, const char *worker, const char *sysroot, char *const *modules,
		     size_t nr, const char *config, const char *release);

#endif
